// Text with links and names that can be seen.
import type { AtTextElem } from 'openim-web';
import type { ReactNode } from 'react';

import { Quote } from './Quote';

const LINK = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/g;

/** Every second part of a split by a pattern with one group is what the pattern found. */
function withLinks(text: string): ReactNode[] {
  return text.split(LINK).map((part, n) =>
    n % 2 === 1 ? (
      <a key={n} href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

export function Text({ text }: { text: string }) {
  return <p className="text">{withLinks(text)}</p>;
}

export function AtText({ elem, me }: { elem: AtTextElem; me: string }) {
  const named = elem.atUsersInfo ?? [];
  const words = named.map(({ groupNickname }) => `@${groupNickname}`).filter((word) => word.length > 1);
  const pattern = new RegExp(`(${words.map(escaped).join('|')})`);
  const parts = words.length > 0 ? elem.text.split(pattern) : [elem.text];
  const isMe = (part: string) => named.some((n) => n.atUserID === me && `@${n.groupNickname}` === part);
  return (
    <>
      {elem.quoteMessage && <Quote message={elem.quoteMessage} me={me} />}
      <p className="text">
        {parts.map((part, n) =>
          n % 2 === 1 ? (
            <mark key={n} className={isMe(part) ? 'at at-me' : 'at'}>
              {part}
            </mark>
          ) : (
            part
          ),
        )}
      </p>
    </>
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
