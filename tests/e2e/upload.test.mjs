// Uploads of real files: 200 MB with flat memory, over a cut network and a reload; wrong bytes; pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  call, events, heard, loadSdk, login, newMessages, openBrowser, openProfile, openSdkPage, startServer, test, until,
  watch,
} from './harness.mjs';

const MB = 1 << 20;
const PART = 5 * MB;
/** What memory may grow while 200 MB go out: a few parts. */
const GROWTH_MAX = 100 * MB;

/** Makes `window.file`: so many MB, no two alike. */
function makeFile(page, megabytes, name = 'big.bin', seed = 1) {
  return page.evaluate(
    ([megabytes, name, seed]) => {
      const piece = (n) => {
        const bytes = new Uint8Array(1 << 20);
        for (let at = 0; at < bytes.length; at += 4096) bytes[at] = (n * 31 + (at >> 12) + seed) & 255;
        return new Blob([bytes]);
      };
      const pieces = Array.from({ length: megabytes }, (_, n) => piece(n));
      window.file = new File([...pieces, 'end'], name, { type: 'application/octet-stream' });
    },
    [megabytes, name, seed],
  );
}

/** Begins `uploadFile` of `window.file`; `window.upload` is its promise. */
function begin(page, uuid = 'u') {
  return page.evaluate((uuid) => {
    window.last = null;
    window.sdk.on('Complete', (event) => (window.last = event.data));
    const params = { name: window.file.name, contentType: '', uuid, file: window.file };
    window.upload = window.sdk.uploadFile(params).then((reply) => reply.data.url, (error) => ({ ...error }));
  }, uuid);
}

const end = (page) => page.evaluate(() => window.upload);
const puts = async (server) => (await server.control('objects')).puts;
const sent = async (page) => (await events(page, 'UploadComplete')).at(-1)?.streamSize ?? 0;

/** Memory of the browser's page processes, bytes: what lives, not what waits for the next cleaning of the page. */
async function memory(browser, cleaner) {
  await cleaner.send('HeapProfiler.collectGarbage');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  let sum = 0;
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue;
    const line = readFileSync(`/proc/${id}/status`, 'utf8').match(/RssAnon:\s+(\d+) kB/);
    sum += Number(line?.[1] ?? 0) * 1024;
  }
  return sum;
}

