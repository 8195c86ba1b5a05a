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
  private readonly _port: Port<FromEngine, ToEngine>;
  private readonly _engines: Engines;
  /** For calls while nobody is logged in. */
  private _idle: Promise<Engine> | undefined;
  private _session: Session | undefined;
  /** Login and logout, one after the other. */
  private _turn: Promise<unknown> = Promise.resolve();
  private _dead: Failure | undefined;
  private _visible = true;

  constructor(port: Port<FromEngine, ToEngine>, engines: Engines) {
    this._port = port;
    this._engines = engines;
  }

  hear(message: ToEngine): void {
    if ('id' in message) {
      void this._answer(message);
    } else if ('page' in message) {
      if (message.page !== 'back') this._visible = message.page === 'visible';
      this._session?.page(message.page);
    } else if (!this._dead) {
      this._dead = CLOSED;
      void this._session?.leave();
      this._idle?.then((engine) => engine.close()).catch(() => {});
    }
  }

  private async _answer(call: CallMessage): Promise<void> {
    const { id, method } = call;
    try {
      if (this._dead) throw this._dead;
      const data = await (method === 'login' || method === 'logout' ? this._inTurn(call) : this._call(call));
      this._port.postMessage({ id, data });
    } catch (error) {
      this._port.postMessage({ id, error: this._dead ?? failure(error) });
    }
  }

  private async _call(call: CallMessage): Promise<unknown> {
    if (this._session) return this._session.call(call);
    this._idle ??= this._engines.start((event) => this._port.postMessage(event), this._died);
    const idle = this._idle;
    try {
      return await (await idle).call(call.method, call.params, call.operationID);
    } catch (error) {
      // What could not be loaded is tried again by the next call.
      idle.catch(() => (this._idle = undefined));
      throw error;
    }
  }

  private _inTurn(call: CallMessage): Promise<unknown> {
    const done = this._turn.then(() => (call.method === 'login' ? this._login(call) : this._call(call)));
    this._turn = done.catch(() => {});
    return done;
  }

  private async _login(call: CallMessage): Promise<unknown> {
    // Closed while it waited for its turn.
    if (this._dead) throw this._dead;
    if (this._session) throw LOGGED_IN;
    // The engine says what is wrong.
    if (!isComplete(call.params)) return this._call(call);
    const session: Session = new Session(call, this._engines, this._visible, {
      post: (message) => this._port.postMessage(message),
      died: this._died,
      ended: () => {
        if (this._session !== session) return;
        this._session = undefined;
        this._port.postMessage({ tab: { role: 'none', lacks: '' } });
      },
    });
    this._session = session;
    try {
      return await session.entered;
    } catch (error) {
      await session.leave();
      throw error;
    }
  }

  private readonly _died = (dead: Failure): void => {
    if (this._dead) return;
    this._dead = dead;
    void this._session?.leave();
    this._port.postMessage({ dead });
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
  private readonly _page: Page;
  private readonly _engines: Engines;
  private readonly _params: LoginParams;
  private readonly _operationID: string;
  private readonly _state: Leadership;
  private readonly _lock: LeaderLock;
  private readonly _channel: ReturnType<typeof openChannel>;
  private readonly _pending = new Map<number, Pending>();
  private _enter!: { resolve: (data: unknown) => void; reject: (failure: Failure) => void };
  private _isEntered = false;
  private _number = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _over = false;
  /** This tab's engine; it answers for the session once it is logged in. */
  private _engine: Promise<Engine> | undefined;
  private _running: Engine | undefined;
  /** The leader whose events this tab hears, by its term. */
  private _heard = 0;
  private _ready = false;
  /** The first leader's that this tab had; 0: none yet. */
  private _firstTerm = 0;
  /** A logout runs. */
  private _leaving = false;
  /** What a tab that comes later has to know of the connection. */
  private _replay: EventMessage[] = [];
  /** What was told lately, for tabs that come back. */
  private _news: { at: number; event: EventMessage }[] = [];
  private _newsCount = 0;
  private readonly _lacks: string;

  constructor({ params, operationID }: CallMessage, engines: Engines, visible: boolean, page: Page) {
    this._params = { ...(params as LoginParams) };
    this._operationID = operationID;
    this._engines = engines;
    this._page = page;
    this.entered = new Promise((resolve, reject) => (this._enter = { resolve, reject }));
    const { apiAddr, userID, platformID, resume } = this._params;
    // Named like the database (src/logic/session.rs).
    const name = `openim-web/${apiAddr}/${userID}/${platformID}`;
    this._state = { ...outside(newID(), hasLocks()), visible };
    this._lock = new LeaderLock(name, (type) => this._step({ type }));
    this._channel = openChannel(name, (message) => this._hearTab(message));
    this._lacks = lacks(this._channel !== undefined);
    if (this._lacks) console.warn(`openim-web: ${this._lacks}`);
    if (this._channel) this._step({ type: 'join', resume: resume !== undefined });
    else void this._alone();
  }

  /** Runs a method, here or in the tab that leads. */
  call(call: CallMessage): Promise<unknown> {
    if (call.method === 'getLoginStatus' && !this._isEntered) return Promise.resolve(2);
    return new Promise((resolve, reject) => {
      const id = ++this._number;
      this._pending.set(id, { call: { ...call, id }, term: 0, resolve, reject });
      this._dispatch();
    });
  }

  /** The page was looked at or hidden, or came back. */
  page(what: 'visible' | 'hidden' | 'back'): void {
    if (what !== 'back') this._step({ type: 'visible', visible: what === 'visible' });
    if (what === 'hidden') return;
    if (this._running) this._running.wake();
    else this._say({ wake: true });
  }

  /** Goes away without logging out. */
  async leave(): Promise<void> {
    await this._end(CLOSED);
  }

  /** Without a channel each tab has an engine of its own; the database belongs to one of them. */
  private async _alone(): Promise<void> {
    const state = this._state;
    Object.assign(state, { phase: 'leading', leader: state.id, term: 1 });
    this._params.inMemory = !(await this._lock.tryOnce());
    if (this._over) return this._lock.release();
    if (this._params.inMemory) console.warn('openim-web: another tab has the database: this one keeps nothing');
    this._start(false);
  }

  // What `leader.ts` says.

  private _step(input: Input): void {
    if (this._over) return;
    const effects = step(this._state, input, Date.now());
    this._firstTerm ||= this._state.term;
    for (const effect of effects) this._act(effect);
    clearTimeout(this._timer);
    const at = deadline(this._state);
    if (at !== undefined) {
      this._timer = setTimeout(() => this._step({ type: 'tick' }), Math.max(0, at - Date.now()));
    }
  }

  private _act(effect: Effect): void {
    switch (effect.type) {
      case 'lock':
        return this._lock.wait();
      case 'steal':
        return this._lock.steal();
      case 'release':
        return this._lock.release();
      case 'ask':
        return this._say({ ask: true });
      case 'announce':
        return this._sayLead();
      case 'start':
        return this._start(effect.takeOver);
      case 'stop':
        return this._stop();
      case 'follow':
        this._ready = false;
        this._tellRole();
    }
  }

  // Leading.

  private _leads(term: number): boolean {
    return this._state.phase === 'leading' && this._state.term === term && !this._over;
  }

  private _start(takeOver: boolean): void {
    delete this._params.resume;
    const params = { ...this._params, takeOver };
    const { term } = this._state;
    this._ready = false;
    this._heard = term;
    const isMine = () => this._leads(term);
    const engine = this._engines.start(
      (event) => {
        if (isMine()) this._tell(event);
      },
      (dead) => this._page.died(dead),
    );
    this._engine = engine;
    this._tellRole();
    void engine
      .then(async (running) => {
        const data = await running.call('login', params, this._operationID);
        if (!isMine()) return;
        this._running = running;
        this._ready = true;
        this._entered(data);
        this._sayLead();
        this._dispatch();
      })
      .catch((error: unknown) => {
        if (!isMine()) return;
        // A session that goes on is tried by another tab, or again by this one.
        const isDeposed = failure(error).errCode === LEADER_CHANGED;
        if (this._isEntered || isDeposed) this._step({ type: 'fenced' });
        else this._enter.reject(failure(error));
      });
  }

  private _stop(): void {
    const engine = this._engine;
    this._engine = undefined;
    this._running = undefined;
    this._ready = false;
    this._heard = 0;
    this._replay = [];
    engine?.then((running) => running.close()).catch(() => {});
    this._tellRole();
  }

  /** An event of the own engine, for all tabs. */
  private _tell(event: EventMessage): void {
    if (event.event === 'Deposed') {
      if (this._channel) return this._step({ type: 'fenced' });
      // Another tab has the database, and there is no way to work together.
      this._stop();
      this._params.inMemory = true;
      return this._start(true);
    }
    this._say({ event });
    this._take(event);
  }

  /** An event for this tab. */
  private _take(event: EventMessage): void {
    this._remember(event);
    this._page.post(event);
    // What is open ends with the reason: a token that expired, another device.
    const { errCode, errMsg } = event;
    if (ENDS.includes(event.event)) void this._end({ errCode, errMsg: errMsg || event.event, cause: event.event });
  }

  /** Keeps what other tabs may have to be told later; any of them may have to lead. */
  private _remember(event: EventMessage): void {
    const { event: name } = event;
    if (name === 'OnConnecting') this._replay = [event];
    else if (name === 'OnSyncServerProgress') this._replay = [...this._replay.filter((e) => e.event !== name), event];
    else if (/^OnSyncServerF/.test(name)) this._replay = synced(this._replay, event);
    else if (/^On(Connect|SyncServerS)/.test(name)) this._replay.push(event);
    if (!/^(OnRecv.*NewMessages|Recovered)$/.test(name)) return;
    const at = Date.now();
    this._news.push({ at, event });
    this._newsCount += sizeOf(event);
    while (this._news[0]!.at < at - NEWS_KEPT_MS || (this._newsCount > NEWS_MAX && this._news.length > 1)) {
      this._newsCount -= sizeOf(this._news.shift()!.event);
    }
  }

  // Calls.

  /** Sends what waits to the leader; what an earlier leader had is repeated or given up. */
  private _dispatch(): void {
    const { phase, term } = this._state;
    const isHere = phase === 'leading';
    if (isHere ? !this._ready : phase !== 'following' || this._heard !== term) return;
    for (const [id, pending] of [...this._pending]) {
      if (pending.term === term) continue;
      const call = pending.term === 0 ? pending.call : repeated(pending.call);
      pending.term = term;
      if ('errCode' in call) {
        this._settle({ id, error: call });
      } else if (isHere) {
        void this._run(call).then((reply) => {
          // What a deposed engine says does not count: the call is repeated.
          if (this._leads(term) && this._pending.get(id)?.term === term) this._settle(reply);
        });
      } else {
        try {
          this._say({ call }, this._state.leader);
        } catch (error) {
          this._settle({ id, error: { errCode: 10002, errMsg: 'ArgsError', cause: `${call.method}: ${String(error)}` } });
        }
      }
    }
  }

  /** Runs a call on the own engine. */
  private async _run({ id, method, params, operationID }: CallMessage): Promise<ReplyMessage> {
    const running = this._running!;
    // Who logs in meanwhile waits for the end.
    this._leaving ||= method === 'logout';
    try {
      return { id, data: await running.call(method, params, operationID) };
    } catch (error) {
      this._leaving &&= method !== 'logout';
      return { id, error: failure(error) };
    }
  }

  /** The user was logged out in another tab. */
  private _loggedOut(): void {
    this._page.post({ event: 'OnKickedOffline', data: null, errCode: LOGGED_OUT.errCode, errMsg: LOGGED_OUT.cause! });
    void this._end(LOGGED_OUT);
  }

  private _settle(reply: ReplyMessage): void {
    const pending = this._pending.get(reply.id);
    if (!pending) return;
    this._pending.delete(reply.id);
    if ('error' in reply) return pending.reject(reply.error);
    pending.resolve(reply.data);
    if (pending.call.method !== 'logout') return;
    if (this._state.phase === 'leading') this._say({ out: true });
    void this._end(LOGGED_OUT);
  }

  // Other tabs.

  private _sayLead(to?: string): void {
    const { token } = this._params;
    this._say({ lead: { begin: !this._engine, ready: this._ready && !this._leaving, token } }, to);
  }

  private _say(saying: Saying, to?: string): void {
    const { id, term } = this._state;
    this._channel?.post({ from: id, term, ...(to ? { to } : {}), ...saying } as TabMessage);
  }

  private _hearTab(message: TabMessage): void {
    const { from, to, term } = message;
    const state = this._state;
    if (this._over || (to && to !== state.id)) return;
    if ('out' in message) {
      this._hearOut(term);
    } else if ('lead' in message) {
      this._step({ type: 'lead', from, term });
      if (state.phase === 'following' && state.leader === from && state.term === term) this._hearLeader(message.lead);
    } else if ('ask' in message) {
      if (state.phase === 'leading') this._sayLead(from);
    } else if (state.phase === 'leading') {
      void this._hearFollower(message);
    } else if (state.leader === from && state.term === term) {
      this._hearWork(message);
    }
  }

  /** The leader is there. */
  private _hearLeader({ begin, ready, token }: { begin: boolean; ready: boolean; token: string }): void {
    const { term, leader } = this._state;
    // Only who logs in has a newer one.
    if (this._isEntered || this._params.resume) this._params.token = token;
    if (begin) {
      this._heard = term;
      this._replay = [];
    }
    if (this._heard !== term) {
      if (!ready) return;
      const since = this._params.resume?.since ?? (this._isEntered ? Date.now() - NEWS_MS_MAX : Date.now());
      return this._say({ attach: { token: this._params.token, since } }, leader);
    }
    if (ready) this._entered('');
    this._dispatch();
  }

  private _hearWork(message: TabMessage): void {
    if ('attached' in message) {
      if (this._heard === this._state.term) return;
      this._heard = this._state.term;
      delete this._params.resume;
      this._entered('');
      for (const event of message.attached) this._take(event);
      this._dispatch();
    } else if (this._heard !== this._state.term) {
      // What it says belongs to what this tab has not heard yet; it will be told.
    } else if ('event' in message) {
      this._take(message.event);
    } else if ('reply' in message) {
      this._settle(message.reply);
    }
  }

  /** The user was logged out; the lock of who did it may have come before its word. Whoever logged in later stays. */
  private _hearOut(term: number): void {
    if (!this._firstTerm || term < this._firstTerm) return;
    const asked = [...this._pending.values()].find(({ call }) => call.method === 'logout');
    if (asked) return this._settle({ id: asked.call.id, data: '' });
    this._loggedOut();
  }

  private async _hearFollower(message: TabMessage): Promise<void> {
    const { from, term } = message;
    const isCurrent = () => this._leads(term);
    if ('wake' in message) {
      this._running?.wake();
    } else if ('attach' in message && isCurrent() && this._ready && !this._leaving) {
      const { token, since } = message.attach;
      const news = this._news.filter(({ at }) => at > since).map(({ event }) => event);
      this._say({ attached: [...this._replay, ...news] }, from);
      // The newest token counts: the server may take the older one for gone.
      if (token !== this._params.token) this._renew(token);
    } else if ('call' in message && isCurrent()) {
      await this._started();
      if (!isCurrent()) return;
      const reply = await this._run(message.call);
      if (!isCurrent()) return;
      this._say({ reply }, from);
      if (message.call.method !== 'logout' || 'error' in reply) return;
      this._say({ out: true });
      this._loggedOut();
    }
  }

  /** Begins a new term with another token. */
  private _renew(token: string): void {
    this._params.token = token;
    this._stop();
    this._state.term += 1;
    this._act({ type: 'announce' });
    this._start(true);
  }

  private _waiting: (() => void)[] = [];

  /** Resolves when the own engine is logged in. */
  private _started(): Promise<void> {
    if (this._ready) return Promise.resolve();
    return new Promise((resolve) => this._waiting.push(resolve));
  }

  private _entered(data: unknown): void {
    this._isEntered = true;
    this._enter.resolve(data);
    for (const go of this._waiting.splice(0)) go();
  }

  private _tellRole(): void {
    const role = !this._channel ? 'alone' : this._engine ? 'leader' : 'follower';
    this._page.post({ tab: { role, lacks: this._lacks } });
  }

  /** The session is over for this tab. The own engine ends before the lock is free. */
  private async _end(why: Failure): Promise<void> {
    if (this._over) return;
    this._over = true;
    clearTimeout(this._timer);
    this._enter.reject(why);
    for (const { call, resolve, reject } of this._pending.values()) {
      if (call.method === 'getLoginStatus' && why !== CLOSED) resolve(1);
      else reject(why);
    }
    this._pending.clear();
    try {
      (await this._engine)?.close();
    } catch {
      // It was never there, or broke.
    }
    this._lock.release();
    this._channel?.close();
    this._page.ended();
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
