// Three tabs of a person: one connection, everything told once in each, also when the one that leads goes.
import assert from 'node:assert/strict';
import { history, loadSdk, newMessages, send, sleep, test, until } from '../e2e/harness.mjs';
import { begin, connections, enter, holds, idsOf, open, pair, receives, register, say, storage, world } from './world.mjs';

const roles = (tabs) => Promise.all(tabs.map((tab) => tab.evaluate(() => window.sdk.host.role)));
async function leader(tabs) {
  await until('one that leads', async () => (await roles(tabs)).filter((role) => role === 'leader').length === 1);
  return tabs[(await roles(tabs)).indexOf('leader')];
}

/** Tabs of a person, all logged in. */
async function openTabs(server, person, count) {
  const device = await storage(server);
  const tabs = [];
  for (let n = 0; n < count; n += 1) tabs.push(await enter(server, person, { device }));
  return tabs;
}

test('three tabs have one connection; each is told everything once, and each can write', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const tabs = await openTabs(server, ann, 3);
  assert.equal(await connections(ann), 1);
  const b = await enter(server, bob);
  const sent = [];
  for (const [n, tab] of tabs.entries()) {
    sent.push(await say(bob, ann, `for all ${n}`));
    for (const each of tabs) await receives(each, sent.at(-1));
    const { clientMsgID } = await send(tab, bob.id, 'createTextMessage', `from tab ${n}`);
    sent.push(clientMsgID);
    for (const each of [b, ...tabs.filter((one) => one !== tab)]) await receives(each, clientMsgID);
  }
  for (const [n, tab] of tabs.entries()) {
    await holds(tab, pair(ann, bob), sent);
    assert.deepEqual(idsOf(await newMessages(tab)), sent.filter((_, at) => at !== 2 * n + 1), 'all but the own one');
  }
  assert.equal(await connections(ann), 1);
}, { seconds: 180 });

test('messages come all the time while the leading tab is closed, and while the next one is loaded again', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const tabs = await openTabs(server, ann, 3);
  const sent = [await say(bob, ann, 'first')];
  for (const tab of tabs) await receives(tab, sent[0]);
  let goes = true;
  const stream = (async () => {
    while (goes) {
      sent.push(await say(bob, ann, `line ${sent.length}`));
      await sleep(40);
    }
  })();
  const enough = (count) => until(`${count} lines`, () => sent.length >= count);
  await enough(20);
  const first = await leader(tabs);
  await first.close();
  const left = tabs.filter((tab) => tab !== first);
  await enough(50);
  const second = await leader(left);
  await second.reload();
  await loadSdk(second, server);
  await begin(second);
  await enough(90);
  goes = false;
  await stream;
  const [watcher] = left.filter((tab) => tab !== second);
  for (const tab of left) await receives(tab, sent.at(-1));
  await until('all of them', async () => (await newMessages(watcher)).length >= sent.length);
  assert.deepEqual(idsOf(await newMessages(watcher)), sent, 'each once, in order');
  for (const tab of left) await holds(tab, pair(ann, bob), sent);
  const again = idsOf(await newMessages(second));
  assert.equal(new Set(again).size, again.length, 'none twice in the tab that was loaded again');
  await until('one connection', async () => (await connections(ann)) === 1, { seconds: 60 });
  const { clientMsgID } = await send(watcher, bob.id, 'createTextMessage', 'both here');
  await receives(second, clientMsgID);
  assert.equal((await history(second, pair(ann, bob))).at(-1).clientMsgID, clientMsgID);
}, { seconds: 240 });

test('who signs out in one tab is signed out in all, and can come again', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const tabs = await openTabs(server, ann, 2);
  await tabs[1].evaluate(() => window.sdk.logout());
  for (const tab of tabs) await until('signed out', () => tab.evaluate(() => window.sdk.getLoginStatus().then(({ data }) => data === 1)));
  await until('no connection', async () => (await connections(ann)) === 0);
  const id = await say(bob, ann, 'meanwhile');
  const third = await open(server, ann, { device: tabs[0].context() });
  await begin(third);
  await receives(third, id);
  await holds(third, pair(ann, bob), [id]);
});
