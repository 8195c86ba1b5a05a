// The official SDKs, unmodified, against the same server: proof that it speaks OpenIM, and that this SDK
// understands what they send and is understood.
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import {
  call, events, heard, here, history, login, newMessages, openBrowser, openOfficial, openSdkPage, send, startServer, test, until,
  watch,
} from './harness.mjs';

const AB = 'si_alice_bob';
const GROUP = 'sg_garden';
const picture = { uuid: 'p', type: 'image/png', size: 10, width: 4, height: 3, url: 'https://example.com/p.png' };

/** Calls both SDKs take with the same words. */
const KINDS = [
  ['createTextMessage', 'hello'],
  ['createImageMessageByURL', { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture, sourcePath: '' }],
  ['createCustomMessage', { data: '{"k":1}', extension: 'x', description: 'd' }],
  ['createLocationMessage', { description: 'pier', longitude: 120.5, latitude: -30.25 }],
  ['createCardMessage', { userID: 'carol', nickname: 'Carol', faceURL: '', ex: '' }],
  ['createFaceMessage', { index: 1, data: 'smile' }],
  ['createTextAtMessage', { text: '@all', atUserIDList: ['AtAllTag'], atUsersInfo: [{ atUserID: 'AtAllTag', groupNickname: 'all' }] }],
];

/** The official SDKs do not ask for what was stored before the server knew that they are online. */
const KNOWN_AT_ONCE = { onlineTickMs: 0 };

/** Elements, which must be the same on both sides. */
const ELEMENTS = ['textElem', 'pictureElem', 'customElem', 'locationElem', 'cardElem', 'faceElem', 'atTextElem', 'quoteElem', 'mergeElem'];

/** Quote and merge need messages that were sent. */
async function sendMore(page, to, sent) {
  return [
    await send(page, to, 'createQuoteMessage', { text: 're', message: JSON.stringify(sent[0]) }),
    await send(page, to, 'createMergerMessage', { messageList: sent.slice(0, 2), title: 'Chat', summaryList: ['one', 'two'] }),
  ];
}

function alike(ours, theirs, what) {
  assert.deepEqual(ours.map((m) => m.clientMsgID), theirs.map((m) => m.clientMsgID), what);
  ours.forEach((message, n) => {
    assert.equal(message.contentType, theirs[n].contentType, what);
    for (const name of ELEMENTS) {
      // Go leaves out what is empty; whole messages inside are compared by their ID alone.
      const strip = (element) => element && JSON.stringify(element, (key, value) => {
        if (value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)) return undefined;
        return key === 'quoteMessage' ? value.clientMsgID : key === 'multiMessage' ? value.map((m) => m.clientMsgID) : value;
      });
      assert.deepEqual(JSON.parse(strip(message[name]) ?? 'null'), JSON.parse(strip(theirs[n][name]) ?? 'null'), `${what}: ${name}`);
    }
  });
}

