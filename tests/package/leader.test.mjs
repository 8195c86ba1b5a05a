// Leadership explored: every order of what can happen to two and three tabs, up to some faults, breadth first
// to so many states (STATES=… for more). Checked in each: who was deposed cannot write; and once faults stop,
// one tab leads, writes, and all follow it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';

const modules = join(process.env.OPENIM_WEB_TARGET ?? fileURLToPath(new URL('../../target', import.meta.url)), 'modules');
const { ASK_MS, SILENCE_MS_MAX, deadline, outside, step } = await import(pathToFileURL(join(modules, 'leader.js')).href);

/** States that have successors. */
const STATES = Number(process.env.STATES ?? 6_000);

/** Messages that wait for a tab at most; a question more says nothing new. */
const INBOX_MAX = 3;

function world(count, locks, faults) {
  const tabs = Array.from({ length: count }, (_, n) => ({
    state: outside(String.fromCharCode(97 + n), locks),
    alive: true,
    frozen: false,
    inbox: [],
    /** What the lock tells: 'granted', 'stolen'. */
    notes: [],
    engine: null,
  }));
  // `fence`: whose entry the database has. `late`: claims of stopped engines that are still under way.
  return { now: 10_000, tabs, lock: { holder: -1, queue: [] }, fence: 0, tokens: 0, late: [], faults: { ...faults } };
}

function grant(w) {
  while (w.lock.holder < 0 && w.lock.queue.length > 0) {
    const next = w.lock.queue.shift();
    if (!w.tabs[next].alive) continue;
    w.lock.holder = next;
    w.tabs[next].notes.push('granted');
  }
}

function release(w, i) {
  w.lock.queue = w.lock.queue.filter((n) => n !== i);
  w.tabs[i].notes = [];
  if (w.lock.holder === i) w.lock.holder = -1;
  grant(w);
}

function say(w, from, message, to) {
  w.tabs.forEach((tab, i) => {
    if (i === from || (to !== undefined && i !== to) || !tab.alive) return;
    if (message.ask && (tab.inbox.length >= INBOX_MAX || tab.inbox.some((m) => m.ask && m.from === from))) return;
    tab.inbox.push({ from, ...message });
  });
}

const sayLead = (w, i, to) => say(w, i, { lead: w.tabs[i].state.term }, to);

function run(w, i, input) {
  const tab = w.tabs[i];
  for (const effect of step(tab.state, input, w.now)) {
    switch (effect.type) {
      case 'lock':
        if (tab.state.locks) w.lock.queue.push(i);
        grant(w);
        break;
      case 'steal': {
        if (!tab.state.locks) {
          run(w, i, { type: 'granted' });
          break;
        }
        release(w, i);
        const { holder } = w.lock;
        if (holder >= 0) w.tabs[holder].notes.push('stolen');
        w.lock.holder = i;
        tab.notes.push('granted');
        break;
      }
      case 'release':
        release(w, i);
        break;
      case 'ask':
        say(w, i, { ask: true });
        break;
      case 'announce':
        sayLead(w, i);
        break;
      case 'start':
        tab.engine = { token: (w.tokens += 1), claimed: false };
        break;
      case 'stop':
        if (tab.engine && !tab.engine.claimed) w.late.push(tab.engine.token);
        tab.engine = null;
    }
  }
}

/** What tab i does next of its own. */
const own = {
  note(w, i) {
    const note = w.tabs[i].notes.shift();
    if (note === 'stolen' && w.lock.holder === i) return;
    run(w, i, { type: note });
  },
  hear(w, i) {
    const { from, ask, lead } = w.tabs[i].inbox.shift();
    if (!ask) run(w, i, { type: 'lead', from: w.tabs[from].state.id, term: lead });
    else if (w.tabs[i].state.phase === 'leading') sayLead(w, i, from);
  },
  claim(w, i) {
    w.tabs[i].engine.claimed = true;
    w.fence = w.tabs[i].engine.token;
  },
  /** Writes; the fence refuses who was deposed. */
  write(w, i) {
    if (w.fence !== w.tabs[i].engine.token) run(w, i, { type: 'fenced' });
  },
  tick(w, i) {
    w.now = Math.max(w.now, deadline(w.tabs[i].state));
    run(w, i, { type: 'tick' });
  },
};

function actions(w) {
  const list = [];
  w.tabs.forEach((tab, i) => {
    if (!tab.alive) return;
    if (tab.frozen) {
      list.push(['wake', i]);
      if (w.faults.crash > 0) list.push(['crash', i]);
      return;
    }
    if (tab.state.phase === 'out') list.push(['join', i]);
    if (tab.notes.length > 0) list.push(['note', i]);
    if (tab.inbox.length > 0) list.push(['hear', i]);
    if (tab.engine && !tab.engine.claimed) list.push(['claim', i]);
    if (tab.engine?.claimed && w.fence !== tab.engine.token) list.push(['write', i]);
    if (deadline(tab.state) !== undefined) list.push(['tick', i]);
    if (tab.state.phase !== 'out') {
      if (w.faults.freeze > 0) list.push(['freeze', i]);
      if (w.faults.crash > 0) list.push(['crash', i]);
    }
  });
  if (w.late.length > 0) list.push(['late', 0]);
  return list;
}

