// From a user ID to a session.
import { useEffect, useRef, useState } from 'react';

import { reason } from '../session/reason';
import { Session } from '../session/session';
import { forgetStored, usersOfTest, type Server } from './server';
import { forgetIfBad, forgetToken, tokenFor } from './tokens';

interface SignIn {
  session: Session | null;
  /** Why there is no session. */
  problem: string;
  /** Signs in anew: with the same token while it is good. */
  again: () => void;
}

/** Keeps a session open for the user, and closes it when the user changes. */
export function useSignIn(server: Server, userID: string | null): SignIn {
  const [session, setSession] = useState<Session | null>(null);
  const [problem, setProblem] = useState('');
  const [attempt, setAttempt] = useState(0);
  /** Why the kept token was forgotten. */
  const refusal = useRef('');

  useEffect(() => {
    setProblem('');
    if (!userID) return;
    let [isGone, opened]: [boolean, Session | null] = [false, null];
    const renew = async () => {
      forgetToken(server, userID);
      opened?.close();
      await forgetStored(server, userID);
      if (!isGone) setAttempt((n) => n + 1);
    };
    const open = async () => {
      const { token, isSaved } = await tokenFor(server, userID);
      if (isGone) return;
      const now = (opened = new Session(server, userID, token));
      void usersOfTest(server).then((users) => users && onForgotten(now, isSaved, () => void renew()));
      await opened.start();
      if (!isGone) setSession(opened);
    };
    open().catch((error: unknown) => {
      opened?.close();
      if (!isGone) setProblem([refusal.current, reason(error)].filter(Boolean).join(' '));
      refusal.current = '';
    });
    return () => {
      isGone = true;
      opened?.close();
      setSession(null);
    };
  }, [server, userID, attempt]);

  const again = async () => {
    if (userID) refusal.current = await forgetIfBad(server, userID);
    setAttempt((n) => n + 1);
  };
  return { session, problem, again: () => void again() };
}

/**
 * The test server forgets everything when it is started anew. A token it knew once is then unknown, and
 * what is stored here it never said: calls `renew`, once.
 */
function onForgotten({ state }: Session, wasKnown: boolean, renew: () => void): void {
  let isKnown = wasKnown;
  const look = () => {
    const { connection, ending } = state.get();
    if (connection === 'online') isKnown = true;
    if (ending !== 'invalid') return;
    stop();
    if (isKnown) renew();
  };
  const stop = state.subscribe(look);
  look();
}
