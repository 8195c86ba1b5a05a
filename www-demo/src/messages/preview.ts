// A message in one line: for the list, for quotes, for the ears of a screen reader.
import type { MessageItem } from 'openim-web';

import { noticeText } from './notice';

export function preview(message: MessageItem, me: string): string {
  switch (message.contentType as number) {
    case 101:
      return message.textElem?.content ?? '';
    case 102:
      return '[Image]';
    case 103:
      return '[Voice message]';
    case 104:
      return '[Video]';
    case 105:
      return `[File] ${message.fileElem?.fileName ?? ''}`;
    case 106:
      return message.atTextElem?.text ?? '';
    case 107:
      return `[Chat history] ${message.mergeElem?.title ?? ''}`;
    case 108:
      return `[Contact] ${message.cardElem?.nickname ?? ''}`;
    case 109:
      return `[Location] ${message.locationElem?.description ?? ''}`;
    case 110:
      return `[Custom] ${message.customElem?.description ?? ''}`;
    case 114:
      return message.quoteElem?.text ?? '';
    case 115:
      return `[Face] ${faceOf(message)}`;
    case 117:
      return message.advancedTextElem?.text ?? '';
    case 118:
      return message.markdownTextElem?.content ?? '';
    default:
      return noticeText(message, me) ?? `[Unsupported message ${message.contentType}]`;
  }
}

/** The sign a face message stands for; "" if it is another application's. */
export function faceOf(message: MessageItem): string {
  const data = message.faceElem?.data ?? '';
  return /^\p{Extended_Pictographic}/u.test(data) ? data : '';
}
