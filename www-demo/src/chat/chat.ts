// The open conversation: its messages in order, each once.
import {
  MessageStatus,
  SessionType,
  ViewType,
  type ConversationItem,
  type MessageItem,
  type ReceiptInfo,
  type RevokedInfo,
} from 'openim-web';

import { go } from '../app/place';
import { latestOf } from '../conversations/item';
import type { Session } from '../session/session';

const PAGE = 30;
/** Messages read before and after one that is jumped to. */
const AROUND = 20;
const REVOKED = 2101;

export interface Chat {
  conversation: ConversationItem;
  /** Oldest first. */
  messages: MessageItem[];
  /** The beginning was reached. */
  isEnd: boolean;
  /** The newest messages are not shown: it was jumped to an old one. */
  hasNewer: boolean;
  isLoading: boolean;
  /** Why older messages could not be read. */
  problem: string;
  /** Why newer messages could not be read. */
  newerProblem: string;
  /** A message to look at. */
  target: { clientMsgID: string } | null;
  /** The first message that was unread when the chat was opened. */
  firstUnread: string;
  /** Why sending failed, by clientMsgID. */
  failures: Record<string, string>;
}

/** Of two states of one message what is known for certain of both. */
function newer(old: MessageItem | undefined, now: MessageItem): MessageItem {
  if (!old) return now;
  const wasSent = old.status === MessageStatus.Succeed && now.status === MessageStatus.Sending;
  return {
    ...now,
    isRead: old.isRead || now.isRead,
    seq: Math.max(old.seq, now.seq),
    status: wasSent ? old.status : now.status,
  };
}

/** Adds messages; one that is there already is replaced. */
export function merge(messages: MessageItem[], added: MessageItem[]): MessageItem[] {
  const byID = new Map(messages.map((message) => [message.clientMsgID, message]));
  for (const message of added) byID.set(message.clientMsgID, newer(byID.get(message.clientMsgID), message));
  return [...byID.values()].sort((a, b) => a.sendTime - b.sendTime || a.seq - b.seq);
}

/** Changes the open chat, if it is (still) that one. */
function update(session: Session, conversationID: string, change: (chat: Chat) => Partial<Chat>): void {
  const { chat } = session.state.get();
  if (chat?.conversation.conversationID !== conversationID) return;
  session.state.set({ chat: { ...chat, ...change(chat) } });
}

function belongs(message: MessageItem, { conversationType, userID, groupID }: ConversationItem): boolean {
  if (conversationType === SessionType.Group) return message.groupID === groupID;
  if (message.sessionType !== conversationType) return false;
  return message.sendID === userID || message.recvID === userID;
}

const emptyOf = (conversation: ConversationItem): Chat => ({
  conversation,
  messages: [],
  isEnd: false,
  hasNewer: false,
  isLoading: false,
  problem: '',
  newerProblem: '',
  target: null,
  firstUnread: '',
  failures: {},
});

/** Opens a conversation and reads its newest messages. */
export async function openChat(session: Session, conversation: ConversationItem): Promise<void> {
  const { conversationID, unreadCount } = conversation;
  go(session, { pages: [], isListFirst: false });
  if (session.state.get().chat?.conversation.conversationID === conversationID) return;
  session.state.set({ chat: emptyOf(conversation) });
  sessionStorage.setItem(openKey(session), conversationID);
  await loadOlder(session);
  const me = session.userID;
  update(session, conversationID, ({ messages }) => {
    const theirs = messages.filter((message) => message.sendID !== me);
    return { firstUnread: unreadCount > 0 ? (theirs.at(-unreadCount)?.clientMsgID ?? '') : '' };
  });
}

