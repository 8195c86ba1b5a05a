// The test server's npm package, installed from its tarball, as application developers use it. That it serves the
// demo and the official SDKs is shown by running their tests against it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { events, heard, history, login, openBrowser, openSdkPage, send, test, until } from './harness.mjs';
import { moduleOf, samples, typecheck } from './samples.mjs';

const folder = process.env.OPENIM_SERVER_PACKAGE;
const { startServer } = await import(pathToFileURL(join(folder, 'index.js')));

const SEED = {
  users: [{ userID: 'u1', nickname: 'One' }, { userID: 'u2', nickname: 'Two' }, { userID: 'u3' }],
  friends: [['u1', 'u2']],
  groups: [{ groupID: 'g', groupName: 'Group', memberUserIDs: ['u2', 'u1', 'u3'] }],
  messages: [
    { from: 'u1', to: 'u2', text: 'first' },
    { from: 'u2', to: 'u1', content: { index: 1, data: 'smile' }, contentType: 115 },
    { from: 'u3', groupID: 'g', text: 'to all', sendTime: Date.UTC(2024, 0, 1) },
  ],
};

async function start(context, options) {
  const server = await startServer(options);
  context.defer(() => server.close());
  return server;
}

test('servers with seeds of their own, side by side', async (context) => {
  const [one, two] = [await start(context, { seed: SEED }), await start(context, { seed: 'empty' })];
  assert.notEqual(one.port, two.port);
  const { channels, groups } = await one.control('state');
  assert.deepEqual(Object.keys(channels).filter((id) => id.startsWith('s')), ['sg_g', 'si_u1_u2']);
  assert.deepEqual(channels.si_u1_u2.messages.map(({ seq, sendID }) => [seq, sendID]), [[1, 'u1'], [2, 'u2']]);
  assert.deepEqual(groups, { g: ['u1', 'u2', 'u3'] });
  assert.deepEqual((await two.control('state')).channels, {});
  await two.reset(SEED);
  assert.equal((await two.control('state')).channels.si_u1_u2.maxSeq, 2);
});

test('what is wrong is told', async (context) => {
  const server = await start(context, {});
  await assert.rejects(startServer({ port: server.port }), /port \d+ is in use/);
  await assert.rejects(startServer({ seed: 'other' }), /there is no seed "other"/);
  await assert.rejects(startServer({ seed: { users: [{ nickname: 'x' }] } }), /entry 0 of the seed's users needs userID/);
  await assert.rejects(startServer({ seed: { users: [{ userID: 'a' }], messages: [{ from: 'b', to: 'a', text: 'x' }] } }),
    /entry 0 of the seed's messages needs from/);
  await assert.rejects(server.control('nonsense'), /no such action/);
  await assert.rejects(server.control('sends', { userID: 'alice', faults: ['nonsense'] }), /wrong argument/);
});

test('faults by script; the end of the server ends everything', async (context) => {
  const server = await start(context, { seed: SEED });
  const page = await openSdkPage(context, await openBrowser(context), { api: server.api }, 'u1');
  await login(page, server, 'u1', await server.token('u1'));
  assert.equal((await history(page, 'si_u1_u2')).length, 2);
  await server.control('sends', { userID: 'u1', faults: ['loseMessage'] });
  await send(page, 'u2', 'createTextMessage', 'lost').then(
    () => assert.fail('the message was lost on purpose'), (error) => assert.match(String(error), /createTextMessage/));
  await send(page, 'u2', 'createTextMessage', 'kept');
  await server.control('send', { from: 'u3', groupID: 'g', text: 'number {n}', count: 3 });
  await until('three messages', async () => (await events(page, 'OnRecvNewMessages')).flat().length === 3);
  await server.control('kick', { userID: 'u1' });
  await heard(page, 'OnKickedOffline');
  await login(page, server, 'u1', await server.token('u1'));
  await server.close();
  await heard(page, 'OnConnectFailed');
  await server.close();
  await assert.rejects(server.control('state'), /the server is closed/);
}, { seconds: 180 });

/** What a program prints on its first line. */
async function program(context, args) {
  const child = spawn(process.execPath, [join(folder, 'bin.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  context.defer(() => child.kill());
  let said = '';
  child.stderr.on('data', (data) => { said += data; });
  const line = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { line, ended, said: () => said };
}

test('the program serves the demo, and says what is wrong', async (context) => {
  const { line } = await program(context, ['--port', '0']);
  const { api } = JSON.parse(await line);
  const page = await fetch(`${api}/`);
  assert.match(await page.text(), /<div id="root">/);
  const type = async (path) => (await fetch(api + path)).headers.get('content-type');
  assert.equal(await type('/icon.svg'), 'image/svg+xml');
  assert.equal((await fetch(`${api}/nothing`)).status, 404);
  // A client of HTTP that does not tidy its paths gets nothing from outside either.
  const answer = await new Promise((resolve) => {
    const socket = connect(Number(new URL(api).port), '127.0.0.1', () => {
      socket.write('GET /..%2f..%2fpackage.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    });
    socket.once('data', (data) => resolve(String(data)));
    socket.once('close', () => resolve('closed without an answer'));
  });
  assert.match(answer, /^HTTP\/1.1 404/);
  const wrong = await program(context, ['--seed', 'nonsense']);
  assert.equal(await wrong.ended, 1);
  assert.match(wrong.said(), /there is no seed "nonsense"/);
});

test('the samples of its README compile and run', async () => {
  const chapters = samples('tests/server/npm/README.md');
  const list = chapters.flatMap((chapter) => chapter.samples);
  assert.equal(list.length, 1);
  const text = moduleOf(list);
  const place = join(process.env.OPENIM_WEB_TARGET, 'docs-server');
  await typecheck(place, { 'sample.js': text }, { 'openim-web-server': folder });
  const child = spawn(process.execPath, ['--preserve-symlinks', '--input-type=module', '-e', text], { cwd: join(folder, '../..') });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, said);
  assert.match(said, /^[1-4]\n$/);
});
