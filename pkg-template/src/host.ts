// Where the engine runs: in a worker, or in the page if there is no worker to be had.

import { hasLocks } from './locks.js';
import { repeated } from './repeat.js';
import {
  localPair,
  type CallMessage,
  type FromEngine,
  type FromWorker,
  type HostInfo,
  type PageMessage,
  type Port,
  type ToEngine,
  type ToWorker,
} from './protocol.js';

/** A worker whose script has not begun to run after this time never will, milliseconds. */
const READY_MS_MAX = 10_000;
/** A closed engine has let its database go after this time, milliseconds. */
const CLOSE_MS_MAX = 3_000;
/** Other tabs' news of this time are told again to a page whose worker broke, which knows them, milliseconds. */
const MISSED_MS_MAX = 5_000;

/** Where the engine of a client is; `told` is told again if it has to move. */
type Told = (info: Pick<HostInfo, 'kind' | 'reason'>) => void;

// Bundlers know this form: they make a script of its own of the worker.
const newWorker = (): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'openim-web' });

/** Starts an engine. `told` learns where it runs; it is told again if the worker cannot be had. */
export function openHost(kind: HostInfo['kind'], wasm: unknown, told: Told): Port<ToEngine, FromEngine> {
  return new Host(kind, wasm, told);
}

/** An engine in a worker, in another one if that breaks, in the page if there is none; or in the page at once. */
class Host implements Port<ToEngine, FromEngine> {
  onmessage: ((event: { data: FromEngine }) => void) | null = null;
  readonly #kind: HostInfo['kind'];
  readonly #wasm: unknown;
  readonly #told: Told;
  #worker: Worker | undefined;
  /** Ends the wait for the worker's end: a page that waits for a lock is not kept in the back/forward cache. */
  #waits: AbortController | undefined;
  #page: Port<ToEngine, FromEngine> | undefined;
  /** What is posted before the script runs is kept: the page may have to do it. */
  #waiting: ToEngine[] | undefined = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Calls that are not answered. */
  readonly #open = new Map<number, CallMessage>();
  /** The login of the session that goes on. */
  #session: CallMessage | undefined;
  /** Whether the page is looked at. */
  #seen: PageMessage | undefined;
  /** The page is in the back/forward cache, and has no engine. */
  #away = false;
  #closed = false;

  constructor(kind: HostInfo['kind'], wasm: unknown, told: Told) {
    this.#kind = kind;
    this.#wasm = wasm;
    this.#told = told;
    if (typeof window !== 'undefined') this.#watchCache('addEventListener');
    this.#start();
  }

