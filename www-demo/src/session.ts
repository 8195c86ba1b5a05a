// One logged-in user: the SDK's client, and what the screen shows of its state.
import { CbEvents, createClient, type ConversationItem, type MessageItem, type SDK } from 'openim-web';
import { addresses, forgetToken, tokenOf } from './server';

export type Connection = 'connecting' | 'online' | 'offline' | 'kicked' | 'refused';

/** Everything a pane renders; replaced, never changed. */
export interface View {
  connection: Connection;
  syncing: boolean;
  progress: number;
  conversations: ConversationItem[];
  /** Messages of the open conversation, oldest first. */
  messages: MessageItem[];
  open: string;
  atBeginning: boolean;
  typing: string;
  error: string;
}

const EMPTY: View = {
  connection: 'connecting', syncing: false, progress: 0, conversations: [], messages: [], open: '',
  atBeginning: false, typing: '', error: '',
};
const PAGE = 30;
const TYPING_PAUSE_MS = 4_000;

export class Session {
  readonly sdk: SDK = createClient();
  #view: View = EMPTY;
  #listeners = new Set<() => void>();
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly userID: string) {
    this.#listen();
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  view = () => this.#view;

  #set(change: Partial<View>) {
    this.#view = { ...this.#view, ...change };
    this.#listeners.forEach((listener) => listener());
  }

  /** Logs in; resolves when what is stored can be read. */
  async start(): Promise<void> {
    const token = await tokenOf(this.userID);
    await this.sdk.login({ userID: this.userID, token, platformID: 5, ...addresses() });
    await this.#loadConversations();
  }

  async stop(): Promise<void> {
    await this.sdk.logout().catch(() => {});
  }

  #listen() {
    const { sdk } = this;
    sdk.on(CbEvents.OnConnecting, () => this.#set({ connection: 'connecting' }));
    sdk.on(CbEvents.OnConnectSuccess, () => this.#set({ connection: 'online' }));
    sdk.on(CbEvents.OnConnectFailed, () => this.#set({ connection: 'offline' }));
    sdk.on(CbEvents.OnKickedOffline, () => this.#end('kicked'));
    sdk.on(CbEvents.OnUserTokenExpired, () => this.#end('refused'));
    sdk.on(CbEvents.OnUserTokenInvalid, () => this.#end('refused'));
    sdk.on(CbEvents.OnSyncServerStart, () => this.#set({ syncing: true, progress: 0 }));
    sdk.on(CbEvents.OnSyncServerProgress, ({ data }) => this.#set({ progress: data }));
    sdk.on(CbEvents.OnSyncServerFailed, () => this.#set({ syncing: false }));
    sdk.on(CbEvents.OnSyncServerFinish, () => {
      this.#set({ syncing: false });
      void this.#loadConversations();
      if (this.#view.open) void this.#loadNewest();
    });
    sdk.on(CbEvents.OnNewConversation, () => void this.#loadConversations());
    sdk.on(CbEvents.OnConversationChanged, () => void this.#loadConversations());
    sdk.on(CbEvents.OnRecvNewMessages, ({ data }) => this.#take(data));
    sdk.on(CbEvents.OnNewRecvMessageRevoked, () => void this.#loadNewest());
    sdk.on(CbEvents.OnRecvC2CReadReceipt, ({ data }) => {
      const read = new Set(data.flatMap((receipt) => receipt.msgIDList));
      this.#set({ messages: this.#view.messages.map((m) => (read.has(m.clientMsgID) ? { ...m, isRead: true } : m)) });
    });
    sdk.on(CbEvents.OnConversationUserInputStatusChanged, ({ data }) => {
      if (data.conversationID === this.#view.open) this.#set({ typing: data.platformIDs.length ? data.userID : '' });
    });
  }

  #end(connection: Connection) {
    forgetToken(this.userID);
    this.#set({ connection });
  }

  async #loadConversations() {
    const { data } = await this.sdk.getAllConversationList();
    this.#set({ conversations: data });
  }

  /** After an action without an event: the lists anew. */
  async reload(): Promise<void> {
    await this.#loadConversations();
    if (!this.conversation()) this.#set({ open: '', messages: [] });
    else if (this.#view.open) this.#set({ messages: [] });
    if (this.#view.open) await this.#loadNewest();
  }

  conversation(): ConversationItem | undefined {
    return this.#view.conversations.find((c) => c.conversationID === this.#view.open);
  }

  /** Opens a conversation and shows its newest page. */
  async openConversation(conversationID: string): Promise<void> {
    this.#set({ open: conversationID, messages: [], atBeginning: false, typing: '' });
    if (conversationID) await this.#loadNewest();
  }

  /** Opens the chat with a user, whether there is one yet or not. */
  async openUser(userID: string): Promise<void> {
    const { data } = await this.sdk.getOneConversation({ sourceID: userID, sessionType: 1 });
    if (!this.#view.conversations.some((c) => c.conversationID === data.conversationID)) {
      this.#set({ conversations: [data, ...this.#view.conversations] });
    }
    await this.openConversation(data.conversationID);
  }

  async #loadNewest() {
    const conversationID = this.#view.open;
    const page = await this.#page(conversationID, '');
    if (this.#view.open !== conversationID) return;
    this.#set({ messages: merge(this.#view.messages, page.messageList), atBeginning: page.isEnd });
    await this.markRead();
  }

  /** The page before the oldest message shown. */
  async loadOlder(): Promise<void> {
    const { open, messages, atBeginning } = this.#view;
    const oldest = messages[0];
    if (!oldest || atBeginning) return;
    const page = await this.#page(open, oldest.clientMsgID);
    if (this.#view.open !== open) return;
    this.#set({ messages: merge(page.messageList, this.#view.messages), atBeginning: page.isEnd });
  }

  async #page(conversationID: string, startClientMsgID: string) {
    const params = { conversationID, startClientMsgID, count: PAGE, viewType: 0 };
    return (await this.sdk.getAdvancedHistoryMessageList(params)).data;
  }

  #take(messages: MessageItem[]) {
    const own = this.conversation();
    if (!own) return;
    const here = messages.filter((m) =>
      own.groupID ? m.groupID === own.groupID : !m.groupID && (m.sendID === own.userID || m.recvID === own.userID));
    if (here.length === 0) return;
    this.#set({ messages: merge(this.#view.messages, here), typing: '' });
    void this.markRead();
  }

  async markRead(): Promise<void> {
    const conversation = this.conversation();
    if (!conversation || document.hidden || this.#view.connection !== 'online') return;
    // The SDK asks the server only if something is unread.
    await this.sdk.markConversationMessageAsRead(conversation.conversationID).catch(() => {});
    if (conversation.groupAtType > 0) await this.sdk.resetConversationGroupAtType(conversation.conversationID).catch(() => {});
  }

  /** Shows the message at once, then sends it; a failed one stays and can be sent again. */
  async send(message: MessageItem): Promise<void> {
    const conversation = this.conversation();
    if (!conversation) return;
    const { userID: recvID, groupID } = conversation;
    this.#replace({ ...message, status: 1 });
    try {
      const target = groupID ? { recvID: '', groupID } : { recvID, groupID: '' };
      this.#replace((await this.sdk.sendMessage({ ...target, message })).data);
    } catch (error) {
      this.#replace({ ...message, status: 3 });
      this.#set({ error: text(error) });
    }
  }

  #replace(message: MessageItem) {
    this.#set({ messages: merge(this.#view.messages, [message]) });
  }

  /** Runs an action of the user; shows why it failed. */
  async run(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#set({ error: text(error) });
    }
  }

  dismissError = () => this.#set({ error: '' });

  async revoke(message: MessageItem): Promise<void> {
    await this.run(() => this.sdk.revokeMessage({ conversationID: this.#view.open, clientMsgID: message.clientMsgID }));
  }

  async remove(message: MessageItem): Promise<void> {
    await this.run(async () => {
      await this.sdk.deleteMessage({ conversationID: this.#view.open, clientMsgID: message.clientMsgID });
      this.#set({ messages: this.#view.messages.filter((m) => m.clientMsgID !== message.clientMsgID) });
    });
  }

  /** Tells that the user types, and after a pause that he stopped. */
  typing(focus: boolean): void {
    const conversationID = this.#view.open;
    if (!conversationID || this.#view.connection !== 'online') return;
    clearTimeout(this.#typingTimer);
    void this.sdk.changeInputStates({ conversationID, focus }).catch(() => {});
    if (focus) this.#typingTimer = setTimeout(() => this.typing(false), TYPING_PAUSE_MS);
  }
}

function text(error: unknown): string {
  const failure = error as { errMsg?: string; cause?: unknown };
  return [failure.errMsg, failure.cause].filter(Boolean).join(': ') || String(error);
}

/** One list, each message once, the later copy wins; sorted as the server numbers them. */
function merge(older: MessageItem[], newer: MessageItem[]): MessageItem[] {
  const byID = new Map(older.map((m) => [m.clientMsgID, m]));
  for (const message of newer) {
    const known = byID.get(message.clientMsgID);
    byID.set(message.clientMsgID, known && known.seq > message.seq ? { ...message, seq: known.seq } : message);
  }
  return [...byID.values()].sort((a, b) => (a.seq && b.seq ? a.seq - b.seq : a.sendTime - b.sendTime));
}
