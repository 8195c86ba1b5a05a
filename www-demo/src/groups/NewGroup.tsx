// Creates a group of friends.
import { useState } from 'react';

import { go, openPage } from '../app/place';
import { useFriendsToChoose } from '../contacts/useFriendsToChoose';
import { useSession } from '../session/context';
import { Choice } from '../ui/Choice';
import { FormDialog } from '../ui/FormDialog';
import { createGroup } from './groups';

export function NewGroup({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const people = useFriendsToChoose();
  const [chosen, setChosen] = useState<string[]>([]);
  const submit = async ({ groupName = '' }: Record<string, string>) => {
    const { groupID } = await createGroup(session, groupName, chosen);
    go(session, { tab: 'groups' });
    openPage(session, { kind: 'group', groupID });
  };
  return (
    <FormDialog
      title="New group"
      action="Create"
      onSubmit={submit}
      onClose={onClose}
      isReady={chosen.length > 0}
      testid="new-group"
    >
      <label>
        Name of the group
        <input name="groupName" required autoFocus autoComplete="off" data-testid="group-name" />
      </label>
      <Choice label="Members" people={people} chosen={chosen} onChange={setChosen} />
    </FormDialog>
  );
}
