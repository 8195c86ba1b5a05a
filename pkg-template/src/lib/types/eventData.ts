// The path applications written for the official package import event types from.

export type * from '../../types.js';
