// What is held locally as values that tell when they change: the part that the React hooks and the Vue
// composables share. A value is read from the local database, so it is there offline, and read again
// when an event says that it changed.

import { CbEvents, type ConversationItem, type GetAdvancedHistoryMsgParams, type MessageItem } from './api.js';
import type { OpenIMError } from './error.js';
import type { SDK } from './sdk.js';

/** A value that tells when it changes. */
export interface Live<T> {
  /** The same object until it changes. */
  get(): T;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** How the connection stands. */
export interface ConnectionState {
  /** `loggedOut` is after a kick or a refused token, `idle` before anything was heard. */
  status: 'idle' | 'connecting' | 'connected' | 'failed' | 'loggedOut';
  /** What is held is being brought up to date. */
  syncing: boolean;
  /** Why the user was logged out. */
  reason?: 'kicked' | 'tokenExpired' | 'tokenInvalid';
}

/** A list and whether it was read yet. */
export interface ListState<T> {
  items: readonly T[];
  /** Nothing has been read yet. */
  loading: boolean;
  /** Why reading failed; what was read before stays. */
  error?: OpenIMError;
}

/** Messages of a conversation, oldest first. */
export interface MessagesState extends ListState<MessageItem> {
  /** There are older ones. */
  hasMore: boolean;
}

const NOT_LOGGED_IN = 10009;
/** Changes within this time are read together, milliseconds. */
const GATHER_MS = 16;

class Value<T> implements Live<T> {
  protected value: T;
  private readonly listeners = new Set<() => void>();
  private stop: (() => void) | undefined;

  constructor(
    initial: T,
    private readonly start: () => () => void,
  ) {
    this.value = initial;
  }

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    // One wrapper a subscription: the same function may subscribe twice.
    const own = () => listener();
    this.listeners.add(own);
    this.stop ??= this.start();
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size > 0) return;
      this.stop?.();
      this.stop = undefined;
    };
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }
}

/** Runs `read` on each of the events, changes that come together once; never two at a time. */
function follow(sdk: SDK, events: CbEvents[], read: () => Promise<void>): { again: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let dirty = false;
  let stopped = false;
  const run = async () => {
    timer = undefined;
    running = true;
    dirty = false;
    await read();
    running = false;
    if (dirty) again();
  };
  const again = () => {
    dirty = true;
    if (!running && !timer && !stopped) timer = setTimeout(run, GATHER_MS);
  };
  for (const event of events) sdk.on(event, again);
  void run();
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    for (const event of events) sdk.off(event, again);
  };
  return { again, stop };
}

/** Somebody may have logged in, or everything may have changed. */
const ANEW = [CbEvents.OnConnecting, CbEvents.OnConnectSuccess, CbEvents.OnConnectFailed, CbEvents.OnSyncServerFinish];
const OF_CONVERSATIONS = [...ANEW, CbEvents.OnNewConversation, CbEvents.OnConversationChanged];
const OF_MESSAGES = [
  ...OF_CONVERSATIONS, CbEvents.OnRecvNewMessages, CbEvents.OnRecvOfflineNewMessages, CbEvents.OnNewRecvMessageRevoked,
  CbEvents.OnRecvC2CReadReceipt, CbEvents.OnMsgDeleted, CbEvents.OnMessageModified,
];

/** The items of before where nothing about them changed, so that a list renders only what is new. */
function kept<T extends object>(before: readonly T[], now: T[], id: (item: T) => string): readonly T[] {
  const old = new Map(before.map((item) => [id(item), item]));
  let same = before.length === now.length;
  const items = now.map((item, index) => {
    const known = old.get(id(item));
    const unchanged = known && JSON.stringify(known) === JSON.stringify(item);
    if (!unchanged || before[index] !== known) same = false;
    return unchanged ? known : item;
  });
  return same ? before : items;
}

/** The values of one client. */
export class LiveSDK {
  readonly connection: Live<ConnectionState>;
  readonly conversations: Live<ListState<ConversationItem>>;
  /** Unread messages of all conversations that are not muted. */
  readonly unread: Live<number>;
  private readonly byConversation = new Map<string, LiveMessages>();

  constructor(readonly sdk: SDK) {
    this.connection = connection(sdk);
    this.conversations = conversations(sdk);
    this.unread = unread(sdk);
  }

  /** The messages of a conversation; the same object for the same arguments. */
  messages(conversationID: string, pageSize: number): LiveMessages {
    const key = `${pageSize} ${conversationID}`;
    let found = this.byConversation.get(key);
    if (!found) {
      found = new LiveMessages(this.sdk, conversationID, pageSize);
      this.byConversation.set(key, found);
    }
    return found;
  }
}

const lives = new WeakMap<SDK, LiveSDK>();

/** The values of a client; always the same object. */
export function live(sdk: SDK): LiveSDK {
  let found = lives.get(sdk);
  if (!found) lives.set(sdk, (found = new LiveSDK(sdk)));
  return found;
}

