// The demo as a person uses it: two users side by side, unread and read ticks, offline, resend.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openProfile, repository, startServer, test, until, watch } from './harness.mjs';

const AB = 'conversation-si_alice_bob';

test('two seeded users chat side by side', async (context) => {
  const server = await startServer(context, { files: join(repository, 'www-demo/dist') });
  const profile = await openProfile(context);
  const page = watch(context, await profile.newPage(), 'demo');
  await page.setViewportSize({ width: 1280, height: 800 });
  const shots = join(process.env.OPENIM_WEB_TARGET, 'screenshots');
  mkdirSync(shots, { recursive: true });
  await page.goto(server.api);
  await page.screenshot({ path: join(shots, 'picker.png') });
  await page.getByTestId('user-alice').click();
  const alice = page.getByTestId('pane-alice');
  const bob = page.getByTestId('pane-bob');
  await alice.getByTestId(AB).waitFor();
  await bob.getByTestId(AB).waitFor();
  assert.equal(await alice.getByTestId(AB).getByTestId('unread').textContent(), '4');

  await alice.getByTestId(AB).click();
  await alice.getByText('See you there.').first().waitFor();
  await until('the unread badge to go', async () => (await alice.getByTestId(AB).getByTestId('unread').count()) === 0);
  await bob.getByTestId(AB).click();
  await alice.getByTestId('composer').fill('Hello from the left');
  await bob.getByTestId('typing').waitFor();
  await alice.getByTestId('send').click();
  await bob.getByTestId('message').filter({ hasText: 'Hello from the left' }).waitFor();
  await alice.getByTestId('message').filter({ hasText: 'Hello from the left' }).getByLabel('read', { exact: true }).waitFor();
  await bob.getByTestId('composer').fill('And back');
  await bob.getByTestId('send').click();
  await alice.getByTestId('message').filter({ hasText: 'And back' }).waitFor();
  await page.screenshot({ path: join(shots, 'desktop.png') });

  // Back through the whole history.
  await until('the beginning', async () => {
    await alice.getByRole('log').evaluate((log) => { log.scrollTop = 0; });
    return (await alice.getByText('Beginning of the conversation').count()) > 0;
  });
  const shown = await alice.getByTestId('message').evaluateAll((rows) => rows.map((row) => row.dataset.id));
  const stored = (await server.log('si_alice_bob')).map((message) => message.clientMsgID);
  assert.deepEqual(shown, stored);
});

test('a phone, the network cut, and a failed message sent again', async (context) => {
  const server = await startServer(context, { files: join(repository, 'www-demo/dist') });
  const profile = await openProfile(context);
  const page = watch(context, await profile.newPage(), 'demo');
  await page.setViewportSize({ width: 375, height: 812 });
  const shots = join(process.env.OPENIM_WEB_TARGET, 'screenshots');
  await page.goto(`${server.api}/?user=alice`);
  await page.getByTestId(AB).waitFor();
  await page.screenshot({ path: join(shots, 'phone-list.png') });
  await page.getByTestId(AB).click();
  await page.getByTestId('message').filter({ hasText: 'See you there.' }).waitFor();
  await page.screenshot({ path: join(shots, 'phone-chat.png') });

  await server.control('refuse', { on: true });
  await server.control('disconnect', { userID: 'alice' });
  await page.getByTestId('banner').filter({ hasText: /Offline|Connecting/ }).waitFor();
  await page.getByTestId('composer').fill('Into the void');
  await page.getByTestId('send').click();
  const row = page.getByTestId('message').filter({ hasText: 'Into the void' });
  await row.getByTestId('resend').waitFor({ timeout: 60_000 });
  await page.screenshot({ path: join(shots, 'phone-failed.png') });
  await server.control('refuse', { on: false });
  await until('the connection', async () => (await page.getByTestId('banner').count()) === 0, { seconds: 60 });
  await row.getByTestId('resend').click();
  await row.getByLabel('sent').waitFor();
  const copies = (await server.log('si_alice_bob')).filter((m) => m.sendID === 'alice').length;
  assert.equal(await row.count(), 1);
  assert.equal(copies, 25, '24 of the seed and this one');
}, { seconds: 240 });
