// The SDK object: one method per name of the method list, events, nothing else.

import { METHODS, type CbEvents, type Methods } from './api.js';
import { Client } from './client.js';
import { Emitter } from './emitter.js';
import { responseEvent } from './error.js';
import { openHost } from './host.js';
import type { DataOfEvent, InitAndLoginConfig, WSEvent, WasmPathConfig } from './types.js';
import type { EventMessage, HostInfo } from './protocol.js';

/** Options of `createClient`. */
export interface ClientOptions {
  /** A call that takes longer rejects with 10003, milliseconds. Default 60,000. */
  timeout?: number;
  /** Where the engine's wasm file is, if not beside its script: an address, a Response or the bytes. */
  wasm?: unknown;
  /** Where the engine runs. Default `worker`; where no worker can be had it is the page, with a warning. */
  host?: HostInfo['kind'];
}

/** Events that are also told under the spelling the official core uses. */
const ALIASES: Record<string, string> = { onRecvOfflineNewMessages: 'OnRecvOfflineNewMessages' };

/** A client of one account. Its methods are those of `Methods`; each may be taken off the object. */
export interface SDK extends Methods {}

export class SDK extends Emitter {
  private readonly _client: Client;
  /** False after a login with `tryParse: false`: data goes out as JSON text. */
  private _parsed = true;
  private _host: HostInfo = { kind: 'page', reason: 'not started yet', role: 'none', lacks: '' };

  constructor(options: ClientOptions = {}) {
    super();
    this._client = new Client(
      () => openHost(options.host ?? 'worker', options.wasm, (host) => this._be(host)),
      (event) => this._tell(event),
      (tab) => this._be(tab),
      options.timeout,
    );
    for (const [name, arity] of Object.entries(METHODS)) this._define(name, arity);
  }

  /** Begins to load the engine. Without it the first call does. */
  preload(): void {
    this._client.start();
  }

  /** Where the engine runs and why there; what this tab is to the user's other tabs. */
  get host(): HostInfo {
    return this._host;
  }

  /** Ends this client: calls under way reject, the connection closes. Does not log out. */
  close(): void {
    this._client.close();
  }

  private _be(change: Partial<HostInfo>): void {
    this._host = { ...this._host, ...change };
  }

  private _define(name: string, arity: number): void {
    // The computed key names the function, for stack traces.
    const { [name]: method } = {
      [name]: (...args: unknown[]) => {
        const params = arity > 1 ? args.slice(0, arity) : arity ? args[0] : undefined;
        const id = args[arity];
        const operationID = typeof id === 'string' && id ? id : newOperationID();
        if (name === 'login') return this._login(params, operationID);
        // Not wrapped in the official SDK either.
        if (name === 'fileMapSet') return this._client.call(name, params, operationID).then(() => undefined);
        return this._invoke(name, params, operationID);
      },
    };
    Object.defineProperty(this, name, { value: method, enumerable: true, writable: true });
  }

  private async _invoke(name: string, params: unknown, operationID: string): Promise<unknown> {
    const reply = await this._client.call(name, params, operationID);
    const data = name === 'exportDB' ? addressOf(reply as string[]) : this._shape(reply);
    return { operationID, event: responseEvent(name), data };
  }

  /** `login` has no envelope in the official SDK: it resolves with the JSON text of "". */
  private async _login(params: unknown, operationID: string): Promise<unknown> {
    const before = this._parsed;
    this._parsed = (params as InitAndLoginConfig | undefined)?.tryParse !== false;
    try {
      return JSON.stringify(await this._client.call('login', params, operationID));
    } catch (error) {
      this._parsed = before;
      throw error;
    }
  }

  private _tell({ event, data, errCode, errMsg }: EventMessage): void {
    const told: Record<string, unknown> = { event, errCode, errMsg, operationID: '' };
    if (data !== null && data !== undefined) told.data = this._shape(data);
    this.emit(event as CbEvents, told as unknown as WSEvent<DataOfEvent<CbEvents>>);
    const alias = ALIASES[event];
    if (alias) {
      const copy = { ...told, event: alias };
      this.emit(alias as CbEvents, copy as unknown as WSEvent<DataOfEvent<CbEvents>>);
    }
  }

  private _shape(data: unknown): unknown {
    return this._parsed || typeof data === 'string' ? data : JSON.stringify(data);
  }
}

let single: SDK | undefined;

/**
 * The page's one client; later calls return the same. The paths of the official SDK are accepted and
 * not needed. Where there is no `window` (server-side rendering) it is a client that does nothing.
 */
export function getSDK(_config?: WasmPathConfig): SDK {
  if (typeof window === 'undefined') return new SDK();
  if (!single) {
    single = new SDK();
    single.preload();
  }
  return single;
}

/** A client of its own, for several accounts in one page. */
export function createClient(options?: ClientOptions): SDK {
  return new SDK(options);
}

/** Pieces of text as a file. */
function addressOf(pieces: string[]): string {
  return URL.createObjectURL(new Blob(pieces, { type: 'application/x-ndjson' }));
}

/** A random UUID; `crypto.randomUUID` is missing on pages without TLS. */
function newOperationID(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
