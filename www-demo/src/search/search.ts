// Search in the messages that are on this device.
import { MessageType, type MessageItem, type SearchMessageResultItem } from 'openim-web';

import { openAt } from '../chat/chat';
import { preview } from '../messages/preview';
import type { Session } from '../session/session';

/** Hits a page in one conversation, */
const PAGE = 30;
/** and of each conversation when all are searched. */
export const OF_EACH = 3;

/** Everything that has words, also those the SDK's types do not name (117: text with marked spans). */
const WITH_WORDS = [101, 105, 106, 107, 108, 109, 110, 114, 117, 118] as MessageType[];

export const KINDS: Record<string, { label: string; types: MessageType[] }> = {
  words: { label: 'All with words', types: WITH_WORDS },
  texts: { label: 'Texts', types: [101, 106, 114, 117, 118] as MessageType[] },
  files: { label: 'Files', types: [MessageType.FileMessage] },
  media: {
    label: 'Pictures, sounds, videos',
    types: [MessageType.PictureMessage, MessageType.VoiceMessage, MessageType.VideoMessage],
  },
};

/** Kinds that can be listed without words to look for. */
export const isListable = (kind: string) => kind === 'files' || kind === 'media';

export interface Found {
  /** What was looked for. */
  words: string[];
  total: number;
  items: SearchMessageResultItem[];
}

/** Searches one conversation, the first `pages` pages, or all of them with "". */
export async function searchMessages(
  { client }: Session,
  conversationID: string,
  text: string,
  kind: string,
  pages: number,
): Promise<Found> {
  const words = text.split(/\s+/).filter(Boolean);
  const { data } = await client.searchLocalMessages({
    conversationID,
    keywordList: words,
    // All of the words.
    keywordListMatchType: 1,
    messageTypeList: KINDS[kind]?.types ?? WITH_WORDS,
    pageIndex: 1,
    count: PAGE * pages,
  });
  return { words, total: data.totalCount, items: data.searchResultItems ?? [] };
}

/** Opens the chat of a hit at the hit. */
export function openHit(session: Session, conversationID: string, message: MessageItem): Promise<boolean> {
  return session.attempt('The message cannot be shown', async () => {
    const { data } = await session.client.getMultipleConversation([conversationID]);
    const conversation = data[0];
    if (!conversation) throw new Error('its conversation is gone');
    await openAt(session, conversation, message);
  });
}

/** The part of a message's text around the first hit, cut where hits begin and end: every second one is a hit. */
export function excerpt(message: MessageItem, words: string[], me: string): string[] {
  const text = preview(message, me);
  if (words.length === 0) return [text];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'i');
  const at = text.search(pattern);
  const begin = at > 40 ? at - 30 : 0;
  const part = (begin > 0 ? '…' : '') + text.slice(begin, begin + 200);
  return part.split(new RegExp(pattern.source, 'gi'));
}
