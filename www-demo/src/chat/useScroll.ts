// Scrolling of a list that grows at both ends.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { Chat } from './chat';

/** This close to the end counts as at the end, pixels. */
const END = 40;
/** This close to either end more is loaded, pixels. */
const NEAR = 300;

interface Loads {
  /** Asks for what is before; null if nothing is, or it is not to be asked for now. */
  older: (() => void) | null;
  /** The same for what is after. */
  newer: (() => void) | null;
}

/**
 * Keeps the end in view while it was in view, else what is being read; asks for more near the ends; goes
 * to the target.
 */
export function useScroll({ messages, hasNewer, target }: Chat, { older, newer }: Loads) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const before = useRef({ first: '', height: 0, top: 0 });
  const follows = useRef(!hasNewer);
  const [isAtEnd, setAtEnd] = useState(!hasNewer);

  const toBottom = ({ scrollHeight, scrollTop, clientHeight }: HTMLDivElement) => scrollHeight - scrollTop - clientHeight;

  const askForMore = () => {
    const now = box.current;
    if (now && older && now.scrollTop < NEAR) older();
    else if (now && newer && toBottom(now) < NEAR) newer();
  };

  const onScroll = () => {
    const now = box.current;
    if (!now) return;
    follows.current = !hasNewer && toBottom(now) < END;
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
    // Scrolled up a moment ago, and not told of it yet.
    if (now.scrollTop < old.top - END) follows.current = false;
    if (follows.current) now.scrollTop = now.scrollHeight;
    else if (old.first && first !== old.first) now.scrollTop += now.scrollHeight - old.height;
    before.current = { first, height: now.scrollHeight, top: now.scrollTop };
  }, [messages]);

  useLayoutEffect(() => {
    const now = box.current;
    const row = target && now?.querySelector(`[data-id="${target.clientMsgID}"]`);
    if (!now || !row) return;
    const [place, view] = [row.getBoundingClientRect(), now.getBoundingClientRect()];
    now.scrollTop += place.top - view.top - (view.height - place.height) / 2;
    follows.current = false;
    before.current.top = now.scrollTop;
    // What was clicked may be hidden now.
    if (!document.activeElement?.checkVisibility?.()) now.focus({ preventScroll: true });
  }, [target]);

  // A page that does not fill the box leaves nothing to scroll.
  useEffect(askForMore, [messages, !older, !newer]);

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
