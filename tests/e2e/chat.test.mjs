// Two people chat in real browsers: every kind of message, reload without network, kill during a send.
import assert from 'node:assert/strict';
import {
  KINDS, call, events, heard, history, loadSdk, login, newMessages, openBrowser, openProfile, openSdkPage, send, startServer,
  test, until, watch,
} from './harness.mjs';

const AB = 'si_alice_bob';
const ids = (messages) => messages.map((message) => message.clientMsgID);

test('A sends 50 messages of all kinds; reload without network; what came meanwhile arrives', async (context) => {
  const server = await startServer(context);
  const browser = await openBrowser(context);
  const profile = await openProfile(context);
  const alice = watch(context, await profile.newPage(), 'alice');
  await loadSdk(alice, server);
  const bob = await openSdkPage(context, browser, server, 'bob');
  const token = await server.token('alice');
  await login(alice, server, 'alice', token);
  await login(bob, server, 'bob', await server.token('bob'));

  const sent = [];
  for (let n = 0; n < 50; n += 1) {
    const [method, argument] = KINDS[n % KINDS.length];
    const made = typeof argument === 'string' ? argument.replace('{n}', String(n)) : argument;
    sent.push((await send(alice, 'bob', method, made)).clientMsgID);
  }
  await until('all 50 at Bob', async () => (await newMessages(bob)).length >= 50);
  assert.deepEqual(ids(await newMessages(bob)), sent);
  assert.deepEqual(ids(await history(bob, AB)).slice(-50), sent);
  assert.deepEqual(ids(await history(alice, AB)).slice(-50), sent);
  assert.deepEqual((await server.log(AB)).slice(-50).map((m) => m.clientMsgID), sent);
  const byKind = (await history(bob, AB)).slice(-10);
  assert.deepEqual(byKind[3].locationElem, { description: 'pier', longitude: 120.5, latitude: -30.25 });
  assert.equal(byKind[5].faceElem.index, -1);

  const before = ids(await history(alice, AB));
  const listed = (await call(alice, 'getAllConversationList')).map((c) => c.conversationID);
  await profile.setOffline(true);
  await loadSdk(alice, server);
  await login(alice, server, 'alice', token, { wait: false });
  assert.deepEqual((await call(alice, 'getAllConversationList')).map((c) => c.conversationID), listed);
  assert.deepEqual(ids(await history(alice, AB)), before);

  await call(bob, 'markConversationMessageAsRead', AB);
  const meanwhile = [];
  for (let n = 0; n < 20; n += 1) meanwhile.push((await send(bob, 'alice', 'createTextMessage', `later ${n}`)).clientMsgID);
  const [old] = await call(alice, 'getMultipleConversation', [AB]);
  await profile.setOffline(false);
  await until('the 20 messages', async () => (await newMessages(alice)).length >= 20);
  assert.deepEqual(ids(await newMessages(alice)), meanwhile);
  const [now] = await call(alice, 'getMultipleConversation', [AB]);
  assert.equal(now.unreadCount, 20, `unread was ${old.unreadCount} before`);
  assert.deepEqual(ids(await history(alice, AB)), [...before, ...meanwhile]);
});

test('the page dies between commit and acknowledgement of a send', async (context) => {
  for (const fault of ['noAnswer', 'loseMessage', 'loseAck']) {
    const server = await startServer(context);
    const profile = await openProfile(context);
    const page = watch(context, await profile.newPage(), 'alice');
    await loadSdk(page, server);
    const token = await server.token('alice');
    await login(page, server, 'alice', token);
    await server.control('sends', { userID: 'alice', faults: [fault] });
    const before = (await server.log(AB)).length;
    await page.evaluate(async () => {
      const { data: message } = await window.sdk.createTextMessage('will it arrive?');
      localStorage.setItem('id', message.clientMsgID);
      window.sending = window.sdk.sendMessage({ recvID: 'bob', groupID: '', message }).catch(() => {});
    });
    const id = await page.evaluate(() => localStorage.getItem('id'));
    const local = async () => {
      const found = await call(page, 'findMessageList', [{ conversationID: AB, clientMsgIDList: [id] }]);
      return found.findResultItems?.[0]?.messageList ?? [];
    };
    await until('the durable note', async () => (await local()).length === 1);
    await page.goto('about:blank');
    await loadSdk(page, server);
    await login(page, server, 'alice', token);
    const own = await until('an end of the send', async () => {
      const found = await local();
      assert.equal(found.length, 1, fault);
      return found[0].status !== 1 && found[0];
    });
    const stored = (await server.log(AB)).filter((m) => m.clientMsgID === id).length;
    assert.equal(stored, fault === 'loseMessage' ? 0 : 1, `${fault}: copies on the server`);
    assert.equal(own.status, stored === 1 ? 2 : 3, `${fault}: status`);
    assert.equal((await server.log(AB)).length, before + stored);
    assert.equal((await history(page, AB)).filter((m) => m.clientMsgID === id).length, 1, `${fault}: copies shown`);
  }
});

test('typing, revoke and read receipts cross over', async (context) => {
  const server = await startServer(context);
  const browser = await openBrowser(context);
  const alice = await openSdkPage(context, browser, server, 'alice');
  const bob = await openSdkPage(context, browser, server, 'bob');
  await login(alice, server, 'alice', await server.token('alice'));
  await login(bob, server, 'bob', await server.token('bob'));
  const { clientMsgID } = await send(alice, 'bob', 'createTextMessage', 'oops');
  await until('the message', async () => (await newMessages(bob)).length > 0);
  // From now on the server pushes to Bob: what it does not store is not lost.
  await call(alice, 'changeInputStates', { conversationID: AB, focus: true });
  const [typing] = await heard(bob, 'OnConversationUserInputStatusChanged');
  assert.deepEqual(typing, { conversationID: AB, userID: 'alice', platformIDs: [5] });
  await call(bob, 'markConversationMessageAsRead', AB);
  const [[receipt]] = await heard(alice, 'OnRecvC2CReadReceipt');
  assert.ok(receipt.msgIDList.includes(clientMsgID));
  await call(alice, 'revokeMessage', { conversationID: AB, clientMsgID });
  const [revoked] = await heard(bob, 'OnNewRecvMessageRevoked');
  assert.equal(revoked.clientMsgID, clientMsgID);
  assert.equal((await history(bob, AB)).at(-1).contentType, 2101);
  assert.deepEqual(await events(bob, 'OnConnectFailed'), []);
});
