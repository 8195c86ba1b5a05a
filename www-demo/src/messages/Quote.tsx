import type { MessageItem } from 'openim-web';

import { preview } from './preview';

/** The message that is answered, in two lines. */
export function Quote({ message, me }: { message: MessageItem; me: string }) {
  return (
    <blockquote className="quote">
      <b>{message.sendID === me ? 'You' : message.senderNickname || message.sendID}</b>
      <span>{preview(message, me)}</span>
    </blockquote>
  );
}
