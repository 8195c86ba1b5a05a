// What must work in every engine, in Chromium, Firefox and WebKitGTK: chatting, the store, reload without network,
// a page that dies, every host of the engine, every way to load it, diagnose.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { sendFile } from '../server/npm/files.js';
import { engines } from './engines.mjs';
import {
  KINDS, PAGE, afterwards, call, events, heard, here, history, login, newMessages, send, startServer, startWay, test, until,
} from './harness.mjs';

const AB = 'si_alice_bob';
const PACKAGE = join(here, 'node_modules/openim-web/dist');
const STORE = join(process.env.OPENIM_WEB_TARGET, 'store-page');
const INLINE = PAGE.replace(/import\('.*'\)/, 'import("/pkg/inline.js")');
const SCRIPT = PAGE.replace('<script type="module">', '<script src="/pkg/cjs/inline.js"></script><script type="module">')
  .replace(/await import\('.*'\)/, 'window.openim');
const OTHER = '<!doctype html><title>other</title>';
const STORE_PAGE = `<!doctype html><title>store</title><script type="module">
  const store = await import('/store/store_page.js');
  await store.default({ module_or_path: '/store/store_page_bg.wasm' });
  window.store = window.openim = store;
</script>`;

/** Serves the pages from an address of its own, so that they stay when the server of OpenIM is gone. */
async function startSite(context, { pages = { '/': PAGE }, answer = () => false } = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    if (answer(path, response)) return;
    if (pages[path]) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(pages[path]);
    } else if (path.startsWith('/store/')) {
      sendFile(STORE, path.slice('/store'.length), request, response);
    } else {
      sendFile(PACKAGE, path.slice('/pkg'.length), request, response);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A test server at the end of a way that can be cut. */
async function behindWay(context, server) {
  const { address, cut, mend } = await startWay(context, { port: server.port });
  return { ...server, api: `http://${address}`, ws: `ws://${address}/ws`, cut, mend };
}

/** Loads a page (or loads it again); its package is there afterwards. */
async function load(page, url) {
  await page.goto(url);
  await until('the package', () => page.evaluate(() => Boolean(window.openim)));
}

const ids = (messages) => messages.map(({ clientMsgID }) => clientMsgID);
const make = ([method, argument]) => [method, typeof argument === 'string' ? argument.replace('{n}', '1') : argument];

for (const [engine, start] of Object.entries(engines)) {
  if (!start) {
    console.log(`SKIP browsers.test.mjs: ${engine} is not installed`);
    continue;
  }
  let browser;
  const openPage = async (context, url) => {
    browser ??= start((undo) => afterwards.push(undo));
    const page = await (await browser).newPage();
    context.defer(() => page.close());
    await load(page, url);
    return page;
  };
  const each = (name, run) => test(`${engine}: ${name}`, run, { seconds: 240 });

  each('two users chat: all kinds of messages, receipts, typing, taking back', async (context) => {
    const server = await startServer(context);
    const site = await startSite(context);
    const [alice, bob] = [await openPage(context, site), await openPage(context, site)];
    await login(alice, server, 'alice', await server.token('alice'));
    await login(bob, server, 'bob', await server.token('bob'));
    assert.equal((await call(alice, 'getAllConversationList')).length, 4);

    const sent = [];
    for (const kind of KINDS) sent.push((await send(alice, 'bob', ...make(kind))).clientMsgID);
    await until('all of them at Bob', async () => (await newMessages(bob)).length >= sent.length);
    assert.deepEqual(ids(await newMessages(bob)), sent);
    const stored = ids(await server.log(AB));
    assert.deepEqual(ids(await history(alice, AB)), stored);
    assert.deepEqual(ids(await history(bob, AB)), stored);

    await call(alice, 'changeInputStates', { conversationID: AB, focus: true });
    await heard(bob, 'OnConversationUserInputStatusChanged');
    await call(bob, 'markConversationMessageAsRead', AB);
    const [[receipt]] = await heard(alice, 'OnRecvC2CReadReceipt');
    assert.ok(receipt.msgIDList.includes(sent.at(-1)));
    await call(alice, 'revokeMessage', { conversationID: AB, clientMsgID: sent[0] });
    assert.equal((await heard(bob, 'OnNewRecvMessageRevoked'))[0].clientMsgID, sent[0]);
    assert.deepEqual(await events(bob, 'OnConnectFailed'), []);
  });

  each('reload without network shows all; what came meanwhile arrives', async (context) => {
    const server = await behindWay(context, await startServer(context));
    const site = await startSite(context);
    const page = await openPage(context, site);
    const token = await server.token('alice');
    await login(page, server, 'alice', token);
    await send(page, 'bob', 'createTextMessage', 'before');
    const listed = ids(await history(page, AB));
    const conversations = (await call(page, 'getAllConversationList')).map((c) => c.conversationID);

    server.cut();
    await load(page, site);
    await login(page, server, 'alice', token, { wait: false });
    assert.deepEqual((await call(page, 'getAllConversationList')).map((c) => c.conversationID), conversations);
    assert.deepEqual(ids(await history(page, AB)), listed);
    // The tests' own way to the server is not cut.
    const { control } = server;
    const { clientMsgIDs } = await control('send', { from: 'bob', to: 'alice', text: 'later {n}', count: 20 });
    server.mend();
    await until('the 20 messages', async () => (await newMessages(page)).length >= 20, { seconds: 60 });
    assert.deepEqual(ids(await newMessages(page)), clientMsgIDs);
    assert.deepEqual(ids(await history(page, AB)), [...listed, ...clientMsgIDs]);
  });

  each('a page that dies during a send: the message ends as sent, once', async (context) => {
    const server = await startServer(context);
    const site = await startSite(context);
    const page = await openPage(context, site);
    const token = await server.token('alice');
    await login(page, server, 'alice', token);
    await server.control('sends', { userID: 'alice', faults: ['noAnswer'] });
    const id = await page.evaluate(async () => {
      const { data: message } = await window.sdk.createTextMessage('will it arrive?');
      window.sdk.sendMessage({ recvID: 'bob', groupID: '', message }).catch(() => {});
      return message.clientMsgID;
    });
    const local = async () => {
      const found = await call(page, 'findMessageList', [{ conversationID: AB, clientMsgIDList: [id] }]);
      return found.findResultItems?.[0]?.messageList ?? [];
    };
    await until('the durable note', async () => (await local()).length === 1);
    await page.goto('about:blank');
    await load(page, site);
    await login(page, server, 'alice', token);
    await until('an end of the send', async () => (await local())[0].status === 2, { seconds: 60 });
    assert.equal((await server.log(AB)).filter((m) => m.clientMsgID === id).length, 1);
    assert.equal((await history(page, AB)).filter((m) => m.clientMsgID === id).length, 1);
  });

  for (const host of ['worker', 'page']) {
    const enter = async (page, server, token) => {
      const params = { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
      await page.evaluate(([host, params]) => window.begin({ host }).login(params), [host, params]);
      await heard(page, 'OnSyncServerFinish');
    };
    const connections = async (server) => (await server.control('state')).connections.alice ?? 0;
    const isOne = (server, given) => until('one connection', async () => (await connections(server)) === 1, given);
    /** Goes back in the history; whether the page is the one that was left. A call of the driver would wait for a page that is gone. */
    const back = async (page, steps, server) => {
      await page.evaluate(() => window.sdk?.close());
      await until('the end of its connection', async () => (await connections(server)) === 0);
      await page.evaluate((steps) => { setTimeout(() => history.go(-steps)); }, steps);
      // What WebKit is asked while it goes is never answered: it is asked when the page has connected again, or is not a
      // kept one.
      if (engine === 'webkit') await isOne(server, { seconds: 5 }).catch(() => {});
      await until('the page', () => page.evaluate(() => Boolean(window.openim) && !location.search).catch(() => false));
      return page.evaluate(() => Boolean(window.sdk));
    };

    each(`a page that was left and comes back goes on, with the engine in the ${host}`, async (context) => {
      const server = await startServer(context);
      const site = await startSite(context, { pages: { '/': PAGE, '/other': OTHER } });
      const page = await openPage(context, site);
      const token = await server.token('alice');
      await enter(page, server, token);
      const pushed = [];
      const push = async (text) => pushed.push(...(await server.control('send', { from: 'bob', to: 'alice', text })).clientMsgIDs);
      const told = async () => ids(await newMessages(page));
      await push('before');
      await until('the first message', async () => (await told()).length === 1);

      await page.goto(`${site}/other`);
      await push('meanwhile');
      const isKept = await back(page, 1, server);
      // Firefox keeps no page that waits for a lock.
      assert.equal(isKept, engine !== 'firefox', 'out of the back/forward cache');
      if (!isKept) await enter(page, server, token);
      await until('the session', async () => (await call(page, 'getLoginStatus')) === 3);
      await push('afterwards');
      await until('the last message', async () => (await told()).includes(pushed.at(-1)));
      if (isKept) assert.deepEqual(await told(), pushed);
      const { clientMsgID } = await send(page, 'bob', 'createTextMessage', 'back again');
      await until('it at the server', async () => (await server.log(AB)).at(-1).clientMsgID === clientMsgID);
      assert.deepEqual(ids(await history(page, AB)), ids(await server.log(AB)));
      await isOne(server);
    });

    each(`a page reloaded in the middle of a login or a logout is as good as new, with the engine in the ${host}`, async (context) => {
      const server = await startServer(context);
      const site = await startSite(context);
      const page = await openPage(context, site);
      const token = await server.token('alice');
      const params = { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
      /** Calls methods, one after another in the same tick, and waits for none. */
      const start = (...methods) => page.evaluate(([host, params, methods]) => {
        const sdk = window.sdk ?? window.begin({ host });
        for (const method of methods) sdk[method](method === 'login' ? params : undefined).catch(() => {});
      }, [host, params, methods]);
      const works = async () => {
        await load(page, site);
        await enter(page, server, token);
        const { clientMsgID } = await send(page, 'bob', 'createTextMessage', 'here');
        await until('it at the server', async () => (await server.log(AB)).at(-1).clientMsgID === clientMsgID);
        assert.deepEqual(ids(await history(page, AB)), ids(await server.log(AB)));
        await isOne(server);
      };
      // While the database is being made, and in the first sync, which gets no answer.
      const path = '/friend/get_incremental_friends';
      await server.control('rest', { path, faults: Array(9).fill('hang') });
      await start('login');
      await load(page, site);
      await start('login');
      assert.deepEqual(await heard(page, 'OnSyncServerStart'), [true]);
      await server.control('rest', { path, faults: [] });
      await works();
      assert.deepEqual(await events(page, 'OnSyncServerStart'), [true], 'a first sync that was cut off is one again');

      await load(page, site);
      await start('login');
      await heard(page, 'OnConnecting');
      await works();

      for (const methods of [['logout'], ['logout', 'logout'], ['logout', 'login'], ['login', 'logout', 'login']]) {
        await start(...methods);
        await works();
      }
    });

    // A transaction of the page itself stays open there, frozen with it.
    if (engine === 'webkit' && host === 'page') continue;
    each(`a page left in the middle of its writes holds up neither the next one nor itself, with the engine in the ${host}`, async (context) => {
      const server = await startServer(context);
      const site = await startSite(context);
      const page = await openPage(context, site);
      const token = await server.token('alice');
      await enter(page, server, token);
      for (let round = 1; round <= 4; round += 1) {
        await page.evaluate(() => {
          Object.assign(window, { failed: [], written: 0 });
          const write = async () => {
            const { data: message } = await window.sdk.createTextMessage('note');
            await window.sdk.insertSingleMessageToLocalStorage({ message, recvID: 'bob', sendID: 'alice' });
            window.written += 1;
            return write();
          };
          for (let n = 0; n < 8; n += 1) write().catch(({ errCode }) => window.failed.push(errCode));
        });
        await until('writes', () => page.evaluate(() => window.written > 20));
        await load(page, `${site}/?${round}`);
        await enter(page, server, token);
        await isOne(server);
      }
      if (!(await back(page, 4, server))) await enter(page, server, token);
      await until('the session', async () => (await call(page, 'getLoginStatus')) === 3);
      const failed = await page.evaluate(() => window.failed ?? []);
      assert.deepEqual(failed.filter((code) => code !== 10022), []);
      await isOne(server);
      await send(page, 'bob', 'createTextMessage', 'back again');
    });
  }

  each('a page of the history holds what was sent, while it gets its number too', async (context) => {
    const server = await startServer(context);
    const page = await openPage(context, await startSite(context));
    await login(page, server, 'alice', await server.token('alice'));
    const missing = await page.evaluate(async () => {
      const missing = [];
      const params = { conversationID: 'si_alice_bob', startClientMsgID: '', count: 5, viewType: 0 };
      for (let n = 0; n < 40; n += 1) {
        const { data: message } = await window.sdk.createTextMessage(String(n));
        const { data: sent } = await window.sdk.sendMessage({ recvID: 'bob', groupID: '', message });
        for (let read = 0; read < 3; read += 1) {
          const { data } = await window.sdk.getAdvancedHistoryMessageList(params);
          const copies = data.messageList.filter((m) => m.clientMsgID === sent.clientMsgID).length;
          if (copies !== 1) missing.push([n, read, copies]);
        }
      }
      return missing;
    });
    assert.deepEqual(missing, []);
  });

  each('the store on IndexedDB does what a store must', async (context) => {
    const site = await startSite(context, { pages: { '/': STORE_PAGE } });
    const page = await openPage(context, site);
    const results = await page.evaluate(() => window.store.conform('conform'));
    const wrong = results.filter(([, error]) => error !== '');
    assert.deepEqual(wrong, []);
    assert.ok(results.length >= 17, `only ${results.length} cases ran`);
  });

  const noWorker = PAGE.replace('const openim', 'delete window.Worker; const openim');
  const plainWasm = (path, response) => {
    if (!path.endsWith('.wasm')) return false;
    return response.writeHead(200, { 'content-type': 'text/plain' }).end(readFileSync(join(PACKAGE, path.slice('/pkg'.length))));
  };
  const gone = (ending) => (path, response) => path.endsWith(ending) && response.writeHead(404).end();
  for (const [name, options, { host, kind = 'worker', reason = /^$/ }] of [
    ['in a worker', {}, {}],
    ['in the page by choice', {}, { host: 'page', kind: 'page' }],
    ['in the page without Worker', { pages: { '/': noWorker } }, { kind: 'page', reason: /no Worker/ }],
    ['in the page where the script of the worker is missing', { answer: gone('/worker.js') }, { kind: 'page', reason: /./ }],
    ['from a wasm file of the wrong type', { answer: plainWasm }, {}],
    ['without the wasm file', { answer: gone('.wasm') }, {}],
    ['from the one-file module', { pages: { '/': INLINE } }, { kind: '' }],
    ['from the one-file script', { pages: { '/': SCRIPT } }, { kind: '' }],
  ]) {
    each(`the engine runs ${name}`, async (context) => {
      const server = await startServer(context);
      const site = await startSite(context, options);
      const page = await openPage(context, site);
      const params = { userID: 'alice', token: await server.token('alice'), platformID: 5, apiAddr: server.api, wsAddr: server.ws };
      await page.evaluate(([host, params]) => window.begin({ host }).login(params), [host ?? 'worker', params]);
      await heard(page, 'OnSyncServerFinish');
      const sent = await send(page, 'bob', 'createTextMessage', name);
      await until('it at the server', async () => (await server.log(AB)).at(-1).clientMsgID === sent.clientMsgID);
      const runs = await page.evaluate(() => window.sdk.host);
      if (kind) assert.deepEqual([runs.kind, reason.test(runs.reason)], [kind, true], runs.reason);
    });
  }

  each('a token that the server refuses is told', async (context) => {
    const server = await startServer(context);
    const page = await openPage(context, await startSite(context));
    const token = await server.token('alice');
    await server.control('expire', { userID: 'alice' });
    await login(page, server, 'alice', token, { wait: false });
    await heard(page, 'OnUserTokenExpired');
  });

  each('diagnose finds a whole environment whole, and names what is broken', async (context) => {
    const server = await startServer(context);
    const other = await behindWay(context, server);
    const page = await openPage(context, await startSite(context));
    const params = { userID: 'alice', token: await server.token('alice'), platformID: 5, apiAddr: server.api, wsAddr: server.ws };
    const diagnose = (change) => page.evaluate((params) => window.openim.diagnose(params), { ...params, ...change });
    const whole = await diagnose({});
    assert.deepEqual(whole.checks.filter(({ result }) => result !== 'ok'), [], whole.text);
    other.cut();
    for (const [change, check, problem] of [
      [{ wsAddr: other.ws }, 'websocket', /./],
      [{ apiAddr: other.api }, 'api', /nobody answers/],
      [{ token: await server.token('bob') }, 'token', /of user "bob"/],
      [{ token: await server.token('alice', 1) }, 'token', /for platform 1/],
    ]) {
      const { checks, text, ok } = await diagnose(change);
      const found = checks.find(({ name }) => name === check);
      assert.deepEqual([ok, found.result], [false, 'fail'], text);
      assert.match(found.problem, problem);
    }
  });
}
