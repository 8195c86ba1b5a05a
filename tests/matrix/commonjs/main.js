// Old tools require() the constants; nothing of the engine is loaded for them.
const assert = require('node:assert/strict');
const openim = require('openim-web');

assert.equal(openim.MessageType.TextMessage, 101);
assert.equal(openim.CbEvents.OnRecvNewMessages, 'OnRecvNewMessages');
assert.equal(typeof openim.getSDK().login, 'function');
assert.equal(require('openim-web/lib/types/enum').MessageType.TextMessage, 101);
assert.equal(require('openim-web/inline').MessageType.TextMessage, 101);
import('openim-web').then((module) => assert.equal(module.MessageType.TextMessage, 101));
