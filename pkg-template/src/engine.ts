// The engine's end of the boundary: starts the wasm module and answers calls.

import init, { Engine } from './wasm/openim_web.js';
import type { CallMessage, Failure, FromEngine, Port, ToEngine } from './protocol.js';

/** The engine could not be loaded. */
const LOAD = 10004;
/** The engine has a defect. */
const INTERNAL = 10006;
/** The engine is closed. */
const NOT_INIT = 10008;

/** Serves calls on a port until it is told to close. `load` gives the wasm module. */
export function serve(port: Port<FromEngine, ToEngine>, load: () => Promise<WebAssembly.Module>): void {
  let engine: Promise<Engine> | undefined;
  let dead: Failure | undefined;

  const tell = (event: string, data: unknown, error: Pick<Failure, 'errCode' | 'errMsg'> | null) =>
    port.postMessage({ event, data, errCode: error?.errCode ?? 0, errMsg: error?.errMsg ?? '' });

  const died = (cause: string) => {
    dead = { errCode: INTERNAL, errMsg: 'SdkInternalError', cause: `the engine stopped: ${cause}` };
    port.postMessage({ dead });
  };

  // A failed load is forgotten, so that the next call tries again.
  const start = () =>
    (engine ??= load()
      .then((module) => init({ module_or_path: module }))
      .then(
        () => new Engine(tell, died),
        (cause: unknown) => {
          engine = undefined;
          throw { errCode: LOAD, errMsg: 'ResourceLoadNotCompleteError', cause: loadAdvice(cause) };
        },
      ));

  const answer = async ({ id, method, params, operationID }: CallMessage) => {
    try {
      if (dead) throw dead;
      const data = await (await start()).call(method, params, operationID);
      port.postMessage({ id, data });
    } catch (error) {
      port.postMessage({ id, error: dead ?? failure(error) });
    }
  };

  port.onmessage = ({ data: message }) => {
    if ('id' in message) {
      void answer(message);
      return;
    }
    const wake = 'wake' in message;
    if (dead) return;
    if (!wake) dead = { errCode: NOT_INIT, errMsg: 'SDKNotInitError', cause: 'the client is closed' };
    engine?.then((running) => (wake ? running.wake() : running.close())).catch(() => {});
  };

  // Loading begins at once; whoever calls first learns of a failure.
  start().catch(() => {});
}

function failure(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'errCode' in error) return error as Failure;
  return { errCode: INTERNAL, errMsg: 'SdkInternalError', cause: String(error) };
}

function loadAdvice(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
