// Scrolling of a list that grows at both ends.
import type { MessageItem } from 'openim-web';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** This close to the end counts as at the end, pixels. */
const END = 40;
/** This close to the beginning more is loaded, pixels. */
const NEAR_BEGINNING = 300;

/**
 * Keeps the end in view while it was in view, else what is being read; asks for more near the beginning.
 * `isDone` stops the asking.
 */
export function useScroll(messages: MessageItem[], isDone: boolean, loadMore: () => void) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const before = useRef({ first: '', height: 0, top: 0 });
  const follows = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const askForMore = () => {
    if (!isDone && box.current && box.current.scrollTop < NEAR_BEGINNING) loadMore();
  };

  const onScroll = () => {
    const now = box.current;
    if (!now) return;
    follows.current = now.scrollHeight - now.scrollTop - now.clientHeight < END;
    before.current.top = now.scrollTop;
    setAtEnd(follows.current);
    askForMore();
  };

  const toEnd = () => {
    follows.current = true;
    setAtEnd(true);
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };

  useLayoutEffect(() => {
    const now = box.current;
    if (!now) return;
    const first = messages[0]?.clientMsgID ?? '';
    const old = before.current;
    if (follows.current) now.scrollTop = now.scrollHeight;
    else if (old.first && first !== old.first) now.scrollTop = old.top + now.scrollHeight - old.height;
    before.current = { first, height: now.scrollHeight, top: now.scrollTop };
  }, [messages]);

  // A page that does not fill the box leaves nothing to scroll.
  useEffect(askForMore, [messages, isDone]);

  // The box gets smaller with the keyboard, the content higher with an image.
  useEffect(() => {
    const keep = () => {
      if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
      if (box.current) before.current.height = box.current.scrollHeight;
    };
    const observer = new ResizeObserver(keep);
    for (const element of [box.current, content.current]) if (element) observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // An own message is looked at.
  const newest = messages.at(-1);
  useLayoutEffect(() => {
    if (newest?.status === 1) toEnd();
  }, [newest?.clientMsgID]);

  return { box, content, isAtEnd, onScroll, toEnd };
}
