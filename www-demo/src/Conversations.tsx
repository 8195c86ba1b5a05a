import { useState } from 'react';
import type { ConversationItem } from 'openim-web';
import { clock, latest, line } from './preview';
import type { Session, View } from './session';

export function Conversations({ session, view }: { session: Session; view: View }) {
  const [userID, setUserID] = useState('');
  return (
    <nav className="list" aria-label="Conversations">
      <form
        className="start"
        onSubmit={(event) => {
          event.preventDefault();
          if (userID) void session.run(() => session.openUser(userID));
          setUserID('');
        }}
      >
        <input aria-label="User ID to chat with" placeholder="Chat with user ID…" value={userID} onChange={(e) => setUserID(e.target.value)} />
      </form>
      <ul>
        {view.conversations.map((conversation) => (
          <Item key={conversation.conversationID} conversation={conversation} session={session} open={view.open} />
        ))}
      </ul>
      {view.conversations.length === 0 && <p className="empty">No conversations yet.</p>}
    </nav>
  );
}

function Item({ conversation: c, session, open }: { conversation: ConversationItem; session: Session; open: string }) {
  const message = latest(c);
  const own = message?.sendID === session.userID ? 'You: ' : '';
  const muted = c.recvMsgOpt > 0;
  return (
    <li className={c.isPinned ? 'pinned' : undefined}>
      <button
        className="conversation"
        data-testid={`conversation-${c.conversationID}`}
        aria-current={c.conversationID === open}
        onClick={() => void session.run(() => session.openConversation(c.conversationID))}
      >
        <Avatar name={c.showName || c.userID} url={c.faceURL} />
        <span className="middle">
          <span className="name">{c.showName || c.userID || c.groupID}</span>
          <span className="last">
            {c.groupAtType > 0 && <b className="at">@ </b>}
            {c.draftText ? <i className="draft">Draft: {c.draftText}</i> : message && own + line(message)}
          </span>
        </span>
        <span className="end">
          <time>{c.latestMsgSendTime > 0 && clock(c.latestMsgSendTime)}</time>
          {c.unreadCount > 0 && <span className={muted ? 'badge muted' : 'badge'} data-testid="unread">{c.unreadCount}</span>}
          {c.isPinned && <span className="pin" title="Pinned" aria-label="Pinned">▲</span>}
        </span>
      </button>
      <Menu conversation={c} session={session} />
    </li>
  );
}

function Menu({ conversation: c, session }: { conversation: ConversationItem; session: Session }) {
  const { sdk } = session;
  const id = c.conversationID;
  const close = (event: { currentTarget: HTMLElement }) => event.currentTarget.closest('details')?.removeAttribute('open');
  const actions: [string, () => Promise<unknown>][] = [
    [c.isPinned ? 'Unpin' : 'Pin', () => sdk.setConversation({ conversationID: id, isPinned: !c.isPinned })],
    [c.recvMsgOpt ? 'Unmute' : 'Mute', () => sdk.setConversation({ conversationID: id, recvMsgOpt: c.recvMsgOpt ? 0 : 2 })],
    ['Mark as read', () => sdk.markConversationMessageAsRead(id)],
    ['Hide', () => sdk.hideConversation(id).then(() => session.reload())],
    ['Clear messages', () => sdk.clearConversationAndDeleteAllMsg(id).then(() => session.reload())],
    ['Delete', () => sdk.deleteConversationAndDeleteAllMsg(id).then(() => session.reload())],
  ];
  return (
    <details className="menu">
      <summary aria-label={`Actions for ${c.showName}`}>⋯</summary>
      <div role="menu">
        {actions.map(([name, act]) => (
          <button key={name} role="menuitem" onClick={(event) => { close(event); void session.run(act); }}>{name}</button>
        ))}
      </div>
    </details>
  );
}

export function Avatar({ name, url }: { name: string; url: string }) {
  return url
    ? <img className="avatar" src={url} alt="" />
    : <span className="avatar" aria-hidden="true">{(name[0] ?? '?').toUpperCase()}</span>;
}
