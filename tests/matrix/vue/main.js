import { createApp, defineComponent, h, onUnmounted, watchEffect } from 'vue';
import { createClient } from 'openim-web';
import { provideOpenIM, useConnection, useConversations, useMessages, useSend, useUnread } from 'openim-web/vue';
import { conversationID, next, users } from './script.js';

const Chat = defineComponent({
  props: ['me'],
  setup({ me }) {
    const connection = useConnection();
    const conversations = useConversations();
    const unread = useUnread();
    const { state: messages, loadMore } = useMessages(conversationID, { pageSize: 5 });
    const { send, sending, error } = useSend();
    const look = () => next(me, {
      connection: connection.value, conversations: conversations.value, messages: messages.value, unread: unread.value,
    }, { send, loadMore });
    watchEffect(look);
    const timer = setInterval(look, 50);
    onUnmounted(() => clearInterval(timer));
    return () => h('section', [
      h('p', `${me}: ${connection.value.status}, ${unread.value} unread, ${sending.value ? 'sending' : (error.value?.message ?? '')}`),
      h('ul', messages.value.items.map((message) =>
        h('li', { key: message.clientMsgID }, message.textElem?.content ?? message.contentType))),
    ]);
  },
});

const User = defineComponent({
  props: ['sdk', 'me'],
  setup({ sdk, me }) {
    provideOpenIM(sdk);
    return () => h(Chat, { me });
  },
});

const all = users(createClient);
createApp({ render: () => all.map(({ userID, sdk }) => h(User, { sdk, me: userID, key: userID })) }).mount('#app');
for (const { login } of all) await login();
