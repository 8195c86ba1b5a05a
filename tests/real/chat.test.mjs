// Two people chat: every kind of message, receipts, typing, taking back, a second device, deleting.
import assert from 'node:assert/strict';
import { KINDS, call, events, heard, history, newMessages, send, test } from '../e2e/harness.mjs';
import {
  OTHER_SIDES, begin, enter, eventually, hears, holds, idsOf, open, pair, receives, refused, register, rest, say, settings,
  world,
} from './world.mjs';

const conversationOf = async (page, id) => (await call(page, 'getMultipleConversation', [id]))[0];

for (const sdk of OTHER_SIDES) {
  test(`all kinds of messages both ways, the other side with ${sdk}`, async (context) => {
    const server = await world(context);
    const [ann, bob] = await register('Ann', 'Bob');
    const [a, b] = [await enter(server, ann), await enter(server, bob, { sdk })];
    assert.equal((await call(a, 'getSelfUserInfo')).nickname, 'Ann');
    const id = pair(ann, bob);
    const all = [];
    for (const [from, at] of [[a, b], [b, a]]) {
      const sent = [];
      // The official SDK has no Markdown.
      const kinds = KINDS.filter(([method]) => sdk === 'ours' || method !== 'createMarkdownMessage');
      for (const [method, argument] of kinds) {
        const message = await send(from, at.person.id, method, argument);
        assert.equal(message.status, 2, `${method} sent`);
        sent.push(message);
      }
      sent.push(await send(from, at.person.id, 'createQuoteMessage', { text: 're', message: JSON.stringify(sent[0]) }));
      sent.push(await send(from, at.person.id, 'createMergerMessage', { messageList: sent.slice(0, 2), title: 'Chat', summaryList: ['one', 'two'] }));
      await receives(at, sent.at(-1).clientMsgID);
      const told = (await newMessages(at)).filter(({ sendID }) => sendID === from.person.id);
      assert.deepEqual(idsOf(told), idsOf(sent), 'each once, in order');
      assert.deepEqual(told.map(({ contentType }) => contentType), sent.map(({ contentType }) => contentType));
      assert.equal(told[3].locationElem.latitude, -30.25);
      assert.equal(told.at(-2).quoteElem.quoteMessage.clientMsgID, sent[0].clientMsgID);
      assert.equal(told.at(-1).mergeElem.multiMessage.length, 2);
      all.push(...idsOf(sent));
    }
    await holds(a, id, all);
    await holds(b, id, all);
    assert.equal((await conversationOf(a, id)).showName, 'Bob');
  }, { seconds: 180 });

  test(`read receipts, also for what was answered before it was read, the reader with ${sdk}`, async (context) => {
    const server = await world(context);
    const [ann, bob] = await register('Ann', 'Bob');
    const [a, b] = [await enter(server, ann), await enter(server, bob, { sdk })];
    const id = pair(ann, bob);
    const first = await send(a, bob.id, 'createTextMessage', 'read me');
    await receives(b, first.clientMsgID);
    await eventually('one unread', b, ['getMultipleConversation', [id]], ([row]) => row.unreadCount === 1);
    await call(b, 'markConversationMessageAsRead', id);
    const receipts = (wanted) => (list) => list.some(({ msgIDList }) => msgIDList.includes(wanted));
    await hears(a, 'OnRecvC2CReadReceipt', receipts(first.clientMsgID));
    assert.equal((await conversationOf(b, id)).unreadCount, 0);
    const isRead = async (page, { clientMsgID }) => (await history(page, id)).find((m) => m.clientMsgID === clientMsgID).isRead;
    assert.equal(await isRead(a, first), true);

    const second = await send(a, bob.id, 'createTextMessage', 'answer me first');
    await receives(b, second.clientMsgID);
    const answer = await send(b, ann.id, 'createTextMessage', 'the answer');
    await receives(a, answer.clientMsgID);
    await call(b, 'markConversationMessageAsRead', id);
    await hears(a, 'OnRecvC2CReadReceipt', receipts(second.clientMsgID));
    assert.equal(await isRead(a, second), true);
  });
}

