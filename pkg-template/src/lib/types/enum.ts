// The path applications written for the official package import enums from.

export * from '../../enums.js';
