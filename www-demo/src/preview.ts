// Messages as one line of text.
import type { ConversationItem, MessageItem } from 'openim-web';

const KINDS: Record<number, string> = {
  102: '[Image]', 103: '[Voice]', 104: '[Video]', 105: '[File]', 107: '[Chat record]', 108: '[Card]',
  109: '[Location]', 110: '[Custom]', 115: '[Sticker]', 1400: '[Notice]', 2101: 'Message revoked',
};

export function line(message: MessageItem): string {
  const said = message.textElem?.content ?? message.atTextElem?.text ?? message.quoteElem?.text
    ?? message.advancedTextElem?.text ?? message.markdownTextElem?.content;
  return said ?? KINDS[message.contentType] ?? tip(message) ?? `[Message ${message.contentType}]`;
}

/** Notifications of the server that stand in a chat. */
export function tip(message: MessageItem): string | undefined {
  const { contentType } = message;
  if (contentType === 2101) return 'Message revoked';
  if (contentType < 1000) return undefined;
  const names: Record<number, string> = {
    1201: 'You are friends now', 1501: 'The group was created', 1504: 'A member left', 1507: 'The group has a new owner',
    1508: 'Members were removed', 1509: 'Members were invited', 1510: 'A member joined', 1511: 'The group was dismissed',
    1514: 'The group was muted', 1515: 'The group may speak again', 1519: 'The notice changed', 1520: 'The group was renamed',
    1701: 'Private chat was switched',
  };
  return names[contentType] ?? `Notification ${contentType}`;
}

export function latest(conversation: ConversationItem): MessageItem | undefined {
  return conversation.latestMsg ? JSON.parse(conversation.latestMsg) : undefined;
}

export function clock(time: number): string {
  const date = new Date(time);
  const today = new Date().toDateString() === date.toDateString();
  return today
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString([], { day: 'numeric', month: 'short' });
}
