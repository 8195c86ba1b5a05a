// Several tabs of one user: one engine, one connection; every tab hears everything once, whatever happens to
// the tab that leads (design §7).
import assert from 'node:assert/strict';
import {
  FIREFOX, engines, call, events, heard, here, history, loadSdk, login, newMessages, openProfile, openStock, send, sleep,
  startServer, test, until, watch,
} from './harness.mjs';

const AB = 'si_alice_bob';
const PUSHES = 200;
const SENDS = 30;
/** Longest time without delivery when the leader goes away, milliseconds. */
const GAP_MS_MAX = 2_000;

const ids = (messages) => messages.map((message) => message.clientMsgID);
const host = (page) => page.evaluate(() => window.sdk.host);
const connections = async (server, user = 'alice') => (await server.control('state')).connections[user] ?? 0;

/** The one tab of several that leads. */
async function leaderOf(pages) {
  return until('one leader', async () => {
    const roles = await Promise.all(pages.map(async (page) => (await host(page)).role));
    const leaders = pages.filter((_, n) => roles[n] === 'leader');
    return leaders.length === 1 && leaders[0];
  });
}

/** Waits until a page has nothing to ask the server for. */
function quietly(page) {
  let open = 0;
  let last = Date.now();
  const note = (change) => () => {
    open += change;
    last = Date.now();
  };
  page.on('request', note(1));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, note(-1));
  return () => until('silence', () => open === 0 && Date.now() - last > 500);
}

/** Tabs of one browser; `before` runs in each ahead of everything else. */
async function openTabs(context, server, count, { before, browser = 'chromium' } = {}) {
  const tabs = browser === 'firefox' ? await openStock(context, 'firefox') : await openProfile(context);
  const pages = [];
  for (let n = 0; n < count; n += 1) {
    const page = watch(context, await tabs.newPage(), `tab ${n}`);
    // When each message was heard, and a handle on the worker for what no user can do.
    await page.addInitScript(() => {
      const { Worker } = window;
      window.workers = [];
      // For so many milliseconds; inside its next transaction if it is to be while it writes.
      function hang(ms, isWriting) {
        const wait = () => {
          for (const end = Date.now() + ms; Date.now() < end;);
        };
        if (!isWriting) return void setTimeout(wait);
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...args) {
          IDBObjectStore.prototype.put = put;
          // When all its requests are out, and none is answered.
          queueMicrotask(wait);
          return put.apply(this, args);
        };
      }
      window.hang = hang;
      // A message ahead of the script's own makes it hang.
      const source = (url) => `${hang};
      addEventListener('message', (event) => {
        if (!event.data.hang) return;
        event.stopImmediatePropagation();
        hang(event.data.hang, event.data.isWriting);
      });
      import(${JSON.stringify(String(url))});`;
      window.Worker = class extends Worker {
        constructor(url, options) {
          super(URL.createObjectURL(new Blob([source(url)], { type: 'text/javascript' })), options);
          window.workers.push(this);
        }
      };
    });
    if (before) await page.addInitScript(before);
    await loadSdk(page, server);
    pages.push(page);
  }
  return pages;
}

/**
 * The messages of a tab's history, and what it was told as new: as the server has them from `first` on, each once;
 * but for what was sent from this tab.
 */
async function check(server, page, first, own) {
  const log = ids(await server.log(AB));
  assert.deepEqual(ids(await history(page, AB)), log);
  const news = log.slice(log.indexOf(first)).filter((id) => !own.includes(id));
  await until('all news', async () => (await newMessages(page)).length >= news.length);
  assert.deepEqual(ids(await newMessages(page)), news, 'each push and each send of another tab once, in order');
}

