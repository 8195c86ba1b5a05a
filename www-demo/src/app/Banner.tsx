// How the connection stands, when it does not simply work.
import { useState } from 'react';

import { useSession, useSessionState } from '../session/context';
import type { Ending } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { diagnosis } from './tokens';

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
            <>
              <span>{words(kind, sync)}</span>
              {kind === 'offline' && <Why />}
            </>
          )}
          {kind === 'syncing' && <progress max={100} value={sync ?? 0} aria-label="Synchronization" />}
        </div>
      )}
    </div>
  );
}

/** What keeps this device offline, if the person wants to know. */
function Why() {
  const { server, userID, token } = useSession();
  const [answer, setAnswer] = useState<string | null>(null);
  const ask = async () => {
    setAnswer('Looking…');
    setAnswer((await diagnosis(server, userID, token)) || 'Nothing is found wrong: it should connect soon.');
  };
  return (
    <>
      <button type="button" onClick={() => void ask()} data-testid="why">
        Why?
      </button>
      {answer !== null && (
        <Dialog title="What keeps you offline" onClose={() => setAnswer(null)}>
          <p className="diagnosis" data-testid="diagnosis">
            {answer}
          </p>
        </Dialog>
      )}
    </>
  );
}

function words(kind: string, sync: number | null): string {
  if (kind === 'offline') return 'Offline. You can read what is on this device.';
  return kind === 'syncing' ? `Getting your chats… ${sync} %` : 'Connecting…';
}
