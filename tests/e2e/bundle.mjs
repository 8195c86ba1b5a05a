// An application's module as a browser gets it.
import { build } from 'esbuild';
import { join } from 'node:path';
import { here } from './harness.mjs';

/**
 * A module and what it imports as one text, but for the package: it stays what it is, a file beside the page, at
 * `packageAt`. `elsewhere`: where imports by these names are instead.
 */
export async function bundle(entry, packageAt, elsewhere = {}) {
  const setup = ({ onResolve }) => {
    onResolve({ filter: /^openim-web$/ }, () => ({ path: packageAt, external: true }));
    onResolve({ filter: /^\./ }, ({ path }) => (elsewhere[path] ? { path: elsewhere[path] } : undefined));
  };
  const { outputFiles } = await build({
    entryPoints: [entry], bundle: true, format: 'esm', write: false, jsx: 'automatic', plugins: [{ name: 'package', setup }],
    nodePaths: [join(here, 'node_modules')], define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'silent',
    target: 'es2022',
  });
  return outputFiles[0].text;
}
