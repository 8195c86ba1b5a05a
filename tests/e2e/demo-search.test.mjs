// The demo's search: in all chats and in one, and the jump to what was found.
import assert from 'node:assert/strict';
import { connected, DESKTOP, fits, gone, idsOf, message, open, openDemo, PHONE, say, state } from './demo-page.mjs';
import { test, until } from './harness.mjs';

const AC = 'si_alice_carol';
const counted = (pane, text) =>
  until(text, async () => (await pane.getByTestId('search-count').textContent()).startsWith(text));
/** Whether a message is inside what can be seen of the chat. */
const isSeen = (pane, id) =>
  pane.getByRole('log').evaluate((log, id) => {
    const row = log.querySelector(`[data-id="${id}"]`)?.getBoundingClientRect();
    const view = log.getBoundingClientRect();
    return row !== undefined && row.top >= view.top && row.bottom <= view.bottom;
  }, id);

/** Carol has said a lot, and one thing long ago. */
async function withHistory(context, size) {
  const demo = await openDemo(context, size, '/?left=alice');
  await connected(demo.page);
  const carol = { from: 'carol', to: 'alice' };
  await demo.server.control('send', { ...carol, text: 'The hedgehog lives under the shed' });
  await demo.server.control('send', { ...carol, text: 'filler', count: 150 });
  await demo.server.control('send', { ...carol, text: 'That is all' });
  await open(demo.page, AC);
  // The page is young: until the server pushes to it, a beginning may be that of what came before.
  await message(demo.page, 'That is all').waitFor();
  // Search looks at what is on the device: all of it, after it was read back.
  await until('the beginning', async () => {
    await demo.page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    return (await demo.page.getByTestId('history-end').count()) > 0;
  });
  return demo;
}

test('search in all chats and in one, and the jump to a hit', async (context) => {
  const { server, page, picture } = await withHistory(context, DESKTOP);
  const pane = page.getByTestId('pane-left');
  await open(pane, 'sg_garden');
  await message(pane, 'filler').first().waitFor({ state: 'detached' });
  await pane.getByTestId('search-all').click();
  await pane.getByTestId('search-words').fill('hedgehog');
  await counted(pane, '1 found');
  assert.equal(await pane.getByTestId('hit').locator('mark').textContent(), 'hedgehog');
  await pane.getByTestId('search-words').fill('plan');
  await until('several chats', async () => (await pane.getByTestId('search-chat-hits').count()) >= 2);
  await picture('desktop-search');
  await pane.getByTestId('search-words').fill('HEDGEHOG shed');
  await counted(pane, '1 found');
  const id = await pane.getByTestId('hit').getAttribute('data-id');
  await pane.getByTestId('hit').click();
  await until('the hit in view', () => isSeen(pane, id));
  await picture('desktop-search-hit');

  // What comes meanwhile does not stand at the wrong place; the way to the end shows it.
  await server.control('send', { from: 'carol', to: 'alice', text: 'Just now' });
  await pane.getByTestId('to-end').locator('.badge').waitFor();
  assert.equal(await message(pane, 'Just now').count(), 0);
  await pane.getByTestId('to-end').click();
  await message(pane, 'Just now').waitFor();
  await gone('the way to the end', pane.getByTestId('to-end'));

  // And by scrolling: every message once, in the server's order.
  await pane.getByTestId('hit').click();
  await until('the hit in view', () => isSeen(pane, id));
  await until('the end', async () => {
    await pane.getByRole('log').evaluate((log) => log.scrollTo(0, log.scrollHeight));
    return (await pane.getByTestId('to-end').count()) === 0;
  });
  await until('the beginning', async () => {
    await pane.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    return (await pane.getByTestId('history-end').count()) > 0;
  });
  const stored = (await server.log(AC)).map(({ clientMsgID }) => clientMsgID);
  assert.deepEqual(await idsOf(pane), stored);

  // In one chat, by pages.
  await pane.getByTestId('search-chat').click();
  await pane.getByTestId('search-words').fill('filler');
  await counted(pane, '150 found in Carol');
  await until('all hits', async () => {
    await pane.getByTestId('search-results').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    return (await pane.getByTestId('hit').count()) === 150;
  });
  await pane.getByTestId('search-everywhere').click();
  await counted(pane, '150 found');
  await pane.getByTestId('search-kind').selectOption('media');
  await pane.getByTestId('search-words').fill('');
  await counted(pane, '1 found');
  await pane.getByTestId('search-close').click();
  await pane.getByTestId('conversation-list').waitFor();
});

test('a phone: search, a hit, back to the results; sending from the past', async (context) => {
  const { page, picture } = await withHistory(context, PHONE);
  await page.getByTestId('search-chat').click();
  await page.getByTestId('search-words').fill('hedgehog');
  await counted(page, '1 found in Carol');
  await picture('phone-search');
  await fits(page);
  assert.ok(!(await page.getByTestId('chat').isVisible()), 'one column at a time');
  const id = await page.getByTestId('hit').getAttribute('data-id');
  await page.getByTestId('hit').click();
  await until('the hit in view', () => isSeen(page, id));
  await page.getByTestId('back').click();
  await page.getByTestId('hit').click();
  await until('the hit in view', () => isSeen(page, id));
  await picture('phone-search-hit');
  await say(page, 'Is it still there?');
  await state(message(page, 'Is it still there?'), 'Sent').waitFor();
  // The newest messages around it, not the old ones.
  await until('the newest', async () => (await message(page, 'filler').count()) > 0);
  assert.equal(await page.locator(`[data-testid=message][data-id="${id}"]`).count(), 0);
});
