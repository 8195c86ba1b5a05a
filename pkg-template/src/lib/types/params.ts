// The path applications written for the official package import parameter types from.

export type * from '../../types.js';
