// The list of conversations, the own name above it.
import { useState, type FormEvent } from 'react';

import { openChat } from '../chat/chat';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/Icon';
import { ConversationRow } from './ConversationRow';
import { findUser } from './list';

export function ConversationList({ onLeave }: { onLeave: () => void }) {
  const me = useSessionState((state) => state.me);
  const conversations = useSessionState((state) => state.conversations);
  const unread = useSessionState((state) => state.unread);
  const open = useSessionState((state) => state.chat?.conversation.conversationID);
  const [isAsking, setAsking] = useState(false);
  return (
    <nav className="list" aria-label={`Conversations of ${me.nickname}`}>
      <header className="bar">
        <Avatar name={me.nickname} url={me.faceURL} size={30} />
        <h2 data-testid="me">{me.nickname}</h2>
        {unread > 0 && (
          <span className="badge" aria-label={`${unread} unread in all`} data-testid="total-unread">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
        <span className="grow" />
        <button
          type="button"
          className="icon-button"
          aria-label="New chat"
          title="New chat"
          onClick={() => setAsking(true)}
          data-testid="new-chat"
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Switch user"
          title="Switch user"
          onClick={onLeave}
          data-testid="leave"
        >
          <Icon name="leave" />
        </button>
      </header>
      <ul className="rows" data-testid="conversation-list">
        {conversations?.map((item) => (
          <ConversationRow key={item.conversationID} item={item} isOpen={item.conversationID === open} />
        ))}
      </ul>
      {conversations?.length === 0 && <p className="empty">No conversations yet. Begin one with +.</p>}
      {isAsking && <NewChat onClose={() => setAsking(false)} />}
    </nav>
  );
}

function NewChat({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const userID = String(new FormData(event.currentTarget).get('userID')).trim();
    try {
      const conversation = await findUser(session, userID);
      onClose();
      await openChat(session, conversation);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog title="New chat" onClose={onClose} testid="new-chat-dialog">
      <form className="fields" onSubmit={submit}>
        <label>
          User ID
          <input name="userID" required autoFocus autoComplete="off" data-testid="new-chat-user" />
        </label>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="primary" data-testid="new-chat-open">
          Open
        </button>
      </form>
    </Dialog>
  );
}
