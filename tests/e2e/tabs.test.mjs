// Several tabs of one user: one engine, one connection; every tab hears everything once, whatever happens to
// the tab that leads (design §7).
import assert from 'node:assert/strict';
import {
  call, events, heard, history, loadSdk, login, newMessages, openBrowser, openProfile, send, sleep, startServer, test,
  until, watch,
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

/** Tabs of one browser; `before` runs in each ahead of everything else. */
async function openTabs(context, server, count, before) {
  const browser = await openProfile(context);
  const pages = [];
  for (let n = 0; n < count; n += 1) {
    const page = watch(context, await browser.newPage(), `tab ${n}`);
    // When each message was heard, and a handle on the worker for what no user can do.
    await page.addInitScript(() => {
      const { Worker } = window;
      window.workers = [];
      window.Worker = class extends Worker {
        constructor(...args) {
          super(...args);
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

/** The messages of a tab's history, and what it was told as new: as the server has them, each once. */
async function check(server, page, told) {
  const log = (await server.log(AB)).map((message) => message.clientMsgID);
  assert.deepEqual(ids(await history(page, AB)), log);
  const heardIDs = ids(await newMessages(page));
  assert.deepEqual(heardIDs, told, 'each push once, in order');
}

/** Pushes come all the time while `act` happens in the middle; the longest pause at each tab. */
async function during(server, pages, act) {
  const { clientMsgIDs: sentinel } = await server.control('send', { from: 'bob', to: 'alice', text: 'first' });
  await Promise.all(pages.map((page) => until('the first push', async () => ids(await newMessages(page)).includes(sentinel[0]))));
  for (const page of pages) {
    await page.evaluate(() => {
      window.arrivals = [performance.now()];
      window.sdk.on('OnRecvNewMessages', () => window.arrivals.push(performance.now()));
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
      sent.push(page.isClosed() ? Promise.resolve() : send(page, 'bob', 'createTextMessage', `send ${n}`).catch((error) => error));
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

const ENDS = {
  'goes on': async () => {},
  'is closed': async (page) => page.close(),
  'loses its worker': async (page) => page.evaluate(() => window.workers.at(-1).terminate()),
  // A worker that hangs: it wakes after six seconds and knows nothing of what happened.
  freezes: async (page) => {
    await page.workers()[0].evaluate(() => {
      const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      setTimeout(() => Atomics.wait(new Int32Array(buffer), 0, 0, 6_000));
    });
  },
};

for (const [what, act] of Object.entries(ENDS)) {
  test(`three tabs, one connection: the leader ${what}`, async (context) => {
    const server = await startServer(context);
    const pages = await openTabs(context, server, 3);
    const token = await server.token('alice');
    for (const page of pages) await login(page, server, 'alice', token);
    assert.equal(await connections(server), 1);
    const leader = await leaderOf(pages);
    assert.equal(leader, pages[0], 'the first tab leads');

    const { pushed, sent, left, gaps } = await during(server, pages, () => act(leader));
    if (what === 'goes on') assert.equal(await connections(server), 1);
    const log = (await server.log(AB)).map((message) => message.clientMsgID);
    assert.equal(new Set(log).size, log.length, 'nothing is doubled on the server');
    for (const fate of sent) {
      // Those of a tab that was closed are nobody's any more.
      if (!fate || fate.message?.includes('closed')) continue;
      assert.ok(fate.clientMsgID, `a send failed: ${fate.message}`);
      assert.ok(log.includes(fate.clientMsgID), 'what was sent is on the server');
    }
    for (const page of left) await check(server, page, pushed);
    console.log(`     longest pauses: ${gaps.map((gap) => gap.toFixed(0)).join(', ')} ms`);
    for (const gap of gaps) assert.ok(gap < GAP_MS_MAX, `${gap} ms without delivery`);
    await leaderOf(left);
    await until('one connection', async () => (await connections(server)) === 1, { seconds: 60 });
  }, { seconds: 180 });
}