test('typing is told while it goes on', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const [a, b] = [await enter(server, ann), await enter(server, bob)];
  // A chat that nobody began is not known.
  await receives(b, (await send(a, bob.id, 'createTextMessage', 'hello')).clientMsgID);
  const types = (platforms) => (state) => state.userID === ann.id && state.platformIDs.length === platforms;
  await call(a, 'changeInputStates', { conversationID: pair(ann, bob), focus: true });
  await hears(b, 'OnConversationUserInputStatusChanged', types(1));
  await call(a, 'changeInputStates', { conversationID: pair(ann, bob), focus: false });
  await hears(b, 'OnConversationUserInputStatusChanged', types(0));
  assert.equal((await newMessages(b)).length, 1, 'it is no message');
});

for (const sdk of OTHER_SIDES) {
  test(`what is taken back is taken back on both sides, the other one with ${sdk}`, async (context) => {
    const server = await world(context);
    const [ann, bob] = await register('Ann', 'Bob');
    const [a, b] = [await enter(server, ann), await enter(server, bob, { sdk })];
    const id = pair(ann, bob);
    for (const [from, at] of [[a, b], [b, a]]) {
      const { clientMsgID } = await send(from, at.person.id, 'createTextMessage', 'oops');
      await receives(at, clientMsgID);
      await eventually('its number', from, ['findMessageList', [{ conversationID: id, clientMsgIDList: [clientMsgID] }]], (found) =>
        found.findResultItems?.[0]?.messageList[0].seq > 0);
      await call(from, 'revokeMessage', { conversationID: id, clientMsgID });
      for (const page of [from, at]) {
        const told = await hears(page, 'OnNewRecvMessageRevoked', (revoked) => revoked.clientMsgID === clientMsgID);
        assert.equal(told.revokerID, from.person.id);
        const message = (await history(page, id)).find((one) => one.clientMsgID === clientMsgID);
        assert.equal(message.contentType, 2101);
      }
    }
    // Also for who was away, and for a device that never saw it otherwise.
    const other = await enter(server, bob);
    const shown = (await history(other, id)).map(({ contentType }) => contentType);
    assert.deepEqual(shown, [2101, 2101]);
  });
}

test('a second device has what the first one has, and both go on', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const id = pair(ann, bob);
  const [a, b] = [await enter(server, ann), await enter(server, bob)];
  const sent = [];
  for (let n = 0; n < 5; n += 1) sent.push((await send(b, ann.id, 'createTextMessage', `early ${n}`)).clientMsgID);
  await receives(a, sent.at(-1));
  const second = await enter(server, ann);
  await holds(second, id, sent);
  await eventually('five unread', second, ['getTotalUnreadMsgCount'], (count) => count === 5);

  // Read on the first, and read on both.
  await call(a, 'markConversationMessageAsRead', id);
  await eventually('none unread', second, ['getTotalUnreadMsgCount'], (count) => count === 0);
  await eventually('read messages', second, ['findMessageList', [{ conversationID: id, clientMsgIDList: sent }]], (found) =>
    found.findResultItems[0].messageList.every(({ isRead }) => isRead));

  // Sent on the second, and there on the first; answered, and there on both.
  const own = await send(second, bob.id, 'createTextMessage', 'from the second');
  await receives(a, own.clientMsgID);
  await receives(b, own.clientMsgID);
  const answer = await send(b, ann.id, 'createTextMessage', 'to both');
  for (const page of [a, second]) await receives(page, answer.clientMsgID);
  for (const page of [a, second, b]) {
    await holds(page, id, [...sent, own.clientMsgID, answer.clientMsgID]);
    assert.deepEqual(await events(page, 'OnKickedOffline'), []);
  }
});

