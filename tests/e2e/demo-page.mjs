// What the demo's tests share: the demo in a browser, its parts, pictures of it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { engines, openProfile, repository, startServer, until, watch } from './harness.mjs';

export const AB = 'si_alice_bob';
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** The demo in a browser whose storage is on disk, and a way to keep pictures of it. */
export async function openDemo(context, size, path = '/', scheme = 'light') {
  const server = await startServer(context, { files: join(repository, 'www-demo/dist') });
  const profile = await openProfile(context);
  const page = watch(context, await profile.newPage(), 'demo');
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme });
  const folder = join(process.env.OPENIM_WEB_TARGET, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.goto(addressOf(server, path));
  return { server, profile, page, picture };
}

/** Where a view of the demo is, with the engine where this run has it. */
export const addressOf = (server, path) => `${server.api}${path}${path.includes('?') ? '&' : '?'}host=${engines.host}`;

/** The panes of two users side by side, both connected. */
export async function openTwo(context, left = 'alice', right = 'bob') {
  const demo = await openDemo(context, DESKTOP, `/?left=${left}&right=${right}`);
  const panes = [demo.page.getByTestId('pane-left'), demo.page.getByTestId('pane-right')];
  for (const pane of panes) await connected(pane);
  return { ...demo, panes };
}

/** Waits until a pane is connected and up to date. */
export async function connected(pane) {
  await pane.getByTestId('status').waitFor();
  await until('the connection', async () => /^Connected/.test(await pane.getByTestId('status').textContent()));
}

export const conversation = (pane, id) => pane.locator(`[data-testid=conversation][data-id=${id}]`);
export const open = (pane, id) => conversation(pane, id).getByTestId('conversation-open').click();
export const message = (pane, text) => pane.getByTestId('message').filter({ hasText: text });
export const state = (row, name) => row.locator(`[data-testid=state][data-state="${name}"]`);
export const idsOf = (pane) => pane.getByTestId('message').evaluateAll((rows) => rows.map((row) => row.dataset.id));
/** A row of a list, by the ID of what it stands for. */
export const row = (pane, testid, id) => pane.locator(`[data-testid=${testid}][data-id="${id}"]`);
export const gone = (what, locator) => until(`${what} to go`, async () => (await locator.count()) === 0);

export async function say(pane, text) {
  await pane.getByTestId('composer').fill(text);
  await pane.getByTestId('send').click();
}

/** Opens one of the dialogs behind +. */
export async function begin(pane, name) {
  await pane.getByTestId('new').click();
  await pane.getByRole('menuitem', { name, exact: true }).click();
}

/** Chooses from the menu of a row. */
export async function choose(pane, menu, name) {
  await menu.click();
  await pane.getByRole('menuitem', { name, exact: true }).click();
}

/** Everything is inside the page's width. */
export async function fits(page) {
  const { wide, has } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    has: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= has, `the page is ${wide} pixels wide, the window ${has}`);
}
