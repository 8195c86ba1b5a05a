// openim-web: an OpenIM client for the browser. See README.md.

export { getSDK, createClient, SDK } from './sdk.js';
export type { ClientOptions } from './sdk.js';
export { diagnose } from './diagnosis.js';
export type { Check, DiagnoseParams, Diagnosis } from './diagnosis.js';
export type { HostInfo } from './protocol.js';
export { OpenIMError } from './error.js';
export type { Listener } from './emitter.js';
export { CbEvents } from './api.js';
export * from './enums.js';
export type * from './types.js';
