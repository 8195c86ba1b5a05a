// ONE TAB AMONG OTHERS: takes the page's calls and tells it events. Where this tab leads its user's tabs,
// the engine runs here and works for all of them; else calls go to the tab that leads, and events come from
// there. Who leads is decided in `leader.ts`.

import { openChannel, type Saying, type TabMessage } from './channel.js';
import { Engines, failure, type Engine } from './engine.js';
import { deadline, outside, step, type Effect, type Input, type Leadership } from './leader.js';
import { hasLocks, LeaderLock } from './locks.js';
import { repeated } from './repeat.js';
import type {
  CallMessage,
  EventMessage,
  Failure,
  FromEngine,
  Port,
  ReplyMessage,
  TabInfo,
  ToEngine,
} from './protocol.js';

// The worker's script needs it too, and takes all from this one.
export { holdForLife } from './locks.js';

/** News this old have been heard by every tab that lives, milliseconds. */
const NEWS_MS_MAX = 10_000;
/** For so long and so many messages are kept for tabs that come back, from the back/forward cache too, milliseconds. */
const NEWS_KEPT_MS = 600_000;
const NEWS_MAX = 2_000;
/** After these the session is over. */
const ENDS = ['OnKickedOffline', 'OnUserTokenExpired', 'OnUserTokenInvalid'];

/** Another engine has the database. */
const LEADER_CHANGED = 10022;

const CLOSED: Failure = { errCode: 10008, errMsg: 'SDKNotInitError', cause: 'the client is closed' };
const LOGGED_IN: Failure = {
  errCode: 10102,
  errMsg: 'LoginRepeatError',
  cause: 'logged in already: call logout() first',
};
const LOGGED_OUT: Failure = {
  errCode: 10101,
  errMsg: 'LoginOutError',
  cause: 'the user was logged out in another tab',
};

/** What `login` gets; `resume` if this tab's engine broke and the session goes on. */
interface LoginParams {
  userID: string;
  token: string;
  platformID: number;
  apiAddr: string;
  takeOver?: boolean;
  inMemory?: boolean;
  resume?: { since: number };
}

/** Serves a page until it is told to close. `load` gives the wasm module. */
export function serve(port: Port<FromEngine, ToEngine>, load: () => Promise<WebAssembly.Module>): void {
  const tab = new Tab(port, new Engines(load));
  port.onmessage = ({ data }) => tab.hear(data);
}

