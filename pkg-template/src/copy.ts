// The copy of the engine's module that is inside a script. Loaded only where the file cannot be had.

import { unpack } from './inflate.js';
import packed from './wasm/packed.js';

/** The module's bytes. */
export function bytes(): Uint8Array<ArrayBuffer> {
  return unpack(packed);
}
