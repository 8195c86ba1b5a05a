// Joins a group by its ID, or applies for it.
import { openPage } from '../app/place';
import { useSession } from '../session/context';
import { FormDialog } from '../ui/FormDialog';
import { joinGroup } from './groups';

/** Without `groupID` it is asked for. */
export function JoinGroup({ groupID = '', onClose }: { groupID?: string; onClose: () => void }) {
  const session = useSession();
  const submit = async (values: Record<string, string>) => {
    const wanted = groupID || (values.groupID ?? '');
    const isIn = await joinGroup(session, wanted, values.words ?? '');
    if (isIn) openPage(session, { kind: 'group', groupID: wanted });
    else session.state.set({ notice: 'You asked to join. Owner or administrators answer.' });
  };
  return (
    <FormDialog title="Join a group" action="Join" onSubmit={submit} onClose={onClose} testid="join-group">
      {!groupID && (
        <label>
          Group ID
          <input name="groupID" required autoFocus autoComplete="off" data-testid="join-id" />
        </label>
      )}
      <label>
        Words with the request
        <input name="words" autoFocus={groupID !== ''} autoComplete="off" data-testid="join-words" />
      </label>
    </FormDialog>
  );
}
