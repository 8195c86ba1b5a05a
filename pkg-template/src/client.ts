// The front's end of the boundary: matches replies with calls, and settles every call.

import { OpenIMError } from './error.js';
import { News } from './news.js';
import type { EventMessage, Failure, FromEngine, Port, TabInfo, ToEngine } from './protocol.js';

/** A call that takes longer than this is given up, milliseconds. */
export const CALL_MS_MAX = 60_000;
/** Calls that may upload are given up after this many times that, without progress. */
const UPLOAD_PATIENCE = 3;
const UPLOADING = ['sendMessage', 'uploadFile'];
/** Events that show such progress. */
const PROGRESS = ['OnProgress', 'HashPartProgress', 'UploadComplete', 'UploadPartComplete'];
/** Parameters nested deeper than this are refused: they are cyclic. */
const DEPTH_MAX = 64;

interface Pending {
  method: string;
  operationID: string;
  resolve: (data: unknown) => void;
  reject: (error: OpenIMError) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class Client {
  private readonly _open: () => Port<ToEngine, FromEngine>;
  private readonly _tell: (event: EventMessage) => void;
  private readonly _be: (tab: TabInfo) => void;
  private readonly _timeout: number;
  private readonly _pending = new Map<number, Pending>();
  private _port: Port<ToEngine, FromEngine> | undefined;
  private _dead: Failure | undefined;
  private readonly _news = new News();
  private _id = 0;

  constructor(
    open: () => Port<ToEngine, FromEngine>,
    tell: (event: EventMessage) => void,
    be: (tab: TabInfo) => void,
    timeout = CALL_MS_MAX,
  ) {
    this._open = open;
    this._tell = tell;
    this._be = be;
    this._timeout = timeout;
  }

  /** Opens the boundary, if it is not open. */
  start(): Port<ToEngine, FromEngine> {
    if (!this._port) {
      this._port = this._open();
      this._port.onmessage = ({ data }) => this._receive(data);
      watchPage(this._watch, true);
      if (typeof document !== 'undefined') this._watch({ type: 'visibilitychange' });
    }
    return this._port;
  }

  /** Resolves with the reply's data; rejects with an OpenIMError, after the time-out at the latest. */
  call(method: string, params: unknown, operationID: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this._id;
      if (method === 'login') this._news.begin();
      else this._news.called(params);
      const timer = this._limit(id, method);
      this._pending.set(id, { method, operationID, resolve, reject, timer });
      if (this._dead) {
        this._fail(id, this._dead);
        return;
      }
      try {
        this.start().postMessage({ id, method, params: plain(params, 0), operationID });
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        this._fail(id, { errCode: 10002, errMsg: 'ArgsError', cause: `${method}: ${cause}` });
      }
    });
  }

  /** Ends the engine; calls under way and later ones reject. */
  close(): void {
    if (this._dead) return;
    this._port?.postMessage({ close: true });
    watchPage(this._watch, false);
    this._die({ errCode: 10008, errMsg: 'SDKNotInitError', cause: 'the client is closed' });
  }

  private readonly _watch = ({ type }: { type: string }): void => {
    const isVisible = document.visibilityState === 'visible';
    if (type === 'visibilitychange') this._port?.postMessage({ page: isVisible ? 'visible' : 'hidden' });
    else this._port?.postMessage({ page: 'back' });
  };

  private _limit(id: number, method: string): Pending['timer'] {
    const limit = this._timeout * (UPLOADING.includes(method) ? UPLOAD_PATIENCE : 1);
    return setTimeout(() => {
      const cause = `${method} was not answered within ${limit / 1000} s`;
      this._fail(id, { errCode: 10003, errMsg: 'CtxDeadlineExceededError', cause });
    }, limit);
  }

  /** Uploads get on: whoever waits for one waits on. */
  private _extend(): void {
    for (const [id, pending] of this._pending) {
      if (!UPLOADING.includes(pending.method)) continue;
      clearTimeout(pending.timer);
      pending.timer = this._limit(id, pending.method);
    }
  }

  private _receive(message: FromEngine): void {
    if ('event' in message) {
      if (PROGRESS.includes(message.event)) this._extend();
      this._hear(message);
    } else if ('tab' in message) this._be(message.tab);
    else if ('dead' in message) this._die(message.dead);
    else if ('error' in message) this._fail(message.id, message.error);
    else this._take(message.id)?.resolve(message.data);
  }

  private _hear(message: EventMessage): void {
    const event = this._news.sift(message);
    if (event) this._tell(event);
  }

  private _die(dead: Failure): void {
    this._dead = dead;
    for (const id of [...this._pending.keys()]) this._fail(id, dead);
  }

  private _fail(id: number, failure: Failure): void {
    const pending = this._take(id);
    if (pending) pending.reject(new OpenIMError({ ...failure, ...names(pending) }));
  }

  private _take(id: number): Pending | undefined {
    const pending = this._pending.get(id);
    if (pending) {
      clearTimeout(pending.timer);
      this._pending.delete(id);
    }
    return pending;
  }
}

/**
 * A page that slept, was hidden, came out of the back-forward cache or was offline may have lost its
 * connection without noticing.
 */
function watchPage(listener: (event: { type: string }) => void, watch: boolean): void {
  if (typeof document === 'undefined') return;
  const change = watch ? 'addEventListener' : 'removeEventListener';
  for (const event of ['visibilitychange', 'resume']) document[change](event, listener);
  for (const event of ['online', 'offline', 'pageshow']) globalThis[change](event, listener);
}

function names({ method, operationID }: Pending): { method: string; operationID: string } {
  return { method, operationID };
}

/**
 * The value as JSON would carry it, but with files and buffers left alone: `undefined` and functions
 * go, reactive proxies become plain objects. At the top `null` counts as absent.
 */
function plain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (depth > DEPTH_MAX) throw new Error('the parameters are nested too deeply or are cyclic');
  if (isBinary(value)) return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1) ?? null);
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const kept = plain(field, depth + 1);
    if (kept !== undefined && !(kept === null && depth === 0)) copy[key] = kept;
  }
  return copy;
}

function isBinary(value: object): boolean {
  return (
    (typeof Blob !== 'undefined' && value instanceof Blob) ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value)
  );
}