test('200 MB go out part by part, memory stays flat', async (context) => {
  const server = await startServer(context);
  await server.control('storage', { keeps: false });
  const browser = await openBrowser(context);
  const page = await openSdkPage(context, browser, server, 'alice');
  await login(page, server, 'alice', await server.token('alice'));
  await makeFile(page, 20, 'warm.bin', 9);
  await begin(page, 'warm');
  assert.match(await end(page), /\/object\/alice\/warm\.bin$/);
  await makeFile(page, 200);
  const cleaner = await page.context().newCDPSession(page);
  const before = await memory(browser, cleaner);
  const earlier = await puts(server);
  await begin(page);
  let most = before;
  let done = false;
  const finished = end(page).then((url) => ((done = true), url));
  while (!done) {
    most = Math.max(most, await memory(browser, cleaner));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const url = await finished;
  assert.match(url, /\/object\/alice\/big\.bin$/);
  assert.equal((await puts(server)) - earlier, 41);
  const told = (await events(page, 'UploadComplete')).filter((data) => data.uuid === 'u/big.bin');
  const sizes = told.map((data) => data.streamSize);
  assert.ok(sizes.every((size, n) => n === 0 || size >= sizes[n - 1]));
  assert.equal(sizes.at(-1), 200 * MB + 3);
  assert.ok(sizes.length >= 41);
  console.log(`     200 MB: memory grew by ${((most - before) / MB).toFixed(0)} MB`);
  assert.ok(most - before < GROWTH_MAX, `${most - before} bytes more`);
}, { seconds: 300 });

test('a cut network is waited out, a reload goes on with the missing parts', async (context) => {
  const server = await startServer(context);
  await server.control('storage', { keeps: false });
  const profile = await openProfile(context);
  const page = watch(context, await profile.newPage(), 'alice');
  await loadSdk(page, server);
  await login(page, server, 'alice', await server.token('alice'));
  await makeFile(page, 200);
  await begin(page);
  await until('some parts', async () => (await sent(page)) > 4 * PART);
  await profile.setOffline(true);
  const cut = await sent(page);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.ok((await sent(page)) < cut + 2 * PART);
  await profile.setOffline(false);
  await until('it goes on', async () => (await sent(page)) > cut + 3 * PART);
  // The page goes, and comes again with the same file.
  await loadSdk(page, server);
  await login(page, server, 'alice', await server.token('alice'));
  await makeFile(page, 200);
  await begin(page);
  assert.match(await end(page), /\/object\/alice\/big\.bin$/);
  assert.equal((await page.evaluate(() => window.last)).typ, 2, 'resumed');
  const all = await puts(server);
  assert.ok(all >= 41 && all <= 41 + 4, `${all} parts sent`);
}, { seconds: 300 });

test('wrong bytes in the storage are caught and sent again', async (context) => {
  const server = await startServer(context);
  await server.control('storage', { faults: ['', 'corrupt'] });
  const browser = await openBrowser(context);
  const page = await openSdkPage(context, browser, server, 'alice');
  await login(page, server, 'alice', await server.token('alice'));
  await makeFile(page, 12);
  await begin(page);
  const url = await end(page);
  assert.equal(await puts(server), 6);
  const same = await page.evaluate(async (url) => {
    const got = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const own = new Uint8Array(await window.file.arrayBuffer());
    return got.length === own.length && got.every((byte, at) => byte === own[at]);
  }, url);
  assert.ok(same);
  // For good: the promise rejects.
  await server.control('storage', { faults: Array(20).fill('corrupt') });
  await makeFile(page, 12, 'other.bin', 2);
  await begin(page);
  assert.equal((await end(page)).errCode, 500);
}, { seconds: 120 });

test('a picture of a File is uploaded and sent; its upload can be ended', async (context) => {
  const server = await startServer(context);
  const browser = await openBrowser(context);
  const alice = await openSdkPage(context, browser, server, 'alice');
  const bob = await openSdkPage(context, browser, server, 'bob');
  await login(alice, server, 'alice', await server.token('alice'));
  await login(bob, server, 'bob', await server.token('bob'));
  const make = () => alice.evaluate(async () => {
    const info = { uuid: 'p', type: 'image/png', size: window.file.size, width: 4, height: 3, url: '' };
    const params = { sourcePicture: info, bigPicture: info, snapshotPicture: info, sourcePath: '', file: window.file };
    window.message = (await window.sdk.createImageMessageByFile(params)).data;
    return window.message;
  });
  await makeFile(alice, 6, 'cat.png', 3);
  const message = await make();
  assert.equal(message.pictureElem.sourcePicture.uuid, 'p/cat.png');
  const reply = await call(alice, 'sendMessage', { recvID: 'bob', groupID: '', message });
  const { url } = reply.pictureElem.sourcePicture;
  assert.ok(url.endsWith(`/object/alice/msg_picture_${message.clientMsgID}.png`));
  assert.deepEqual((await events(alice, 'OnProgress')).at(-1), { progress: 100, clientMsgID: message.clientMsgID });
  await heard(bob, 'OnRecvNewMessages');
  assert.equal((await newMessages(bob))[0].pictureElem.sourcePicture.url, url);
  const size = await bob.evaluate(async (url) => (await (await fetch(url)).blob()).size, url);
  assert.equal(size, 6 * MB + 3);

  await makeFile(alice, 60, 'long.png', 4);
  await make();
  const error = await alice.evaluate(async () => {
    const params = { recvID: 'bob', groupID: '', message: window.message };
    const sending = window.sdk.sendMessage(params).catch((error) => ({ ...error }));
    await new Promise((resolve) => window.sdk.on('OnProgress', resolve));
    await window.sdk.fileMapSet('p/long.png', undefined);
    return sending;
  });
  assert.equal(error.errCode, 10021);
}, { seconds: 120 });

test('the database is exported as a file', async (context) => {
  const server = await startServer(context);
  const browser = await openBrowser(context);
  const page = await openSdkPage(context, browser, server, 'alice');
  await login(page, server, 'alice', await server.token('alice'));
  const url = await call(page, 'exportDB');
  const text = await page.evaluate(async (url) => (await fetch(url)).text(), url);
  const rows = text.trim().split('\n').map((line) => JSON.parse(line));
  const kinds = new Set(rows.flatMap((row) => Object.keys(row)));
  assert.deepEqual([...kinds].sort(), ['conversation', 'friend', 'group', 'message', 'userID']);
});
