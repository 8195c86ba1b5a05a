// Lists that are read again when an event says they changed.
import type { CbEvents } from 'openim-web';

import type { Session } from './session';

/**
 * Reads again after each of the events, however many come at once: one read runs, at most one waits.
 * Gives a function that does the same, and one that ends it.
 */
export function rereadOn(
  { client }: Session,
  events: CbEvents[],
  read: () => Promise<void>,
): { now: () => Promise<void>; stop: () => void } {
  let running: Promise<void> | null = null;
  let isAgain = false;
  const run = async () => {
    do {
      isAgain = false;
      // Offline, or the session is over: what is shown stays.
      await read().catch(() => undefined);
    } while (isAgain);
    running = null;
  };
  const now = () => {
    if (running) isAgain = true;
    else running = run();
    return running ?? Promise.resolve();
  };
  const listener = () => void now();
  for (const event of events) client.on(event, listener);
  return {
    now,
    stop: () => {
      for (const event of events) client.off(event, listener);
    },
  };
}
