// The official SDK and this one, one after the other, on the same server in the same Chromium: wall time,
// CPU seconds of all browser processes, long tasks of the page's thread. Figures, not a test.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS, here, repository, sleep, startServer, until } from '../e2e/harness.mjs';
import { chromium } from '../e2e/node_modules/playwright-core/index.mjs';

const OFFICIAL = '/node_modules/@openim/wasm-client-sdk';
const only = process.argv[2] ?? '';
/** What `longtasks` stands for: the two that load the page's thread most. */
const LONG_TASKS = /^(first sync|a burst)/;
const isWanted = (name) => (only === 'longtasks' ? LONG_TASKS.test(name) : name.includes(only));
/** One of them, if only its figures are wanted. */
const sdks = process.argv[3] ? [process.argv[3]] : ['official', 'ours'];
const TICKS = Number(execFileSync('getconf', ['CLK_TCK']).toString());

const pages = {
  official: `<script src="${OFFICIAL}/assets/wasm_exec.js"></script><script type="module">
    const { getSDK, CbEvents } = await import('${OFFICIAL}/lib/index.es.js');
    window.begin = () => getSDK({ coreWasmPath: '${OFFICIAL}/assets/openIM.wasm', sqlWasmPath: '${OFFICIAL}/assets/sql-wasm.wasm', debug: false });
    window.CbEvents = CbEvents; window.ready = true;</script>`,
  ours: `<script type="module">
    const { getSDK, CbEvents } = await import('/node_modules/openim-web/dist/index.js');
    window.begin = () => getSDK(); window.CbEvents = CbEvents; window.ready = true;</script>`,
};

const WATCH = `<script>
  window.tasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((e) => window.tasks.push(e.duration))).observe({ type: 'longtask', buffered: true });
</script>`;

const bodyOf = (which) => `<!doctype html><title>bench</title>${WATCH}${pages[which]}`;

/** The browser's processes. */
function processes(pid) {
  const tree = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((l) => l.trim().split(/\s+/).map(Number));
  const own = new Set([pid]);
  for (let grew = true; grew;) {
    grew = false;
    for (const [child, parent] of tree) if (own.has(parent) && !own.has(child)) { own.add(child); grew = true; }
  }
  return own;
}

/** MB that the browser's processes hold, shared pages by halves. */
function memory(pid) {
  let kilobytes = 0;
  for (const id of processes(pid)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]);
    } catch { /* it ended meanwhile */ }
  }
  return kilobytes / 1000;
}

/** CPU seconds of the browser's processes so far. */
function cpu(pid) {
  let ticks = 0;
  for (const id of processes(pid)) {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch { /* it ended meanwhile */ }
  }
  return ticks / TICKS;
}

async function withPage(context, server, which, run) {
  const browser = await chromium.launch({ executablePath: process.env.CHROME, args: FLAGS });
  try {
    const page = await (await browser.newContext()).newPage();
    await page.route(`${server.api}/bench.html`, (route) =>
      route.fulfill({ contentType: 'text/html', body: bodyOf(which) }));
    const root = Number(execFileSync('pgrep', ['-n', '-P', String(process.pid), 'chrom']).toString());
    const measure = async (work, { trace = false } = {}) => {
      if (trace) await browser.startTracing(page, { categories: ['toplevel'] });
      await page.evaluate(() => { if (window.tasks) window.tasks.length = 0; });
      const cpuBefore = cpu(root);
      const begin = performance.now();
      const value = await work();
      const wall = performance.now() - begin;
      await sleep(300);
      const tasks = await page.evaluate(() => window.tasks ?? []);
      const longest = Math.max(0, ...tasks);
      // Total blocking time: what long tasks take beyond 50 ms.
      const blocked = tasks.reduce((sum, task) => sum + Math.max(0, task - 50), 0);
      const note = trace ? ownTasks(JSON.parse(await browser.stopTracing())) : undefined;
      return { wall, cpu: cpu(root) - cpuBefore, longest, blocked, value, note };
    };
    return await run(page, measure, root);
  } finally {
    await browser.close();
  }
}

/**
 * What the longest task of a page's thread took of the processor, by a trace: on a busy machine a task that is short
 * takes long by the clock. Of this SDK only: a minute of the official one is more than a trace holds.
 */
