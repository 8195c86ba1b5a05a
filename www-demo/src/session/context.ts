// The session of the pane a component is in.
import { createContext, useContext } from 'react';

import type { Session, SessionState } from './session';
import { useStore } from './store';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('used outside a session');
  return session;
}

/** A part of the session's state. */
export function useSessionState<T>(select: (state: SessionState) => T): T {
  return useStore(useSession().state, select);
}
