// Where the engine runs: in a worker, or in the page if there is no worker to be had.

import {
  localPair,
  type FromEngine,
  type FromWorker,
  type HostInfo,
  type Port,
  type ToEngine,
  type ToWorker,
} from './protocol.js';

/** A worker whose script has not begun to run after this time never will, milliseconds. */
const READY_MS_MAX = 10_000;
/** A closed engine has let its database go after this time, milliseconds. */
const CLOSE_MS_MAX = 3_000;

// Bundlers know this form: they make a script of its own of the worker.
const newWorker = (): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'openim-web' });

/** Starts an engine. `told` learns where it runs; it is told again if the worker cannot be had. */
export function openHost(
  kind: HostInfo['kind'],
  wasm: unknown,
  told: (info: HostInfo) => void,
): Port<ToEngine, FromEngine> {
  if (kind === 'page') {
    told({ kind, reason: '' });
    return openPageHost(wasm);
  }
  let worker: Worker;
  try {
    if (typeof Worker === 'undefined') throw new Error('there is no Worker here');
    worker = newWorker();
  } catch (cause) {
    return fallBack(wasm, told, String(cause));
  }
  told({ kind, reason: '' });
  return openWorkerHost(worker, wasm, told);
}

function fallBack(
  wasm: unknown,
  told: (info: HostInfo) => void,
  reason: string,
): Port<ToEngine, FromEngine> {
  told({ kind: 'page', reason });
  if (typeof window !== 'undefined') {
    console.warn(`openim-web: the engine runs in the page, no worker could be started: ${reason}`);
  }
  return openPageHost(wasm);
}

function openWorkerHost(
  worker: Worker,
  wasm: unknown,
  told: (info: HostInfo) => void,
): Port<ToEngine, FromEngine> {
  // What is posted before the script runs is kept: the page may have to do it.
  let waiting: ToEngine[] | undefined = [];
  let page: Port<ToEngine, FromEngine> | undefined;
  const port: Port<ToEngine, FromEngine> = {
    onmessage: null,
    postMessage(message) {
      if (waiting) waiting.push(message);
      else if (page) page.postMessage(message);
      else worker.postMessage(message);
      // The engine's end of the database takes a moment; a worker left over would hold its memory.
      if ('close' in message) setTimeout(() => worker.terminate(), CLOSE_MS_MAX);
    },
  };
  const send = (message: ToWorker) => worker.postMessage(message);

  const instead = (reason: string): void => {
    if (!waiting) return;
    clearTimeout(timer);
    worker.terminate();
    const kept = waiting;
    waiting = undefined;
    page = fallBack(wasm, told, reason);
    page.onmessage = (event) => port.onmessage?.(event);
    for (const message of kept) page.postMessage(message);
  };
  const timer = setTimeout(
    () => instead(`its script did not run within ${READY_MS_MAX / 1000} s`),
    READY_MS_MAX,
  );

  worker.onerror = (event) => {
    if (waiting) event.preventDefault();
    instead(event.message || 'its script could not be loaded');
  };
  worker.onmessage = ({ data }: { data: FromWorker }) => {
    if ('need' in data) {
      // The page loads the module (compiling is not done on its thread): all ways to name it work here.
      module(wasm).then(
        (module) => send({ module }),
        (cause: unknown) => send({ missing: cause instanceof Error ? cause.message : String(cause) }),
      );
    } else if ('ready' in data) {
      clearTimeout(timer);
      for (const message of waiting?.splice(0) ?? []) send(message);
      waiting = undefined;
    } else {
      port.onmessage?.({ data });
    }
  };
  return port;
}

/** Starts an engine in this realm; its code is loaded on demand. */
function openPageHost(wasm?: unknown): Port<ToEngine, FromEngine> {
  const [front, engine] = localPair();
  const waiting: ToEngine[] = [];
  engine.onmessage = ({ data }) => void waiting.push(data);

  const load = (): void => {
    import('./engine.js').then(
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
