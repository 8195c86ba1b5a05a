// Keeps what was written and not sent.
import type { ConversationItem } from 'openim-web';
import { useEffect, useRef } from 'react';

import { useSession } from '../session/context';

const PAUSE_MS = 800;

/** Saves the text of a conversation after a pause, and when the conversation is left. */
export function useDraft({ conversationID, draftText }: ConversationItem, text: string): void {
  const { client } = useSession();
  const saved = useRef(draftText);
  const now = useRef(text);
  now.current = text.trim() ? text : '';

  useEffect(() => {
    const save = () => {
      if (saved.current === now.current) return;
      saved.current = now.current;
      void client.setConversationDraft({ conversationID, draftText: now.current }).catch(() => undefined);
    };
    // A text that was sent leaves at once.
    const timer = setTimeout(save, now.current ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [client, conversationID, text]);

  useEffect(
    () => () => {
      if (saved.current === now.current) return;
      void client.setConversationDraft({ conversationID, draftText: now.current }).catch(() => undefined);
    },
    [client, conversationID],
  );
}
