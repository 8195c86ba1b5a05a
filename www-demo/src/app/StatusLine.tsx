// How the connection stands, where the engine runs and what this tab is to the user's others, in a line.
import type { HostInfo } from 'openim-web';
import { useCallback, useSyncExternalStore } from 'react';

import { useSession, useSessionState } from '../session/context';

const CONNECTION = { online: 'Connected', connecting: 'Connecting', offline: 'Offline' };
const KINDS: Record<HostInfo['kind'], string> = { worker: 'worker', page: 'page' };
const ROLES: Record<HostInfo['role'], [word: string, meaning: string]> = {
  leader: ['leading tab', 'The engine of all your tabs runs in this one'],
  follower: ['following tab', 'The engine runs in another tab'],
  alone: ['lone tab', 'This tab has an engine of its own'],
  none: ['', 'Nobody is signed in'],
};

/** No event tells that another tab leads: it is looked for, milliseconds. */
const LOOK_MS = 500;

function useHost(): HostInfo {
  const { client } = useSession();
  const watch = useCallback((look: () => void) => {
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return useSyncExternalStore(watch, () => client.host);
}

export function StatusLine() {
  const connection = useSessionState((state) => state.connection);
  const { kind, reason, role, lacks } = useHost();
  const [word, meaning] = ROLES[role];
  const why = [reason, lacks].filter(Boolean).join('; ');
  return (
    <footer className={`status-line ${connection}`} data-testid="status" data-host={kind} data-role={role}>
      <span className="status-dot" aria-hidden="true" />
      <span
        className="status-words"
        title={`${meaning}, ${kind === 'worker' ? 'in a worker' : 'on the page’s thread'}.`}
      >
        {[CONNECTION[connection], word, KINDS[kind]].filter(Boolean).join(' · ')}
      </span>
      {why && <small className="status-why" data-testid="status-why">{why}</small>}
    </footer>
  );
}
