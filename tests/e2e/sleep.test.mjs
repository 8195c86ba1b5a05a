// A tab that is really hidden: its connection is held or quietly resumed, and what came meanwhile is there on
// return. Half a minute, which is longer than the server waits for a sign of life; HIDDEN_SECONDS=600 for ten
// minutes. Sleeping machines and dead links: tests/sleep.rs, in virtual time.
import assert from 'node:assert/strict';
import {
  events, heard, here, history, loadSdk, login, newMessages, openStock, sleep, startServer, test, until, watch,
} from './harness.mjs';

const AB = 'si_alice_bob';
const SECONDS = Number(process.env.HIDDEN_SECONDS ?? 35);
/** Timers of hidden pages are held back soon, not after five minutes. */
const THROTTLED = ['--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10'];

test(`a tab hidden for ${SECONDS} s`, async (context) => {
  const server = await startServer(context, { files: here });
  const browser = await openStock(context, 'chrome', THROTTLED);
  const page = watch(context, await browser.newPage(), 'alice');
  await loadSdk(page, server);
  await login(page, server, 'alice', await server.token('alice'));
  const other = await browser.newPage();
  await other.bringToFront();
  await until('the hidden page', () => page.evaluate(() => document.visibilityState === 'hidden'));

  const sent = [];
  for (const end = Date.now() + SECONDS * 1000; Date.now() < end;) {
    const { clientMsgIDs } = await server.control('send', { from: 'bob', to: 'alice', text: 'hidden' });
    sent.push(...clientMsgIDs);
    await sleep(Math.min(5_000, SECONDS * 100));
  }
  await page.bringToFront();
  await until('the page', () => page.evaluate(() => document.visibilityState === 'visible'));
  await until('every message', async () => (await newMessages(page)).length >= sent.length, { seconds: 10 });
  assert.deepEqual((await newMessages(page)).map((message) => message.clientMsgID), sent);
  assert.ok((await heard(page, 'OnConnecting')).length <= 2, 'no more than one reconnect');
  assert.deepEqual(await events(page, 'OnConnectFailed'), []);
  assert.equal((await server.control('state')).connections.alice, 1);
  const log = (await server.log(AB)).map((message) => message.clientMsgID);
  assert.deepEqual((await history(page, AB)).map((message) => message.clientMsgID), log);
}, { seconds: SECONDS + 90 });
