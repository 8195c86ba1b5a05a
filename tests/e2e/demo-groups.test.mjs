// The demo's groups: create, members and roles, muting, handing over, join requests, the end.
import assert from 'node:assert/strict';
import { AB, begin, choose, connected, conversation, fits, gone, message, open, openDemo, openTwo, PHONE, row, say, state } from './demo-page.mjs';
import { test, until } from './harness.mjs';

/** Creates a group with some friends; its ID. */
async function create(pane, name, members) {
  await begin(pane, 'New group');
  await pane.getByTestId('group-name').fill(name);
  for (const member of members) await pane.getByTestId(`choose-${member}`).check();
  await pane.getByTestId('submit').click();
  await pane.getByTestId('group-page').waitFor();
  return pane.getByTestId('group-id').textContent();
}
async function openGroup(pane, id) {
  await pane.getByTestId('tab-groups').click();
  await row(pane, 'group', id).getByRole('button').click();
  await pane.getByTestId('group-page').waitFor();
}
const act = (pane, member, name) => choose(pane, row(pane, 'member', member).getByTestId('member-menu'), name);
const roleIs = (pane, member, role) =>
  until(`${member} as ${role}`, async () => (await row(pane, 'member', member).getAttribute('data-role')) === String(role));

test('a group: created, members changed, muted, handed over, left', async (context) => {
  const { page, panes, picture } = await openTwo(context);
  const [alice, bob] = panes;
  const id = await create(alice, 'Hikers', ['bob', 'carol']);
  const chatID = `sg_${id}`;
  await openGroup(bob, id);
  await until('three members', async () => (await bob.getByTestId('member').count()) === 3);
  assert.equal(await bob.getByTestId('member-menu').count(), 0, 'ordinary members change nobody');

  await alice.getByTestId('invite').click();
  assert.equal(await alice.getByTestId('choose-bob').count(), 0, 'members cannot be invited');
  await alice.getByTestId('choose-dave').check();
  await alice.getByTestId('submit').click();
  await row(alice, 'member', 'dave').waitFor();
  await row(bob, 'member', 'dave').waitFor();
  await act(alice, 'carol', 'Remove');
  await alice.getByTestId('confirm').click();
  await gone('Carol', row(alice, 'member', 'carol'));
  await gone('Carol', row(bob, 'member', 'carol'));

  await act(alice, 'bob', 'Make administrator');
  await roleIs(alice, 'bob', 60);
  await roleIs(bob, 'bob', 60);
  await row(bob, 'member', 'dave').getByTestId('member-menu').waitFor();
  await picture('desktop-group');
  await act(alice, 'bob', 'Make an ordinary member');
  await roleIs(bob, 'bob', 20);

  // Muted: no composer; and again when it ends.
  await bob.getByTestId('group-chat').click();
  await bob.getByTestId('composer').waitFor();
  await act(alice, 'bob', 'Mute for 10 minutes');
  await row(alice, 'member', 'bob').getByTestId('member-muted').waitFor();
  await bob.getByTestId('silence').waitFor();
  await message(bob, 'Alice muted you').waitFor();
  await act(alice, 'bob', 'Unmute');
  await bob.getByTestId('composer').waitFor();
  await alice.getByTestId('set-mute').click();
  await until('the mute', async () => /group is muted/.test(await bob.getByTestId('silence').textContent()));
  await alice.getByTestId('group-muted').waitFor();
  await alice.getByTestId('set-mute').click();
  await bob.getByTestId('composer').waitFor();
  await say(bob, 'Free again');
  await state(message(bob, 'Free again'), 'Sent').waitFor();

  await bob.getByTestId('details').click();
  await bob.getByTestId('group-nickname').fill('Bob the guide');
  await bob.getByTestId('group-nickname-save').click();
  await row(alice, 'member', 'bob').getByText('Bob the guide').waitFor();

  await alice.getByTestId('set-name').fill('Slow hikers');
  await alice.getByTestId('set-announcement').fill('We meet at the gate at nine.');
  await alice.getByTestId('set-save').click();
  await bob.getByTestId('announcement').getByText('at nine').waitFor();
  await until('the new name', async () => (await bob.getByTestId('page-title').textContent()) === 'Slow hikers');
  await picture('desktop-group-settings');

  await act(alice, 'bob', 'Hand the group over');
  await alice.getByTestId('confirm').click();
  await roleIs(alice, 'bob', 100);
  await roleIs(bob, 'alice', 20);
  await alice.getByTestId('group-end').click();
  await alice.getByTestId('confirm').click();
  await gone('the group', row(alice, 'group', id));
  await gone('Alice', row(bob, 'member', 'alice'));

  await bob.getByTestId('group-end').click();
  await bob.getByTestId('confirm').click();
  await gone('the group', row(bob, 'group', id));
  await bob.getByTestId('tab-chats').click();
  await open(bob, chatID);
  await until('the end', async () => /dismissed|not in/.test(await bob.getByTestId('silence').textContent()));
  assert.equal(await page.getByTestId('notice').getByRole('paragraph').count(), 0, 'nothing failed');
});

