// WHO LEADS: of all tabs of one user, one runs the engine. Pure: inputs in, effects out; no lock, no
// channel, no clock (design §7). `tab.ts` carries out what it says.
//
// A lock of the browser makes the leader, and frees itself when its tab goes. A leader that is alive but
// does not answer (frozen, hanging) loses the lock to who noticed. It may wake and not know: what keeps it
// from writing is the database's fence, not this machine. Where there are no locks the questions alone
// decide, and the higher term wins.

/** While the page is looked at the leader is asked this often whether it is there, milliseconds. */
export const ASK_MS = 250;
/** While the page is hidden. */
export const ASK_HIDDEN_MS = 5_000;
/** A leader that has not answered for so long is replaced; see also `CONFIRMED_MS` of the engine. */
export const SILENCE_MS_MAX = 1_000;
/** Without locks: nobody who leads answers a newcomer later than this, milliseconds. */
export const NEWCOMER_MS_MAX = 300;

/** What one tab knows. Plain data. */
export interface Leadership {
  /** This tab. */
  id: string;
  /** Whether the browser has locks. */
  locks: boolean;
  /** `joining`: it wants to take part and has heard of no leader. */
  phase: 'out' | 'joining' | 'following' | 'leading';
  /** Highest term heard of; the own one while leading. Each leader's is higher than those before. */
  term: number;
  /** Who leads, '' while that is not known. */
  leader: string;
  /** The page is looked at. */
  visible: boolean;
  /** Since when no question was answered; 0: none is open. */
  silentSince: number;
  /** When the last question was asked. */
  askedAt: number;
  /** When this tab last looked at the clock. */
  awakeAt: number;
  /** It has been part of this session before. */
  joined: boolean;
  /** It has taken the lock from a leader that did not answer. */
  stole: boolean;
}

export type Input =
  | { type: 'join'; resume: boolean }
  | { type: 'granted' }
  | { type: 'stolen' }
  | { type: 'lead'; from: string; term: number }
  | { type: 'fenced' }
  | { type: 'visible'; visible: boolean }
  | { type: 'tick' }
  | { type: 'leave' };

export type Effect =
  /** Wait for the lock in the queue. */
  | { type: 'lock' }
  /** Take the lock, whoever has it. */
  | { type: 'steal' }
  /** Give the lock up, or the place in its queue. */
  | { type: 'release' }
  /** Ask who leads. */
  | { type: 'ask' }
  /** Tell all that this tab leads. */
  | { type: 'announce' }
  /** Start the engine; `takeOver` if a session goes on. */
  | { type: 'start'; takeOver: boolean }
  /** Stop the engine: another one leads. */
  | { type: 'stop' }
  /** The leader is known now, or another. */
  | { type: 'follow' };

export function outside(id: string, locks: boolean): Leadership {
  return {
    id,
    locks,
    phase: 'out',
    term: 0,
    leader: '',
    visible: true,
    silentSince: 0,
    askedAt: 0,
    awakeAt: 0,
    joined: false,
    stole: false,
  };
}

/** When to send the next `tick`; undefined if there is nothing to watch. */
export function deadline(state: Leadership): number | undefined {
  if (state.phase === 'out' || state.phase === 'leading') return undefined;
  const ask = state.askedAt + (state.visible || state.silentSince > 0 ? ASK_MS : ASK_HIDDEN_MS);
  return state.silentSince > 0 ? Math.min(ask, state.silentSince + patience(state)) : ask;
}

/** One step; `state` is changed. */
export function step(state: Leadership, input: Input, now: number): Effect[] {
  // While an answer is waited for, looks at the clock are close together.
  const slept = state.silentSince > 0 && now - state.awakeAt > SILENCE_MS_MAX + ASK_MS;
  state.awakeAt = now;
  if (input.type === 'visible') {
    state.visible = input.visible;
    // Whoever comes back asks at once.
    return input.visible && isWatching(state) && state.silentSince === 0 ? ask(state, now) : [];
  }
  if (input.type === 'leave') {
    Object.assign(state, { phase: 'out', leader: '', silentSince: 0, joined: false, stole: false });
    return [{ type: 'release' }];
  }
  switch (state.phase) {
    case 'out':
      if (input.type !== 'join') return [];
      Object.assign(state, { phase: 'joining', joined: input.resume, silentSince: 0 });
      return [{ type: 'lock' }, ...ask(state, now)];
    case 'leading':
      return whileLeading(state, input, now);
    default:
      return whileWatching(state, input, now, slept);
  }
}

function isWatching(state: Leadership): boolean {
  return state.phase === 'joining' || state.phase === 'following';
}

function whileLeading(state: Leadership, input: Input, now: number): Effect[] {
  switch (input.type) {
    case 'lead':
      if (input.from === state.id) return [];
      // Both think they lead: the later one does.
      if (!isAbove(input, state)) return [{ type: 'announce' }];
      return [...stepDown(state, now), ...follow(state, input)];
    case 'stolen':
    case 'fenced':
      return [...stepDown(state, now), ...ask(state, now)];
    default:
      return [];
  }
}

/** The lock is left before it is waited for again, so that others get it first. */
function stepDown(state: Leadership, now: number): Effect[] {
  Object.assign(state, { phase: 'following', leader: '', silentSince: 0, askedAt: now });
  return [{ type: 'stop' }, { type: 'release' }, { type: 'lock' }];
}

function whileWatching(state: Leadership, input: Input, now: number, slept: boolean): Effect[] {
  switch (input.type) {
    case 'granted': {
      const takeOver = state.joined || state.stole;
      const term = Math.max(state.term + 1, now);
      Object.assign(state, { phase: 'leading', leader: state.id, term, silentSince: 0, joined: true, stole: false });
      return [{ type: 'announce' }, { type: 'start', takeOver }];
    }
    case 'lead':
      return input.term < state.term ? [] : follow(state, input);
    case 'tick':
      if (slept) {
        // The silence was this tab's own.
        state.silentSince = 0;
        return ask(state, now);
      }
      if (state.silentSince > 0 && now - state.silentSince >= patience(state)) {
        Object.assign(state, { silentSince: now, stole: state.locks });
        return [{ type: 'steal' }];
      }
      return now >= (deadline(state) ?? now) ? ask(state, now) : [];
    default:
      return [];
  }
}

function follow(state: Leadership, { from, term }: { from: string; term: number }): Effect[] {
  const isNew = state.leader !== from || state.term !== term;
  Object.assign(state, { phase: 'following', leader: from, term, silentSince: 0, joined: true, stole: false });
  return isNew ? [{ type: 'follow' }] : [];
}

function ask(state: Leadership, now: number): Effect[] {
  state.askedAt = now;
  if (state.silentSince === 0) state.silentSince = now;
  return [{ type: 'ask' }];
}

function isAbove(other: { from: string; term: number }, state: Leadership): boolean {
  return other.term > state.term || (other.term === state.term && other.from > state.id);
}

/** Not the same in all tabs, so that one is first. */
function patience(state: Leadership): number {
  const own = (state.id.charCodeAt(0) % 16) * 12;
  return (state.locks || state.joined ? SILENCE_MS_MAX : NEWCOMER_MS_MAX) + own;
}
