// How the connection stands, when it does not simply work.
import { useSessionState } from '../session/context';
import type { Ending } from '../session/session';

const ENDINGS: Record<Ending, string> = {
  kicked: 'You signed in somewhere else.',
  left: 'You signed out in another tab.',
  expired: 'Your sign-in has expired.',
  invalid: 'The server does not accept your sign-in.',
};

interface Props {
  onAgain: () => void;
  onLeave: () => void;
}

export function Banner({ onAgain, onLeave }: Props) {
  const connection = useSessionState((state) => state.connection);
  const ending = useSessionState((state) => state.ending);
  const sync = useSessionState((state) => state.sync);
  const kind = ending ?? (connection !== 'online' ? connection : sync !== null && sync >= 0 ? 'syncing' : 'online');
  return (
    <div className="banner-place" role="status" aria-live="polite">
      {kind !== 'online' && (
        <div className={`banner ${kind}`} data-testid="banner" data-state={kind}>
          {ending ? (
            <>
              <span>{ENDINGS[ending]}</span>
              <button type="button" onClick={onAgain} data-testid="sign-in-again">
                {ending === 'kicked' ? 'Use it here' : 'Sign in again'}
              </button>
              <button type="button" onClick={onLeave}>
                Another user
              </button>
            </>
          ) : (
            <span>{words(kind, sync)}</span>
          )}
          {kind === 'syncing' && <progress max={100} value={sync ?? 0} aria-label="Synchronization" />}
        </div>
      )}
    </div>
  );
}

function words(kind: string, sync: number | null): string {
  if (kind === 'offline') return 'Offline. You can read what is on this device.';
  return kind === 'syncing' ? `Getting your chats… ${sync} %` : 'Connecting…';
}
