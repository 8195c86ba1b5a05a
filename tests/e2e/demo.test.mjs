// The demo as a person uses it: two users side by side, unread and read ticks, reload without network, resend.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  begin, choose, conversation, AB, connected, DESKTOP, fits, gone, idsOf, message, open, openDemo, openTwo, PHONE, say, state,
} from './demo-page.mjs';
import { repository, test, until } from './harness.mjs';

test('two seeded users chat side by side', async (context) => {
  const { server, page, picture } = await openDemo(context, DESKTOP);
  const [alice, bob] = [page.getByTestId('pane-left'), page.getByTestId('pane-right')];
  await conversation(alice, AB).getByTestId('unread').waitFor();
  await conversation(bob, AB).waitFor();
  assert.equal(await conversation(alice, AB).getByTestId('unread').textContent(), '4');
  await until('the sum in the title', async () => /^\(\d+\)/.test(await page.title()));
  await picture('desktop-lists');

  await open(alice, AB);
  await message(alice, 'See you there.').waitFor();
  await until('the badge to go', async () => (await conversation(alice, AB).getByTestId('unread').count()) === 0);

  // Bob has another chat open: it stays unread there, and unticked here, until he looks.
  await open(bob, 'sg_garden');
  await say(alice, 'Hello from the left');
  const hello = message(alice, 'Hello from the left');
  await say(alice, 'And once more');
  await state(hello, 'Sent').waitFor();
  const unread = conversation(bob, AB).getByTestId('unread');
  await until('two unread', async () => (await unread.count()) > 0 && (await unread.textContent()) === '2');
  assert.match(await conversation(bob, AB).getByTestId('preview').textContent(), /And once more/);
  await open(bob, AB);
  await state(hello, 'Read').waitFor();

  await alice.getByTestId('composer').fill('Anybody…');
  await until('typing', async () => (await bob.getByTestId('typing').textContent()) === 'typing…');
  await alice.getByTestId('composer').fill('');
  await until('no typing', async () => (await bob.getByTestId('typing').textContent()) === '');

  await say(bob, 'And back');
  await message(alice, 'And back').waitFor();
  await message(alice, 'And back').hover();
  await message(alice, 'And back').getByTestId('reply').click();
  await say(alice, 'A reply');
  await message(bob, 'A reply').getByText('And back').waitFor();
  await say(alice, 'Never said');
  await message(bob, 'Never said').waitFor();
  await message(alice, 'Never said').hover();
  await message(alice, 'Never said').getByTestId('message-menu').click();
  await alice.getByRole('menuitem', { name: 'Take back' }).click();
  await message(bob, 'Alice took a message back').waitFor();
  await message(alice, 'You took a message back').waitFor();
  await picture('desktop');

  // Back through the whole history: each message once, in the server's order.
  await until('the beginning', async () => {
    await alice.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    return (await alice.getByTestId('history-end').count()) > 0;
  });
  const stored = (await server.log(AB)).map(({ clientMsgID }) => clientMsgID);
  assert.deepEqual(await idsOf(alice), stored);
});

test('scrolling back keeps the place', async (context) => {
  const { server, page } = await openDemo(context, DESKTOP);
  const { length } = await server.log('si_alice_carol');
  await server.control('send', { from: 'carol', to: 'alice', text: 'filler', count: 120 });
  await until('the fillers', async () => (await server.log('si_alice_carol')).length === length + 120);
  const alice = page.getByTestId('pane-left');
  await open(alice, 'si_alice_carol');
  await until('messages', async () => (await alice.getByTestId('message').count()) >= 30);
  const { clientMsgID: last } = (await server.log('si_alice_carol')).at(-1);
  await until('the newest', async () => (await idsOf(alice)).at(-1) === last);
  const log = alice.getByRole('log');
  await until('the end', () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 4));
  const before = await alice.getByTestId('message').count();
  // The first message is at the top; when older ones are there it must still be where it was.
  const top = await log.evaluate((box) => {
    box.scrollTop = 100;
    return box.querySelector('[data-testid=message]').getBoundingClientRect().top;
  });
  const first = (await idsOf(alice))[0];
  await until('older messages', async () => (await alice.getByTestId('message').count()) > before);
  const now = await alice.locator(`[data-id="${first}"]`).evaluate((row) => row.getBoundingClientRect().top);
  assert.ok(Math.abs(now - top) < 40, `the message moved by ${now - top} pixels`);
});