test('the official SDK as alice and this one as bob chat both ways', async (context) => {
  const server = await startServer(context, { files: here });
  await server.control('config', KNOWN_AT_ONCE);
  const browser = await openBrowser(context);
  const alice = await openOfficial(context, browser, server, 'official alice');
  const bob = await openSdkPage(context, await browser.newContext(), server, 'bob');
  await login(alice, server, 'alice', await server.token('alice'));
  await login(bob, server, 'bob', await server.token('bob'));
  assert.equal((await call(alice, 'getAllConversationList')).length, 4);

  for (const [to, back, id] of [['bob', 'alice', AB], [{ groupID: 'garden' }, { groupID: 'garden' }, GROUP]]) {
    for (const [from, at, target] of [[alice, bob, to], [bob, alice, back]]) {
      const before = (await newMessages(at)).length;
      const sent = [];
      for (const [method, argument] of KINDS) sent.push(await send(from, target, method, argument));
      sent.push(...await sendMore(from, target, sent));
      const arrived = async () => (await newMessages(at)).slice(before);
      await until(`${sent.length} messages in ${id}`, async () => (await arrived()).length >= sent.length);
      alike(await arrived(), sent, `${id} as it arrives`);
      alike((await history(at, id)).slice(-sent.length), sent, `${id} in the history`);
    }
  }
  assert.deepEqual((await history(bob, AB)).map((m) => m.clientMsgID), (await server.log(AB)).map((m) => m.clientMsgID));

  // Sending reads what came before; a receipt needs a message that came after.
  for (const [from, to, at, reader] of [[alice, 'bob', bob, 'bob'], [bob, 'alice', alice, 'alice']]) {
    const { clientMsgID } = await send(from, to, 'createTextMessage', 'read me');
    await until('the message', async () => (await newMessages(at)).some((m) => m.clientMsgID === clientMsgID));
    await until('its unread mark', async () => (await call(at, 'getMultipleConversation', [AB]))[0].unreadCount > 0);
    await call(at, 'markConversationMessageAsRead', AB);
    const receipts = await heard(from, 'OnRecvC2CReadReceipt');
    assert.equal(receipts[0][0].userID, reader);
    assert.ok(receipts.flat(2).some((receipt) => receipt.msgIDList.includes(clientMsgID)));
  }

  for (const [from, at] of [[alice, bob], [bob, alice]]) {
    const { clientMsgID } = await send(from, from === alice ? 'bob' : 'alice', 'createTextMessage', 'oops');
    await until('the message', async () => (await newMessages(at)).some((m) => m.clientMsgID === clientMsgID));
    await until('its number', async () => (await history(from, AB)).at(-1).seq > 0);
    await call(from, 'revokeMessage', { conversationID: AB, clientMsgID });
    await until('the revocation', async () =>
      (await events(at, 'OnNewRecvMessageRevoked')).some((revoked) => revoked.clientMsgID === clientMsgID));
    assert.equal((await history(at, AB)).at(-1).contentType, 2101);
  }
}, { seconds: 240 });

test('the official pure-JS SDK logs in, sends and receives', async (context) => {
  const server = await startServer(context);
  await server.control('config', KNOWN_AT_ONCE);
  const browser = await openBrowser(context);
  const page = watch(context, await browser.newPage(), 'pure-JS alice');
  const bundle = await build({
    stdin: { contents: "export * from '@openim/client-sdk'", resolveDir: here }, bundle: true, format: 'esm', write: false,
  });
  await page.route(`${server.api}/witness.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: bundle.outputFiles[0].text }));
  await page.goto(server.api);
  await page.evaluate(async ({ api, ws, token }) => {
    const { getSDK, CbEvents } = await import('/witness.js');
    window.sdk = getSDK();
    window.events = [];
    for (const name of Object.values(CbEvents)) window.sdk.on(name, (event) => window.events.push({ ...event, event: name }));
    await window.sdk.login({ userID: 'alice', token, platformID: 5, apiAddr: api, wsAddr: ws });
  }, { ...server, child: undefined, post: undefined, control: undefined, token: await server.token('alice'), log: undefined });
  const bob = await openSdkPage(context, await browser.newContext(), server, 'bob');
  await login(bob, server, 'bob', await server.token('bob'));

  const sent = await send(page, 'bob', 'createTextMessage', 'from pure JS');
  const [arrived] = await until('the message at Bob', async () => {
    const list = await newMessages(bob);
    return list.length > 0 && list;
  });
  assert.equal(arrived.clientMsgID, sent.clientMsgID);
  assert.equal(arrived.textElem.content, 'from pure JS');
  const answer = await send(bob, 'alice', 'createTextMessage', 'from wasm');
  await until('the answer at Alice', async () => {
    const all = await page.evaluate(() => JSON.stringify(window.events));
    return all.includes(answer.clientMsgID) && all.includes('from wasm');
  });
});
