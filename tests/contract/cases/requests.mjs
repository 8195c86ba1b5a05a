// Shapes that many cases send.
import { randomBytes } from 'node:crypto';

export const PAGE = { pageNumber: 1, showNumber: 50 };

/** Content of a message: JSON, or text as it is. */
export const bytes = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

let numbered = 0;
const messageID = () => `m${++numbered}_${randomBytes(4).toString('hex')}`;

/** A text to a user; `over` replaces fields, undefined leaves one out. */
export const single = (from, to, text, over = {}) => ({
  sendID: from, recvID: to, clientMsgID: messageID(), sessionType: 1, msgFrom: 100, contentType: 101,
  content: bytes({ content: text }), createTime: Date.now(), status: 1, senderPlatformID: 5, senderNickname: 'nick',
  senderFaceURL: 'http://face', options: {}, ...over,
});

/** A text to a group. */
export const group = (from, groupID, text, over = {}) => single(from, '', text, { sessionType: 3, groupID, ...over });

const pair = (one, other) => [one, other].sort().join('_');
export const chatOf = (one, other) => `si_${pair(one, other)}`;
export const noticesOf = (one, other) => `n_${pair(one, other)}`;
export const serviceOf = (one, other) => `sn_${pair(one, other)}`;

/** A range of a pull. */
export const range = (conversationID, begin = 1, end = 99, num = 99) => ({ conversationID, begin, end, num });

/** What an incremental list is asked for that was never held. */
export const ANEW = { version: 0, versionID: '' };
/** A version of some other life of the list. */
export const STALE_ID = '0123456789abcdef01234567';
