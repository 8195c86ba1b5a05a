// Begins a chat with somebody by ID.
import { openChat } from '../chat/chat';
import { useSession } from '../session/context';
import { FormDialog } from '../ui/FormDialog';
import { findUser } from './list';

export function NewChat({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const submit = async ({ userID = '' }: Record<string, string>) =>
    openChat(session, await findUser(session, userID));
  return (
    <FormDialog title="New chat" action="Open" onSubmit={submit} onClose={onClose} testid="new-chat-dialog">
      <label>
        User ID
        <input name="userID" required autoFocus autoComplete="off" data-testid="new-chat-user" />
      </label>
    </FormDialog>
  );
}