/** Pushes come all the time while `act` happens in the middle; the longest pause at each tab. */
async function during(server, pages, act) {
  const { clientMsgIDs: sentinel } = await server.control('send', { from: 'bob', to: 'alice', text: 'first' });
  await Promise.all(pages.map((page) => until('the first push', async () => ids(await newMessages(page)).includes(sentinel[0]))));
  for (const page of pages) {
    await page.evaluate(() => {
      window.arrivals = [performance.now()];
      window.sdk.on('OnRecvNewMessages', ({ data }) => {
        if (data.some(({ sendID }) => sendID === 'bob')) window.arrivals.push(performance.now());
      });
    });
  }
  const pushed = [...sentinel];
  const sent = [];
  let acted;
  for (let n = 0; n < PUSHES; n += 1) {
    const { clientMsgIDs } = await server.control('send', { from: 'bob', to: 'alice', text: `push ${n}` });
    pushed.push(...clientMsgIDs);
    if (n % 6 === 0 && sent.length < SENDS) {
      const page = pages[sent.length % pages.length];
      const done = page.isClosed() ? Promise.resolve() : send(page, 'bob', 'createTextMessage', `send ${n}`);
      sent.push(done.catch((error) => error).then((fate) => ({ page, fate })));
    }
    if (n === PUSHES / 2) acted = act();
    await sleep(20);
  }
  await acted;
  const left = pages.filter((page) => !page.isClosed());
  for (const page of left) await until('all pushes', async () => (await newMessages(page)).length >= pushed.length);
  const gaps = await Promise.all(left.map((page) => page.evaluate(() => Math.max(...window.arrivals.map((at, n) => at - (window.arrivals[n - 1] ?? at))))));
  return { pushed, sent: await Promise.all(sent), left, gaps };
}

/** How long an engine hangs. */
const HANG_MS = 6_000;

/** An engine that hangs: it wakes after six seconds and knows nothing of what happened. */
const freeze = (page, isWriting) => page.evaluate(([host, ms, isWriting]) => {
  if (host === 'page') window.hang(ms, isWriting);
  else window.workers.at(-1).postMessage({ hang: ms, isWriting });
}, [engines.host, HANG_MS, isWriting]);

const ENDS = {
  'goes on': async () => {},
  'is closed': async (page) => page.close(),
  'loses its worker': async (page) => page.evaluate(() => window.workers.at(-1).terminate()),
  freezes: async (page) => freeze(page, false),
  'freezes while it writes': async (page) => freeze(page, true),
};

/** What can happen to an engine in the page. In Firefox tabs of one site share a thread: all would freeze. */
const INSIDE = {
  chromium: ['goes on', 'is closed', 'freezes', 'freezes while it writes'],
  firefox: ['goes on', 'is closed'],
};
const BROWSERS = FIREFOX ? ['chromium', 'firefox'] : ['chromium'];

for (const [what, act, browser] of BROWSERS.flatMap((browser) => Object.entries(ENDS).map(([what, act]) => [what, act, browser]))) {
  test(`three tabs, one connection in ${browser}: the leader ${what}`, async (context) => {
    const server = await startServer(context, { files: here });
    const pages = await openTabs(context, server, 3, { browser });
    const token = await server.token('alice');
    for (const page of pages) await login(page, server, 'alice', token);
    assert.equal(await connections(server), 1);
    const leader = await leaderOf(pages);
    assert.equal(leader, pages[0], 'the first tab leads');

    const { pushed, sent, left, gaps } = await during(server, pages, () => act(leader));
    if (what === 'goes on') assert.equal(await connections(server), 1);
    // Those of a tab that was closed are nobody's any more.
    const known = sent.filter(({ fate }) => fate && !fate.message?.includes('closed'));
    for (const { fate } of known) {
      assert.ok(fate.clientMsgID, `a send failed: ${fate.message}`);
      // It is acknowledged before it is stored.
      await until('what was sent at the server', async () => ids(await server.log(AB)).includes(fate.clientMsgID));
    }
    const log = ids(await server.log(AB));
    assert.equal(new Set(log).size, log.length, 'nothing is doubled on the server');
    for (const page of left) {
      const own = ids(known.filter((one) => one.page === page).map(({ fate }) => fate));
      await check(server, page, pushed[0], own);
    }
    console.log(`     longest pauses: ${gaps.map((gap) => gap.toFixed(0)).join(', ')} ms`);
    // A tab whose own worker hangs hears nothing until it wakes.
    const freezes = what.startsWith('freezes');
    const awake = gaps.filter((_, n) => !freezes || left[n] !== leader);
    // In Firefox an engine that hangs inside a transaction holds the database until it wakes (ARCHITECTURE.md).
    const most = GAP_MS_MAX + (freezes && browser === 'firefox' ? HANG_MS : 0);
    for (const gap of awake) assert.ok(gap < most, `${gap} ms without delivery`);
    await leaderOf(left);
    await until('one connection', async () => (await connections(server)) === 1, { seconds: 60 });
  }, { seconds: 180, inPage: INSIDE[browser].includes(what) && (browser === 'chromium' || 'asked') });
}

