// The end of a list that has more: it asks for it when it comes into view. Its `key` is the list's length, so
// that it asks once for each.
import { useEffect, useRef } from 'react';

export function More({ onMore }: { onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    // Several changes may come at once, the last of them last.
    const observer = new IntersectionObserver((entries) => entries[entries.length - 1]?.isIntersecting && more.current());
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return (
    <button ref={button} type="button" className="more" onClick={onMore}>
      Show more
    </button>
  );
}
