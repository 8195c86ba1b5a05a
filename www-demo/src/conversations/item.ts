// What a conversation's row says.
import { MessageReceiveOptType, SessionType, type ConversationItem, type MessageItem } from 'openim-web';

const time = (item: ConversationItem) => Math.max(item.latestMsgSendTime, item.draftTextTime);

/** Listed ones in the order of the list: pinned first, then the newest. */
export function listed(items: ConversationItem[]): ConversationItem[] {
  return items
    .filter((item) => item.latestMsgSendTime > 0)
    .sort((a, b) => Number(b.isPinned) - Number(a.isPinned) || time(b) - time(a));
}

export function isMuted(item: ConversationItem): boolean {
  return item.recvMsgOpt === MessageReceiveOptType.NotNotify || item.recvMsgOpt === MessageReceiveOptType.NotReceive;
}

export function isGroup(item: ConversationItem): boolean {
  return item.conversationType === SessionType.Group;
}

/** The newest message; null if there is none. */
export function latestOf(item: ConversationItem): MessageItem | null {
  if (!item.latestMsg) return null;
  try {
    return JSON.parse(item.latestMsg) as MessageItem;
  } catch {
    return null;
  }
}
