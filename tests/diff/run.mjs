// Runs each scenario once with the official SDK and once with this one, each against a fresh test server, and compares
// what they said. Arguments: parts of scenarios' names. `--keep FOLDER` writes both records there.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/harness.mjs';
import { expectations } from './expected.mjs';
import { canonical, differences, leaves } from './trace.mjs';
import { World } from './world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'string' } },
});
/** Runs that go on at the same time: they mostly wait. */
const AT_ONCE = Number(process.env.AT_ONCE ?? availableParallelism() + 2);
const SECONDS = 240;

async function run(scenario, lane, browser) {
  const undo = [];
  const context = { log: [], errors: [], defer: (f) => undo.push(f) };
  const begin = Date.now();
  let timer;
  let world;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took more than ${SECONDS} s`)), SECONDS * 1000);
    });
    world = new World(context, browser, lane);
    await world.open(scenario.seed);
    await Promise.race([scenario.run(world), late]);
    const reconnects = world.devices.reduce((sum, device) => sum + device.reconnects, 0);
    return { record: canonical(world), reconnects, log: context.log, seconds: (Date.now() - begin) / 1000 };
  } catch (error) {
    const heard = (world?.devices ?? []).map(({ name, trace }) =>
      `${name} heard: ${trace.map(({ event, ended }) => event ?? `(${ended})`).slice(-25).join(' ')}`);
    const log = [...heard, ...context.log.slice(-30)].join('\n');
    return { error: `with ${lane}: ${error.stack}\n${log}`, seconds: (Date.now() - begin) / 1000 };
  } finally {
    clearTimeout(timer);
    for (const f of undo.reverse()) await Promise.resolve(f()).catch(() => {});
  }
}

const shown = (value) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 600));

async function main() {
  const all = [];
  for (const file of readdirSync(join(here, 'scenarios')).sort()) {
    all.push(...(await import(join(here, 'scenarios', file))).default);
  }
  const wanted = all.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
  const expected = expectations(wanted.map(({ id }) => id));
  const undo = [];
  // The official core is 36 MB that each page compiles anew: what is quick to compile is a third less work in all.
  const browser = await openBrowser({ defer: (f) => undo.push(f) }, ['--js-flags=--liftoff-only']);

  let compared = 0;
  let explained = 0;
  const failed = [];
  const finish = (scenario, theirs, ours) => {
    const seconds = `${theirs.seconds.toFixed(1)} s and ${ours.seconds.toFixed(1)} s`;
    const problems = [theirs.error, ours.error].filter(Boolean);
    if (problems.length === 0) {
      compared += leaves(theirs.record);
      for (const [path, official, own] of differences(theirs.record, ours.record)) {
        const row = expected.find(scenario.id, path, official, own);
        if (row) explained += 1;
        else problems.push(`${path}\n    official: ${shown(official)}\n    ours:     ${shown(own)}`);
      }
      problems.push(...expected.vanished(scenario.id).map((row) => `no longer differs, remove it from expected.md: ${row}`));
    }
    if (options.keep) {
      mkdirSync(options.keep, { recursive: true });
      for (const [lane, { record, log }] of Object.entries({ official: theirs, ours })) {
        writeFileSync(join(options.keep, `${scenario.id}.${lane}.json`), JSON.stringify(record, null, 1) ?? '');
        writeFileSync(join(options.keep, `${scenario.id}.${lane}.log`), (log ?? []).join('\n'));
      }
    }
    if (problems.length > 0) failed.push(scenario.id);
    console.log(`${problems.length ? 'FAIL' : 'ok  '} ${scenario.name} (${seconds})`);
    for (const problem of problems) console.log(`  ${problem}`);
  };

  // Long ones first: the last to begin should not be the last to end.
  const queue = wanted.flatMap((scenario) => {
    const ended = {};
    return ['official', 'ours'].map((lane) => async () => {
      ended[lane] = await run(scenario, lane, browser);
      // The official core gives up where its database does not answer within five seconds (W27), as on a machine with
      // much else to do. Such a run compares nothing: it is begun anew.
      if (lane === 'official' && ended[lane].error) ended[lane] = await run(scenario, lane, browser);
      if (!ended.official || !ended.ours) return;
      // On such a machine a link may also be taken for dead, with either SDK, and what is told only once is lost with it.
      // One that is always lost differs the second time too.
      const more = ended.official.reconnects - ended.ours.reconnects;
      if (more > 0) ended.official = await run(scenario, 'official', browser);
      if (more < 0) ended.ours = await run(scenario, 'ours', browser);
      finish(scenario, ended.official, ended.ours);
    });
  });
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const f of undo) await f();

  if (positionals.length === 0 && failed.length === 0) {
    for (const row of expected.vanished('all')) {
      failed.push('all');
      console.log(`FAIL no longer differs anywhere, remove it from expected.md: ${row}`);
    }
  }
  console.log(`${compared} values compared, ${explained} differ as expected by ${expected.count} entries`);
  if (failed.length > 0) console.log(`failed: ${failed.join(' ')}`);
  console.log(`${wanted.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 || wanted.length === 0 ? 1 : 0;
}

await main();
