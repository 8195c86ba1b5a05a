// From a user ID to a session.
import { useEffect, useState } from 'react';

import { reason } from '../session/reason';
import { Session } from '../session/session';
import { forgetStored, isOwnServer, saveToken, tokenFor, type Server } from './server';

interface SignIn {
  session: Session | null;
  /** Why there is no session. */
  problem: string;
  /** Signs in anew with a fresh token. */
  again: () => void;
}

/** Keeps a session open for the user, and closes it when the user changes. */
export function useSignIn(server: Server, userID: string | null): SignIn {
  const [session, setSession] = useState<Session | null>(null);
  const [problem, setProblem] = useState('');
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    setProblem('');
    if (!userID) return;
    let [isGone, opened]: [boolean, Session | null] = [false, null];
    const renew = async () => {
      saveToken(server, userID, null);
      opened?.close();
      await forgetStored(server, userID);
      if (!isGone) setAttempt((n) => n + 1);
    };
    const open = async () => {
      const { token, isSaved } = await tokenFor(server, userID);
      if (isGone) return;
      opened = new Session(server, userID, token);
      if (isOwnServer(server)) onForgotten(opened, isSaved, () => void renew());
      await opened.start();
      if (!isGone) setSession(opened);
    };
    open().catch((error: unknown) => {
      opened?.close();
      if (!isGone) setProblem(reason(error));
    });
    return () => {
      isGone = true;
      opened?.close();
      setSession(null);
    };
  }, [server, userID, attempt]);

  const again = () => {
    if (userID) saveToken(server, userID, null);
    setAttempt((n) => n + 1);
  };
  return { session, problem, again };
}

/**
 * The test server forgets everything when it is started anew. A token it knew once is then unknown, and
 * what is stored here it never said: calls `renew`, once.
 */
function onForgotten({ state }: Session, wasKnown: boolean, renew: () => void): void {
  let isKnown = wasKnown;
  const stop = state.subscribe(() => {
    const { connection, ending } = state.get();
    if (connection === 'online') isKnown = true;
    if (ending !== 'invalid') return;
    stop();
    if (isKnown) renew();
  });
}
