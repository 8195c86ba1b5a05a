// The demo's contacts: friend requests in both directions, remark, black list, presence, the own profile.
import assert from 'node:assert/strict';
import {
  PHONE, addressOf, begin, connected, conversation, fits, gone, message, open, openDemo, openTwo, row, say, state,
} from './demo-page.mjs';
import { test, until } from './harness.mjs';

const ask = async (pane, userID, words) => {
  await begin(pane, 'Add a friend');
  await pane.getByTestId('friend-id').fill(userID);
  await pane.getByTestId('friend-words').fill(words);
  await pane.getByTestId('submit').click();
};
const openRequests = async (pane) => {
  await pane.getByTestId('tab-contacts').click();
  await pane.getByTestId('open-friend-requests').click();
};
const request = (pane, direction, name) =>
  pane.getByTestId(direction).getByTestId('request').filter({ hasText: name });
const answered = (request, result) =>
  until(`the answer ${result}`, async () => (await request.getAttribute('data-result')) === String(result));

test('a friend request is refused, asked again and accepted', async (context) => {
  const { page, panes, picture } = await openTwo(context, 'alice', 'erin');
  const [alice, erin] = panes;
  await ask(erin, 'nobody-there', '');
  await erin.getByTestId('add-friend').getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await gone('the dialog', erin.getByTestId('add-friend'));

  await ask(erin, 'alice', 'May I join in?');
  await gone('the dialog', erin.getByTestId('add-friend'));
  // The other side sees a badge without doing anything.
  await alice.getByTestId('waiting-contacts').waitFor();
  assert.equal(await alice.getByTestId('waiting-contacts').textContent(), '1');
  await openRequests(alice);
  await openRequests(erin);
  await request(alice, 'received', 'Erin').getByText('May I join in?').waitFor();
  await request(erin, 'sent', 'Alice').getByText('Not answered yet').waitFor();
  await picture('desktop-friend-requests');
  await request(alice, 'received', 'Erin').getByTestId('refuse').click();
  await answered(request(alice, 'received', 'Erin'), -1);
  await answered(request(erin, 'sent', 'Alice'), -1);
  await gone('the badge', alice.getByTestId('waiting-contacts'));
  assert.equal(await row(erin, 'contact', 'alice').count(), 0);

  await ask(erin, 'alice', 'Please!');
  await request(alice, 'received', 'Erin').getByTestId('accept').click();
  await row(alice, 'contact', 'erin').waitFor();
  await row(erin, 'contact', 'alice').waitFor();
  await answered(request(erin, 'sent', 'Alice'), 1);
  // A friendship begins with a message in the chat of both.
  await alice.getByTestId('tab-chats').click();
  await conversation(alice, 'si_alice_erin').waitFor();
});

test('remark, black list, the end of a friendship', async (context) => {
  const { panes, picture } = await openTwo(context);
  const [alice, bob] = panes;
  await alice.getByTestId('tab-contacts').click();
  await row(alice, 'contact', 'bob').getByRole('button').click();
  await alice.getByTestId('user-page').waitFor();
  await alice.getByTestId('remark').fill('Bobby');
  await alice.getByTestId('remark-save').click();
  await until('the remark', async () => (await alice.getByTestId('page-title').textContent()) === 'Bobby');
  await row(alice, 'contact', 'bob').getByText('Bobby').waitFor();
  await alice.getByTestId('user-pin').click();
  const first = () => alice.getByTestId('contact').first().getAttribute('data-id');
  await until('the pinned one on top', async () => (await first()) === 'bob');

  await alice.getByTestId('list-filter').fill('bobb');
  await gone('the others', row(alice, 'contact', 'carol'));
  assert.equal(await row(alice, 'contact', 'bob').count(), 1);
  await alice.getByTestId('list-filter').fill('');
  await row(alice, 'contact', 'carol').waitFor();

  await alice.getByTestId('user-block').click();
  await alice.getByTestId('user-page').getByText('are refused').waitFor();
  await picture('desktop-contact');
  await open(bob, 'si_alice_bob');
  await say(bob, 'Do you hear me?');
  await message(bob, 'Do you hear me?').getByText('you are blocked by this user').waitFor();
  await alice.getByTestId('open-blocked').click();
  await row(alice, 'blocked', 'bob').getByTestId('unblock').click();
  await gone('the entry', row(alice, 'blocked', 'bob'));
  await message(bob, 'Do you hear me?').getByTestId('resend').click();
  await state(message(bob, 'Do you hear me?'), 'Sent').waitFor();

  await row(alice, 'contact', 'bob').getByRole('button').click();
  await alice.getByTestId('user-remove').click();
  await alice.getByTestId('confirm').click();
  await gone('the friend', row(alice, 'contact', 'bob'));
  await alice.getByTestId('user-add').waitFor();
});

test('a dot shows who is online', async (context) => {
  const { server, profile, page } = await openDemo(context, PHONE, '/?left=alice');
  await connected(page);
  await conversation(page, 'si_alice_bob').waitFor();
  assert.equal(await conversation(page, 'si_alice_bob').getByTestId('online').count(), 0);
  const other = await profile.newPage();
  await other.setViewportSize(PHONE);
  await other.goto(addressOf(server, '/?left=bob'));
  await connected(other);
  await conversation(page, 'si_alice_bob').getByTestId('online').waitFor();
  await open(page, 'si_alice_bob');
  const presence = page.getByTestId('presence');
  await until('online', async () => (await presence.textContent()) === 'Online');
  await other.close();
  await until('offline', async () => (await presence.textContent()) === 'Offline', { seconds: 60 });
});

test('a phone: contacts and the own profile, by keyboard', async (context) => {
  const { page, picture } = await openDemo(context, PHONE, '/?left=alice');
  await connected(page);
  await page.getByTestId('tab-chats').focus();
  await page.keyboard.press('ArrowRight');
  await row(page, 'contact', 'dave').waitFor();
  await picture('phone-contacts');
  await fits(page);
  await row(page, 'contact', 'dave').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('user-page').waitFor();
  // Focus goes to the page and comes back to the row.
  const focused = (id) => page.evaluate((id) => document.activeElement?.closest(`[data-id="${id}"]`) !== null, id);
  await until('focus on the title', () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'page-title'),
  );
  await picture('phone-contact');
  await fits(page);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await until('focus on the row', () => focused('dave'));

  await page.getByTestId('open-profile').click();
  await page.getByTestId('profile-name').fill('Alice in the garden');
  await page.getByTestId('profile-save').click();
  await until('the new name', async () => (await page.getByTestId('me').textContent()) === 'Alice in the garden');
  await picture('phone-profile');
  await fits(page);
  await page.getByTestId('page-back').click();
  await page.getByTestId('tab-contacts').waitFor();
});