  postMessage(message: ToEngine): void {
    if ('id' in message) this.#open.set(message.id, message);
    if ('page' in message && message.page !== 'back') this.#seen = message;
    if (this.#waiting) this.#waiting.push(message);
    else (this.#page ?? this.#worker)?.postMessage(message);
    if (!('close' in message)) return;
    this.#end();
    // The engine's end of the database takes a moment; a worker left over would hold its memory.
    const worker = this.#worker;
    setTimeout(() => worker?.terminate(), CLOSE_MS_MAX);
  }

  #end(): void {
    this.#closed = true;
    if (typeof window !== 'undefined') this.#watchCache('removeEventListener');
  }

  #start(): void {
    if (this.#kind === 'page') this.#startInPage('');
    else this.#startWorker();
  }

  #startWorker(): void {
    try {
      if (typeof Worker === 'undefined') throw new Error('there is no Worker here');
      this.#worker = newWorker();
    } catch (cause) {
      this.#fallBack(String(cause));
      return;
    }
    this.#told({ kind: 'worker', reason: '' });
    this.#timer = setTimeout(
      () => this.#fallBack(`its script did not run within ${READY_MS_MAX / 1000} s`),
      READY_MS_MAX,
    );
    this.#worker.onerror = (event) => {
      if (this.#waiting) event.preventDefault();
      this.#fallBack(event.message || 'its script could not be loaded');
    };
    this.#worker.onmessage = ({ data }: { data: FromWorker }) => this.#hear(data);
  }

  #hear(data: FromWorker): void {
    const send = (message: ToWorker) => this.#worker?.postMessage(message);
    if ('need' in data) {
      // The page loads the module (compiling is not done on its thread): all ways to name it work here.
      module(this.#wasm).then(
        (module) => send({ module }),
        (cause: unknown) => send({ missing: cause instanceof Error ? cause.message : String(cause) }),
      );
    } else if ('ready' in data) {
      clearTimeout(this.#timer);
      if (hasLocks()) this.#watch(send);
      for (const message of this.#waiting?.splice(0) ?? []) send(message);
      this.#waiting = undefined;
    } else if (!('alive' in data)) {
      this.#tell(data);
    }
  }

  #tell(data: FromEngine): void {
    if ('id' in data) this.#note(data.id, !('error' in data));
    else if ('tab' in data && data.tab.role === 'none') this.#session = undefined;
    else if ('dead' in data) this.#end();
    this.onmessage?.({ data });
  }

  #note(id: number, done: boolean): void {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (done && call?.method === 'login') this.#session = call;
  }

  /** The worker holds a lock: it is free when the worker is gone, which nothing else tells. */
  #watch(send: (message: ToWorker) => void): void {
    const worker = this.#worker;
    const name = `openim-web/worker/${Math.random()}`;
    worker?.addEventListener(
      'message',
      ({ data }: MessageEvent<FromWorker>) => {
        if (!('alive' in data)) return;
        const gone = () => {
          if (worker === this.#worker && !this.#closed) this.#startAgain();
        };
        const { signal } = (this.#waits = new AbortController());
        navigator.locks.request(name, { signal }, gone).catch(() => {});
      },
    );
    send({ alive: name });
  }

  #startAgain(): void {
    console.warn('openim-web: the worker broke; another one takes its place');
    this.#stop();
    this.#start();
  }

  /** Ends the engine. In the next one the session goes on, and what was under way is repeated where that is safe. */
  #stop(): void {
    clearTimeout(this.#timer);
    this.#waits?.abort();
    if (this.#worker) this.#worker.onmessage = this.#worker.onerror = null;
    this.#worker?.terminate();
    this.#worker = undefined;
    if (this.#page) this.#page.onmessage = null;
    this.#page?.postMessage({ close: true });
    this.#page = undefined;
    // It has not begun.
    if (this.#waiting) return;
    const calls = [...this.#open.values()];
    this.#open.clear();
    this.#waiting = this.#seen ? [this.#seen] : [];
    if (this.#session) {
      const { params } = this.#session;
      const resume = { since: Date.now() - MISSED_MS_MAX };
      this.postMessage({ ...this.#session, params: { ...(params as object), resume } });
    }
    for (const call of calls) {
      const again = call.method === 'login' ? call : repeated(call);
      if ('errCode' in again) this.onmessage?.({ data: { id: call.id, error: again } });
      else this.postMessage(again);
    }
  }

  /**
   * A page in the back/forward cache is frozen with everything that it holds: the lock of the leading tab, and in
   * Safari a transaction, for which the next page would wait. So its engine ends, and starts again when it comes back.
   */
  readonly #turn = (event: Event): void => {
    const { type, persisted } = event as PageTransitionEvent;
    if (!persisted || this.#away === (type === 'pagehide')) return;
    this.#away = !this.#away;
    if (this.#away) this.#stop();
    else this.#start();
  };

  #watchCache(change: 'addEventListener' | 'removeEventListener'): void {
    for (const event of ['pagehide', 'pageshow'] as const) window[change](event, this.#turn);
  }

  #fallBack(reason: string): void {
    if (!this.#waiting) return;
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    if (typeof window !== 'undefined') {
      console.warn(`openim-web: the engine runs in the page, no worker could be started: ${reason}`);
    }
    this.#startInPage(reason);
  }

  #startInPage(reason: string): void {
    this.#told({ kind: 'page', reason });
    const kept = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#page = openPageHost(this.#wasm);
    this.#page.onmessage = ({ data }) => this.#tell(data);
    for (const message of kept) this.#page.postMessage(message);
  }
}

/** Starts an engine in this realm; its code is loaded on demand. */
function openPageHost(wasm?: unknown): Port<ToEngine, FromEngine> {
  const [front, engine] = localPair();
  const waiting: ToEngine[] = [];
  engine.onmessage = ({ data }) => void waiting.push(data);

  const load = (): void => {
    import('./tab.js').then(
      ({ serve }) => {
        serve(engine, () => module(wasm));
        for (const data of waiting.splice(0)) engine.onmessage?.({ data });
      },
      (cause: unknown) => {
        for (const message of waiting.splice(0)) {
          if ('id' in message) {
            const error = {
              errCode: 10004,
              errMsg: 'ResourceLoadNotCompleteError',
              cause: `the engine's script could not be loaded: ${String(cause)}`,
            };
            engine.postMessage({ id: message.id, error });
          }
        }
        // The next call tries again.
        engine.onmessage = ({ data }) => {
          waiting.push(data);
          engine.onmessage = ({ data: more }) => void waiting.push(more);
          load();
        };
      },
    );
  };
  load();
  return front;
}

async function module(wasm: unknown): Promise<WebAssembly.Module> {
  return (await import('./load.js')).loadModule(wasm);
}
