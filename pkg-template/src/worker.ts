// The worker's script: the engine's end of the boundary on a thread of its own.

import { holdForLife, serve } from './tab.js';
import type { FromEngine, FromWorker, Port, ToEngine, ToWorker } from './protocol.js';

const scope = globalThis as unknown as Port<FromWorker, ToWorker>;

let asked: { resolve: (module: WebAssembly.Module) => void; reject: (cause: Error) => void } | undefined;

const port: Port<FromEngine, ToEngine> = {
  onmessage: null,
  postMessage: (message) => scope.postMessage(message),
};

scope.onmessage = ({ data }) => {
  if ('alive' in data) void holdForLife(data.alive).then(() => scope.postMessage({ alive: true }), () => {});
  else if ('module' in data) asked?.resolve(data.module);
  else if ('missing' in data) asked?.reject(new Error(data.missing));
  else port.onmessage?.({ data });
};

serve(
  port,
  () =>
    new Promise((resolve, reject) => {
      asked = { resolve, reject };
      scope.postMessage({ need: 'module' });
    }),
);
scope.postMessage({ ready: true });
