// Vue composables over what is held locally. They need Vue 3.

import {
  inject, onScopeDispose, provide, readonly, ref, shallowRef, toValue, watch,
  type App, type InjectionKey, type MaybeRefOrGetter, type Ref, type ShallowRef,
} from 'vue';
import type { ConversationItem, MessageItem } from './api.js';
import type { OpenIMError } from './error.js';
import { live, send, type ConnectionState, type ListState, type Live, type MessagesState, type SendTo } from './live.js';
import type { SDK } from './sdk.js';

export type { ConnectionState, ListState, MessagesState, SendTo } from './live.js';

const KEY: InjectionKey<SDK> = Symbol('openim-web');

/** A plugin: `app.use(createOpenIM(sdk))`. Logging in stays with the application. */
export function createOpenIM(sdk: SDK): { install(app: App): void } {
  live(sdk);
  return { install: (app) => void app.provide(KEY, sdk) };
}

/** Gives the components below this one a client, for several accounts in one page. */
export function provideOpenIM(sdk: SDK): void {
  live(sdk);
  provide(KEY, sdk);
}

/** The client. Throws where none is provided. */
export function useSDK(): SDK {
  const sdk = inject(KEY, undefined);
  if (!sdk) throw new Error('openim-web/vue: no client: app.use(createOpenIM(sdk)) comes first');
  return sdk;
}

function useLive<T>(value: Live<T>): Readonly<ShallowRef<T>> {
  const state = shallowRef(value.get());
  onScopeDispose(value.subscribe(() => (state.value = value.get())));
  return state;
}

/** How the connection stands. */
export function useConnection(): Readonly<ShallowRef<ConnectionState>> {
  return useLive(live(useSDK()).connection);
}

/** All conversations, newest first. */
export function useConversations(): Readonly<ShallowRef<ListState<ConversationItem>>> {
  return useLive(live(useSDK()).conversations);
}

/** The sum of unread messages. */
export function useUnread(): Readonly<ShallowRef<number>> {
  return useLive(live(useSDK()).unread);
}

/** The newest messages of a conversation, oldest first; `loadMore` goes one page further back. */
export function useMessages(
  conversationID: MaybeRefOrGetter<string>,
  { pageSize = 20 }: { pageSize?: number } = {},
): { state: Readonly<ShallowRef<MessagesState>>; loadMore: () => Promise<void> } {
  const sdk = useSDK();
  let messages = live(sdk).messages(toValue(conversationID), pageSize);
  const state = shallowRef(messages.get());
  let stop = () => {};
  watch(
    () => toValue(conversationID),
    (id) => {
      stop();
      messages = live(sdk).messages(id, pageSize);
      state.value = messages.get();
      stop = messages.subscribe(() => (state.value = messages.get()));
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(() => stop());
  return { state, loadMore: () => messages.loadMore() };
}

/** Sending, with its state; `send` rejects as `sendMessage` does. */
export function useSend(): {
  send: (to: SendTo, what: string | MessageItem) => Promise<MessageItem>;
  sending: Readonly<Ref<boolean>>;
  error: Readonly<ShallowRef<OpenIMError | undefined>>;
} {
  const sdk = useSDK();
  const under = ref(0);
  const sending = ref(false);
  const error = shallowRef<OpenIMError>();
  const start = async (to: SendTo, what: string | MessageItem) => {
    under.value += 1;
    sending.value = true;
    error.value = undefined;
    try {
      return await send(sdk, to, what);
    } catch (cause) {
      error.value = cause as OpenIMError;
      throw cause;
    } finally {
      under.value -= 1;
      sending.value = under.value > 0;
    }
  };
  return { send: start, sending: readonly(sending), error };
}
