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
  private readonly _kind: HostInfo['kind'];
  private readonly _wasm: unknown;
  private readonly _told: Told;
  private _worker: Worker | undefined;
  /** Ends the wait for the worker's end: a page that waits for a lock is not kept in the back/forward cache. */
  private _waits: AbortController | undefined;
  private _page: Port<ToEngine, FromEngine> | undefined;
  /** What is posted before the script runs is kept: the page may have to do it. */
  private _waiting: ToEngine[] | undefined = [];
  private _timer: ReturnType<typeof setTimeout> | undefined;
  /** Calls that are not answered. */
  private readonly _open = new Map<number, CallMessage>();
  /** The login of the session that goes on. */
  private _session: CallMessage | undefined;
  /** Whether the page is looked at. */
  private _seen: PageMessage | undefined;
  /** The page is in the back/forward cache, and has no engine. */
  private _away = false;
  private _closed = false;

  constructor(kind: HostInfo['kind'], wasm: unknown, told: Told) {
    this._kind = kind;
    this._wasm = wasm;
    this._told = told;
    this._watchCache('addEventListener');
    this._start();
  }

  postMessage(message: ToEngine): void {
    if ('id' in message) this._open.set(message.id, message);
    if ('page' in message && message.page !== 'back') this._seen = message;
    if (this._waiting) this._waiting.push(message);
    else (this._page ?? this._worker)?.postMessage(message);
    if (!('close' in message)) return;
    this._end();
    // The engine's end of the database takes a moment; a worker left over would hold its memory.
    const worker = this._worker;
    setTimeout(() => worker?.terminate(), CLOSE_MS_MAX);
  }

  private _end(): void {
    this._closed = true;
    this._watchCache('removeEventListener');
  }

  private _start(): void {
    if (this._kind === 'page') this._startInPage('');
    else this._startWorker();
  }

  private _startWorker(): void {
    try {
      if (typeof Worker === 'undefined') throw new Error('there is no Worker here');
      this._worker = newWorker();
    } catch (cause) {
      this._fallBack(String(cause));
      return;
    }
    this._told({ kind: 'worker', reason: '' });
    this._timer = setTimeout(
      () => this._fallBack(`its script did not run within ${READY_MS_MAX / 1000} s`),
      READY_MS_MAX,
    );
    this._worker.onerror = (event) => {
      if (this._waiting) event.preventDefault();
      this._fallBack(event.message || 'its script could not be loaded');
    };
    this._worker.onmessage = ({ data }: { data: FromWorker }) => this._hear(data);
  }

  private _hear(data: FromWorker): void {
    const send = (message: ToWorker) => this._worker?.postMessage(message);
    if ('need' in data) {
      // The page loads the module (compiling is not done on its thread): all ways to name it work here.
      module(this._wasm).then(
        (module) => send({ module }),
        (cause: unknown) => send({ missing: cause instanceof Error ? cause.message : String(cause) }),
      );
    } else if ('ready' in data) {
      clearTimeout(this._timer);
      if (hasLocks()) this._watch(send);
      for (const message of this._waiting?.splice(0) ?? []) send(message);
      this._waiting = undefined;
    } else if (!('alive' in data)) {
      this._tell(data);
    }
  }

  private _tell(data: FromEngine): void {
    if ('id' in data) this._note(data.id, !('error' in data));
    else if ('tab' in data && data.tab.role === 'none') this._session = undefined;
    else if ('dead' in data) this._end();
    this.onmessage?.({ data });
  }

  private _note(id: number, done: boolean): void {
    const call = this._open.get(id);
    this._open.delete(id);
    if (done && call?.method === 'login') this._session = call;
  }

  /** The worker holds a lock: it is free when the worker is gone, which nothing else tells. */
  private _watch(send: (message: ToWorker) => void): void {
    const worker = this._worker;
    const name = `openim-web/worker/${Math.random()}`;
    worker?.addEventListener(
      'message',
      ({ data }: MessageEvent<FromWorker>) => {
        if (!('alive' in data)) return;
        const gone = () => {
          if (worker === this._worker && !this._closed) this._startAgain();
        };
        const { signal } = (this._waits = new AbortController());
        navigator.locks.request(name, { signal }, gone).catch(() => {});
      },
    );
    send({ alive: name });
  }

  private _startAgain(): void {
    console.warn('openim-web: the worker broke; another one takes its place');
    this._stop();
    this._start();
  }

  /** Ends the engine. In the next one the session goes on, and what was under way is repeated where that is safe. */
  private _stop(): void {
    clearTimeout(this._timer);
    this._waits?.abort();
    if (this._worker) this._worker.onmessage = this._worker.onerror = null;
    this._worker?.terminate();
    this._worker = undefined;
    if (this._page) this._page.onmessage = null;
    this._page?.postMessage({ close: true });
    this._page = undefined;
    // It has not begun.
    if (this._waiting) return;
    const calls = [...this._open.values()];
    this._open.clear();
    this._waiting = this._seen ? [this._seen] : [];
    if (this._session) {
      const { params } = this._session;
      const resume = { since: Date.now() - MISSED_MS_MAX };
      this.postMessage({ ...this._session, params: { ...(params as object), resume } });
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
  private readonly _turn = (event: Event): void => {
    const { type, persisted } = event as PageTransitionEvent;
    if (!persisted || this._away === (type === 'pagehide')) return;
    this._away = !this._away;
    if (this._away) this._stop();
    else this._start();
  };

  private _watchCache(change: 'addEventListener' | 'removeEventListener'): void {
    // Server-side rendering has no page.
    for (const event of ['pagehide', 'pageshow']) globalThis[change]?.(event, this._turn);
  }

  private _fallBack(reason: string): void {
    if (!this._waiting) return;
    clearTimeout(this._timer);
    this._worker?.terminate();
    this._worker = undefined;
    if (typeof window !== 'undefined') {
      console.warn(`openim-web: the engine runs in the page, no worker could be started: ${reason}`);
    }
    this._startInPage(reason);
  }

  private _startInPage(reason: string): void {
    this._told({ kind: 'page', reason });
    const kept = this._waiting ?? [];
    this._waiting = undefined;
    this._page = openPageHost(this._wasm);
    this._page.onmessage = ({ data }) => this._tell(data);
    for (const message of kept) this._page.postMessage(message);
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
