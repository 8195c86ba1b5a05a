// The path applications written for the official package import entity types from.

export type * from '../../types.js';
