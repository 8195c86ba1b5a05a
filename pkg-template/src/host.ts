// Where the engine runs. Today: in the page. A worker is another function here.

import { localPair, type FromEngine, type Port, type ToEngine } from './protocol.js';

/** Starts an engine in this realm; its code is loaded on demand. */
export function openPageHost(wasm?: unknown): Port<ToEngine, FromEngine> {
  const [front, engine] = localPair();
  const waiting: ToEngine[] = [];
  engine.onmessage = ({ data }) => void waiting.push(data);

  const load = (): void => {
    import('./engine.js').then(
      ({ serve }) => {
        serve(engine, wasm);
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
