// The engine's module as base64 of its gzip; the build writes it (wasm/packed.js).

declare const packed: string;
export default packed;
