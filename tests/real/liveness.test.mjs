// What is stored around a connect is told without a finger lifted: a single message so many milliseconds after the
// connection stands and nothing after it, and what was stored while there was none. After each way to a connection.
// SHOTS=n for another number of single messages, AT_ONCE=n for how many devices at the same time.
import assert from 'node:assert/strict';
import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { heard, loadSdk, sleep, test, until } from '../e2e/harness.mjs';
import {
  adminToken, messageOf, network, open, register, say, settings, world,
} from './world.mjs';

/** What is not told within this time is missed. */
const TOLD_MS_MAX = 10_000;
/** How long a single one is waited for, to say how late it came. */
const PATIENCE_MS = 45_000;
const SHOTS = Number(process.env.SHOTS ?? 200);
const AT_ONCE = Number(process.env.AT_ONCE ?? 5);
/** When after the connect, milliseconds. */
const DELAYS = Array.from({ length: 16 }, (_, n) => n * 100);

/**
 * Runs in a page: `window.shot(what)` asks the server for something, `delay` milliseconds after the client's next
 * connect, and resolves when the page is told of it, or after `patience`: milliseconds from the server's answer.
 */
function rifle() {
  window.told = [];
  window.noteTold = (sdk) => {
    const note = (what) => window.told.push(what);
    sdk.on('OnRecvNewMessages', ({ data }) => data.forEach((message) => note(`news ${message.clientMsgID}`)));
    for (const name of ['OnNewConversation', 'OnConversationChanged']) {
      sdk.on(name, ({ data }) => data.forEach(({ latestMsg }) => latestMsg && note(`listed ${JSON.parse(latestMsg).clientMsgID}`)));
    }
    // What a device has at its first look is history, not news: applications read their list when the look is over.
    sdk.on('OnSyncServerFinish', async () => {
      const { data } = await sdk.getAllConversationList();
      data.forEach(({ latestMsg }) => latestMsg && note(`listed ${JSON.parse(latestMsg).clientMsgID}`));
    });
    sdk.on('OnFriendApplicationAdded', ({ data }) => note(`friend ${data.fromUserID}`));
  };
  window.shot = (sdk, { delay, address, body, token, isFirst, patience }) => new Promise((resolve) => {
    const late = setTimeout(() => resolve({ error: 'no connection within 60 s' }), 60_000);
    const hear = () => {
      clearTimeout(late);
      sdk.off('OnConnectSuccess', hear);
      setTimeout(async () => {
        const headers = { 'Content-Type': 'application/json', operationID: `shot${Date.now()}`, token };
        const answer = fetch(address, { method: 'POST', headers, body: JSON.stringify(body) }).then((response) => response.json());
        const { errCode, errMsg, data } = await answer.catch((error) => ({ errCode: -1, errMsg: error.message }));
        if (errCode) return resolve({ error: `${errCode} ${errMsg}` });
        const stored = performance.now();
        const id = data?.clientMsgID;
        const wanted = id ? [`news ${id}`, ...(isFirst ? [`listed ${id}`] : [])] : [`friend ${body.fromUserID}`];
        const timer = setInterval(() => {
          const ms = performance.now() - stored;
          const isTold = window.told.some((what) => wanted.includes(what));
          if (!isTold && ms < patience) return;
          clearInterval(timer);
          resolve({ ms: isTold ? ms : null });
        }, 10);
        return undefined;
      }, delay);
    };
    sdk.on('OnConnectSuccess', hear);
  });
}

/** A page of a person, with what a shot needs, logged out. */
async function range(server, person, device = undefined) {
  const page = await open(server, person, { device });
  await page.evaluate(rifle);
  return page;
}

/** Logs a page in; `what`: a shot after the connect. What it ends with. */
async function loginAnd(page, what = undefined) {
  const { id: userID, token } = page.person;
  const params = { userID, token, platformID: 5, apiAddr: page.world.api, wsAddr: page.world.ws };
  await page.evaluate(async ([params, what]) => {
    if (!window.sdk) window.noteTold(window.begin({}));
    const { sdk } = window;
    if (what) window.end = window.shot(sdk, what);
    await sdk.login(params);
  }, [params, what]);
  return what && page.evaluate(() => window.end);
}

/** A page of a person that is logged in. */
async function ready(server, person, device) {
  const page = await range(server, person, device);
  await loginAnd(page);
  await heard(page, 'OnSyncServerFinish');
  return page;
}