class Tab {
  readonly #port: Port<FromEngine, ToEngine>;
  readonly #engines: Engines;
  /** For calls while nobody is logged in. */
  #idle: Promise<Engine> | undefined;
  #session: Session | undefined;
  /** Login and logout, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #dead: Failure | undefined;
  #visible = true;

  constructor(port: Port<FromEngine, ToEngine>, engines: Engines) {
    this.#port = port;
    this.#engines = engines;
  }

  hear(message: ToEngine): void {
    if ('id' in message) {
      void this.#answer(message);
    } else if ('page' in message) {
      if (message.page !== 'back') this.#visible = message.page === 'visible';
      this.#session?.page(message.page);
    } else if (!this.#dead) {
      this.#dead = CLOSED;
      void this.#session?.leave();
      this.#idle?.then((engine) => engine.close()).catch(() => {});
    }
  }

  async #answer(call: CallMessage): Promise<void> {
    const { id, method } = call;
    try {
      if (this.#dead) throw this.#dead;
      const data = await (method === 'login' || method === 'logout' ? this.#inTurn(call) : this.#call(call));
      this.#port.postMessage({ id, data });
    } catch (error) {
      this.#port.postMessage({ id, error: this.#dead ?? failure(error) });
    }
  }

  async #call(call: CallMessage): Promise<unknown> {
    if (this.#session) return this.#session.call(call);
    this.#idle ??= this.#engines.start((event) => this.#port.postMessage(event), this.#died);
    const idle = this.#idle;
    try {
      return await (await idle).call(call.method, call.params, call.operationID);
    } catch (error) {
      // What could not be loaded is tried again by the next call.
      idle.catch(() => (this.#idle = undefined));
      throw error;
    }
  }

  #inTurn(call: CallMessage): Promise<unknown> {
    const done = this.#turn.then(() => (call.method === 'login' ? this.#login(call) : this.#call(call)));
    this.#turn = done.catch(() => {});
    return done;
  }

  async #login(call: CallMessage): Promise<unknown> {
    // Closed while it waited for its turn.
    if (this.#dead) throw this.#dead;
    if (this.#session) throw LOGGED_IN;
    // The engine says what is wrong.
    if (!isComplete(call.params)) return this.#call(call);
    const session: Session = new Session(call, this.#engines, this.#visible, {
      post: (message) => this.#port.postMessage(message),
      died: this.#died,
      ended: () => {
        if (this.#session !== session) return;
        this.#session = undefined;
        this.#port.postMessage({ tab: { role: 'none', lacks: '' } });
      },
    });
    this.#session = session;
    try {
      return await session.entered;
    } catch (error) {
      await session.leave();
      throw error;
    }
  }

  readonly #died = (dead: Failure): void => {
    if (this.#dead) return;
    this.#dead = dead;
    void this.#session?.leave();
    this.#port.postMessage({ dead });
  };
}

function isComplete(params: unknown): params is LoginParams {
  const { userID, token, platformID, apiAddr } = (params ?? {}) as Partial<LoginParams>;
  return [userID, token, apiAddr].every((text) => typeof text === 'string' && text) && typeof platformID === 'number';
}

/** What a session does to its tab. */
interface Page {
  post(message: FromEngine): void;
  died(dead: Failure): void;
  ended(): void;
}

interface Pending {
  call: CallMessage;
  /** The term of the leader that has it; 0: none yet. */
  term: number;
  resolve: (data: unknown) => void;
  reject: (failure: Failure) => void;
}

/** From login to logout. */
class Session {
  /** The login's answer. */
  readonly entered: Promise<unknown>;
  readonly #page: Page;
  readonly #engines: Engines;
  readonly #params: LoginParams;
  readonly #operationID: string;
  readonly #state: Leadership;
  readonly #lock: LeaderLock;
  readonly #channel: ReturnType<typeof openChannel>;
  readonly #pending = new Map<number, Pending>();
  #enter!: { resolve: (data: unknown) => void; reject: (failure: Failure) => void };
  #isEntered = false;
  #number = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  /** This tab's engine; it answers for the session once it is logged in. */
  #engine: Promise<Engine> | undefined;
  #running: Engine | undefined;
  /** The leader whose events this tab hears, by its term. */
  #heard = 0;
  #ready = false;
  /** A logout runs. */
  #leaving = false;
  /** What a tab that comes later has to know of the connection. */
  #replay: EventMessage[] = [];
  /** What was told lately, for tabs that come back. */
  #news: { at: number; event: EventMessage }[] = [];
  #newsCount = 0;
  readonly #lacks: string;

