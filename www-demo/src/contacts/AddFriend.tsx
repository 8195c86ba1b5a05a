// Asks somebody for friendship.
import { useSession } from '../session/context';
import { FormDialog } from '../ui/FormDialog';
import { askFriend } from './contacts';

/** Without `userID` it is asked for. */
export function AddFriend({ userID = '', onClose }: { userID?: string; onClose: () => void }) {
  const session = useSession();
  const submit = async (values: Record<string, string>) => {
    await askFriend(session, userID || (values.userID ?? ''), values.words ?? '');
    session.state.set({ notice: 'The request was sent.' });
  };
  return (
    <FormDialog title="Add a friend" action="Send request" onSubmit={submit} onClose={onClose} testid="add-friend">
      {!userID && (
        <label>
          User ID
          <input name="userID" required autoFocus autoComplete="off" data-testid="friend-id" />
        </label>
      )}
      <label>
        Words with the request
        <input name="words" autoFocus={userID !== ''} autoComplete="off" placeholder="Hello, it is me" data-testid="friend-words" />
      </label>
    </FormDialog>
  );
}