/** Ways to a new connection of a device; each resolves with what the shot ended with. */
const WAYS = {
  'first login': async (seat, what) => {
    const page = await range(seat.server, seat.person);
    const end = await loginAnd(page, { ...what, isFirst: true });
    await page.context().close();
    return end;
  },
  reload: async (seat, what) => {
    await loadSdk(seat.page, seat.server);
    await seat.page.evaluate(rifle);
    return loginAnd(seat.page, what);
  },
  cut: async ({ page }, what) => {
    await page.evaluate((what) => void (window.end = window.shot(window.sdk, what)), what);
    const { way } = page.context();
    if (way.cut) way.cut();
    else await network(page, false);
    await sleep(500);
    if (way.mend) way.mend();
    else await network(page, true);
    return page.evaluate(() => window.end);
  },
  'login again': async ({ page }, what) => {
    await page.evaluate(() => window.sdk.logout());
    return loginAnd(page, what);
  },
  'change of the leading tab': async (seat, what) => {
    const leader = seat.page;
    seat.page = await ready(seat.server, seat.person, leader.context());
    await seat.page.evaluate((what) => void (window.end = window.shot(window.sdk, what)), what);
    await leader.close();
    return seat.page.evaluate(() => window.end);
  },
  'second device': async (seat, what) => {
    const page = await range(seat.server, seat.person);
    const end = await loginAnd(page, { ...what, isFirst: true });
    await page.context().close();
    return end;
  },
};

/** Shots spread over devices that go on at the same time: `{way, delay, ms}` each. */
async function fire(server, plan, shotAt) {
  const ended = [];
  const queue = [...plan];
  const seat = async () => {
    const [person] = await register('Ann');
    const own = { server, person, page: await ready(server, person) };
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { way, delay } = next;
      const who = way === 'first login' ? (await register('New'))[0] : person;
      const used = way === 'first login' ? { server, person: who } : own;
      const end = await WAYS[way](used, { ...(await shotAt(who)), delay, patience: PATIENCE_MS, isFirst: false });
      assert.ok(!end.error, `${way}: ${end.error}`);
      ended.push({ way, delay, ms: end.ms });
    }
    await own.page.context().close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, seat));
  return ended;
}

/** Every way with every delay, and again from the beginning. */
const planOf = (count) => Array.from({ length: count }, (_, n) => {
  const ways = Object.keys(WAYS);
  return { way: ways[n % ways.length], delay: DELAYS[Math.floor(n / ways.length) % DELAYS.length] };
});

const seconds = (ms) => (ms === null ? 'never' : `${(ms / 1000).toFixed(2)} s`);
const slowest = (list) => list.reduce((worst, { ms }) => (worst === null || ms === null ? null : Math.max(worst, ms)), 0);

/** Says how it went, way by way; how many were missed. */
function report(what, ended) {
  const isMissed = ({ ms }) => ms === null || ms > TOLD_MS_MAX;
  const missed = ended.filter(isMissed).length;
  console.log(`     ${ended.length} ${what}: ${missed} missed within ${TOLD_MS_MAX / 1000} s, the slowest ${seconds(slowest(ended))}`);
  for (const way of Object.keys(WAYS)) {
    const own = ended.filter((one) => one.way === way);
    if (own.length === 0) continue;
    const late = own.filter(isMissed).map(({ delay, ms }) => `at ${delay} ms: ${seconds(ms)}`);
    const list = late.length > 0 ? ` (${late.sort().join(', ')})` : '';
    console.log(`       ${way}: ${late.length} of ${own.length} missed${list}, the slowest ${seconds(slowest(own))}`);
  }
  return missed;
}

const judge = (what, ended) => assert.equal(report(what, ended), 0, 'some were missed');

const messageTo = (sender, text) => async (person) => ({
  address: `${settings.api}/msg/send_msg`, body: messageOf(sender, person, text), token: await adminToken(),
});

test(`${SHOTS} single messages, 0 to 1,500 ms after a connect, and nothing after them`, async (context) => {
  const server = await world(context);
  const [bob] = await register('Bob');
  judge('single messages', await fire(server, planOf(SHOTS), messageTo(bob, 'only one')));
}, { seconds: 1_800 });

