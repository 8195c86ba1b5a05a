import { useEffect, useState, useSyncExternalStore } from 'react';
import { Chat } from './Chat';
import { Conversations } from './Conversations';
import { Session, type View } from './session';

/** One user: list and chat. */
export function Pane({ userID, onLeave }: { userID: string; onLeave: () => void }) {
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    const started = new Session(userID);
    setSession(started);
    started.start().catch((error) => setFailure(String(error.errMsg ?? error)));
    return () => void started.stop();
  }, [userID]);
  if (!session) return null;
  return <Screen session={session} failure={failure} onLeave={onLeave} />;
}

function Screen({ session, failure, onLeave }: { session: Session; failure: string; onLeave: () => void }) {
  const view = useSyncExternalStore(session.subscribe, session.view);
  const total = view.conversations.reduce((sum, c) => sum + (c.recvMsgOpt < 2 ? c.unreadCount : 0), 0);
  return (
    <section className={view.open ? 'pane chatting' : 'pane'} data-testid={`pane-${session.userID}`} aria-label={session.userID}>
      <header className="bar">
        <strong>{session.userID}</strong>
        {total > 0 && <span className="badge" data-testid="total-unread" aria-label={`${total} unread`}>{total}</span>}
        <span className="grow" />
        <button className="quiet" onClick={onLeave}>Leave</button>
      </header>
      <Banner view={view} failure={failure} />
      {view.error && (
        <p className="banner error" role="alert">{view.error} <button className="quiet" onClick={session.dismissError}>Dismiss</button></p>
      )}
      <div className="columns">
        <Conversations session={session} view={view} />
        <Chat session={session} view={view} />
      </div>
    </section>
  );
}

const WORDS: Record<View['connection'], string> = {
  connecting: 'Connecting…',
  online: '',
  offline: 'Offline. What is stored can be read; messages are sent when the network is back.',
  kicked: 'Logged in elsewhere. Leave and log in again.',
  refused: 'The login is no longer valid. Leave and log in again.',
};

function Banner({ view, failure }: { view: View; failure: string }) {
  const syncing = view.syncing ? `Synchronising… ${view.progress || ''}` : '';
  const words = failure || WORDS[view.connection] || syncing;
  return words ? <p className={`banner ${view.connection}`} role="status" data-testid="banner">{words}</p> : null;
}
