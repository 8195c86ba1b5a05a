// One side of the page: the choice of a user, or that user's chats.
import { useEffect } from 'react';

import { SessionContext } from '../session/context';
import type { Session } from '../session/session';
import { useStore } from '../session/store';
import { Messenger } from './Messenger';
import { Picker } from './Picker';
import { type Server } from './server';
import { useSignIn } from './useSignIn';

interface Props {
  side: number;
  server: Server;
  userID: string | null;
  /** The user of the other side. */
  taken: string | null;
  onChoose: (side: number, userID: string | null) => void;
  onUnread: (side: number, count: number) => void;
}

export function Pane({ side, server, userID, taken, onChoose, onUnread }: Props) {
  const { session, problem, again } = useSignIn(server, userID);
  const leave = async () => {
    await session?.leave();
    onChoose(side, null);
  };
  return (
    <section
      className="pane"
      aria-label={userID ? `Chats of ${userID}` : 'Sign in'}
      data-testid={side === 0 ? 'pane-left' : 'pane-right'}
    >
      {session && userID ? (
        <SessionContext.Provider value={session}>
          <Unread session={session} onCount={(count) => onUnread(side, count)} />
          <Messenger onLeave={leave} onAgain={again} />
        </SessionContext.Provider>
      ) : userID && !problem ? (
        <p className="opening" role="status">
          Opening the chats of {userID}…
        </p>
      ) : (
        <Picker
          server={server}
          taken={taken}
          problem={problem}
          onChoose={(chosen) => (chosen === userID ? again() : onChoose(side, chosen))}
        />
      )}
    </section>
  );
}

function Unread({ session, onCount }: { session: Session; onCount: (count: number) => void }) {
  const unread = useStore(session.state, (state) => state.unread);
  useEffect(() => {
    onCount(unread);
    return () => onCount(0);
    // onCount is another function each time and does the same.
  }, [unread]);
  return null;
}
