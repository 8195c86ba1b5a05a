// One WebSocket connection of one party: what it sends, what it gets.
import zlib from 'node:zlib';
import WebSocket from 'ws';
import { decodeResponse, encodeRequest } from './gob.mjs';
import { decoded, encoded } from './proto.mjs';

const PING_MS = 12_000;
const ANSWER_MS = 8_000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What JSON text says, or the text. */
export const orText = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Shapes of frames: gob, or JSON for `sdkType=js`. */
const GOB = { encode: encodeRequest, decode: decodeResponse };
const JSON_ENVELOPE = {
  encode: ({ ReqIdentifier, SendID, OperationID, MsgIncr, Data }) => Buffer.from(JSON.stringify({
    reqIdentifier: ReqIdentifier, sendID: SendID, operationID: OperationID, msgIncr: MsgIncr,
    data: (Data ?? Buffer.alloc(0)).toString('base64'),
  })),
  decode(bytes) {
    const { reqIdentifier, operationID, msgIncr, errCode, errMsg, data, ...more } = JSON.parse(bytes.toString());
    return {
      ReqIdentifier: reqIdentifier, OperationID: operationID, MsgIncr: msgIncr, ErrCode: errCode, ErrMsg: errMsg,
      Data: data === null ? undefined : Buffer.from(data, 'base64'), more,
    };
  },
};

export class Connection {
  /** What came unasked since the last look: pushes, texts, the end. */
  frames = [];
  /** `{code, reason}` once it has ended. */
  closed;
  /** When it last got something, by `Date.now()`. */
  last = 0;
  #waiting = new Map();
  #asked = 0;

  /** `query` goes into the address; null leaves a key out. */
  constructor(address, label, query) {
    this.label = label;
    this.user = query.sendID;
    this.envelope = query.sdkType === 'js' ? JSON_ENVELOPE : GOB;
    this.gzip = query.compression === 'gzip';
    const given = Object.entries(query).filter(([, value]) => value !== null);
    this.socket = new WebSocket(`${address}?${new URLSearchParams(Object.fromEntries(given))}`, {
      perMessageDeflate: false, handshakeTimeout: 10_000,
    });
    this.socket.on('message', (data, binary) => this.#got(Buffer.from(data), binary));
    this.socket.on('close', (code, reason) => this.#ended({ code, reason: reason.toString() }));
    this.pings = setInterval(() => this.socket.readyState === WebSocket.OPEN && this.socket.ping(), PING_MS);
  }

  /** Waits until it stands or is refused: 'open', or what the refusal said. */
  opened() {
    return new Promise((resolve) => {
      this.socket.on('open', () => resolve('open'));
      this.socket.on('error', () => resolve('error'));
      this.socket.on('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (data) => (body += data));
        response.on('end', () => {
          this.close();
          resolve({ status: response.statusCode, type: response.headers['content-type'], body: orText(body) });
        });
      });
    });
  }

  #ended(how) {
    this.closed = how;
    this.frames.push({ close: how });
    this.last = Date.now();
    clearInterval(this.pings);
    for (const { resolve } of this.#waiting.values()) resolve({ closed: true });
  }

  #got(bytes, binary) {
    this.last = Date.now();
    if (!binary) return this.frames.push({ text: orText(bytes.toString()) });
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const { ReqIdentifier, OperationID, MsgIncr, ErrCode, ErrMsg, Data, more } =
      this.envelope.decode(zipped ? zlib.gunzipSync(bytes) : bytes);
    const frame = { id: ReqIdentifier };
    if (zipped !== this.gzip) frame.gz = zipped;
    if (ErrCode) Object.assign(frame, { code: ErrCode, msg: ErrMsg });
    if (Data?.length > 0) frame.data = decoded(ReqIdentifier, Data);
    if (more && Object.keys(more).length > 0) frame.more = more;
    const asked = this.#waiting.get(MsgIncr);
    if (asked) {
      this.#waiting.delete(MsgIncr);
      return asked.resolve({ ...frame, opSame: OperationID === asked.operation });
    }
    frame.op = OperationID ? 'set' : '';
    if (MsgIncr) frame.msgIncr = 'set';
    return this.frames.push(frame);
  }

  /** A request's answer. `value` is its data: an object, bytes, or null for none; `over` replaces envelope fields. */
  async ask(identifier, value, { wait = ANSWER_MS, ...over } = {}) {
    if (this.closed) return { closed: true };
    this.#asked += 1;
    const Data = Buffer.isBuffer(value) ? value : value === null ? undefined : encoded(identifier, value);
    const request = {
      ReqIdentifier: identifier, SendID: this.user, OperationID: `op${this.#asked}`,
      MsgIncr: `${this.user}_${this.#asked}`, Data, ...over,
    };
    const answer = new Promise((resolve) =>
      this.#waiting.set(request.MsgIncr, { resolve, operation: request.OperationID }));
    const bytes = this.envelope.encode(request);
    this.socket.send(this.gzip ? zlib.gzipSync(bytes) : bytes);
    const got = await Promise.race([answer, sleep(wait).then(() => ({ timeout: true }))]);
    this.#waiting.delete(request.MsgIncr);
    return got;
  }

  /** Sends a frame as it is. */
  raw(bytes) {
    this.socket.send(bytes);
  }

  /** Takes what came unasked. */
  take() {
    return this.frames.splice(0);
  }

  /** Ends it and hears nothing more. */
  close() {
    clearInterval(this.pings);
    this.socket.removeAllListeners('close');
    this.socket.on('error', () => {});
    this.socket.terminate();
  }
}
