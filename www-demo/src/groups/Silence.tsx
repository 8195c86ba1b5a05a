// What stands in the composer's place when the user cannot write.
import type { ConversationItem } from 'openim-web';
import { useEffect, useState, type ReactNode } from 'react';

import { silence, useGroup } from './useGroup';

interface Props {
  conversation: ConversationItem;
  children: ReactNode;
}

export function Silence({ conversation: { groupID, isNotInGroup }, children }: Props) {
  const view = useGroup(groupID);
  const [, setTime] = useState(0);
  const end = view.me?.muteEndTime ?? 0;
  useEffect(() => {
    const wait = end - Date.now();
    // Longer than a timer can wait nobody looks at the page.
    if (wait <= 0 || wait > 2 ** 31 - 1) return;
    const timer = setTimeout(() => setTime(Date.now()), wait + 100);
    return () => clearTimeout(timer);
  }, [end]);
  const why = groupID ? silence(view, isNotInGroup) : '';
  if (!why) return children;
  return (
    <p className="silence" role="status" data-testid="silence">
      {why}
    </p>
  );
}