/** Opens a conversation at a message. */
export async function openAt(session: Session, conversation: ConversationItem, message: MessageItem): Promise<void> {
  const { conversationID } = conversation;
  const { clientMsgID } = message;
  go(session, { pages: [], isListFirst: false });
  const { chat } = session.state.get();
  const isOpen = chat?.conversation.conversationID === conversationID;
  if (isOpen && chat.messages.some((one) => one.clientMsgID === clientMsgID)) {
    return update(session, conversationID, () => ({ target: { clientMsgID } }));
  }
  const params = { startMessage: message, viewType: ViewType.Search, before: AROUND, after: AROUND };
  const { messageList } = (await session.client.fetchSurroundingMessages(params)).data;
  session.state.set({
    chat: { ...emptyOf(conversation), messages: merge([], messageList), hasNewer: true, target: { clientMsgID } },
  });
  sessionStorage.setItem(openKey(session), conversationID);
}

/** Shows the newest messages again. */
export async function toNewest(session: Session): Promise<void> {
  const { chat } = session.state.get();
  if (!chat?.hasNewer) return;
  session.state.set({ chat: { ...emptyOf(chat.conversation), failures: chat.failures } });
  await loadOlder(session);
}

export function closeChat(session: Session): void {
  sessionStorage.removeItem(openKey(session));
  session.state.set({ chat: null });
}

/** Opens what was open in this tab before it was loaded again. */
export async function reopenChat(session: Session): Promise<void> {
  const conversationID = sessionStorage.getItem(openKey(session));
  const conversation = session.state.get().conversations?.find((item) => item.conversationID === conversationID);
  if (conversation) await openChat(session, conversation);
}

const openKey = ({ server, userID }: Session) => `openim-demo:open:${server.api}:${userID}`;

/** Reads the page before the oldest message shown. */
export async function loadOlder(session: Session): Promise<void> {
  const { chat } = session.state.get();
  if (!chat || chat.isLoading || chat.isEnd) return;
  const { conversationID } = chat.conversation;
  update(session, conversationID, () => ({ isLoading: true, problem: '' }));
  try {
    const page = await history(session, conversationID, chat.messages[0]?.clientMsgID ?? '');
    update(session, conversationID, ({ messages }) => ({
      messages: merge(messages, page.messageList),
      isEnd: page.isEnd,
      isLoading: false,
      problem: page.errCode ? 'Some older messages are not on this device, and there is no connection.' : '',
    }));
  } catch {
    update(session, conversationID, () => ({ isLoading: false, problem: 'Older messages could not be read.' }));
  }
}

/** Reads the page after the newest message shown. */
export async function loadNewer(session: Session): Promise<void> {
  const { chat } = session.state.get();
  if (!chat?.hasNewer || chat.isLoading) return;
  const { conversationID } = chat.conversation;
  const startClientMsgID = chat.messages.at(-1)?.clientMsgID ?? '';
  update(session, conversationID, () => ({ isLoading: true, newerProblem: '' }));
  const params = { conversationID, startClientMsgID, count: PAGE, viewType: ViewType.History };
  try {
    const { data: page } = await session.client.getAdvancedHistoryMessageListReverse(params);
    const hasNewer = !page.isEnd || page.errCode !== 0;
    update(session, conversationID, ({ messages }) => ({
      messages: merge(messages, page.messageList),
      hasNewer,
      isLoading: false,
      newerProblem: page.errCode ? 'Some newer messages are not on this device, and there is no connection.' : '',
    }));
    // What came meanwhile was passed over.
    if (!hasNewer) await refreshChat(session);
  } catch {
    update(session, conversationID, () => ({ isLoading: false, newerProblem: 'Newer messages could not be read.' }));
  }
}

async function history({ client }: Session, conversationID: string, startClientMsgID: string) {
  const params = { conversationID, startClientMsgID, count: PAGE, viewType: ViewType.History };
  return (await client.getAdvancedHistoryMessageList(params)).data;
}

