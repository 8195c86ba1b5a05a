// The demo in three tabs of one user at once.
import assert from 'node:assert/strict';
import { AB, addressOf, connected, conversation, idsOf, message, open, openDemo, say, state } from './demo-page.mjs';
import { engines, test, until, watch } from './harness.mjs';

const ROOM = { width: 640, height: 700 };

/** Three tabs, opened at the same time: also the first tokens are asked for at the same time. */
async function openThree(context) {
  const demo = await openDemo(context, ROOM, '/?left=alice');
  const others = [1, 2].map(async (n) => {
    const tab = watch(context, await demo.profile.newPage(), `tab ${n}`);
    await tab.setViewportSize(ROOM);
    await tab.goto(addressOf(demo.server, '/?left=alice'));
    return tab;
  });
  const tabs = [demo.page, ...(await Promise.all(others))];
  for (const tab of tabs) await connected(tab);
  return { ...demo, tabs };
}

test('three tabs show the same, and all can write', async (context) => {
  const { server, tabs } = await openThree(context);
  for (const tab of tabs) {
    await open(tab, AB);
    await message(tab, 'See you there.').waitFor();
  }
  for (const [n, tab] of tabs.entries()) await say(tab, `From tab ${n + 1}`);
  await server.control('send', { from: 'bob', to: 'alice', text: 'Which one are you?' });
  for (const tab of tabs) {
    for (const text of ['From tab 1', 'From tab 2', 'From tab 3', 'Which one are you?']) {
      await message(tab, text).waitFor();
    }
    for (const n of [1, 2, 3]) await state(message(tab, `From tab ${n}`), 'Sent').waitFor();
  }
  // Each message once, in the same order everywhere.
  for (const tab of tabs) {
    await until('the same order', async () => {
      const newest = (await server.log(AB)).slice(-10).map(({ clientMsgID }) => clientMsgID);
      const shown = (await idsOf(tab)).slice(-10);
      return JSON.stringify(shown) === JSON.stringify(newest);
    });
    await until('read everywhere', async () => (await conversation(tab, AB).getByTestId('unread').count()) === 0);
  }
});

test('three tabs that write at once keep the order of the server, though the times are the same', async (context) => {
  const { server, tabs } = await openThree(context);
  for (const tab of tabs) {
    await open(tab, AB);
    await message(tab, 'See you there.').waitFor();
  }
  const before = (await server.log(AB)).length;
  await server.control('config', { clockStepMs: 10_000 });
  const write = async (tab, n) => {
    for (const word of ['one', 'two', 'three', 'four']) await say(tab, `Tab ${n}: ${word}`);
  };
  await Promise.all(tabs.map((tab, n) => write(tab, n + 1)));
  for (const tab of tabs) {
    await until('the order of the server', async () => {
      const log = (await server.log(AB)).slice(before).map(({ clientMsgID }) => clientMsgID);
      const shown = (await idsOf(tab)).slice(-12);
      return log.length === 12 && JSON.stringify(shown) === JSON.stringify(log);
    });
  }
});

const roleOf = (tab) => tab.getByTestId('status').getAttribute('data-role');
const rolesOf = async (tabs) => (await Promise.all(tabs.map(roleOf))).sort().join(' ');

test('one of three tabs leads; when it is closed another does', async (context) => {
  const { server, tabs } = await openThree(context);
  await until('one that leads', async () => (await rolesOf(tabs)) === 'follower follower leader');
  const roles = await Promise.all(tabs.map(roleOf));
  const leader = tabs[roles.indexOf('leader')];
  const rest = tabs.filter((tab) => tab !== leader);
  await leader.getByTestId('status').getByText(`Connected · leading tab · ${engines.host}`).waitFor();
  for (const tab of rest) await open(tab, AB);
  await leader.close();
  await until('another that leads', async () => (await rolesOf(rest)) === 'follower leader');
  await server.control('send', { from: 'bob', to: 'alice', text: 'Still there?' });
  for (const tab of rest) await message(tab, 'Still there?').waitFor();
  for (const [n, tab] of rest.entries()) await say(tab, `Yes, in tab ${n + 1}`);
  for (const tab of rest) {
    for (const n of [1, 2]) await state(message(tab, `Yes, in tab ${n}`), 'Sent').waitFor();
    for (const n of [1, 2]) assert.equal(await message(tab, `Yes, in tab ${n}`).count(), 1);
  }

  // Signing out in one signs out in all.
  await rest[0].getByTestId('leave').click();
  await rest[1].locator('[data-testid=banner][data-state=left]').waitFor();
  await rest[1].getByTestId('sign-in-again').click();
  await connected(rest[1]);
});
