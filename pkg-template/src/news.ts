// Which messages the page knows: what comes to light when a tab goes away is told once, and what was sent
// from here is news to the other tabs only.

import type { EventMessage } from './protocol.js';

/** So many messages back nothing is told twice. */
const KNOWN_MAX = 4_000;
/** What was stored so long before the login was there when the page read its lists, milliseconds. */
const MARGIN_MS = 2_000;

interface Item {
  clientMsgID: string;
}

export class News {
  private _since = 0;
  /** The newer and the older half. */
  private _known = [new Set<string>(), new Set<string>()] as const;

  /** A login begins. */
  begin(): void {
    this._since = Date.now();
    this._known = [new Set(), new Set()];
  }

  /** A call with these parameters was made: a message in them is shown already. */
  called(params: unknown): void {
    const id = (params as { message?: Partial<Item> } | undefined)?.message?.clientMsgID;
    if (id) this._take(id);
  }

  /** The event as it is to be told; undefined if nothing of it is new. */
  sift(event: EventMessage): EventMessage | undefined {
    const isRecovered = event.event === 'Recovered';
    if (!isRecovered && event.event !== 'OnRecvNewMessages') return event;
    if (isRecovered && Number(event.errMsg) < this._since - MARGIN_MS) return undefined;
    const messages = event.data as Item[];
    const fresh = messages.filter(({ clientMsgID }) => this._take(clientMsgID));
    if (fresh.length === 0) return undefined;
    if (fresh.length === messages.length && !isRecovered) return event;
    return { event: 'OnRecvNewMessages', data: fresh, errCode: 0, errMsg: '' };
  }

  /** Whether it is new. */
  private _take(id: string): boolean {
    const [newer, older] = this._known;
    if (newer.has(id) || older.has(id)) return false;
    newer.add(id);
    if (newer.size >= KNOWN_MAX / 2) this._known = [new Set(), newer];
    return true;
  }
}
