// The record of a scenario: JSON lines, one step a line; values that come again are lines of their own, before.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const file = (scenario) => join(here, 'record', `${scenario}.jsonl`);
/** A value gets a line of its own if it comes twice and its text is at least so long. */
const SHARED_LENGTH = 60;

const children = (value) => (value !== null && typeof value === 'object' ? Object.values(value) : []);
const mapped = (value, change) => (Array.isArray(value) ? value.map(change) : Object.fromEntries(
  Object.entries(value).map(([key, inner]) => [key, change(inner)])));
const nameOf = (text) => `&${createHash('sha256').update(text).digest('hex').slice(0, 5)}`;

/** Parties that got the same frames share an entry, `"ann bob"`. */
function grouped(frames) {
  const parties = new Map();
  for (const [label, list] of Object.entries(frames)) {
    const text = JSON.stringify(list);
    parties.set(text, [...(parties.get(text) ?? []), label]);
  }
  return Object.fromEntries([...parties].map(([text, labels]) => [labels.join(' '), JSON.parse(text)]));
}

const apart = (frames) => Object.fromEntries(Object.entries(frames).flatMap(([labels, list]) =>
  labels.split(' ').map((label) => [label, structuredClone(list)])));

export function write(scenario, steps) {
  const lines = steps.map(({ frames, ...step }) => (frames ? { ...step, frames: grouped(frames) } : step));
  const count = new Map();
  const look = (value) => {
    const text = value !== null && typeof value === 'object' ? JSON.stringify(value) : '';
    if (text.length >= SHARED_LENGTH) {
      count.set(text, (count.get(text) ?? 0) + 1);
      if (count.get(text) > 1) return;
    }
    children(value).forEach(look);
  };
  lines.forEach((line) => children(line).forEach(look));
  const written = new Set();
  const out = [];
  const shared = (value) => {
    if (value === null || typeof value !== 'object') return value;
    const text = JSON.stringify(value);
    if (!(count.get(text) > 1)) return mapped(value, shared);
    const name = nameOf(text);
    if (!written.has(name)) {
      written.add(name);
      out.push(JSON.stringify({ [name]: mapped(value, shared) }));
    }
    return name;
  };
  for (const line of lines) out.push(JSON.stringify(mapped(line, shared)));
  writeFileSync(file(scenario), `${out.join('\n')}\n`);
}

/** The recorded steps of a scenario; none if it was never recorded. */
export function read(scenario) {
  if (!existsSync(file(scenario))) return [];
  const known = {};
  const whole = (value) => {
    if (typeof value === 'string' && value in known) return known[value];
    return value !== null && typeof value === 'object' ? mapped(value, whole) : value;
  };
  const steps = [];
  for (const line of readFileSync(file(scenario), 'utf8').trimEnd().split('\n')) {
    const { step, result, frames, ...named } = JSON.parse(line);
    if (step === undefined) Object.assign(known, mapped(named, whole));
    else steps.push({ step, result: whole(result), ...(frames && { frames: apart(whole(frames)) }) });
  }
  return steps;
}