test('what is deleted for oneself stays for the other; what is deleted for both goes', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const id = pair(ann, bob);
  const [a, b, second] = [await enter(server, ann), await enter(server, bob), await enter(server, ann)];
  const sent = [];
  for (const text of ['one', 'two', 'three']) sent.push((await send(a, bob.id, 'createTextMessage', text)).clientMsgID);
  for (const page of [b, second]) await receives(page, sent[2]);
  await eventually('their numbers', a, ['findMessageList', [{ conversationID: id, clientMsgIDList: sent }]], (found) =>
    found.findResultItems[0].messageList.every(({ seq }) => seq > 0));
  await call(a, 'deleteMessage', { conversationID: id, clientMsgID: sent[0] });
  await holds(a, id, sent.slice(1));
  await call(a, 'deleteMessages', { conversationID: id, clientMsgIDs: [sent[1]], isSync: true });
  for (const page of [b, second]) {
    await hears(page, 'OnMsgDeleted', ({ clientMsgID }) => clientMsgID === sent[1]);
    // Of what is deleted for oneself other devices are not told, as by the official SDK.
    await holds(page, id, [sent[0], sent[2]]);
  }
  await holds(a, id, sent.slice(2));
  await holds(await enter(server, ann), id, sent.slice(2));
  await holds(await enter(server, bob), id, [sent[0], sent[2]]);
});

test('a chat that is cleared is empty on all own devices; cleared for both on both sides; and it goes on', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const id = pair(ann, bob);
  const [a, b, second] = [await enter(server, ann), await enter(server, bob), await enter(server, ann)];
  const sent = [];
  for (let n = 0; n < 4; n += 1) sent.push((await send(n % 2 ? a : b, n % 2 ? bob.id : ann.id, 'createTextMessage', `${n}`)).clientMsgID);
  for (const page of [a, b, second]) await holds(page, id, sent);
  await call(a, 'clearConversationAndDeleteAllMsg', id);
  for (const page of [a, second]) await holds(page, id, []);
  await holds(b, id, sent);
  const after = await send(b, ann.id, 'createTextMessage', 'after');
  for (const page of [a, second]) {
    await receives(page, after.clientMsgID);
    await holds(page, id, [after.clientMsgID]);
  }

  // An application's own client may ask for both sides.
  const both = { userID: bob.id, conversationIDs: [id], deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: true } };
  await rest('/msg/clear_conversation_msg', both, bob.token);
  for (const page of [a, b, second]) await holds(page, id, []);
  const last = await send(a, bob.id, 'createTextMessage', 'once more');
  await receives(b, last.clientMsgID);
  for (const page of [a, b, second]) await holds(page, id, [last.clientMsgID]);
});

test('a message to nobody is refused, by the server\'s own code; so is one to who blocks', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const a = await enter(server, ann);
  const toNobody = await a.evaluate(async () => {
    const { data: message } = await window.sdk.createTextMessage('anybody?');
    return window.sdk.sendMessage({ recvID: 'nobodyatall', groupID: '', message }).then(() => null, ({ errCode }) => errCode);
  });
  assert.equal(toNobody, 1004);
  const b = await enter(server, bob);
  await call(b, 'addBlack', { toUserID: ann.id });
  const toBob = await a.evaluate(async (recvID) => {
    const { data: message } = await window.sdk.createTextMessage('let me in');
    return window.sdk.sendMessage({ recvID, groupID: '', message }).then(() => null, ({ errCode }) => errCode);
  }, bob.id);
  assert.equal(toBob, 1302);
  assert.deepEqual(await newMessages(b), []);
});

test('a login with a wrong token is refused and says so; with the right one it works', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const a = await open(server, ann);
  a.person = { ...ann, token: `${bob.token}x` };
  await begin(a).catch(() => {});
  await heard(a, 'OnUserTokenInvalid');
  a.person = ann;
  await begin(a);
  await heard(a, 'OnSyncServerFinish');
  await say(bob, ann, 'welcome').then((id) => receives(a, id));
  const { errCode } = await refused(a, 'login', { userID: ann.id, token: ann.token, platformID: 5, apiAddr: server.api, wsAddr: settings.ws });
  assert.ok(errCode === 10102, `a second login: ${errCode}`);
});