test('a tab that comes later is there at once, and hears of the connection', async (context) => {
  const server = await startServer(context);
  const [first, second] = await openTabs(context, server, 2);
  const token = await server.token('alice');
  await login(first, server, 'alice', token);
  const { clientMsgID } = await send(first, 'bob', 'createTextMessage', 'before');
  // Without its number it would be news.
  await until('its number', async () => (await history(first, AB)).at(-1).seq > 0);
  await login(second, server, 'alice', token);
  const names = (await second.evaluate(() => window.events.map((event) => event.event))).slice(0, 4);
  assert.deepEqual(names, ['OnConnecting', 'OnConnectSuccess', 'OnSyncServerStart', 'OnSyncServerFinish']);
  assert.deepEqual(await newMessages(second), [], 'what was there before is no news');
  assert.equal((await history(second, AB)).at(-1).clientMsgID, clientMsgID);
  assert.equal(await call(second, 'getLoginUserID'), 'alice');
  assert.equal((await host(second)).role, 'follower');
  assert.equal(await connections(server), 1);
  const error = await second.evaluate((params) => window.sdk.login(params).then(() => 0, (e) => e.errCode),
    { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws });
  assert.equal(error, 10102);
  await send(second, 'bob', 'createTextMessage', 'after');
  assert.equal((await history(first, AB)).length, (await history(second, AB)).length);
});