  constructor({ params, operationID }: CallMessage, engines: Engines, visible: boolean, page: Page) {
    this.#params = { ...(params as LoginParams) };
    this.#operationID = operationID;
    this.#engines = engines;
    this.#page = page;
    this.entered = new Promise((resolve, reject) => (this.#enter = { resolve, reject }));
    const { apiAddr, userID, platformID, resume } = this.#params;
    // Named like the database (src/logic/session.rs).
    const name = `openim-web/${apiAddr}/${userID}/${platformID}`;
    this.#state = { ...outside(newID(), hasLocks()), visible };
    this.#lock = new LeaderLock(name, (type) => this.#step({ type }));
    this.#channel = openChannel(name, (message) => this.#hearTab(message));
    this.#lacks = lacks(this.#channel !== undefined);
    if (this.#lacks) console.warn(`openim-web: ${this.#lacks}`);
    if (this.#channel) this.#step({ type: 'join', resume: resume !== undefined });
    else void this.#alone();
  }

  /** Runs a method, here or in the tab that leads. */
  call(call: CallMessage): Promise<unknown> {
    if (call.method === 'getLoginStatus' && !this.#isEntered) return Promise.resolve(2);
    return new Promise((resolve, reject) => {
      const id = ++this.#number;
      this.#pending.set(id, { call: { ...call, id }, term: 0, resolve, reject });
      this.#dispatch();
    });
  }

  /** The page was looked at or hidden, or came back. */
  page(what: 'visible' | 'hidden' | 'back'): void {
    if (what !== 'back') this.#step({ type: 'visible', visible: what === 'visible' });
    if (what === 'hidden') return;
    if (this.#running) this.#running.wake();
    else this.#say({ wake: true });
  }

  /** Goes away without logging out. */
  async leave(): Promise<void> {
    await this.#end(CLOSED);
  }

  /** Without a channel each tab has an engine of its own; the database belongs to one of them. */
  async #alone(): Promise<void> {
    const state = this.#state;
    Object.assign(state, { phase: 'leading', leader: state.id, term: 1 });
    this.#params.inMemory = !(await this.#lock.tryOnce());
    if (this.#over) return this.#lock.release();
    if (this.#params.inMemory) console.warn('openim-web: another tab has the database: this one keeps nothing');
    this.#start(false);
  }

  // What `leader.ts` says.

  #step(input: Input): void {
    if (this.#over) return;
    for (const effect of step(this.#state, input, Date.now())) this.#act(effect);
    clearTimeout(this.#timer);
    const at = deadline(this.#state);
    if (at !== undefined) {
      this.#timer = setTimeout(() => this.#step({ type: 'tick' }), Math.max(0, at - Date.now()));
    }
  }

  #act(effect: Effect): void {
    switch (effect.type) {
      case 'lock':
        return this.#lock.wait();
      case 'steal':
        return this.#lock.steal();
      case 'release':
        return this.#lock.release();
      case 'ask':
        return this.#say({ ask: true });
      case 'announce':
        return this.#sayLead();
      case 'start':
        return this.#start(effect.takeOver);
      case 'stop':
        return this.#stop();
      case 'follow':
        this.#ready = false;
        this.#tellRole();
    }
  }

  // Leading.

  #leads(term: number): boolean {
    return this.#state.phase === 'leading' && this.#state.term === term && !this.#over;
  }

  #start(takeOver: boolean): void {
    delete this.#params.resume;
    const params = { ...this.#params, takeOver };
    const { term } = this.#state;
    this.#ready = false;
    this.#heard = term;
    const isMine = () => this.#leads(term);
    const engine = this.#engines.start(
      (event) => {
        if (isMine()) this.#tell(event);
      },
      (dead) => this.#page.died(dead),
    );
    this.#engine = engine;
    this.#tellRole();
    void engine
      .then(async (running) => {
        const data = await running.call('login', params, this.#operationID);
        if (!isMine()) return;
        this.#running = running;
        this.#ready = true;
        this.#entered(data);
        this.#sayLead();
        this.#dispatch();
      })
      .catch((error: unknown) => {
        if (!isMine()) return;
        // A session that goes on is tried by another tab, or again by this one.
        const isDeposed = failure(error).errCode === LEADER_CHANGED;
        if (this.#isEntered || isDeposed) this.#step({ type: 'fenced' });
        else this.#enter.reject(failure(error));
      });
  }

  #stop(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#running = undefined;
    this.#ready = false;
    this.#heard = 0;
    this.#replay = [];
    engine?.then((running) => running.close()).catch(() => {});
    this.#tellRole();
  }

  /** An event of the own engine, for all tabs. */
  #tell(event: EventMessage): void {
    if (event.event === 'Deposed') {
      if (this.#channel) return this.#step({ type: 'fenced' });
      // Another tab has the database, and there is no way to work together.
      this.#stop();
      this.#params.inMemory = true;
      return this.#start(true);
    }
    this.#say({ event });
    this.#take(event);
  }

  /** An event for this tab. */
  #take(event: EventMessage): void {
    this.#remember(event);
    this.#page.post(event);
    if (ENDS.includes(event.event)) void this.#end(LOGGED_OUT);
  }

  /** Keeps what other tabs may have to be told later; any of them may have to lead. */
  #remember(event: EventMessage): void {
    const { event: name } = event;
    if (name === 'OnConnecting') this.#replay = [event];
    else if (name === 'OnSyncServerProgress') this.#replay = [...this.#replay.filter((e) => e.event !== name), event];
    else if (/^OnSyncServerF/.test(name)) this.#replay = synced(this.#replay, event);
    else if (/^On(Connect|SyncServerS)/.test(name)) this.#replay.push(event);
    if (!/^(OnRecv.*NewMessages|Recovered)$/.test(name)) return;
    const at = Date.now();
    this.#news.push({ at, event });
    this.#newsCount += sizeOf(event);
    while (this.#news[0]!.at < at - NEWS_KEPT_MS || (this.#newsCount > NEWS_MAX && this.#news.length > 1)) {
      this.#newsCount -= sizeOf(this.#news.shift()!.event);
    }
  }

  // Calls.

  /** Sends what waits to the leader; what an earlier leader had is repeated or given up. */
  #dispatch(): void {
    const { phase, term } = this.#state;
    const isHere = phase === 'leading';
    if (isHere ? !this.#ready : phase !== 'following' || this.#heard !== term) return;
    for (const [id, pending] of [...this.#pending]) {
      if (pending.term === term) continue;
      const call = pending.term === 0 ? pending.call : repeated(pending.call);
      pending.term = term;
      if ('errCode' in call) {
        this.#settle({ id, error: call });
      } else if (isHere) {
        void this.#run(call).then((reply) => {
          // What a deposed engine says does not count: the call is repeated.
          if (this.#leads(term) && this.#pending.get(id)?.term === term) this.#settle(reply);
        });
      } else {
        try {
          this.#say({ call }, this.#state.leader);
        } catch (error) {
          this.#settle({ id, error: { errCode: 10002, errMsg: 'ArgsError', cause: `${call.method}: ${String(error)}` } });
        }
      }
    }
  }

  /** Runs a call on the own engine. */
  async #run({ id, method, params, operationID }: CallMessage): Promise<ReplyMessage> {
    const running = this.#running!;
    // Who logs in meanwhile waits for the end.
    this.#leaving ||= method === 'logout';
    try {
      return { id, data: await running.call(method, params, operationID) };
    } catch (error) {
      this.#leaving &&= method !== 'logout';
      return { id, error: failure(error) };
    }
  }

  /** The user was logged out in another tab. */
  #loggedOut(): void {
    this.#page.post({ event: 'OnKickedOffline', data: null, errCode: LOGGED_OUT.errCode, errMsg: LOGGED_OUT.cause! });
    void this.#end(LOGGED_OUT);
  }

  #settle(reply: ReplyMessage): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if ('error' in reply) return pending.reject(reply.error);
    pending.resolve(reply.data);
    if (pending.call.method !== 'logout') return;
    if (this.#state.phase === 'leading') this.#say({ out: true });
    void this.#end(LOGGED_OUT);
  }

  // Other tabs.

  #sayLead(to?: string): void {
    const { token } = this.#params;
    this.#say({ lead: { begin: !this.#engine, ready: this.#ready && !this.#leaving, token } }, to);
  }

  #say(saying: Saying, to?: string): void {
    const { id, term } = this.#state;
    this.#channel?.post({ from: id, term, ...(to ? { to } : {}), ...saying } as TabMessage);
  }

  #hearTab(message: TabMessage): void {
    const { from, to, term } = message;
    const state = this.#state;
    if (this.#over || (to && to !== state.id)) return;
    if ('lead' in message) {
      this.#step({ type: 'lead', from, term });
      if (state.phase === 'following' && state.leader === from && state.term === term) this.#hearLeader(message.lead);
    } else if ('ask' in message) {
      if (state.phase === 'leading') this.#sayLead(from);
    } else if (state.phase === 'leading') {
      void this.#hearFollower(message);
    } else if (state.leader === from && state.term === term) {
      this.#hearWork(message);
    }
  }

  /** The leader is there. */
  #hearLeader({ begin, ready, token }: { begin: boolean; ready: boolean; token: string }): void {
    const { term, leader } = this.#state;
    // Only who logs in has a newer one.
    if (this.#isEntered || this.#params.resume) this.#params.token = token;
    if (begin) {
      this.#heard = term;
      this.#replay = [];
    }
    if (this.#heard !== term) {
      if (!ready) return;
      const since = this.#params.resume?.since ?? (this.#isEntered ? Date.now() - NEWS_MS_MAX : Date.now());
      return this.#say({ attach: { token: this.#params.token, since } }, leader);
    }
    if (ready) this.#entered('');
    this.#dispatch();
  }

  #hearWork(message: TabMessage): void {
    if ('attached' in message) {
      if (this.#heard === this.#state.term) return;
      this.#heard = this.#state.term;
      delete this.#params.resume;
      this.#entered('');
      for (const event of message.attached) this.#take(event);
      this.#dispatch();
    } else if (this.#heard !== this.#state.term) {
      // What it says belongs to what this tab has not heard yet; it will be told.
    } else if ('event' in message) {
      this.#take(message.event);
    } else if ('reply' in message) {
      this.#settle(message.reply);
    } else if ('out' in message) {
      const asked = [...this.#pending.values()].find(({ call }) => call.method === 'logout');
      if (asked) return this.#settle({ id: asked.call.id, data: '' });
      this.#loggedOut();
    }
  }

  async #hearFollower(message: TabMessage): Promise<void> {
    const { from, term } = message;
    const isCurrent = () => this.#leads(term);
    if ('wake' in message) {
      this.#running?.wake();
    } else if ('attach' in message && isCurrent() && this.#ready && !this.#leaving) {
      const { token, since } = message.attach;
      const news = this.#news.filter(({ at }) => at > since).map(({ event }) => event);
      this.#say({ attached: [...this.#replay, ...news] }, from);
      // The newest token counts: the server may take the older one for gone.
      if (token !== this.#params.token) this.#renew(token);
    } else if ('call' in message && isCurrent()) {
      await this.#started();
      if (!isCurrent()) return;
      const reply = await this.#run(message.call);
      if (!isCurrent()) return;
      this.#say({ reply }, from);
      if (message.call.method !== 'logout' || 'error' in reply) return;
      this.#say({ out: true });
      this.#loggedOut();
    }
  }

  /** Begins a new term with another token. */
  #renew(token: string): void {
    this.#params.token = token;
    this.#stop();
    this.#state.term += 1;
    this.#act({ type: 'announce' });
    this.#start(true);
  }

  #waiting: (() => void)[] = [];

  /** Resolves when the own engine is logged in. */
  #started(): Promise<void> {
    if (this.#ready) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #entered(data: unknown): void {
    this.#isEntered = true;
    this.#enter.resolve(data);
    for (const go of this.#waiting.splice(0)) go();
  }

  #tellRole(): void {
    const role = !this.#channel ? 'alone' : this.#engine ? 'leader' : 'follower';
    this.#page.post({ tab: { role, lacks: this.#lacks } });
  }

  /** The session is over for this tab. The own engine ends before the lock is free. */
  async #end(why: Failure): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#enter.reject(why);
    for (const pending of this.#pending.values()) pending.reject(why);
    this.#pending.clear();
    try {
      (await this.#engine)?.close();
    } catch {
      // It was never there, or broke.
    }
    this.#lock.release();
    this.#channel?.close();
    this.#page.ended();
  }
}

/** What the browser lacks, and what follows from it. */
function lacks(hasChannel: boolean): string {
  const missing: string[] = [];
  if (!hasChannel) {
    missing.push('no BroadcastChannel: each tab has a connection of its own, and only one keeps what it gets');
  } else if (!hasLocks()) {
    missing.push('no Web Locks (they need https): another tab takes over a second later when one is closed');
  }
  if (typeof indexedDB === 'undefined') missing.push('no IndexedDB: nothing is kept when the page goes');
  return missing.join('; ');
}

/** After a sync: to a tab that comes now it is an ordinary one, with everything there already. */
function synced(events: EventMessage[], end: EventMessage): EventMessage[] {
  const isSync = ({ event }: EventMessage) => event.startsWith('OnSyncServer');
  const start = { ...end, event: 'OnSyncServerStart', data: false };
  return [...events.filter((event) => !isSync(event)), start, { ...end, data: false }];
}

function sizeOf({ data }: EventMessage): number {
  return (data as unknown[]).length;
}

/** A random name for a tab. */
function newID(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join('');
}
