// The same in one file, the engine's module inside: for webviews, `file:` pages and hosts that serve no
// other file.

import { bytes } from './copy.js';
import { useCopy } from './load.js';

useCopy(bytes);

export * from './index.js';
