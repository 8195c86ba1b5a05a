// What browser tests share: the test server, a browser, pages with the packed package, waiting.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const here = dirname(fileURLToPath(import.meta.url));
export const repository = join(here, '../..');
export const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
  // Pages that a test answers itself (no network) have no address; Chromium takes them for public ones.
  '--disable-features=LocalNetworkAccessChecks',
];

/** Where engines run that a test does not put anywhere: `worker` or `page`. */
export const engines = { host: 'worker' };

/** Tests in the order they were declared. */
export const tests = [];

/**
 * Declares a test. `run` gets a context whose `defer` undoes things afterwards. `inPage`: whether it can run with the
 * engine in the page; 'asked': only if that is asked for.
 */
export function test(name, run, { seconds = 120, inPage = true } = {}) {
  tests.push({ name, run, seconds, inPage });
}

/** What is done when the tests of a file are over. */
export const afterwards = [];

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `probe` gives something true; the error says what was waited for. */
export async function until(what, probe, { seconds = 30 } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for: ${what}`);
    await sleep(25);
  }
}

/** Starts a test server; `files` is served beside it. */
export async function startServer(context, { seed = 'demo', files = join(here, 'pages') } = {}) {
  const program = process.env.OPENIM_SERVER;
  const [command, ...script] = program.endsWith('.js') ? [process.execPath, program] : [program];
  const child = spawn(command, [...script, '--port', '0', '--seed', seed, '--static', files], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  context.defer(() => child.kill());
  child.stderr.on('data', (data) => context.log.push(`server: ${data}`));
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const { api, ws } = JSON.parse(line);
  const post = async (path, body, headers = {}) => {
    const response = await fetch(api + path, { method: 'POST', body: JSON.stringify(body ?? {}), headers });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
    return response.json();
  };
  const control = (action, body) => post(`/control/${action}`, body);
  const token = async (userID, platformID = 5) => (await control('token', { userID, platformID })).token;
  /** Sequence numbers and IDs a channel holds at the server. */
  const log = async (id) => (await control('state')).channels[id]?.messages ?? [];
  return { api, ws, post, control, token, log, port: Number(new URL(api).port), child };
}

/** A way to a server without TLS, which can be cut: nobody answers at its `address` then. */
export async function startWay(context, { host = '127.0.0.1', port }) {
  const open = new Set();
  let whole = true;
  const way = createTcpServer((socket) => {
    socket.on('error', () => {});
    if (!whole) return socket.destroy();
    const onward = connect(port, host);
    for (const [from, to] of [[socket, onward], [onward, socket]]) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
    return undefined;
  });
  await new Promise((resolve) => way.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  context.defer(() => {
    cut();
    way.close();
  });
  return { address: `127.0.0.1:${way.address().port}`, cut, mend: () => { whole = true; } };
}

/** A browser of its own, ended with the test. */
export async function openBrowser(context, flags = []) {
  const browser = await chromium.launch({ executablePath: process.env.CHROME, args: [...FLAGS, ...flags] });
  context.defer(() => browser.close());
  return browser;
}

/** A browser whose storage is on disk. */
export async function openProfile(context) {
  const folder = mkdtempSync(join(tmpdir(), 'openim-web-profile-'));
  context.defer(() => rmSync(folder, { recursive: true, force: true }));
  const profile = await chromium.launchPersistentContext(folder, { executablePath: process.env.CHROME, args: FLAGS });
  context.defer(() => profile.close());
  return profile;
}

/** Firefox, if there is one. */
export const FIREFOX = process.env.FIREFOX
  ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'].find((path) => existsSync(path));

/**
 * A browser as it is for a user: its tabs are hidden when they are hidden. Its pages have what the tests use
 * of those of the other browsers; the package comes from the server, which must serve this folder.
 */
export async function openStock(context, name = 'chrome', args = []) {
  const { default: puppeteer } = await import('puppeteer-core');
  const chrome = { executablePath: process.env.CHROME, args: [...FLAGS, ...args] };
  // These would keep a hidden page awake.
  chrome.ignoreDefaultArgs = [
    '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding',
  ];
  const options = name === 'chrome' ? chrome : { executablePath: FIREFOX };
  const browser = await puppeteer.launch({ browser: name, headless: true, ...options });
  context.defer(() => browser.close());
  return {
    newPage: async () => {
      const page = await browser.newPage();
      page.addInitScript = (script) => page.evaluateOnNewDocument(script);
      return page;
    },
  };
}

/** Writes what a page says into the test's log; errors nobody caught fail the test. */
export function watch(context, page, name) {
  page.on('console', (message) => context.log.push(`${name}: ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => context.errors.push(`${name}: ${error.message}`));
  return page;
}

/** A page with the packed package as `window.openim`, loaded as a plain module. */
export async function openSdkPage(context, browser, server, name) {
  const page = watch(context, await browser.newPage(), name);
  await loadSdk(page, server);
  return page;
}

