// The wasm engine: started when it is needed, one instance a session.

import init, { Engine } from './wasm/openim_web.js';
import type { EventMessage, Failure } from './protocol.js';

/** The engine could not be loaded. */
const LOAD = 10004;
/** The engine has a defect. */
const INTERNAL = 10006;

/** Gives engines; the module is loaded once. */
export class Engines {
  readonly #load: () => Promise<WebAssembly.Module>;
  #module: Promise<WebAssembly.Module> | undefined;
  #started: Promise<unknown> | undefined;

  constructor(load: () => Promise<WebAssembly.Module>) {
    this.#load = load;
    // Loading begins at once; whoever calls first learns of a failure.
    this.preload().catch(() => {});
  }

  /** Loads the module, which a tab that only listens holds ready. */
  preload(): Promise<WebAssembly.Module> {
    // A failed load is forgotten, so that the next call tries again.
    return (this.#module ??= this.#load().catch((cause: unknown) => {
      this.#module = undefined;
      throw { errCode: LOAD, errMsg: 'ResourceLoadNotCompleteError', cause: advice(cause) };
    }));
  }

  /** A new engine. `tell` gets its events, `died` is called if it breaks. */
  async start(tell: (event: EventMessage) => void, died: (dead: Failure) => void): Promise<Engine> {
    const module = await this.preload();
    await (this.#started ??= init({ module_or_path: module }).catch((cause: unknown) => {
      this.#started = undefined;
      throw { errCode: LOAD, errMsg: 'ResourceLoadNotCompleteError', cause: advice(cause) };
    }));
    return new Engine(
      (event: string, data: unknown, error: Pick<Failure, 'errCode' | 'errMsg'> | null) =>
        tell({ event, data, errCode: error?.errCode ?? 0, errMsg: error?.errMsg ?? '' }),
      (cause: string) =>
        died({ errCode: INTERNAL, errMsg: 'SdkInternalError', cause: `the engine stopped: ${cause}` }),
    );
  }
}

export type { Engine };

/** What a call rejected with, as a failure. */
export function failure(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'errCode' in error) return error as Failure;
  return { errCode: INTERNAL, errMsg: 'SdkInternalError', cause: String(error) };
}

function advice(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
