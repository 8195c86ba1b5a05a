// Tells the other side that something is being written.
import { useCallback, useEffect, useRef } from 'react';

import { useSession } from '../session/context';

/** Without a key for this long nobody types. */
const IDLE_MS = 4_000;

/** A function to call with every change of the text. */
export function useTyping(conversationID: string): (isTyping: boolean) => void {
  const { client } = useSession();
  const now = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const tell = useCallback(
    (focus: boolean) => {
      if (!focus && !now.current) return;
      now.current = focus;
      // A hint for the other side: not worth a word when it cannot be sent.
      void client.changeInputStates({ conversationID, focus }).catch(() => undefined);
    },
    [client, conversationID],
  );

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      tell(false);
    },
    [tell],
  );

  return useCallback(
    (isTyping: boolean) => {
      clearTimeout(timer.current);
      // The SDK sends "typing" at most every few seconds, however often it is told.
      tell(isTyping);
      if (isTyping) timer.current = setTimeout(() => tell(false), IDLE_MS);
    },
    [tell],
  );
}
