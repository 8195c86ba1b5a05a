// Runs tests that were declared, and counts them.
import { afterwards, engines } from './harness.mjs';

let passed = 0;
let failed = 0;

/** Undoes what was done, the last first; none keeps the others from it. */
const undone = async (undo) => {
  for (const f of undo.reverse()) await new Promise((resolve) => resolve(f())).catch(() => {});
};

/** Runs tests of a file one after the other, each `{name, run, seconds, host}`. */
export async function runAll(file, chosen) {
  for (const { name, run, seconds, host } of chosen) {
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

/** Says how many tests passed, and ends the program. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
