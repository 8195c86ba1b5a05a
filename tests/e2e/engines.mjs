// The three engines behind one small face: Chromium by Playwright, Firefox by Puppeteer (WebDriver BiDi; stock Firefox
// needs no driver), WebKitGTK by its own WebDriver under Xvfb. An engine that is not installed is `undefined`.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { FLAGS, until } from './harness.mjs';

/** A call in a page may take this long, milliseconds. */
const CALL_MS_MAX = 120_000;

const { CHROME, FIREFOX, WEBKIT_DRIVER, XVFB } = process.env;

/**
 * By name: starts the engine. `defer` gets what ends it. The browser has `newPage()`, a page `goto(url)`,
 * `evaluate(function, argument)` and `close()`.
 */
export const engines = {
  chromium: CHROME && startChromium,
  firefox: FIREFOX && startFirefox,
  webkit: WEBKIT_DRIVER && XVFB && startWebKit,
};

function folder(defer) {
  const path = mkdtempSync(join(tmpdir(), 'openim-web-engine-'));
  defer(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function startChromium(defer) {
  const profile = await chromium.launchPersistentContext(folder(defer), {
    executablePath: CHROME, args: FLAGS, ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  defer(() => profile.close());
  return profile;
}

async function startFirefox(defer) {
  const browser = await puppeteer.launch({
    browser: 'firefox', executablePath: FIREFOX, headless: true, userDataDir: folder(defer), timeout: CALL_MS_MAX,
    protocolTimeout: CALL_MS_MAX,
  });
  defer(() => browser.close());
  return browser;
}

async function startWebKit(defer) {
  const display = await startDisplay(defer);
  const port = await freePort();
  const driver = spawn(WEBKIT_DRIVER, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display, XDG_CACHE_HOME: folder(defer), XDG_DATA_HOME: folder(defer) }, stdio: 'ignore',
  });
  defer(() => driver.kill());
  const send = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(CALL_MS_MAX),
    });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await until('the driver of WebKit', () => send('GET', '/status').then(() => true, () => false), { seconds: 60 });
  const { sessionId } = await send('POST', '/session', { capabilities: {} });
  const session = `/session/${sessionId}`;
  defer(() => send('DELETE', session));
  await send('POST', `${session}/timeouts`, { script: CALL_MS_MAX, pageLoad: CALL_MS_MAX });

  // A driver has one current window: commands to several of them wait for each other.
  let last = Promise.resolve();
  const within = (handle, work) => {
    const done = last.then(async () => {
      await send('POST', `${session}/window`, { handle });
      return work();
    });
    last = done.catch(() => {});
    return done;
  };
  const first = await send('GET', `${session}/window`);
  const newPage = async () => {
    const { handle } = await within(first, () => send('POST', `${session}/window/new`, { type: 'tab' }));
    return {
      goto: (url) => within(handle, () => send('POST', `${session}/url`, { url })),
      close: () => within(handle, () => send('DELETE', `${session}/window`)),
      async evaluate(work, argument = null) {
        const script = `const done = arguments[1];
          Promise.resolve(arguments[0]).then(${work}).then(
            (value) => done({ value: value === undefined ? null : value }),
            (error) => done({ error: String(error) + ' ' + JSON.stringify(error) + ' ' + (error && error.stack) }));`;
        const ended = await within(handle, () => send('POST', `${session}/execute/async`, { script, args: [argument] }));
        if (ended.error) throw new Error(ended.error);
        return ended.value;
      },
    };
  };
  return { newPage };
}

/** An X server of its own; its name. */
async function startDisplay(defer) {
  const server = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  defer(() => server.kill());
  const number = await new Promise((resolve, reject) => {
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return `:${number}`;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