test('logout and kick reach all tabs; logging in meanwhile waits for the end', async (context) => {
  const server = await startServer(context);
  const pages = await openTabs(context, server, 3);
  const token = await server.token('alice');
  const params = { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
  for (const page of pages) await login(page, server, 'alice', token);
  // From a tab that does not lead; twice in the same moment.
  const results = await pages[1].evaluate(() => Promise.allSettled([window.sdk.logout(), window.sdk.logout()]).then((all) => all.map(({ status, reason }) => reason?.errCode ?? status)));
  assert.deepEqual(results, ['fulfilled', 10009]);
  for (const page of [pages[0], pages[2]]) {
    await heard(page, 'OnKickedOffline');
    const { errCode } = await page.evaluate(() => window.events.find((event) => event.event === 'OnKickedOffline'));
    assert.equal(errCode, 10101, 'a logout, not another device');
    assert.equal(await call(page, 'getLoginStatus'), 1);
  }
  assert.deepEqual(await events(pages[1], 'OnKickedOffline'), []);
  await until('no connection', async () => (await connections(server)) === 0);

  // Again, and this time logout and login at once, in the same tab and in another.
  const again = (page) => page.evaluate((params) => window.sdk.login(params), params);
  for (const page of pages) await again(page);
  const login2 = await Promise.all([
    pages[0].evaluate((params) => Promise.all([window.sdk.logout(), window.sdk.login(params)]).then(() => 'in'), params),
    until('the end', async () => (await call(pages[1], 'getLoginStatus')) === 1).then(() => again(pages[1])),
  ]);
  assert.deepEqual(login2, ['in', '""']);
  await until('one connection', async () => (await connections(server)) === 1);
  await again(pages[2]).catch(() => {});
  for (const page of pages) assert.equal(await call(page, 'getLoginUserID'), 'alice');
  await send(pages[1], 'bob', 'createTextMessage', 'still here');

  await server.control('kick', { userID: 'alice', platformID: 5 });
  for (const page of pages) {
    await until('the kick', async () => (await call(page, 'getLoginStatus')) === 1);
    const kicks = await page.evaluate(() => window.events.filter((e) => e.event === 'OnKickedOffline' && e.errCode !== 10101));
    assert.equal(kicks.length, 1);
  }
});

test('a newer token takes the place of the older one in all tabs', async (context) => {
  const server = await startServer(context);
  const pages = await openTabs(context, server, 2);
  const quiet = quietly(pages[0]);
  const params = async () => ({ userID: 'alice', token: await server.token('alice'), platformID: 5, apiAddr: server.api, wsAddr: server.ws });
  await pages[0].evaluate((params) => window.begin({ host: 'page' }).login(params), await params());
  await heard(pages[0], 'OnSyncServerFinish');
  // A request with the older token would end the session.
  await quiet();
  // The server takes the older token for gone from here on.
  await login(pages[1], server, 'alice', await server.token('alice'));
  await until('one connection', async () => (await connections(server)) === 1);
  await heard(pages[0], 'OnConnectSuccess', 2);
  for (const page of pages) {
    await send(page, 'bob', 'createTextMessage', 'hello');
    assert.deepEqual(await events(page, 'OnKickedOffline'), []);
  }
  assert.equal(await connections(server), 1);
});

test('who takes over has the newest token, not its own', async (context) => {
  const server = await startServer(context);
  const pages = await openTabs(context, server, 3);
  const quiet = quietly(pages[0]);
  const token = await server.token('alice');
  const params = { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
  await pages[0].evaluate((params) => window.begin({ host: 'page' }).login(params), params);
  await heard(pages[0], 'OnSyncServerFinish');
  await login(pages[1], server, 'alice', token);
  await quiet();
  await login(pages[2], server, 'alice', await server.token('alice'));
  await heard(pages[0], 'OnConnectSuccess', 2);
  await pages[2].close();
  await pages[0].close();
  await until('another that leads', async () => (await host(pages[1])).role === 'leader');
  await heard(pages[1], 'OnConnectSuccess', 3);
  await send(pages[1], 'bob', 'createTextMessage', 'hello');
  assert.deepEqual(await events(pages[1], 'OnKickedOffline'), []);
  assert.equal(await connections(server), 1);
});

test('two accounts in two tabs, and two clients in one page, do not disturb each other', async (context) => {
  const server = await startServer(context);
  const [one, two] = await openTabs(context, server, 2);
  await login(one, server, 'alice', await server.token('alice'));
  await login(two, server, 'bob', await server.token('bob'));
  await send(one, 'bob', 'createTextMessage', 'to the other tab');
  await until('the message', async () => (await newMessages(two)).length === 1);
  assert.deepEqual(await newMessages(one), []);
  assert.deepEqual([(await host(one)).role, (await host(two)).role], ['leader', 'leader']);
  // A second client in the page, of the same user and of another.
  const params = async (userID) => ({ userID, token: await server.token(userID), platformID: 5, apiAddr: server.api, wsAddr: server.ws });
  const aliceParams = await params('alice');
  const carolParams = await params('carol');
  const roles = await one.evaluate(async ([alice, carol]) => {
    window.same = window.openim.createClient();
    window.other = window.openim.createClient();
    await window.same.login(alice);
    await window.other.login(carol);
    return [window.same.host.role, window.other.host.role];
  }, [aliceParams, carolParams]);
  assert.deepEqual(roles, ['follower', 'leader']);
  await until('connections', async () => (await connections(server, 'alice')) === 1 && (await connections(server, 'carol')) === 1);
  await one.evaluate(() => window.other.logout());
  assert.equal(await one.evaluate(() => window.same.getLoginUserID().then(({ data }) => data)), 'alice');
  assert.equal(await call(one, 'getLoginUserID'), 'alice');
});

test('what is under way when the leader goes is repeated where that is safe, or rejected as to be asked again', async (context) => {
  const server = await startServer(context);
  const [leader, page] = await openTabs(context, server, 2);
  const token = await server.token('alice');
  await login(leader, server, 'alice', token);
  await login(page, server, 'alice', token);
  await server.control('sends', { userID: 'alice', faults: ['noAnswer'] });
  await server.control('rest', { path: '/friend/add_friend', faults: ['hang'] });
  const before = (await server.log(AB)).length;
  const fates = page.evaluate(async () => {
    const fate = (promise) => promise.then(({ data }) => data, (error) => error.errCode);
    const { data: message } = await window.sdk.createTextMessage('in flight');
    const all = Promise.all([
      fate(window.sdk.sendMessage({ recvID: 'bob', groupID: '', message })),
      fate(window.sdk.addFriend({ toUserID: 'carol', reqMsg: '' })),
    ]);
    window.begun = true;
    return all;
  });
  await until('the message at the server', async () => (await server.log(AB)).length === before + 1);
  await sleep(100);
  await leader.close();
  const [sent, asked] = await fates;
  assert.equal(sent.status, 2, `the send: ${JSON.stringify(sent)}`);
  assert.equal(asked, 10022);
  assert.equal((await server.log(AB)).length, before + 1, 'sent once');
  assert.equal((await history(page, AB)).filter((m) => m.clientMsgID === sent.clientMsgID).length, 1);
  assert.equal((await host(page)).role, 'leader');
});

/** What is taken from the pages, and whether their tabs still work as one. */
const FALLBACKS = {
  'Web Locks': [() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }), true, /Web Locks/],
  BroadcastChannel: [() => delete window.BroadcastChannel, false, /BroadcastChannel/],
  IndexedDB: [() => Object.defineProperty(window, 'indexedDB', { value: undefined }), true, /IndexedDB/],
};