function act(w, [what, i]) {
  const tab = w.tabs[i];
  switch (what) {
    case 'join':
      return run(w, i, { type: 'join', resume: false });
    case 'freeze':
      w.faults.freeze -= 1;
      tab.frozen = true;
      return undefined;
    case 'wake':
      tab.frozen = false;
      w.now += 2 * SILENCE_MS_MAX;
      return undefined;
    case 'crash':
      w.faults.crash -= 1;
      tab.alive = false;
      if (tab.engine && !tab.engine.claimed) w.late.push(tab.engine.token);
      tab.engine = null;
      tab.inbox = [];
      return release(w, i);
    case 'late':
      w.fence = w.late.shift();
      return undefined;
    default:
      return own[what](w, i);
  }
}

/** Equal worlds have equal keys: times as differences, terms and tokens by their order. */
function key(w) {
  const terms = [...new Set(w.tabs.flatMap((t) => [t.state.term, ...t.inbox.map((m) => m.lead ?? 0)]))].sort((a, b) => a - b);
  const tokens = [w.fence, ...w.late, ...w.tabs.map((t) => t.engine?.token ?? 0)];
  const order = [...new Set(tokens)].sort((a, b) => a - b);
  const ago = (at) => (at === 0 ? -1 : Math.min(Math.ceil((w.now - at) / ASK_MS), 8));
  return JSON.stringify([
    w.tabs.map(({ state, alive, frozen, inbox, notes, engine }) => [
      state.phase, terms.indexOf(state.term), state.leader, ago(state.silentSince), ago(state.askedAt), ago(state.awakeAt),
      state.joined, state.stole, alive, frozen, notes, inbox.map((m) => [m.from, m.ask ? -1 : terms.indexOf(m.lead)]),
      engine && [order.indexOf(engine.token), engine.claimed],
    ]),
    w.lock, order.indexOf(w.fence), w.late.map((t) => order.indexOf(t)), w.faults,
  ]);
}

/** Runs on without faults, everybody in turn; the steps it took until one leads, writes, and all follow. */
function settle(w, wakes) {
  // Who sleeps wakes, or never does.
  for (const tab of w.tabs) if (wakes) tab.frozen = false;
  w.faults = { freeze: 0, crash: 0 };
  for (let turn = 0; turn < 400; turn += 1) {
    const alive = w.tabs.filter((tab) => tab.alive && !tab.frozen && tab.state.phase !== 'out');
    const leaders = alive.filter((tab) => tab.state.phase === 'leading');
    const [leader] = leaders;
    const isWriting = leaders.length === 1 && leader.engine?.claimed && leader.engine.token === w.fence && w.late.length === 0;
    if (alive.length === 0 || (isWriting && alive.every((tab) => tab.state.leader === leader.state.id))) return turn;
    const list = actions(w).filter(([what]) => what !== 'join' && what !== 'wake');
    // Time passes only when nothing else is left to do.
    act(w, list.find(([what]) => what !== 'tick') ?? list.reduce((a, b) => (deadline(w.tabs[a[1]].state) <= deadline(w.tabs[b[1]].state) ? a : b)));
  }
  throw new Error('nobody leads, or not all follow');
}

const copy = (w) => structuredClone(w);

function explore(count, locks, faults, depth) {
  const seen = new Set();
  let layer = [world(count, locks, faults)];
  let longest = 0;
  seen.add(key(layer[0]));
  for (let n = 0; n < depth && layer.length > 0; n += 1) {
    const next = [];
    for (const w of layer) {
      for (const action of actions(w)) {
        const after = copy(w);
        after.trace = [...(w.trace ?? []), action.join(' ')];
        try {
          act(after, action);
          // The lock has one holder; who was deposed and does not know it is refused by the fence.
          const writers = after.tabs.filter((tab) => tab.engine?.claimed && tab.engine.token === after.fence);
          assert.ok(writers.length <= 1, 'two write');
          const known = key(after);
          if (seen.has(known)) continue;
          seen.add(known);
          longest = Math.max(longest, settle(copy(after), true), settle(copy(after), false));
          if (seen.size < STATES) next.push(after);
        } catch (error) {
          error.message += `\n  after: ${after.trace.join(', ')}`;
          throw error;
        }
      }
    }
    layer = next;
  }
  return { states: seen.size, longest };
}

for (const [name, count, locks, faults, depth] of [
  ['two tabs, two freezes, a crash', 2, true, { freeze: 2, crash: 1 }, 18],
  ['three tabs, a freeze, a crash', 3, true, { freeze: 1, crash: 1 }, 11],
  ['two tabs without locks, a freeze, a crash', 2, false, { freeze: 1, crash: 1 }, 18],
]) {
  test(`leadership: ${name}`, () => {
    const begin = Date.now();
    const { states, longest } = explore(count, locks, faults, depth);
    console.log(`     ${name}: ${states} states, settled within ${longest} steps, ${Date.now() - begin} ms`);
    assert.ok(states > STATES / 2);
  });
}
