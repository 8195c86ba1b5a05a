// Renders in Node what the browser takes over.
import { readFileSync, writeFileSync } from 'node:fs';
import { renderToString } from '@vue/server-renderer';
import { makeApp } from './app.js';

export async function prerender(file) {
  const html = await renderToString(makeApp());
  if (!html.includes('type 101')) throw new Error(`rendered ${html}`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('<!--app-->', html));
}
