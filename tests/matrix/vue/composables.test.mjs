// The composables against a client that holds what the test says.
import './fake.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeSDK, messages } from './fake.mjs';

const { nextTick, ref } = await import('vue');
const { mount } = await import('@vue/test-utils');
const { createOpenIM, useConnection, useConversations, useMessages, useSend, useUnread } = await import('openim-web/vue');

function show(sdk, compose) {
  let result;
  const component = { setup: () => ((result = compose()), () => null) };
  const wrapper = mount(component, { global: { plugins: [createOpenIM(sdk)] } });
  return { result, wrapper };
}

async function until(check) {
  for (let n = 0; n < 500; n += 1) {
    if (check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`waited for ${check}`);
}

test('conversations and unread are read, and read again when told; nothing is left behind', async () => {
  const sdk = new FakeSDK();
  sdk.held = { conversations: [{ conversationID: 'a', unreadCount: 0 }], messages: [], unread: 1 };
  const { result, wrapper } = show(sdk, () => ({ list: useConversations(), unread: useUnread(), link: useConnection() }));
  await until(() => result.list.value.items.length === 1 && result.unread.value === 1);
  sdk.held.unread = 2;
  sdk.tell('OnTotalUnreadMessageCountChanged', 2);
  sdk.tell('OnConnectSuccess');
  await until(() => result.unread.value === 2 && result.link.value.status === 'connected');
  wrapper.unmount();
  assert.equal(sdk.count('OnConversationChanged'), 0);
});

test('messages come in pages, follow new ones, and another conversation on request', async () => {
  const sdk = new FakeSDK();
  sdk.held.messages = messages(7);
  const id = ref('c');
  const { result, wrapper } = show(sdk, () => useMessages(id, { pageSize: 5 }));
  await until(() => result.state.value.items.length === 5);
  await result.loadMore();
  assert.deepEqual([result.state.value.items.length, result.state.value.hasMore], [7, false]);
  sdk.held.messages = messages(2);
  id.value = 'd';
  await nextTick();
  await until(() => result.state.value.items.length === 2);
  wrapper.unmount();
  assert.equal(sdk.count('OnRecvNewMessages'), 0);
});

test('sending tells how it goes; without a client the composable says what is missing', async () => {
  const { result } = show(new FakeSDK(), () => useSend());
  const sent = await result.send({ userID: 'bob' }, 'hello');
  assert.equal(sent.status, 2);
  await assert.rejects(result.send({ userID: 'nobody' }, 'x'));
  assert.deepEqual([result.sending.value, result.error.value.errCode], [false, 1004]);
  assert.throws(() => mount({ setup: () => useUnread() }), /no client/);
});