for (const [name, [remove, together, lacks]] of Object.entries(FALLBACKS)) {
  test(`without ${name} it works, and says what it cannot do`, async (context) => {
    const server = await startServer(context);
    // In the page, where things can be taken away from the engine.
    const pages = await openTabs(context, server, 2, { before: remove });
    const token = await server.token('alice');
    const params = { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
    for (const page of pages) {
      await page.evaluate((params) => window.begin({ host: 'page' }).login(params), params);
      await heard(page, 'OnSyncServerFinish');
    }
    const infos = await Promise.all(pages.map(host));
    assert.deepEqual(infos.map(({ role }) => role), together ? ['leader', 'follower'] : ['alone', 'alone']);
    for (const { lacks: said } of infos) assert.match(said, lacks);
    assert.equal(await connections(server), together ? 1 : 2);
    const { clientMsgIDs } = await server.control('send', { from: 'bob', to: 'alice', text: 'push {n}', count: 20 });
    for (const page of pages) {
      await until('the pushes', async () => (await newMessages(page)).length === 20);
      assert.deepEqual(ids(await newMessages(page)), clientMsgIDs);
    }
    for (const page of pages) await send(page, 'bob', 'createTextMessage', 'hello');
    // The other goes on when one is closed.
    await pages[0].close();
    const last = await server.control('send', { from: 'bob', to: 'alice', text: 'last' });
    // An engine without what the one before it had takes it for history, and has none until it is connected.
    const told = async () => ids(name === 'IndexedDB' ? await history(pages[1], AB) : await newMessages(pages[1]));
    await until('the last', async () => (await told().catch(() => [])).includes(last.clientMsgIDs[0]));
    assert.equal((await told()).filter((id) => id === last.clientMsgIDs[0]).length, 1);
    const log = (await server.log(AB)).map((message) => message.clientMsgID);
    assert.deepEqual(ids(await history(pages[1], AB)), log);
  });
}
