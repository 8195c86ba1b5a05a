// From a user ID to a session.
import { useEffect, useState } from 'react';

import { reason, Session } from '../session/session';
import { newToken, savedToken, saveToken, USUAL_SECRET, type Server } from './server';

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
    const renew = () => {
      saveToken(server, userID, null);
      setAttempt((n) => n + 1);
    };
    const open = async () => {
      const saved = savedToken(server, userID);
      const token = saved ?? (await newToken(server, userID, USUAL_SECRET));
      if (isGone) return;
      saveToken(server, userID, token);
      opened = new Session(server, userID, token);
      // A saved token the server does not know any more is nobody's fault: ask for another, once.
      if (saved) opened.state.subscribe(() => opened?.state.get().ending === 'invalid' && !isGone && renew());
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
