// Runs tests/e2e/*.test.mjs, or those whose file name contains one of the arguments; of them, if ONLY is
// set, those whose own name contains it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterwards, engines, here, tests } from './harness.mjs';

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));
const files = readdirSync(here).filter((name) => name.endsWith('.test.mjs') && isWanted(name)).sort();
/** Undoes what was done, the last first; none keeps the others from it. */
const undone = async (undo) => {
  for (const f of undo.reverse()) await new Promise((resolve) => resolve(f())).catch(() => {});
};

const only = process.env.ONLY ?? '';
/** These run once with the engine in a worker and once in the page. */
const BOTH_HOSTS = /^(chat|interop|upload)\./;
let passed = 0;
let failed = 0;

for (const file of files) {
  tests.length = 0;
  await import(join(here, file));
  const chosen = tests.filter((one) => one.name.includes(only)).map((one) => ({ ...one, host: 'worker' }));
  const inPage = chosen.map((one) => ({ ...one, name: `${one.name}, in the page`, host: 'page' }));
  for (const { name, run, seconds, host } of BOTH_HOSTS.test(file) ? [...chosen, ...inPage] : chosen) {
    engines.host = host;
    const begin = Date.now();
    const undo = [];
    const context = { log: [], errors: [], defer: (f) => undo.push(f) };
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took more than ${seconds} s`)), seconds * 1000);
      });
      await Promise.race([run(context), late]);
      if (context.errors.length > 0) throw new Error(`errors nobody caught:\n${context.errors.join('\n')}`);
      passed += 1;
      console.log(`ok   ${file}: ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${file}: ${name}\n${error.stack}\n${context.errors.join('\n')}\n${context.log.slice(-60).join('\n')}`);
    } finally {
      clearTimeout(timer);
      await undone(undo);
    }
  }
  await undone(afterwards.splice(0));
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
