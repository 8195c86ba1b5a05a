// How the connection stands and where the engine runs, in a line.
import { useSession, useSessionState } from '../session/context';

const CONNECTION = { online: 'Connected', connecting: 'Connecting', offline: 'Offline' };

export function StatusLine() {
  const { client } = useSession();
  const connection = useSessionState((state) => state.connection);
  const { kind, reason } = client.host;
  return (
    <footer className={`status-line ${connection}`} data-testid="status" data-host={kind} title={reason}>
      <span className="status-dot" aria-hidden="true" />
      {CONNECTION[connection]} · engine in {kind === 'worker' ? 'a worker' : 'the page'}
    </footer>
  );
}
