// Runs the scenarios, or those that are named, and compares what each step gave with the record of the real server.
//   --list            all differences, those that are expected too
//   --step TEXT       prints only steps whose name contains it
//   --api URL --ws URL --secret S   on that server instead of a fresh test server
//   --record          writes the record anew
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { expectations, ofStep } from './differences.mjs';
import { read, write } from './record.mjs';
import { startServer } from './server.mjs';
import { Trial } from './trial.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    api: { type: 'string' }, ws: { type: 'string' }, secret: { type: 'string' }, step: { type: 'string' },
    list: { type: 'boolean' }, record: { type: 'boolean' },
  },
});
/** Differences of a step that are printed without --list. */
const SHOWN = 4;
/** The step of a scenario that came to no end. */
const EARLY = 'the scenario ended early';

async function scenarios() {
  const all = [];
  for (const file of readdirSync(new URL('cases', import.meta.url)).sort()) {
    const { default: found } = await import(new URL(`cases/${file}`, import.meta.url));
    if (found) all.push(found);
  }
  const unknown = positionals.filter((name) => !all.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown}; there are ${all.map(({ name }) => name)}`);
  return positionals.length > 0 ? all.filter(({ name }) => positionals.includes(name)) : all;
}

async function run(scenario, server) {
  const recorded = options.record ? [] : read(scenario.name);
  const trial = new Trial(server, scenario.name, recorded);
  const begin = Date.now();
  try {
    await scenario.run(trial);
  } catch (error) {
    trial.steps.push({ step: EARLY, result: { threw: error.stack } });
  } finally {
    trial.end();
  }
  return { name: scenario.name, recorded, steps: trial.steps, seconds: (Date.now() - begin) / 1000 };
}

const shown = (value) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 400));

function print(name, step, found) {
  if (options.step && !step.includes(options.step)) return;
  const some = options.list ? found : found.slice(0, SHOWN);
  for (const [path, recorded, got] of some) {
    console.log(`  ${path}\n    recorded: ${shown(recorded)}\n    found:    ${shown(got)}`);
  }
  if (some.length < found.length) console.log(`  … and ${found.length - some.length} more`);
}

/** Compares one scenario; how many steps were equal, explained, failed. */
function compare({ name, recorded, steps, seconds }, expected) {
  const counts = { equal: 0, explained: 0, failed: 0 };
  for (let at = 0; at < Math.max(recorded.length, steps.length); at += 1) {
    const was = recorded[at] ?? { step: steps[at].step };
    const now = steps[at] ?? { step: was.step };
    const all = was.step === now.step ? ofStep(was, now) : [['step', was.step, now.step]];
    const open = all.filter((difference) => !expected.explain(name, was.step, difference));
    const outcome = open.length > 0 ? 'failed' : all.length > 0 ? 'explained' : 'equal';
    counts[outcome] += 1;
    if (outcome === 'failed' && (!options.step || was.step.includes(options.step))) {
      console.log(`FAIL ${name} · ${was.step}`);
    }
    if (outcome === 'explained' && options.list && (!options.step || was.step.includes(options.step))) {
      console.log(`as expected: ${name} · ${was.step}`);
    }
    if (outcome !== 'equal') print(name, was.step, options.list ? all : open);
  }
  const { equal, explained, failed } = counts;
  console.log(`${name}: ${equal} steps equal, ${explained} explained, ${failed} differ (${seconds.toFixed(0)} s)`);
  return counts;
}

async function main() {
  const wanted = await scenarios();
  const own = options.api ? undefined : await startServer();
  const server = own ?? { api: options.api, ws: options.ws, secret: options.secret ?? 'openIM123' };
  const done = await Promise.all(wanted.map((scenario) => run(scenario, server))).finally(() => own?.stop());
  if (options.record) {
    const early = done.find(({ steps }) => steps.at(-1).step === EARLY);
    if (early) throw new Error(`${early.name} is not recorded: ${early.steps.at(-1).result.threw}`);
    for (const { name, steps } of done) write(name, steps);
    console.log(done.map(({ name, steps }) => `${name}: ${steps.length} steps recorded`).join('\n'));
    return;
  }
  const expected = expectations();
  const sum = { equal: 0, explained: 0, failed: 0 };
  for (const one of done) {
    const counts = compare(one, expected);
    for (const key of Object.keys(sum)) sum[key] += counts[key];
  }
  // The test server's differences are expected; another server may have fewer.
  const vanished = own ? expected.vanished(wanted.map(({ name }) => name), positionals.length === 0) : [];
  for (const row of vanished) console.log(`FAIL explains nothing any more, remove it from expected.md: ${row}`);
  console.log(`${sum.equal} steps equal, ${sum.explained} explained by ${expected.count} rows of expected.md`);
  console.log(`${sum.equal + sum.explained} passed, ${sum.failed + vanished.length} failed`);
  process.exitCode = sum.failed + vanished.length > 0 || sum.equal === 0 ? 1 : 0;
}

await main();
