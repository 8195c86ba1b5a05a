// What the front uses of the glue that wasm-bindgen writes (wasm/openim_web.js).

/** Loads and starts the module once; after a failure the next call tries again. */
export default function init(options?: { module_or_path: unknown }): Promise<unknown>;

/** `told` hears of the first trap. The module is not entered again after it: its memory is in an unknown state. */
export function watch(told: (cause: Error) => void): void;

/** One engine: one account. */
export class Engine {
  constructor(tell: (event: string, data: unknown, error: { errCode: number; errMsg: string } | null) => void);
  /** Resolves with `data`, rejects with `{errCode, errMsg, cause}`. */
  call(method: string, params: unknown, operationID: string): Promise<unknown>;
  /** The page is looked at again or the network is back. */
  wake(): void;
  /** Closes connection and database. */
  close(): void;
  free(): void;
}
