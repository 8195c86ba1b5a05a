// Brings friends into a group.
import type { GroupItem } from 'openim-web';
import { useEffect, useState } from 'react';

import { useFriendsToChoose } from '../contacts/useFriendsToChoose';
import { useSession } from '../session/context';
import { Choice } from '../ui/Choice';
import { FormDialog } from '../ui/FormDialog';
import { invite } from './groups';

export function Invite({ group, onClose }: { group: GroupItem; onClose: () => void }) {
  const session = useSession();
  const [chosen, setChosen] = useState<string[]>([]);
  const [members, setMembers] = useState<string[] | null>(null);
  const friends = useFriendsToChoose();
  useEffect(() => {
    const userIDList = friends.map(({ userID }) => userID);
    session.client.getUsersInGroup({ groupID: group.groupID, userIDList }).then(
      ({ data }) => setMembers(data),
      () => setMembers([]),
    );
    // Who is a friend does not change while the dialog is open.
  }, [session, group.groupID]);
  const people = members ? friends.filter(({ userID }) => !members.includes(userID)) : [];
  return (
    <FormDialog
      title={`Invite to “${group.groupName}”`}
      action="Invite"
      onSubmit={() => invite(session, group.groupID, chosen)}
      onClose={onClose}
      isReady={chosen.length > 0}
      testid="invite-dialog"
    >
      <Choice label="Friends" people={people} chosen={chosen} onChange={setChosen} />
    </FormDialog>
  );
}
