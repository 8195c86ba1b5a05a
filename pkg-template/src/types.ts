// Every type of the contract, from both sources.

export type * from './api.js';
export type * from './official.js';