test('a phone: reload without network, a failed message sent again', async (context) => {
  const { server, profile, page, picture } = await openDemo(context, PHONE, '/?left=alice');
  await conversation(page, AB).waitFor();
  await page.locator('html[data-offline=ready]').waitFor({ state: 'attached' });
  await picture('phone-list');
  await fits(page);
  await open(page, AB);
  await message(page, 'See you there.').waitFor();
  await until('the beginning', async () => {
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    return (await page.getByTestId('history-end').count()) > 0;
  });
  const all = await idsOf(page);
  await page.getByRole('log').evaluate((log) => log.scrollTo(0, log.scrollHeight));
  await picture('phone-chat');
  await fits(page);

  await profile.setOffline(true);
  await page.reload();
  await page.locator('[data-testid=banner][data-state=offline]').waitFor();
  await message(page, 'See you there.').waitFor();
  await page.getByTestId('back').click();
  await open(page, AB);
  await until('all of the history', async () => {
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    return (await page.getByTestId('message').count()) === all.length;
  });
  assert.deepEqual(await idsOf(page), all);

  await say(page, 'Into the void');
  const row = message(page, 'Into the void');
  await row.getByTestId('resend').waitFor({ timeout: 60_000 });
  await picture('phone-failed');
  await profile.setOffline(false);
  await until('the connection', async () => (await page.getByTestId('banner').count()) === 0, { seconds: 60 });
  await row.getByTestId('resend').click();
  await state(row, 'Sent').waitFor();
  assert.equal(await row.count(), 1);
  const sent = async () => (await server.log(AB)).filter(({ sendID }) => sendID === 'alice').length;
  await until('it at the server', async () => (await sent()) > 24);
  assert.equal(await sent(), 25, '24 of the seed and this one');
}, { seconds: 240 });

test('what a conversation can do, and signing in again', async (context) => {
  const { server, page, picture } = await openDemo(context, DESKTOP, '/', 'dark');
  const alice = page.getByTestId('pane-left');
  const menu = async (name) => {
    await conversation(alice, AB).hover();
    await conversation(alice, AB).getByTestId('conversation-menu').click();
    await alice.getByRole('menuitem', { name, exact: true }).click();
  };
  const first = () => alice.getByTestId('conversation').first().getAttribute('data-id');
  await conversation(alice, AB).waitFor();
  await menu('Pin');
  await until('the pinned one on top', async () => (await first()) === AB);
  await menu('Mute');
  await conversation(alice, AB).locator('.badge.muted').waitFor();
  await menu('Mark as read');
  await until('no badge', async () => (await conversation(alice, AB).getByTestId('unread').count()) === 0);

  // A draft stays with its conversation.
  await open(alice, AB);
  await alice.getByTestId('composer').fill("it's not finished");
  await open(alice, 'sg_garden');
  await until('the draft', async () =>
    /Draft: it's not finished/.test(await conversation(alice, AB).getByTestId('preview').textContent()),
  );
  await server.control('send', { from: 'bob', to: 'alice', content: { strange: true }, contentType: 12345 });
  await say(alice, 'Good night');
  await picture('desktop-dark');

  await menu('Delete');
  await alice.getByTestId('confirm').click();
  await until('it is gone', async () => (await conversation(alice, AB).count()) === 0);

  await server.control('kick', { userID: 'alice', platformID: 5 });
  const banner = alice.locator('[data-testid=banner][data-state=kicked]');
  await banner.waitFor();
  await picture('desktop-kicked');
  await banner.getByTestId('sign-in-again').click();
  await until('the connection', async () => (await alice.getByTestId('banner').count()) === 0);
  await conversation(alice, 'sg_garden').waitFor();
});

