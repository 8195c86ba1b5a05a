// The TypeScript front on its own: the built package with a false engine in place of the wasm module.
// Run: node --test tests/package (after the package is built).

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const modules = join(process.env.OPENIM_WEB_TARGET ?? fileURLToPath(new URL('../../target', import.meta.url)), 'modules');
const folder = mkdtempSync(join(tmpdir(), 'openim-web-front-'));
after(() => rmSync(folder, { recursive: true }));
cpSync(modules, folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
mkdirSync(join(folder, 'wasm'), { recursive: true });
writeFileSync(
  join(folder, 'wasm/openim_web.js'),
  `export const state = { loadsToFail: 0, calls: [], answers: {}, engines: [] };
   export default async () => {};
   export const watch = (trapped) => { state.trapped = trapped; };
   export class Engine {
     constructor(tell) { this.tell = tell; state.engines.push(this); }
     async call(method, params, operationID) {
       state.calls.push({ method, params, operationID });
       return state.answers[method]?.(this, params);
     }
     wake() {}
     close() { this.closed = true; }
   }`,
);
writeFileSync(
  join(folder, 'load.js'),
  `import { state } from './wasm/openim_web.js';
   export const loadModule = async () => { if (state.loadsToFail-- > 0) throw new TypeError('Failed to fetch'); };`,
);
const load = (file) => import(pathToFileURL(join(folder, file)).href);
const imported = await load('index.js'); // without any global of a browser: as server-side rendering does
const { createClient, getSDK, CbEvents, OpenIMError } = imported;
const { METHODS } = await load('api.js');
const { state } = await load('wasm/openim_web.js');

const never = () => new Promise(() => {});
const failing = (errCode, cause) => () => Promise.reject({ errCode, errMsg: 'text', cause });
const rejection = (promise) => promise.then(() => assert.fail('resolved'), (error) => error);

test('server-side rendering gets a client, a page always the same one', () => {
  assert.ok(getSDK());
  globalThis.window = globalThis;
  assert.equal(getSDK({ coreWasmPath: '/openIM.wasm' }), getSDK());
  delete globalThis.window;
});

test('the package exports what the official one exports', () => {
  const names = Object.keys(imported);
  assert.equal(names.filter((name) => typeof imported[name] === 'object').length, 23); // 22 enums, CbEvents
  assert.equal(imported.GroupType[2], 'WorkingGroup');
  assert.equal(Object.keys(METHODS).length, 163);
  const sdk = createClient();
  for (const name of Object.keys(METHODS)) assert.equal(sdk[name].name, name);
});

test('responses have the official shape, methods work without their object', async () => {
  state.answers.createTextMessage = (_, text) => ({ textElem: { content: text } });
  const { createTextMessage } = createClient();
  assert.deepEqual(await createTextMessage('hi', 'op-1'), {
    operationID: 'op-1',
    event: 'Createtextmessage',
    data: { textElem: { content: 'hi' } },
  });
  assert.match((await createTextMessage('hi')).operationID, /^[0-9a-f-]{36}$/);
});

test('login resolves with the bare text; tryParse decides about data', async () => {
  state.answers.login = () => '';
  state.answers.getBlackList = () => [{ userID: 'b' }];
  const sdk = createClient();
  assert.equal(await sdk.login({ userID: 'a' }), '""');
  assert.deepEqual((await sdk.getBlackList()).data, [{ userID: 'b' }]);
  await sdk.login({ userID: 'a', tryParse: false });
  assert.equal((await sdk.getBlackList()).data, '[{"userID":"b"}]');
});

test('rejections are errors with the official fields and a cause', async () => {
  state.answers.logout = failing(10009, 'call login() first');
  const error = await rejection(createClient().logout('op-2'));
  assert.ok(error instanceof OpenIMError && error instanceof Error);
  const { errCode, errMsg, operationID, event, cause } = error;
  assert.deepEqual(
    { errCode, errMsg, operationID, event, cause },
    { errCode: 10009, errMsg: 'text', operationID: 'op-2', event: 'Logout', cause: 'call login() first' },
  );
});

test('a rejection has the name that the engine gives it, else the one of its code', async () => {
  const sdk = createClient();
  state.answers.addFriend = () => {
    throw { errCode: 1004, errName: 'userNotFound', errMsg: 'text' };
  };
  assert.equal((await rejection(sdk.addFriend({ toUserID: 'b', reqMsg: '' }))).errName, 'userNotFound');
  state.answers.logout = failing(10009, 'call login() first');
  assert.equal((await rejection(sdk.logout())).errName, 'notLoggedIn');
  state.answers.logout = failing(99999, 'what is that');
  assert.equal((await rejection(sdk.logout())).errName, '');
});

test('parameters cross as JSON would carry them', async () => {
  state.answers.setConversation = () => '';
  const proxy = new Proxy({ conversationID: 'c', isPinned: null, ex: undefined, f() {}, deep: { keep: null } }, {});
  const sdk = createClient();
  await sdk.setConversation(proxy);
  assert.deepEqual(state.calls.at(-1).params, { conversationID: 'c', deep: { keep: null } });
  const cyclic = {};
  cyclic.self = cyclic;
  assert.equal((await rejection(sdk.setConversation(cyclic))).errCode, 10002);
});

test('events come in order, before the reply of the call that caused them', async () => {
  state.answers.getLoginStatus = (engine) => {
    engine.tell('OnConnecting', null, null);
    engine.tell('OnConnectFailed', null, { errCode: 10000, errMsg: 'down' });
    engine.tell('onRecvOfflineNewMessages', [{ seq: 1 }], null);
    return 3;
  };
  const sdk = createClient();
  const seen = [];
  sdk.on(CbEvents.OnConnecting, (event) => seen.push(event));
  sdk.on(CbEvents.OnConnectFailed, (event) => seen.push(event));
  sdk.once(CbEvents.OnRecvOfflineNewMessages, (event) => seen.push(event));
  sdk.on('OnRecvOfflineNewMessages', (event) => seen.push(event)); // the core's own spelling
  await sdk.getLoginStatus();
  assert.deepEqual(seen, [
    { event: 'OnConnecting', errCode: 0, errMsg: '', operationID: '' },
    { event: 'OnConnectFailed', errCode: 10000, errMsg: 'down', operationID: '' },
    { event: 'onRecvOfflineNewMessages', errCode: 0, errMsg: '', operationID: '', data: [{ seq: 1 }] },
    { event: 'OnRecvOfflineNewMessages', errCode: 0, errMsg: '', operationID: '', data: [{ seq: 1 }] },
  ]);
  await sdk.getLoginStatus();
  assert.equal(seen.length, 7, 'once means once');
});

test('a listener that throws stops neither the engine nor the call', async (t) => {
  t.mock.method(console, 'error', () => {});
  const sdk = createClient();
  const seen = [];
  sdk.on(CbEvents.OnConnecting, () => { throw new Error('mine'); });
  sdk.on(CbEvents.OnConnecting, () => seen.push('skipped, as in the official SDK'));
  sdk.on(CbEvents.OnConnectFailed, () => seen.push('next event'));
  assert.equal((await sdk.getLoginStatus()).data, 3);
  assert.deepEqual(seen, ['next event']);
});

test('a failed load rejects with a cause, and the next call tries again', async () => {
  state.loadsToFail = 1;
  const sdk = createClient();
  const error = await rejection(sdk.getBlackList());
  assert.equal(error.errCode, 10004);
  assert.match(error.cause, /Failed to fetch/);
  assert.ok(await sdk.getBlackList());
});

test('every call settles: by time-out, close, or the end of the engine', async () => {
  state.answers.networkStatusChanged = never;
  const slow = await rejection(createClient({ timeout: 5 }).networkStatusChanged());
  assert.equal(slow.errCode, 10003);
  assert.ok(slow.cause.includes('networkStatusChanged'));

  const closing = createClient();
  const open = rejection(closing.networkStatusChanged());
  await closing.getBlackList();
  closing.close();
  assert.equal((await open).errCode, 10008);
  assert.equal((await rejection(closing.getBlackList())).errCode, 10008);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(state.engines.at(-1).closed);

  const dying = createClient();
  state.answers.getUsersInfo = () => (state.trapped(new Error('index out of bounds')), never());
  const waiting = rejection(dying.networkStatusChanged());
  for (const promise of [rejection(dying.getUsersInfo([])), waiting]) {
    assert.match((await promise).cause, /stopped: index out of bounds/);
  }
  assert.equal((await rejection(dying.getBlackList())).errCode, 10006);
});

const complete = (userID) => ({ userID, token: 't', platformID: 5, apiAddr: 'http://server', wsAddr: 'ws://server' });
const later = (value) => () => new Promise((resolve) => setTimeout(resolve, 20, value));

test('one login at a time: a second one is refused and harms nothing, one during a logout waits', async () => {
  state.answers = { login: later(''), logout: later(''), getLoginUserID: () => 'a' };
  const sdk = createClient();
  const [first, second] = await Promise.allSettled([sdk.login(complete('once')), sdk.login(complete('once'))]);
  assert.equal(first.value, '""');
  assert.equal(second.reason.errCode, 10102);
  assert.equal((await rejection(sdk.login(complete('other')))).errCode, 10102);
  assert.equal((await sdk.getLoginUserID()).data, 'a');
  state.calls.length = 0;
  await Promise.all([sdk.logout(), sdk.login(complete('once'))]);
  assert.deepEqual(state.calls.map(({ method }) => method), ['logout', 'login']);
  assert.equal((await sdk.getLoginUserID()).data, 'a');
  // What the engine says to a logout of nobody is what the application gets.
  const outs = await Promise.allSettled([sdk.logout(), sdk.logout()]);
  assert.ok(outs.every(({ status }) => status === 'fulfilled'));
  assert.equal(sdk.host.role, 'none');
  sdk.close();
});

test('mounted, unmounted and mounted again within a tick', async () => {
  state.answers = { login: later(''), logout: later(''), getLoginUserID: () => 'a' };
  const before = createClient();
  const cut = rejection(before.login(complete('strict')));
  before.close();
  const after = createClient();
  assert.equal(await after.login(complete('strict')), '""');
  assert.equal((await cut).errCode, 10008);
  assert.equal(after.host.role, 'leader');
  assert.equal(state.calls.filter(({ method, params }) => method === 'login' && params.userID === 'strict').length, 1);
  await after.logout();
  after.close();
});

test('two clients of one user share an engine; when the one that has it goes the other takes over', async () => {
  state.answers = { login: later(''), getLoginUserID: () => 'a', getBlackList: later([]) };
  const one = createClient();
  await one.login(complete('both'));
  const two = createClient();
  await two.login(complete('both'));
  assert.deepEqual([one.host.role, two.host.role], ['leader', 'follower']);
  const engines = state.engines.length;
  const heard = [];
  two.on(CbEvents.OnConnecting, () => heard.push('two'));
  one.on(CbEvents.OnConnecting, () => heard.push('one'));
  state.engines.at(-1).tell('OnConnecting', null, null);
  assert.equal((await two.getLoginUserID()).data, 'a');
  assert.deepEqual(heard.sort(), ['one', 'two']);
  one.close();
  assert.deepEqual((await two.getBlackList()).data, []);
  assert.equal(two.host.role, 'leader');
  assert.equal(state.engines.length, engines + 1);
  assert.ok(state.calls.some(({ method, params }) => method === 'login' && params.takeOver));
  await two.logout().catch(() => {});
  two.close();
});
