// The demo as who hosts a server tries it: two people sign in with their tokens, side by side, and do what people do.
import assert from 'node:assert/strict';
import { DESKTOP, begin, choose, connected, conversation, gone, idsOf, message, open, row, say, state } from '../e2e/demo-page.mjs';
import { test, until, watch } from '../e2e/harness.mjs';
import { befriend, demoFolder, found, pair, register, serve, settings, storage, world } from './world.mjs';

/** The demo in a window with room for two, both signed in. */
async function openTwo(context, left, right) {
  const site = await serve(context, demoFolder);
  const page = watch(context, await (await storage(await world(context))).newPage(), 'demo');
  await page.setViewportSize(DESKTOP);
  await page.goto(`${site}/?${new URLSearchParams({ api: settings.api, ws: settings.ws })}`);
  const panes = [page.getByTestId('pane-left'), page.getByTestId('pane-right')];
  for (const [n, { id, name, token }] of [left, right].entries()) {
    await panes[n].getByTestId('user-picker').waitFor();
    assert.equal(await panes[n].locator('[data-testid^=pick-]').count(), n, 'nobody is offered but who signed in here');
    await panes[n].getByTestId('token').fill(token);
    await panes[n].getByTestId('sign-in').click();
    await connected(panes[n]);
    await until(`${id} by name`, async () => (await panes[n].getByTestId('me').textContent()) === name);
  }
  return { page, panes };
}

/** A chat of the left with the right. */
async function meet(a, b, left, right) {
  await begin(a, 'New chat');
  await a.getByTestId('new-chat-user').fill(right.id);
  await a.getByTestId('submit').click();
  await say(a, 'Good morning');
  await open(b, pair(left, right));
}

test('two people find each other and chat: ticks, typing, replies, taking back, clearing', async (context) => {
  const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
  const { page, panes: [a, b] } = await openTwo(context, ann, bob);
  const id = pair(ann, bob);
  await begin(a, 'New chat');
  await a.getByTestId('new-chat-user').fill(bob.id);
  await a.getByTestId('submit').click();
  await say(a, 'Hello from the left');
  await state(message(a, 'Hello from the left'), 'Sent').waitFor();
  await conversation(b, id).getByTestId('unread').waitFor();
  await open(b, id);
  await state(message(a, 'Hello from the left'), 'Read').waitFor();
  await a.getByTestId('composer').fill('I am still…');
  await until('typing', async () => (await b.getByTestId('typing').textContent()) === 'typing…');
  await a.getByTestId('composer').fill('');
  await until('no typing', async () => (await b.getByTestId('typing').textContent()) === '');
  await say(b, 'Hello from the right');
  await message(a, 'Hello from the right').waitFor();
  await state(message(b, 'Hello from the right'), 'Read').waitFor();
  await message(a, 'Hello from the right').hover();
  await message(a, 'Hello from the right').getByTestId('reply').click();
  await say(a, 'A reply');
  await message(b, 'A reply').getByText('Hello from the right').waitFor();
  await say(a, 'Never said');
  await message(b, 'Never said').waitFor();
  await state(message(a, 'Never said'), 'Read').waitFor();
  await message(a, 'Never said').hover();
  await message(a, 'Never said').getByTestId('message-menu').click();
  await a.getByRole('menuitem', { name: 'Take back' }).click();
  await message(b, 'Ann took a message back').waitFor();
  await message(a, 'You took a message back').waitFor();
  assert.deepEqual(await idsOf(a), await idsOf(b));

  // Who loads the page again is still signed in, and has it all.
  const before = await idsOf(a);
  await page.reload();
  for (const pane of [a, b]) await connected(pane);
  await open(a, id);
  await until('the same messages', async () => JSON.stringify(await idsOf(a)) === JSON.stringify(before));

  await conversation(a, id).hover();
  await choose(a, conversation(a, id).getByTestId('conversation-menu'), 'Clear messages');
  await a.getByTestId('confirm').click();
  await until('none here', async () => (await idsOf(a)).length === 0);
  await open(b, id);
  await until('all there', async () => (await idsOf(b)).length === before.length);

  // For both: with both chats open, and once more when Bob has not read it.
  const clear = async () => {
    await conversation(a, id).hover();
    await choose(a, conversation(a, id).getByTestId('conversation-menu'), 'Clear for both');
    await a.getByTestId('confirm').click();
  };
  const areEmpty = async () => {
    for (const pane of [a, b]) {
      await until('an empty chat', async () => (await pane.getByTestId('history-end').count()) > 0 && (await idsOf(pane)).length === 0);
      assert.equal(await conversation(pane, id).getByTestId('preview').textContent(), '');
    }
  };
  await say(a, 'To be forgotten');
  await message(b, 'To be forgotten').waitFor();
  await clear();
  await areEmpty();
  await begin(b, 'New chat');
  await b.getByTestId('new-chat-user').fill(cid.id);
  await b.getByTestId('submit').click();
  await until('the other chat', async () => (await b.getByTestId('chat-title').textContent()) === cid.name);
  await say(a, 'And this too');
  await conversation(b, id).getByTestId('unread').waitFor();
  await clear();
  await gone('the badge', conversation(b, id).getByTestId('unread'));
  await open(b, id);
  await areEmpty();
  await page.reload();
  for (const pane of [a, b]) await connected(pane);
  await areEmpty();
  await say(b, 'A new page');
  await message(a, 'A new page').waitFor();
  for (const pane of [a, b]) assert.equal((await idsOf(pane)).length, 1);
  assert.equal(await page.getByTestId('notice').getByRole('paragraph').count(), 0, 'nothing failed');
}, { seconds: 240 });