test('48 single messages while another chat goes on', async (context) => {
  const server = await world(context);
  const [bob, cid] = await register('Bob', 'Cid');
  const busy = new Set();
  let goes = true;
  const traffic = (async () => {
    while (goes) {
      for (const person of busy) await say(cid, person, 'something else');
      await sleep(300);
    }
  })();
  const ended = await fire(server, planOf(48), (person) => {
    busy.add(person);
    return messageTo(bob, 'only one')(person);
  }).finally(() => (goes = false));
  await traffic;
  judge('single messages beside other traffic', ended);
}, { seconds: 900 });

test('32 single friend applications, 0 to 1,500 ms after a connect', async (context) => {
  const server = await world(context);
  // What a new device finds at its first look is told only if it is of this moment.
  const plan = DELAYS.flatMap((delay) => ['cut', 'reload'].map((way) => ({ way, delay })));
  const ended = await fire(server, plan, async (person) => {
    const [stranger] = await register('Cid');
    const body = { fromUserID: stranger.id, toUserID: person.id, reqMsg: 'hello', ex: '' };
    return { address: `${settings.api}/friend/add_friend`, body, token: stranger.token };
  });
  judge('friend applications', ended);
}, { seconds: 600 });

/** Waits until a page is told of all of these as new; how long after `since`, milliseconds. */
async function toldAll(page, ids, since) {
  await until('what was stored meanwhile', () => page.evaluate((ids) => ids.every((id) => window.told.includes(`news ${id}`)), ids), {
    seconds: (TOLD_MS_MAX - (Date.now() - since)) / 1000,
  });
  return Date.now() - since;
}

const several = async (from, to) => {
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.push(await say(from, to, `meanwhile ${n}`));
  return ids;
};

/** What happens to a device while it is written to; resolves when it is connecting again, with the page and the IDs. */
const ABSENCES = {
  'logged out': async (seat, write) => {
    await seat.page.evaluate(() => window.sdk.logout());
    const ids = await write();
    await loginAnd(seat.page);
    return ids;
  },
  reload: async (seat, write) => {
    await seat.page.goto('about:blank');
    const ids = await write();
    await loadSdk(seat.page, seat.server);
    await seat.page.evaluate(rifle);
    await loginAnd(seat.page);
    return ids;
  },
  cut: async ({ page }, write) => {
    await network(page, false);
    const ids = await write();
    await network(page, true);
    return ids;
  },
  'change of the leading tab': async (seat, write) => {
    const leader = seat.page;
    seat.page = await ready(seat.server, seat.person, leader.context());
    const writing = write();
    await leader.close();
    return writing;
  },
  'second device comes': async (seat, write) => {
    const writing = write();
    const second = await ready(seat.server, seat.person);
    const ids = await writing;
    await second.context().close();
    return ids;
  },
};

for (const isBusy of [false, true]) {
  test(`what was stored meanwhile is told within ${TOLD_MS_MAX / 1000} s${isBusy ? ', beside other traffic' : ''}`, async (context) => {
    const server = await world(context);
    const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
    const seat = { server, person: ann, page: await ready(server, ann) };
    let goes = isBusy;
    const traffic = (async () => {
      while (goes) {
        await say(cid, ann, 'something else');
        await sleep(300);
      }
    })();
    const times = [];
    for (const [name, leave] of Object.entries(ABSENCES)) {
      const ids = await leave(seat, () => several(bob, ann));
      times.push(`${name} ${((await toldAll(seat.page, ids, Date.now())) / 1000).toFixed(2)} s`);
    }
    goes = false;
    await traffic;
    console.log(`     told after: ${times.join(', ')}`);
  }, { seconds: 240 });
}

test('the server is restarted: what was stored then is told without a finger lifted', async (context) => {
  if (!settings.restart) {
    console.log('     skipped: --restart COMMAND restarts the server');
    return;
  }
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const page = await ready(server, ann);
  const before = await several(bob, ann);
  await toldAll(page, before, Date.now());
  await promisify(exec)(settings.restart);
  let first;
  await until('the server', () => say(bob, ann, 'the server is back').then((id) => (first = id), () => false), { seconds: 120 });
  const begin = Date.now();
  const ms = await toldAll(page, [first], begin);
  console.log(`     told ${(ms / 1000).toFixed(2)} s after the server took it`);
  await toldAll(page, await several(bob, ann), Date.now());
}, { seconds: 300 });
