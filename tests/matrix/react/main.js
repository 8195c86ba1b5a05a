import { createElement as h, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from 'openim-web';
import { OpenIMProvider, useConnection, useConversations, useMessages, useSend, useUnread } from 'openim-web/react';
import { conversationID, next, users } from './script.js';

function Chat({ me }) {
  const connection = useConnection();
  const conversations = useConversations();
  const unread = useUnread();
  const { loadMore, ...messages } = useMessages(conversationID, { pageSize: 5 });
  const { send, sending, error } = useSend();
  // After every render; a timer looks again for what the other user has done.
  useEffect(() => {
    const look = () => next(me, { connection, conversations, messages, unread }, { send, loadMore });
    look();
    const timer = setInterval(look, 50);
    return () => clearInterval(timer);
  });
  const state = `${me}: ${connection.status}, ${unread} unread, ${sending ? 'sending' : (error?.message ?? '')}`;
  return h('section', null, h('p', null, state), h('ul', null, messages.items.map((message) =>
    h('li', { key: message.clientMsgID }, message.textElem?.content ?? message.contentType))));
}

const all = users(createClient);
createRoot(document.getElementById('app')).render(
  h(StrictMode, null, all.map(({ userID, sdk }) =>
    h(OpenIMProvider, { sdk, key: userID }, h(Chat, { me: userID })))),
);
for (const { login } of all) await login();
