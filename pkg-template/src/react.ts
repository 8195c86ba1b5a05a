'use client';
// React hooks over what is held locally. They need React 18 or newer.

import {
  createContext, createElement, useCallback, useContext, useMemo, useRef, useState, useSyncExternalStore,
  type ReactElement, type ReactNode,
} from 'react';
import type { ConversationItem, MessageItem } from './api.js';
import type { OpenIMError } from './error.js';
import { live, send, type ConnectionState, type ListState, type Live, type MessagesState, type SendTo } from './live.js';
import type { SDK } from './sdk.js';

export type { ConnectionState, ListState, MessagesState, SendTo } from './live.js';

const Context = createContext<SDK | undefined>(undefined);

/** Gives the hooks below it a client: `getSDK()` or `createClient()`. Logging in stays with the application. */
export function OpenIMProvider(props: { sdk: SDK; children?: ReactNode }): ReactElement {
  // Made here, so that what is told before the first hook looks is not missed.
  live(props.sdk);
  return createElement(Context.Provider, { value: props.sdk }, props.children);
}

/** The client. Throws outside an `OpenIMProvider`. */
export function useSDK(): SDK {
  const sdk = useContext(Context);
  if (!sdk) throw new Error('openim-web/react: a hook is used outside <OpenIMProvider sdk={…}>');
  return sdk;
}

function useLive<T>({ subscribe, get }: Live<T>): T {
  return useSyncExternalStore(subscribe, get, get);
}

/** How the connection stands. */
export function useConnection(): ConnectionState {
  return useLive(live(useSDK()).connection);
}

/** All conversations, newest first. */
export function useConversations(): ListState<ConversationItem> {
  return useLive(live(useSDK()).conversations);
}

/** The sum of unread messages. */
export function useUnread(): number {
  return useLive(live(useSDK()).unread);
}

/** The newest messages of a conversation, oldest first; `loadMore` goes one page further back. */
export function useMessages(
  conversationID: string,
  { pageSize = 20 }: { pageSize?: number } = {},
): MessagesState & { loadMore: () => Promise<void> } {
  const sdk = useSDK();
  const messages = useMemo(() => live(sdk).messages(conversationID, pageSize), [sdk, conversationID, pageSize]);
  const state = useLive(messages);
  return useMemo(() => ({ ...state, loadMore: messages.loadMore }), [state, messages]);
}

/** What `useSend` gives. */
export interface Sending {
  /** Sends a text or a made message; rejects as `sendMessage` does. */
  send: (to: SendTo, what: string | MessageItem) => Promise<MessageItem>;
  /** Sends are under way. */
  sending: boolean;
  /** Why the last one failed. */
  error: OpenIMError | undefined;
}

/** Sending, with its state. */
export function useSend(): Sending {
  const sdk = useSDK();
  const under = useRef(0);
  const [state, setState] = useState<Omit<Sending, 'send'>>({ sending: false, error: undefined });
  const start = useCallback(
    async (to: SendTo, what: string | MessageItem) => {
      under.current += 1;
      setState({ sending: true, error: undefined });
      let error: OpenIMError | undefined;
      try {
        return await send(sdk, to, what);
      } catch (cause) {
        error = cause as OpenIMError;
        throw cause;
      } finally {
        under.current -= 1;
        setState({ sending: under.current > 0, error });
      }
    },
    [sdk],
  );
  return useMemo(() => ({ send: start, ...state }), [start, state]);
}
