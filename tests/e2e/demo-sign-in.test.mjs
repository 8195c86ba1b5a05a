// Signing in to the demo on a server that tells nobody who its users are, as a real one: with a token, with the
// secret, with what is wrong said in words.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { addressOf, connected, conversation, DESKTOP, gone, message, openDemo, PHONE, say, state } from './demo-page.mjs';
import { test, until } from './harness.mjs';

/** The demo's page on such a server. */
async function openReal(context, size = PHONE, query = '') {
  const demo = await openDemo(context, size, '/icon.svg');
  await demo.page.route('**/control/users', (route) => route.fulfill({ status: 404, body: '404 page not found' }));
  await demo.page.goto(addressOf(demo.server, `/${query}`));
  await demo.page.getByTestId('user-picker').first().waitFor();
  return demo;
}

async function withToken(pane, token) {
  await pane.getByTestId('token').fill(token);
  await pane.getByTestId('sign-in').click();
}

async function withSecret(pane, { secret = 'openIM123', userID, nickname = '', admin = 'imAdmin' }) {
  if ((await pane.getByTestId('secret').isVisible()) === false) await pane.getByTestId('with-secret').locator('summary').click();
  for (const [field, value] of Object.entries({ secret, 'user-id': userID, nickname, admin })) {
    await pane.getByTestId(field).fill(value);
  }
  await pane.getByTestId('sign-in-secret').click();
}

const says = (pane, words) => pane.getByTestId('sign-in-problem').filter({ hasText: words }).first().waitFor();
const picked = (pane) => pane.locator('[data-testid^=pick-]').count();

test('with a token, which is kept while it is good', async (context) => {
  const { server, page, picture } = await openReal(context);
  assert.equal(await picked(page), 0, 'users are offered that nobody knows of');
  await fitsPicture(page, picture);
  await withToken(page, 'not.a.token');
  await says(page, 'no token');
  await withToken(page, await server.token('alice', 1));
  await says(page, 'for platform 1');
  const old = await server.token('alice');
  await server.control('expire', { userID: 'alice' });
  await withToken(page, old);
  await says(page, 'has expired');
  const token = await server.token('alice');
  // As curl prints it.
  await withToken(page, JSON.stringify({ errCode: 0, errMsg: '', errDlt: '', data: { token, expireTimeSeconds: 7776000 } }));
  await connected(page);
  await conversation(page, 'si_alice_bob').waitFor();
  const kept = () => page.evaluate((name) => localStorage.getItem(name), `openim-demo:token:${server.api}:alice`);
  assert.equal(await kept(), token);
  await page.reload();
  await connected(page);

  // Who signs out is offered again, and gets in with the same token.
  await page.getByTestId('leave').click();
  await page.getByTestId('pick-alice').click();
  await connected(page);
  assert.equal(await kept(), token);

  // Another sign-in takes the place of this one: its token is no good any more, the next one is.
  const next = await server.token('alice');
  await server.control('disconnect', { userID: 'alice' });
  await page.locator('[data-testid=banner]').getByTestId('sign-in-again').click();
  await says(page, 'Another sign-in of this user');
  await withToken(page, next);
  await connected(page);
  assert.equal(await kept(), next);
});

async function fitsPicture(page, picture) {
  await page.getByTestId('with-token').waitFor();
  await picture('phone-sign-in');
}

test('with the secret: two people are registered and chat', async (context) => {
  const { server, page, picture } = await openReal(context, DESKTOP);
  const [left, right] = [page.getByTestId('pane-left'), page.getByTestId('pane-right')];
  await left.getByTestId('with-token').waitFor();
  await withSecret(left, { secret: 'wrong', userID: 'zoe', nickname: 'Zoe' });
  await says(left, 'The secret is not that of this server');
  await withSecret(left, { userID: 'zoe', nickname: 'Zoe', admin: 'alice' });
  await says(left, '“alice” is no administrator');
  await withSecret(left, { userID: 'zoe', nickname: 'Zoe' });
  await withSecret(right, { userID: 'yan', nickname: 'Yan' });
  await connected(left);
  await connected(right);
  await until('her name', async () => (await left.getByTestId('me').textContent()) === 'Zoe');
  await left.getByTestId('new').click();
  await left.getByRole('menuitem', { name: 'New chat', exact: true }).click();
  await left.getByTestId('new-chat-user').fill('yan');
  await left.getByTestId('submit').click();
  await say(left, 'Nice to meet you');
  await state(message(left, 'Nice to meet you'), 'Sent').waitFor();
  await conversation(right, 'si_yan_zoe').getByTestId('conversation-open').click();
  await message(right, 'Nice to meet you').waitFor();
  await picture('desktop-registered');
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!stored.includes('openIM123'), 'the secret is kept');

  // While the page knows the secret, it gets a new token by itself.
  await server.control('kick', { userID: 'zoe', platformID: 5 });
  await left.locator('[data-testid=banner][data-state=kicked]').getByTestId('sign-in-again').click();
  await gone('the banner', left.getByTestId('banner'));
  await connected(left);
});

test('addresses that are wrong are named', async (context) => {
  // A gateway lets no page read what it answers; here the API is in its place.
  const gateway = createServer((_, response) => response.end('{}'));
  await new Promise((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  context.defer(() => {
    gateway.closeAllConnections();
    gateway.close();
  });
  const api = `http://127.0.0.1:${gateway.address().port}`;
  const { server, page } = await openReal(context);
  const at = (api, ws) => page.goto(addressOf(server, `/?api=${api}&ws=${ws}`));
  await at(api, server.api.replace('http', 'ws'));
  await withToken(page, await server.token('alice'));
  await says(page, 'the addresses are exchanged');
  await at(server.api, api.replace('http', 'ws'));
  await withToken(page, await server.token('alice'));
  await says(page, 'does not become a WebSocket');
});

test('what keeps a session offline is said when it is asked', async (context) => {
  const { server, page } = await openReal(context);
  await withToken(page, await server.token('alice'));
  await connected(page);
  await server.control('refuse', { on: true });
  await server.control('disconnect', { userID: 'alice' });
  await page.getByTestId('why').click();
  await page.getByTestId('diagnosis').filter({ hasText: server.ws }).waitFor();
});