test('a picture and a file arrive; a picture whose preview the server refuses is shown all the same', async (context) => {
  const [ann, bob] = await register('Ann', 'Bob');
  await befriend(ann, bob);
  const { panes: [a, b] } = await openTwo(context, ann, bob);
  await begin(a, 'New chat');
  await a.getByTestId('new-chat-user').fill(bob.id);
  await a.getByTestId('submit').click();
  const svg = "<svg xmlns='http://www.w3.org/2000/svg' width='240' height='150'><rect width='240' height='150' fill='#0f766e'/></svg>";
  await a.getByTestId('attach-media').setInputFiles([{ name: 'hill.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) }]);
  const id = pair(ann, bob);
  await open(b, id);
  const picture = b.locator('[data-testid=message][data-kind="102"] img').first();
  await until('the picture', () => picture.evaluate((image) => image.complete && image.naturalWidth > 0).catch(() => false));
  await a.getByTestId('attach-file').setInputFiles([{ name: 'seeds.txt', mimeType: 'text/plain', buffer: Buffer.from('Sunflowers, beans') }]);
  const address = await message(b, 'seeds.txt').getByRole('link').first().getAttribute('href');
  assert.equal(await (await fetch(address)).text(), 'Sunflowers, beans');
}, { seconds: 120 });

test('friends: a request, its badge, accepted; blocked and unblocked', async (context) => {
  const [ann, bob] = await register('Ann', 'Bob');
  const { panes: [a, b] } = await openTwo(context, ann, bob);
  await meet(a, b, ann, bob);
  await begin(a, 'Add a friend');
  await a.getByTestId('friend-id').fill(bob.id);
  await a.getByTestId('friend-words').fill('from next door');
  await a.getByTestId('submit').click();
  await b.getByTestId('waiting-contacts').waitFor();
  await b.getByTestId('tab-contacts').click();
  await b.getByTestId('open-friend-requests').click();
  const asked = b.getByTestId('received').getByTestId('request').filter({ hasText: 'Ann' });
  await asked.getByText('from next door').waitFor();
  await asked.getByTestId('accept').click();
  await a.getByTestId('tab-contacts').click();
  await row(a, 'contact', bob.id).waitFor();
  await row(b, 'contact', ann.id).waitFor();
  await row(a, 'contact', bob.id).getByRole('button').click();
  await a.getByTestId('user-block').click();
  await a.getByTestId('user-page').getByText('are refused').waitFor();
  await b.getByTestId('tab-chats').click();
  await open(b, pair(ann, bob));
  await say(b, 'Do you hear me?');
  await message(b, 'Do you hear me?').getByTestId('resend').waitFor();
  await a.getByTestId('open-blocked').click();
  await row(a, 'blocked', bob.id).getByTestId('unblock').click();
  await gone('the entry', row(a, 'blocked', bob.id));
  await message(b, 'Do you hear me?').getByTestId('resend').click();
  await state(message(b, 'Do you hear me?'), 'Sent').waitFor();
}, { seconds: 120 });

test('a group: who asks to join is seen with words and name, let in, named, and hears of the announcement', async (context) => {
  const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
  const groupID = await found([ann, cid], { groupName: 'Hikers', needVerification: 1 });
  const { page, panes: [a, b] } = await openTwo(context, ann, bob);
  await begin(b, 'Join a group');
  await b.getByTestId('join-id').fill(groupID);
  await b.getByTestId('join-words').fill('I have boots');
  await b.getByTestId('submit').click();
  await gone('the dialog', b.getByTestId('join-group'));
  await a.getByTestId('waiting-groups').waitFor();
  await a.getByTestId('tab-groups').click();
  await a.getByTestId('open-group-requests').click();
  const asked = a.getByTestId('received').getByTestId('request').filter({ hasText: 'Bob' });
  await asked.getByText('I have boots').waitFor();
  await asked.getByText('Hikers').waitFor();
  await asked.getByTestId('accept').click();
  await conversation(b, `sg_${groupID}`).waitFor();
  // Somewhere else when he is named.
  await a.getByTestId('tab-chats').click();
  await open(a, `sg_${groupID}`);
  await a.getByTestId('composer').pressSequentially('@Bo');
  await a.getByTestId('mentions').getByRole('option').filter({ hasText: 'Bob' }).getByRole('button').click();
  await a.getByTestId('composer').pressSequentially('welcome');
  await a.getByTestId('send').click();
  await conversation(b, `sg_${groupID}`).locator('.at-mark').waitFor();
  await open(b, `sg_${groupID}`);
  await message(b, 'welcome').waitFor();
  await gone('the mark', conversation(b, `sg_${groupID}`).locator('.at-mark'));
  await say(b, 'Thank you');
  await message(a, 'Thank you').waitFor();

  // Of everybody, and of the announcement, elsewhere: then he looks.
  await begin(b, 'New chat');
  await b.getByTestId('new-chat-user').fill(ann.id);
  await b.getByTestId('submit').click();
  await until('the other chat', async () => (await b.getByTestId('chat-title').textContent()) === 'Ann');
  const mark = conversation(b, `sg_${groupID}`).locator('.at-mark');
  await a.getByTestId('composer').pressSequentially('@ever');
  await a.getByTestId('mentions').getByRole('option').getByRole('button').click();
  await a.getByTestId('composer').pressSequentially('hurry');
  await a.getByTestId('send').click();
  await mark.waitFor();
  await open(b, `sg_${groupID}`);
  await gone('the mark', mark);
  await a.getByTestId('details').click();
  await a.getByTestId('set-announcement').fill('We meet at nine');
  await a.getByTestId('set-save').click();
  await message(b, 'Ann announced: We meet at nine').waitFor();
  await a.getByTestId('page-back').click();

  // The owner takes back what a member wrote.
  await message(a, 'Thank you').hover();
  await choose(a, message(a, 'Thank you').getByTestId('message-menu'), 'Take back');
  await message(a, 'You took back a message of Bob').waitFor();
  await message(b, 'Ann took back a message of yours').waitFor();
  for (const pane of [a, b]) assert.equal(await message(pane, 'Thank you').count(), 0);
  assert.equal(await page.getByTestId('notice').getByRole('paragraph').filter({ hasText: 'failed' }).count(), 0, 'nothing failed');
}, { seconds: 120 });