test('the owner takes back what a member wrote; an announcement is read in the chat', async (context) => {
  const { panes } = await openTwo(context);
  const [alice, bob] = panes;
  const id = await create(alice, 'Choir', ['bob']);
  await openGroup(bob, id);
  for (const pane of panes) await pane.getByTestId('group-chat').click();
  await say(alice, 'Quiet, please');
  await say(bob, 'La la la');
  const menuOf = async (pane, text) => {
    await message(pane, text).hover();
    await message(pane, text).getByTestId('message-menu').click();
  };
  await menuOf(bob, 'Quiet, please');
  await bob.getByRole('menuitem', { name: 'Reply' }).waitFor();
  assert.equal(await bob.getByRole('menuitem', { name: 'Take back' }).count(), 0, 'a member takes back what others wrote');
  await bob.page().keyboard.press('Escape');
  await menuOf(alice, 'La la la');
  await alice.getByRole('menuitem', { name: 'Take back' }).click();
  await message(alice, 'You took back a message of Bob').waitFor();
  await message(bob, 'Alice took back a message of yours').waitFor();
  for (const pane of panes) assert.equal(await message(pane, 'La la la').count(), 0);

  await alice.getByTestId('details').click();
  await alice.getByTestId('set-announcement').fill('We sing at six.');
  await alice.getByTestId('set-save').click();
  await message(bob, 'Alice announced: We sing at six.').waitFor();
});

test('join requests are answered by the owner', async (context) => {
  const { panes, picture } = await openTwo(context, 'alice', 'erin');
  const [alice, erin] = panes;
  const ask = async (words) => {
    await begin(erin, 'Join a group');
    await erin.getByTestId('join-id').fill('garden');
    await erin.getByTestId('join-words').fill(words);
    await erin.getByTestId('submit').click();
    await gone('the dialog', erin.getByTestId('join-group'));
  };
  await openGroup(alice, 'garden');
  await alice.getByTestId('set-verification').selectOption('0');
  await ask('I have a shovel');
  await alice.getByTestId('waiting-groups').waitFor();
  await alice.getByTestId('open-group-requests').click();
  const asked = alice.getByTestId('received').getByTestId('request').filter({ hasText: 'Erin' });
  await asked.getByText('I have a shovel').waitFor();
  await picture('desktop-join-requests');
  await asked.getByTestId('refuse').click();
  await gone('the badge', alice.getByTestId('waiting-groups'));
  await erin.getByTestId('tab-groups').click();
  await erin.getByTestId('open-group-requests').click();
  await erin.getByTestId('sent').getByText('Refused').waitFor();
  await ask('And seeds');
  await asked.getByTestId('accept').click();
  await row(erin, 'group', 'garden').waitFor();
  await erin.getByTestId('sent').getByText('Accepted').waitFor();
  await erin.getByTestId('tab-chats').click();
  await conversation(erin, 'sg_garden').waitFor();
});

test('a phone: a group and its settings', async (context) => {
  const { page, picture } = await openDemo(context, PHONE, '/?left=alice');
  await connected(page);
  await page.getByTestId('tab-groups').click();
  await row(page, 'group', 'garden').waitFor();
  await picture('phone-groups');
  await fits(page);
  await row(page, 'group', 'garden').getByRole('button').click();
  await row(page, 'member', 'dave').waitFor();
  await picture('phone-group');
  await fits(page);
  await row(page, 'member', 'dave').getByRole('button').first().click();
  await page.getByTestId('user-page').waitFor();
  await page.getByTestId('page-back').click();
  await page.getByTestId('group-end').scrollIntoViewIfNeeded();
  await picture('phone-group-settings');
  await page.getByTestId('page-back').click();
  await begin(page, 'New group');
  await page.getByTestId('choose-bob').check();
  await picture('phone-new-group');
  await fits(page);
});

test('a large group is read in steps and searched', async (context) => {
  const { server, page } = await openDemo(context, PHONE, '/?left=alice');
  await connected(page);
  await server.control('bulk', { userID: 'alice', conversations: 400, messages: 0 });
  const memberUserIDs = Array.from({ length: 400 }, (_, n) => `peer${String(n).padStart(5, '0')}`);
  const groupInfo = { groupID: 'village', groupName: 'Village', groupType: 2 };
  const headers = { token: await server.token('alice', 1), operationID: 'large-group' };
  const answer = await server.post('/group/create_group', { ownerUserID: 'alice', memberUserIDs, groupInfo }, headers);
  assert.equal(answer.errCode, 0);
  await openGroup(page, 'village');
  await until('the number', async () => (await page.getByTestId('member-count').textContent()) === '401 members');
  const shown = () => page.getByTestId('member').count();
  await until('the first members', async () => (await shown()) >= 50);
  assert.ok((await shown()) < 401, 'not all at once');
  await until('all members', async () => {
    await page.getByTestId('members').evaluate((list) => list.lastElementChild.scrollIntoView());
    return (await shown()) === 401;
  });
  await page.getByTestId('member-filter').fill('Peer 399');
  await until('the one', async () => (await shown()) === 1);
  await row(page, 'member', 'peer00399').waitFor();
});

test('who types in a group is named, also before the first word', async (context) => {
  const { panes } = await openTwo(context);
  const [alice, bob] = panes;
  // What is told once and not stored reaches only whom the server knows to be online.
  await open(bob, AB);
  await until('Alice to be online', async () => (await bob.getByTestId('presence').textContent()) === 'Online');
  const id = await create(alice, 'Quiet ones', ['bob']);
  for (const pane of panes) {
    if (pane === bob) await openGroup(bob, id);
    await pane.getByTestId('group-chat').click();
    await pane.getByTestId('composer').waitFor();
  }
  await bob.getByTestId('composer').fill('So…');
  await until('typing', async () => (await alice.getByTestId('typing').textContent()) === 'Bob is typing…');
});
