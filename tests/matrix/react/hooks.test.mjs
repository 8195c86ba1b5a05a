// The hooks against a client that holds what the test says.
import './fake.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement as h, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { FakeSDK, messages } from './fake.mjs';

const { act, renderHook, waitFor } = await import('@testing-library/react');
const { OpenIMProvider, useConnection, useConversations, useMessages, useSend, useUnread } = await import('openim-web/react');

const show = (sdk, hook) =>
  renderHook(hook, { wrapper: ({ children }) => h(StrictMode, null, h(OpenIMProvider, { sdk }, children)) });

test('conversations are read, and read again when told; what did not change stays the same object', async () => {
  const sdk = new FakeSDK();
  sdk.held.conversations = [{ conversationID: 'a', unreadCount: 0 }, { conversationID: 'b', unreadCount: 0 }];
  const { result, unmount } = show(sdk, () => useConversations());
  assert.equal(result.current.loading, true);
  await waitFor(() => assert.equal(result.current.items.length, 2));
  const [first, second] = result.current.items;
  sdk.held.conversations[1].unreadCount = 3;
  act(() => sdk.tell('OnConversationChanged', []));
  await waitFor(() => assert.equal(result.current.items[1].unreadCount, 3));
  assert.equal(result.current.items[0], first);
  assert.notEqual(result.current.items[1], second);
  assert.equal(sdk.count('OnConversationChanged'), 1, 'StrictMode leaves no second listener');
  unmount();
  assert.equal(sdk.count('OnConversationChanged'), 0, 'nothing is left behind');
});

test('before a login nothing is there and nothing is wrong; the login fills it', async () => {
  const sdk = new FakeSDK();
  sdk.loggedIn = false;
  sdk.held.unread = 7;
  const { result } = show(sdk, () => [useUnread(), useConversations(), useConnection()]);
  await act(() => new Promise((resolve) => setTimeout(resolve, 30)));
  assert.deepEqual(result.current.slice(0, 2), [0, { items: [], loading: true }]);
  sdk.loggedIn = true;
  act(() => sdk.tell('OnConnecting'));
  await waitFor(() => assert.equal(result.current[0], 7));
  assert.equal(result.current[2].status, 'connecting');
  act(() => sdk.tell('OnKickedOffline'));
  assert.deepEqual(result.current[2], { status: 'loggedOut', syncing: false, reason: 'kicked' });
});

test('messages come in pages and follow new ones', async () => {
  const sdk = new FakeSDK();
  sdk.held.messages = messages(12);
  const { result, rerender } = show(sdk, () => useMessages('c', { pageSize: 5 }));
  await waitFor(() => assert.equal(result.current.items.length, 5));
  const before = result.current;
  rerender();
  assert.equal(result.current, before, 'the same object while nothing changes');
  await act(() => result.current.loadMore());
  assert.equal(result.current.items.length, 10);
  await act(() => result.current.loadMore());
  assert.deepEqual([result.current.items.length, result.current.hasMore], [12, false]);
  sdk.held.messages.push({ clientMsgID: 'new', status: 2 });
  act(() => sdk.tell('OnRecvNewMessages', []));
  await waitFor(() => assert.equal(result.current.items.at(-1).clientMsgID, 'new'));
});

test('sending tells how it goes', async () => {
  const sdk = new FakeSDK();
  const { result } = show(sdk, () => useSend());
  let sent;
  await act(async () => {
    sent = await result.current.send({ userID: 'bob' }, 'hello');
  });
  assert.deepEqual(sent, { clientMsgID: 'hello', recvID: 'bob', status: 2 });
  await act(() => assert.rejects(result.current.send({ userID: 'nobody' }, 'x')));
  assert.equal(result.current.error.errCode, 1004);
  assert.equal(result.current.sending, false);
});

test('on the server everything is empty; without a provider the hook says what is missing', () => {
  const App = () => String(useConversations().items.length);
  assert.equal(renderToString(h(OpenIMProvider, { sdk: new FakeSDK() }, h(App))), '0');
  assert.throws(() => renderToString(h(App)), /outside <OpenIMProvider/);
});