/** Loads (or loads again) the package in a page, from the network the page has; `server.site` if it has a site of its own. */
export async function loadSdk(page, server) {
  if (server.site || !page.route) {
    await page.goto(`${server.site ?? server.api}/pages/sdk.html`);
    await page.waitForFunction(() => window.openim);
    return;
  }
  await page.route(`${server.api}/pkg/**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/pkg/', '');
    return route.fulfill({ path: join(here, 'node_modules/openim-web/dist', path) });
  });
  await page.route(`${server.api}/sdk.html`, (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
  await page.goto(`${server.api}/sdk.html`);
  await page.waitForFunction(() => window.openim);
}

/** A page with the package; `window.begin` makes a client that notes its events. */
export const PAGE = readFileSync(join(here, 'pages/sdk.html'), 'utf8').replace('/node_modules/openim-web/dist/', '/pkg/');

const OFFICIAL = '/node_modules/@openim/wasm-client-sdk';

/** A page with the official SDK, from a site that serves this folder; the same names as in ours. */
export async function openOfficial(context, browser, server, name) {
  const page = watch(context, await browser.newPage(), name);
  const address = `${server.site ?? server.api}/official.html`;
  await page.route(address, (route) => route.fulfill({
    contentType: 'text/html',
    body: `<!doctype html><title>official</title><script src="${OFFICIAL}/assets/wasm_exec.js"></script>
      <script type="module">
        const { getSDK, CbEvents } = await import('${OFFICIAL}/lib/index.es.js');
        window.events = [];
        window.sdk = getSDK({ coreWasmPath: '${OFFICIAL}/assets/openIM.wasm', sqlWasmPath: '${OFFICIAL}/assets/sql-wasm.wasm', debug: false });
        for (const name of Object.values(CbEvents)) window.sdk.on(name, (event) => window.events.push(event));
        window.begin = () => window.sdk;
        window.ready = true;
      </script>`,
  }));
  await page.goto(address);
  await page.waitForFunction(() => window.ready);
  return page;
}

/** Logs a user in on a page with the package; resolves when the first sync is over. */
export async function login(page, server, userID, token, { wait = true } = {}) {
  const params = { userID, token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
  await page.evaluate(([host, params]) => window.begin({ host }).login(params), [engines.host, params]);
  if (wait) await heard(page, 'OnSyncServerFinish');
}

/** Calls a method in a page; its data. */
export function call(page, method, ...args) {
  return page.evaluate(async ([method, args]) => (await window.sdk[method](...args)).data, [method, args]);
}

/** Events of a name that a page has heard. */
export function events(page, name) {
  return page.evaluate((name) => window.events.filter((e) => e.event === name).map((e) => e.data ?? null), name);
}

/** Waits for an event. */
export async function heard(page, name, count = 1) {
  return until(`${count} × ${name}`, async () => {
    const list = await events(page, name);
    return list.length >= count && list;
  });
}

/** Messages told as new, in order. */
export async function newMessages(page) {
  return (await events(page, 'OnRecvNewMessages')).flat();
}

/** Sends a message made by `create…`. */
export async function send(page, to, method, ...args) {
  const target = typeof to === 'string' ? { recvID: to, groupID: '' } : { recvID: '', groupID: to.groupID };
  return page.evaluate(
    async ([target, method, args]) => {
      try {
        const { data: message } = await window.sdk[method](...args);
        const way = method.endsWith('ByURL') ? 'sendMessageNotOss' : 'sendMessage';
        return (await window.sdk[way]({ ...target, message })).data;
      } catch (error) {
        // The official SDK rejects with plain objects.
        throw new Error(`${method}: ${error.stack ?? ''} ${JSON.stringify(error)}`);
      }
    },
    [target, method, args],
  );
}

const picture = { uuid: 'p', type: 'image/png', size: 10, width: 4, height: 3, url: 'https://example.com/p.png' };

/** Ways to make a message of each kind that needs no upload. */
export const KINDS = [
  ['createTextMessage', 'hello {n}'],
  ['createImageMessageByURL', { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture, sourcePath: '' }],
  ['createCustomMessage', { data: '{"k":1}', extension: 'x', description: 'd' }],
  ['createLocationMessage', { description: 'pier', longitude: 120.5, latitude: -30.25 }],
  ['createCardMessage', { userID: 'carol', nickname: 'Carol', faceURL: '', ex: '' }],
  ['createFaceMessage', { index: -1, data: 'u' }],
  ['createAdvancedTextMessage', { text: 't', messageEntityList: [] }],
  ['createMarkdownMessage', '# title'],
  ['createTextAtMessage', { text: '@Bob look', atUserIDList: ['bob'], atUsersInfo: [{ atUserID: 'bob', groupNickname: 'Bob' }] }],
  ['createFileMessageByURL', { filePath: '', fileName: 'r.pdf', uuid: 'f', sourceUrl: 'https://example.com/r.pdf', fileSize: 9 }],
];

/** The whole history of a conversation, oldest first. */
export async function history(page, conversationID) {
  return page.evaluate(async (conversationID) => {
    const all = [];
    let startClientMsgID = '';
    for (;;) {
      const params = { conversationID, startClientMsgID, count: 30, viewType: 0 };
      const { data } = await window.sdk.getAdvancedHistoryMessageList(params);
      if (data.errCode) throw new Error(`${data.errCode} ${data.errMsg}`);
      all.unshift(...data.messageList);
      if (data.isEnd) return all;
      startClientMsgID = data.messageList[0].clientMsgID;
    }
  }, conversationID);
}
