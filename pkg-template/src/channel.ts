// What the tabs of one user say to each other.

import type { CallMessage, EventMessage, ReplyMessage } from './protocol.js';

/** What is said. */
export type Saying =
  /** Who leads? */
  | { ask: true }
  /** I lead. `begin`: from here on; `ready`: the engine is logged in, with this token. */
  | { lead: { begin: boolean; ready: boolean; token: string } }
  /** A tab that was not there from the beginning of a leader's term wants to listen; it has heard the news
   * before `since`. */
  | { attach: { token: string; since: number } }
  /** What it has to know; from here on it hears everything. */
  | { attached: EventMessage[] }
  | { call: CallMessage }
  | { reply: ReplyMessage }
  | { event: EventMessage }
  /** The session is over for all. */
  | { out: true }
  /** A page is looked at again or the network is back. */
  | { wake: true };

/** A saying on its way: from whom, in which leader's term, to whom (everybody if that is missing). */
export type TabMessage = Saying & { from: string; term: number; to?: string };

/** Opens the channel of a session; undefined where the browser has none. */
export function openChannel(
  name: string,
  hear: (message: TabMessage) => void,
): { post: (message: TabMessage) => void; close: () => void } | undefined {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: { data: TabMessage }) => hear(data);
    // Node waits for open channels.
    (channel as { unref?: () => void }).unref?.();
    return {
      post: (message) => channel.postMessage(message),
      close: () => {
        channel.onmessage = null;
        channel.close();
      },
    };
  } catch {
    return undefined;
  }
}