/** Reads the newest page again: after a synchronization there may be messages nobody announced. */
export async function refreshChat(session: Session): Promise<void> {
  const { chat } = session.state.get();
  if (!chat || chat.hasNewer) return;
  const { conversationID } = chat.conversation;
  try {
    const page = await history(session, conversationID, '');
    update(session, conversationID, (now) => ({
      messages: merge(now.messages, page.messageList),
      isEnd: now.messages.length === 0 ? page.isEnd : now.isEnd,
      problem: '',
    }));
  } catch {
    // The session is over.
  }
}

/** New messages of any conversation, those of the user's other tabs too. */
export function receive(session: Session, incoming: MessageItem[]): void {
  const { chat } = session.state.get();
  // Behind the messages that are not shown it would stand at the wrong place.
  if (!chat || chat.hasNewer) return;
  const mine = incoming.filter((message) => belongs(message, chat.conversation));
  if (mine.length === 0) return;
  show(session, chat.conversation.conversationID, mine);
  // The place of what was sent from here is known by its seq, which nobody announces.
  const isWithoutSeq = ({ status, seq }: MessageItem) => status === MessageStatus.Succeed && seq === 0;
  if (chat.messages.some(isWithoutSeq)) void refreshChat(session);
}

/** Shows messages in their chat, if it is open. */
export function show(session: Session, conversationID: string, messages: MessageItem[]): void {
  update(session, conversationID, (chat) => ({ messages: merge(chat.messages, messages) }));
}

/** Notes why a message was not sent; "" forgets it. */
export function setFailure(session: Session, conversationID: string, clientMsgID: string, why: string): void {
  update(session, conversationID, (chat) => ({ failures: { ...chat.failures, [clientMsgID]: why } }));
}

/** Changes messages that are shown, by ID. */
function change(session: Session, ids: string[], to: (message: MessageItem) => MessageItem): void {
  const { chat } = session.state.get();
  if (!chat?.messages.some((message) => ids.includes(message.clientMsgID))) return;
  const messages = chat.messages.map((message) => (ids.includes(message.clientMsgID) ? to(message) : message));
  session.state.set({ chat: { ...chat, messages } });
}

export function revoked(session: Session, info: RevokedInfo): void {
  change(session, [info.clientMsgID], (message) => ({
    ...message,
    contentType: REVOKED,
    textElem: undefined,
    notificationElem: { detail: JSON.stringify(info) },
  }));
}

/** The other side has read messages. */
export function receipts(session: Session, list: ReceiptInfo[]): void {
  for (const { msgIDList } of list) change(session, msgIDList, (message) => ({ ...message, isRead: true }));
}

export function deleted(session: Session, clientMsgID: string): void {
  const { chat } = session.state.get();
  if (!chat) return;
  const messages = chat.messages.filter((message) => message.clientMsgID !== clientMsgID);
  session.state.set({ chat: { ...chat, messages } });
}

/** What an earlier life of the page sent is told by the conversation's newest message only. */
export function latestChanged(session: Session, changed: ConversationItem[]): void {
  const { chat } = session.state.get();
  const item = changed.find(({ conversationID }) => conversationID === chat?.conversation.conversationID);
  if (!item || !chat) return;
  const latest = latestOf(item);
  // Cleared: here, on another device, or by the other one for both.
  if (!latest) return emptyChat(session, item.conversationID);
  const isShown = chat.messages.some(({ clientMsgID }) => clientMsgID === latest.clientMsgID);
  if (isShown) show(session, item.conversationID, [latest]);
  const isSentElsewhere = ({ clientMsgID, status }: MessageItem) =>
    status === MessageStatus.Sending && !session.sending.has(clientMsgID);
  const isMine = latest.sendID === session.userID;
  if (isMine && (!isShown || chat.messages.some(isSentElsewhere))) void refreshChat(session);
}

/** All messages of a conversation were deleted. */
export function emptyChat(session: Session, conversationID: string): void {
  update(session, conversationID, () => ({ messages: [], isEnd: true, firstUnread: '' }));
}