test('a chat cleared for both is empty on both sides, also after a reload, and goes on', async (context) => {
  const { page, panes } = await openTwo(context);
  const [alice, bob] = panes;
  const clear = async () => {
    await conversation(alice, AB).hover();
    await choose(alice, conversation(alice, AB).getByTestId('conversation-menu'), 'Clear for both');
    await alice.getByTestId('confirm').click();
  };
  const previews = () => Promise.all(panes.map((pane) => conversation(pane, AB).getByTestId('preview').textContent()));
  const isEmpty = async (pane) => {
    await pane.getByTestId('history-end').getByText('No messages yet.').waitFor();
    assert.deepEqual(await idsOf(pane), []);
  };
  for (const pane of panes) await open(pane, AB);
  await say(alice, 'To be forgotten');
  await message(bob, 'To be forgotten').waitFor();
  await clear();
  for (const pane of panes) await isEmpty(pane);
  await until('no previews', async () => (await previews()).join('') === '');

  // Bob is elsewhere, and has not read it.
  await open(bob, 'sg_garden');
  await say(alice, 'And this too');
  await conversation(bob, AB).getByTestId('unread').waitFor();
  await clear();
  await isEmpty(alice);
  await gone('the badge', conversation(bob, AB).getByTestId('unread'));
  await open(bob, AB);
  await isEmpty(bob);

  await page.reload();
  for (const pane of panes) {
    await connected(pane);
    await isEmpty(pane);
  }
  assert.deepEqual(await previews(), ['', '']);
  await say(bob, 'A new page');
  await message(alice, 'A new page').waitFor();
  for (const pane of panes) assert.equal((await idsOf(pane)).length, 1);
});

test('the page keeps every file of itself before anybody signs in', async (context) => {
  const { page } = await openDemo(context, PHONE);
  await page.getByTestId('pick-carol').waitFor();
  await page.locator('html[data-offline=ready]').waitFor({ state: 'attached' });
  const kept = await page.evaluate(async () => (await (await caches.open('openim-demo')).keys()).map(({ url }) => url));
  const built = readdirSync(join(repository, 'www-demo/dist/assets'));
  assert.ok(built.some((name) => name.endsWith('.wasm')) && built.some((name) => /worker/.test(name)), built.join());
  const missing = built.filter((name) => !kept.some((url) => url.endsWith(`/assets/${name}`)));
  assert.deepEqual(missing, []);
});

test('the choice of a user', async (context) => {
  const { page, picture } = await openDemo(context, PHONE);
  await page.getByTestId('pick-carol').waitFor();
  await picture('phone-picker');
  await fits(page);
  await page.getByTestId('pick-carol').click();
  await until('Carol', async () => (await page.getByTestId('me').textContent()) === 'Carol');
  await begin(page, 'New chat');
  await page.getByTestId('new-chat-user').fill('nobody-there');
  await page.getByTestId('submit').click();
  await page.getByTestId('new-chat-dialog').getByRole('alert').waitFor();
  await page.getByTestId('new-chat-user').fill('bob');
  await page.getByTestId('submit').click();
  await until('the chat', async () => (await page.getByTestId('chat-title').textContent()) === 'Bob');
  await say(page, 'First words');
  await state(message(page, 'First words'), 'Sent').waitFor();
  await page.getByTestId('back').click();
  await conversation(page, 'si_bob_carol').waitFor();
  await page.getByTestId('leave').click();
  await page.getByTestId('user-picker').waitFor();
});

test('the test server begins anew', async (context) => {
  const { server, page } = await openDemo(context, DESKTOP);
  const [alice, bob] = [page.getByTestId('pane-left'), page.getByTestId('pane-right')];
  await open(alice, 'sg_garden');
  await open(bob, 'sg_garden');
  await say(alice, 'Soon forgotten');
  await message(bob, 'Soon forgotten').waitFor();
  await server.control('reset', { seed: 'demo' });
  for (const pane of [alice, bob]) {
    // The old session ends; the new one's list comes from the new server.
    await until('a list anew', async () => (await pane.getByTestId('chat').count()) === 0, { seconds: 60 });
    await conversation(pane, 'sg_garden').waitFor();
    await open(pane, 'sg_garden');
  }
  await say(bob, 'A new life');
  await message(alice, 'A new life').waitFor();
  assert.equal(await message(alice, 'Soon forgotten').count(), 0);
});
