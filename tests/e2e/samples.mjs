// The code samples of the documentation: taken out of the text, a module a chapter, and what each needs around it.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { here, repository } from './harness.mjs';

const LANGUAGES = ['js', 'jsx', 'ts', 'tsx'];

/** Samples by the heading of their chapter; `other` are the fences of languages that are not run. */
export function samples(file) {
  const found = new Map();
  let heading = '';
  let sample;
  for (const line of readFileSync(join(repository, file), 'utf8').split('\n')) {
    const fence = /^```(\w*)/.exec(line);
    if (sample && fence) {
      sample = undefined;
    } else if (fence) {
      sample = { language: fence[1], lines: [] };
      found.set(heading, [...(found.get(heading) ?? []), sample]);
    } else if (sample) {
      sample.lines.push(line);
    } else if (line.startsWith('## ')) {
      heading = line.slice(3);
    }
  }
  const run = ({ language }) => LANGUAGES.includes(language);
  return [...found].map(([heading, list]) => ({ heading, samples: list.filter(run), other: list.filter((s) => !run(s)).map((s) => s.language) }));
}

/** Several samples as one module: imports once, on top; then `before`, the code, `after`. */
export function moduleOf(list, before = '', after = '') {
  const imports = new Map();
  const code = list.flatMap(({ lines }) => lines).filter((line) => {
    const known = /^import \{ (.*) \} from '(.*)';$/.exec(line);
    if (!known) return true;
    const names = imports.get(known[2]) ?? new Set();
    for (const name of known[1].split(', ')) names.add(name);
    imports.set(known[2], names);
    return false;
  });
  const lines = [...imports].map(([from, names]) => `import { ${[...names].join(', ')} } from '${from}';`);
  return [...lines, before, ...code, after, 'export {};', ''].join('\n');
}

/** Checks modules (name to text) with TypeScript, strictly, against installed packages (name to folder). */
export async function typecheck(folder, modules, packages) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  for (const [name, path] of Object.entries(packages)) symlinkSync(path, join(folder, 'node_modules', name), 'junction');
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
  const compilerOptions = {
    target: 'es2022', module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx', strict: true, noImplicitAny: false,
    useUnknownInCatchVariables: false, allowJs: true, checkJs: true, noEmit: true, skipLibCheck: true, types: [],
    lib: ['es2022', 'dom', 'dom.iterable'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(modules) }));
  const tsc = join(repository, 'xtask/npm/node_modules/typescript/bin/tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '--project', folder]);
  } catch (error) {
    throw new Error(`the samples do not compile:\n${error.stdout}${error.stderr}`);
  }
}

export const installed = (name) => join(here, 'node_modules', name);
export const toolPackage = (name) => join(repository, 'xtask/npm/node_modules', name);