function ownTasks({ traceEvents }) {
  const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`));
  let longest = 0;
  for (const { pid, tid, tdur = 0 } of traceEvents) {
    if (mains.has(`${pid} ${tid}`)) longest = Math.max(longest, tdur);
  }
  return `longest task ${(longest / 1000).toFixed(0)} ms of CPU`;
}

const open = async (page, server) => {
  await page.goto(`${server.api}/bench.html`);
  await page.waitForFunction(() => window.ready, null, { timeout: 60_000 });
};

const login = (page, params) => page.evaluate((params) => {
  window.heard = {};
  window.sdk = window.begin();
  window.finished = new Promise((resolve) => window.sdk.on(window.CbEvents.OnSyncServerFinish, resolve));
  window.received = [];
  window.sdk.on(window.CbEvents.OnRecvNewMessages, ({ data }) => window.received.push(...data));
  return window.sdk.login(params).then(() => undefined);
}, params);

/** A server that begins anew, and stores and pushes at once: its pace is not what is measured. */
async function freshServer(server, seed) {
  await server.control('reset', { seed });
  await server.control('config', { storeDelayMs: 5, onlineTickMs: 0 });
}

const benches = {
  'cold start to login': async (server, which) => {
    const params = await paramsOf(server, 'alice');
    return withPage({}, server, which, (page, measure) => measure(async () => {
      await open(page, server);
      await login(page, params);
    }));
  },
  'first sync of 500 conversations of 100 messages': async (server, which) => {
    await freshServer(server, 'empty');
    await server.control('bulk', { userID: 'user', conversations: 500, messages: 100 });
    const params = await paramsOf(server, 'user');
    return withPage({}, server, which, async (page, measure) => {
      await open(page, server);
      return measure(async () => {
        await login(page, params);
        await page.evaluate(() => window.finished);
        const length = await page.evaluate(async () => (await window.sdk.getAllConversationList()).data.length);
        if (length !== 500) throw new Error(`${length} conversations`);
      }, { trace: which === 'ours' });
    });
  },
  '2,000 pushes, stored and told': (server, which) => pushes(server, which, 2_000),
  'a burst of 10,000 pushes, stored and told': (server, which) => pushes(server, which, 10_000),
  '200 sends one after another': async (server, which) => {
    await freshServer(server, 'demo');
    const params = await paramsOf(server, 'alice');
    return withPage({}, server, which, async (page, measure) => {
      await open(page, server);
      await login(page, params);
      await page.evaluate(() => window.finished);
      const result = await measure(() => page.evaluate(async () => {
        const times = [];
        for (let n = 0; n < 200; n += 1) {
          const begin = performance.now();
          const { data: message } = await window.sdk.createTextMessage(`send ${n}`);
          await window.sdk.sendMessage({ recvID: 'bob', groupID: '', message });
          times.push(performance.now() - begin);
        }
        return times.sort((a, b) => a - b);
      }));
      return { ...result, note: `median ${result.value[100].toFixed(1)} ms, p95 ${result.value[190].toFixed(1)} ms` };
    });
  },
  'a page of 20 among 10,000': async (server, which) => {
    await freshServer(server, 'empty');
    await server.control('bulk', { userID: 'user', conversations: 1, messages: 10_000 });
    const params = await paramsOf(server, 'user');
    return withPage({}, server, which, async (page, measure) => {
      await open(page, server);
      await login(page, params);
      await page.evaluate(() => window.finished);
      const walk = () => page.evaluate(async () => {
        const [conversation] = (await window.sdk.getAllConversationList()).data;
        const times = [];
        let startClientMsgID = '';
        for (let count = 0; count < 10_000; count += 20) {
          const params = { conversationID: conversation.conversationID, startClientMsgID, count: 20, viewType: 0 };
          const begin = performance.now();
          const { data } = await window.sdk.getAdvancedHistoryMessageList(params);
          times.push(performance.now() - begin);
          if (data.messageList.length !== 20) throw new Error(`a page of ${data.messageList.length}`);
          startClientMsgID = data.messageList[0].clientMsgID;
        }
        return times.sort((a, b) => a - b);
      });
      // The first walk fetches from the server, the second reads what is stored.
      await walk();
      const result = await measure(walk);
      return { ...result, note: `median ${result.value[250].toFixed(2)} ms, p95 ${result.value[475].toFixed(2)} ms` };
    });
  },
};

/** Pushes as fast as a client keeps up with: the server cuts one off that is too far behind. */
async function pushes(server, which, count) {
  await freshServer(server, 'demo');
  const params = await paramsOf(server, 'alice');
  return withPage({}, server, which, async (page, measure) => {
    await open(page, server);
    await login(page, params);
    await page.evaluate(() => window.finished);
    return measure(async () => {
      for (let sent = 0; sent < count; sent += 500) {
        await server.control('send', { from: 'bob', to: 'alice', text: 'push {n}', count: 500 });
        const behind = sent + 500 < count ? 500 : 0;
        await until('the messages', () => page.evaluate((n) => window.received.length >= n, sent + 500 - behind), { seconds: 900 });
      }
      const size = await page.evaluate(() => new Set(window.received.map((m) => m.clientMsgID)).size);
      if (size !== count) throw new Error(`${size} messages`);
    }, { trace: which === 'ours' });
  });
}

async function paramsOf(server, userID) {
  return { userID, token: await server.token(userID), platformID: 5, apiAddr: server.api, wsAddr: server.ws };
}

/** Three tabs of one user: what each of them adds to the browser's memory, MB. */
async function threeTabs(server, which) {
  await freshServer(server, 'demo');
  const params = await paramsOf(server, 'alice');
  return withPage({}, server, which, async (first, _, root) => {
    const added = [];
    for (let page = first; added.length < 3;) {
      await sleep(2_000);
      const before = memory(root);
      await open(page, server);
      await login(page, params);
      await page.evaluate(() => Promise.race([window.finished, new Promise((resolve) => setTimeout(resolve, 30_000))]));
      await sleep(2_000);
      added.push(memory(root) - before);
      if (added.length === 3) break;
      page = await first.context().newPage();
      await page.route(`${server.api}/bench.html`, (route) => route.fulfill({ contentType: 'text/html', body: bodyOf(which) }));
    }
    return added.map((mb) => mb.toFixed(0)).join(', ');
  });
}

const undo = [];
const context = { log: [], errors: [], defer: (f) => undo.push(f) };
const server = await startServer(context, { files: here });
const row = (cells) => console.log(cells.map((cell, n) => (n === 0 ? String(cell).padEnd(50) : String(cell).padStart(12))).join(''));
console.log(`${repository.split('/').at(-1)}: wall ms, CPU s of all browser processes, longest task ms`);
row(['', 'official', 'ours', 'ratio']);
let done = 0;
for (const [name, bench] of Object.entries(benches)) {
  if (!isWanted(name)) continue;
  const results = {};
  for (const which of sdks) {
    try {
      results[which] = await bench(server, which);
    } catch (error) {
      console.log(`${name}: ${which}: ${error.message.split('\n')[0]}`);
    }
  }
  const { official, ours } = results;
  const ratio = (key) => (official && ours ? `${(official[key] / Math.max(ours[key], 0.01)).toFixed(1)} x` : '');
  const cell = (result, key, digits) => (result ? result[key].toFixed(digits) : '-');
  row([name, cell(official, 'wall', 0), cell(ours, 'wall', 0), ratio('wall')]);
  row(['  CPU s', cell(official, 'cpu', 2), cell(ours, 'cpu', 2), ratio('cpu')]);
  row(['  longest task', cell(official, 'longest', 0), cell(ours, 'longest', 0), '']);
  row(['  blocked by long tasks', cell(official, 'blocked', 0), cell(ours, 'blocked', 0), '']);
  if (official?.note ?? ours?.note) console.log(`  official ${official?.note ?? '-'}; ours ${ours?.note ?? '-'}`);
  done += 1;
}
if ('memory of three tabs'.includes(only)) {
  for (const which of sdks) {
    try {
      console.log(`memory of three tabs, MB that each adds: ${which} ${await threeTabs(server, which)}`);
    } catch (error) {
      console.log(`memory of three tabs: ${which}: ${error.message.split('\n')[0]}`);
    }
  }
  done += 1;
}
for (const f of undo.reverse()) await f();
console.log(`${done} benchmarks`);
