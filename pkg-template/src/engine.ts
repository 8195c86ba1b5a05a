// The wasm engine: started when it is needed, one instance a session.

import init, { Engine, watch } from './wasm/openim_web.js';
import type { EventMessage, Failure } from './protocol.js';

/** The engine could not be loaded. */
const LOAD = 10004;
/** The engine has a defect. */
const INTERNAL = 10006;

/** Who is told when the module breaks. All clients of a page share it, and die together. */
const watchers: ((cause: Error) => void)[] = [];
watch((cause) => watchers.splice(0).forEach((died) => died(cause)));

/** Gives engines; the module is loaded once. */
export class Engines {
  private readonly _load: () => Promise<WebAssembly.Module>;
  private _module: Promise<WebAssembly.Module> | undefined;
  private _started: Promise<unknown> | undefined;

  constructor(load: () => Promise<WebAssembly.Module>) {
    this._load = load;
    // Loading begins at once; whoever calls first learns of a failure.
    this.preload().catch(() => {});
  }

  /** Loads the module, which a tab that only listens holds ready. */
  preload(): Promise<WebAssembly.Module> {
    // A failed load is forgotten, so that the next call tries again.
    return (this._module ??= this._load().catch((cause: unknown) => {
      this._module = undefined;
      throw { errCode: LOAD, errMsg: 'ResourceLoadNotCompleteError', cause: advice(cause) };
    }));
  }

  /** A new engine. `tell` gets its events, `died` is called if it breaks. */
  async start(tell: (event: EventMessage) => void, died: (dead: Failure) => void): Promise<Engine> {
    const module = await this.preload();
    await (this._started ??= init({ module_or_path: module }).catch((cause: unknown) => {
      this._started = undefined;
      throw { errCode: LOAD, errMsg: 'ResourceLoadNotCompleteError', cause: advice(cause) };
    }));
    watchers.push((cause) =>
      died({ errCode: INTERNAL, errMsg: 'SdkInternalError', cause: `the engine stopped: ${cause.message}` }),
    );
    return new Engine((event, data, error) =>
      tell({ event, data, errCode: error?.errCode ?? 0, errMsg: error?.errMsg ?? '' }),
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
