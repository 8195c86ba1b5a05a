// Installs the packed package into fresh projects, builds each without configuration, and lets it exchange
// messages in Chromium over the test server. Argument: part of a project's name.
// Environment: TARBALL, SERVER_TARBALL (of the test server), MATRIX_DIR (where projects are made), CHROME, OPENIM_SERVER.
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { openBrowser, startServer, until } from '../e2e/harness.mjs';
import { sendFile } from '../server/npm/files.js';

const here = dirname(fileURLToPath(import.meta.url));
const work = process.env.MATRIX_DIR;
const tarball = process.env.TARBALL;
const serverTarball = process.env.SERVER_TARBALL;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const run = promisify(execFile);

/** Copies a project, installs what it needs and the packed package; its folder. */
async function install(name) {
  const folder = join(work, name);
  const wanted = readFileSync(join(here, name, 'package.json'), 'utf8');
  const stamp = join(folder, '.installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const old of ['dist', '.next']) rmSync(join(folder, old), { recursive: true, force: true });
  cpSync(join(here, name), folder, { recursive: true });
  const shared = readFileSync(join(here, 'shared/exchange.js'), 'utf8');
  writeFileSync(join(folder, name === 'webpack' ? 'src' : '.', 'exchange.js'), shared);
  for (const file of ['script.js', 'fake.mjs']) cpSync(join(here, 'shared', file), join(folder, file));
  writeFileSync(join(folder, 'exchange.script.js'), shared.replace('export async', 'async'));
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline', '--silent'];
  await run(npm, ['install', '--no-save', ...quiet, tarball], { cwd: folder });
  writeFileSync(stamp, wanted);
  return folder;
}

const build = (folder) => run(npm, ['run', '--silent', 'build'], { cwd: folder, maxBuffer: 1 << 26 });

/** A port nobody uses now. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a project's own server; its address. */
async function start(context, folder, script, args) {
  const port = await freePort();
  const bin = join(folder, 'node_modules', script);
  const child = spawn(process.execPath, [bin, ...args, '--port', String(port)], { cwd: folder, stdio: 'pipe' });
  context.defer(() => child.kill());
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => context.log.push(String(data)));
  const address = `http://localhost:${port}`;
  await until(`${script} to answer`, () => fetch(address).then((r) => r.ok, () => false), { seconds: 60 });
  return address;
}

/** Opens a project's page and waits until its users have talked. */
async function talk(context, address, files) {
  const server = await startServer(context, files ? { files } : {});
  const query = new URLSearchParams({ api: server.api, ws: server.ws });
  for (const user of ['alice', 'bob']) query.set(user, await server.token(user));
  const page = await (await openBrowser(context)).newPage();
  page.on('console', (message) => context.log.push(`page: ${message.text()}`));
  page.on('pageerror', (error) => context.log.push(`page: ${error.stack}`));
  await page.goto(`${address ?? `${server.api}/index.html`}?${query}`);
  const result = () => page.evaluate(() => document.documentElement.dataset.result);
  const ended = await until('an end of the exchange', result, { seconds: 90 });
  if (ended !== 'ok') throw new Error(ended);
  return { page, server };
}

/** Serves a folder from an address of its own; that address. */
async function serve(context, folder) {
  const server = createHttpServer((request, response) =>
    sendFile(folder, new URL(request.url, 'http://localhost').pathname, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A built folder, served by the test server, with the project's index.html. */
async function talkBuilt(context, folder, copyPage = false) {
  if (copyPage) cpSync(join(folder, 'index.html'), join(folder, 'dist/index.html'));
  await talk(context, undefined, join(folder, 'dist'));
}

const cases = {
  async 'vite: dev server'(context) {
    const folder = await install('vite');
    await talk(context, await start(context, folder, 'vite/bin/vite.js', ['--strictPort']));
  },
  async 'vite: build'(context) {
    const folder = await install('vite');
    const { stdout, stderr } = await build(folder);
    if (/warn|larger than/i.test(stdout + stderr)) throw new Error(`the build warns: ${stdout}${stderr}`);
    await talkBuilt(context, folder);
  },
  async 'webpack 5'(context) {
    const folder = await install('webpack');
    await build(folder);
    await talkBuilt(context, folder, true);
  },
  async rollup(context) {
    const folder = await install('rollup');
    await build(folder);
    await talkBuilt(context, folder, true);
  },
  async esbuild(context) {
    const folder = await install('esbuild');
    await build(folder);
    await talkBuilt(context, folder, true);
  },
  async 'next: rendered on the server, used in the browser'(context) {
    const folder = await install('next');
    await build(folder);
    const address = await start(context, folder, 'next/dist/bin/next', ['start']);
    const html = await (await fetch(address)).text();
    if (!/type (<!-- -->)?101/.test(html)) throw new Error(`the server rendered ${html}`);
    await talk(context, address);
  },
  async 'vite-ssr: Vue rendered in Node, taken over by the browser'(context) {
    const folder = await install('vite-ssr');
    await build(folder);
    await talk(context, undefined, join(folder, 'dist/client'));
  },
  async 'plain module script'(context) {
    await talk(context, undefined, await install('plain'));
  },
  async 'commonjs: require in Node'() {
    await build(await install('commonjs'));
  },
  async 'file: page with the one-file build'(context) {
    const folder = await install('file');
    await talk(context, pathToFileURL(join(folder, 'index.html')).href);
  },
  async 'types: modules and CommonJS, Node and bundler'() {
    await build(await install('types'));
  },
};

for (const name of ['react', 'vue']) {
  cases[`${name}: in its own test tools and in a browser`] = async (context) => {
    const folder = await install(name);
    await run(npm, ['run', '--silent', 'test'], { cwd: folder });
    await build(folder);
    const { page, server } = await talk(context, await serve(context, join(folder, 'dist')));
    // Without the server the page opens again and shows what it has: the last page of each user's messages.
    server.child.kill();
    await page.reload();
    const shown = () => page.evaluate(() => [...document.querySelectorAll('section')].map((section) => ({
      state: section.querySelector('p').textContent, count: section.querySelectorAll('li').length,
    })));
    await until('messages without a server', async () => {
      const sections = await shown();
      return sections.length === 2 && sections.every(({ count }) => count === 5);
    });
    for (const { state } of await shown()) if (/: connected/.test(state)) throw new Error(`without a server: ${state}`);
  };
}

cases['lint: no warning of attw, none of publint'] = async () => {
  const folder = await install('lint');
  const lint = async (script, ...args) => {
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'node_modules', script), ...args], { cwd: folder });
    return stdout + stderr;
  };
  // The wasm file is no module.
  await lint('@arethetypeswrong/cli/dist/index.js', tarball, '--exclude-entrypoints', 'wasm');
  await lint('@arethetypeswrong/cli/dist/index.js', serverTarball, '--profile', 'esm-only');
  for (const packed of [tarball, serverTarball]) {
    const said = await lint('publint/src/cli.js', 'run', packed, '--strict');
    if (!/All good/.test(said)) throw new Error(said);
  }
};

const wanted = process.argv[2] ?? '';
let passed = 0;
let failed = 0;
for (const [name, check] of Object.entries(cases)) {
  if (!name.includes(wanted)) continue;
  const begin = Date.now();
  const undo = [];
  const context = { log: [], errors: [], defer: (f) => undo.push(f) };
  try {
    await check(context);
    passed += 1;
    console.log(`ok   ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.stack}\n${error.stdout ?? ''}${error.stderr ?? ''}\n${context.log.slice(-40).join('\n')}`);
  } finally {
    for (const f of undo.reverse()) await Promise.resolve(f()).catch(() => {});
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