function connection(sdk: SDK): Live<ConnectionState> {
  const value = new Value<ConnectionState>({ status: 'idle', syncing: false }, () => () => {});
  const set = (change: Partial<ConnectionState>) => value.set({ ...value.get(), ...change });
  const out = (reason: ConnectionState['reason']) => () => value.set({ status: 'loggedOut', syncing: false, reason });
  // From the beginning: what was told before the first component looked counts as well.
  sdk.on(CbEvents.OnConnecting, () => value.set({ status: 'connecting', syncing: value.get().syncing }));
  sdk.on(CbEvents.OnConnectSuccess, () => set({ status: 'connected' }));
  sdk.on(CbEvents.OnConnectFailed, () => set({ status: 'failed', syncing: false }));
  sdk.on(CbEvents.OnSyncServerStart, () => set({ syncing: true }));
  sdk.on(CbEvents.OnSyncServerFinish, () => set({ syncing: false }));
  sdk.on(CbEvents.OnSyncServerFailed, () => set({ syncing: false }));
  sdk.on(CbEvents.OnKickedOffline, out('kicked'));
  sdk.on(CbEvents.OnUserTokenExpired, out('tokenExpired'));
  sdk.on(CbEvents.OnUserTokenInvalid, out('tokenInvalid'));
  return value;
}

function conversations(sdk: SDK): Live<ListState<ConversationItem>> {
  const read = async () => {
    const before = value.get();
    try {
      const { data } = await sdk.getAllConversationList();
      const items = kept(before.items, data, (item) => item.conversationID);
      if (items !== before.items || before.loading || before.error) value.set({ items, loading: false });
    } catch (error) {
      value.set(failed(before, error));
    }
  };
  const value = new Value<ListState<ConversationItem>>({ items: [], loading: true }, () =>
    follow(sdk, OF_CONVERSATIONS, read).stop,
  );
  return value;
}

function unread(sdk: SDK): Live<number> {
  const read = async () => {
    await sdk.getTotalUnreadMsgCount().then(
      ({ data }) => value.set(data),
      () => {},
    );
  };
  const events = [...ANEW, CbEvents.OnTotalUnreadMessageCountChanged];
  const value = new Value<number>(0, () => follow(sdk, events, read).stop);
  return value;
}

/** Before a login there is nothing to read, which is no failure. */
function failed<S extends ListState<unknown>>(before: S, error: unknown): S {
  const reason = error as OpenIMError;
  return reason.errCode === NOT_LOGGED_IN ? before : { ...before, loading: false, error: reason };
}

/** The newest messages of a conversation, as many pages as were asked for. */
export class LiveMessages implements Live<MessagesState> {
  private readonly value: Value<MessagesState>;
  private wanted: number;
  /** While nobody looks nothing is followed. */
  private again: () => void = () => void this.read();
  private more: Array<() => void> = [];

  constructor(
    private readonly sdk: SDK,
    private readonly conversationID: string,
    private readonly pageSize: number,
  ) {
    this.wanted = pageSize;
    this.value = new Value<MessagesState>({ items: [], loading: true, hasMore: false }, () => {
      const { again, stop } = follow(sdk, OF_MESSAGES, () => this.read());
      this.again = again;
      return () => {
        stop();
        this.again = () => void this.read();
        if (this.more.length > 0) this.again();
      };
    });
  }

  readonly get = (): MessagesState => this.value.get();
  readonly subscribe = (listener: () => void): (() => void) => this.value.subscribe(listener);

  /** Reads one page further back; resolves when it is in the list. */
  readonly loadMore = async (): Promise<void> => {
    if (!this.get().hasMore) return;
    this.wanted = this.get().items.length + this.pageSize;
    await new Promise<void>((resolve) => {
      this.more.push(resolve);
      this.again();
    });
  };

  private async read(): Promise<void> {
    const waiting = this.more.splice(0);
    const before = this.get();
    try {
      const params: GetAdvancedHistoryMsgParams = {
        conversationID: this.conversationID,
        startClientMsgID: '',
        count: this.wanted,
        viewType: 0,
      };
      const { data } = await this.sdk.getAdvancedHistoryMessageList(params);
      const items = kept(before.items, data.messageList, (item) => item.clientMsgID);
      // A list that has grown is read whole the next time.
      this.wanted = Math.max(this.wanted, Math.min(items.length, this.wanted + this.pageSize));
      const hasMore = !data.isEnd;
      if (items !== before.items || before.loading || before.error || hasMore !== before.hasMore) {
        this.value.set({ items, loading: false, hasMore });
      }
    } catch (error) {
      this.value.set(failed(before, error));
    }
    for (const resolve of waiting) resolve();
  }
}

/** To whom: a user or a group. */
export type SendTo = { userID: string } | { groupID: string };

/** Sends a text or a message made by a `create…Message` method; resolves with the sent message. */
export async function send(sdk: SDK, to: SendTo, what: string | MessageItem): Promise<MessageItem> {
  const message = typeof what === 'string' ? (await sdk.createTextMessage(what)).data : what;
  const [recvID, groupID] = 'groupID' in to ? ['', to.groupID] : [to.userID, ''];
  return (await sdk.sendMessage({ recvID, groupID, message })).data;
}
