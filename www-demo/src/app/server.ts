// Which server the demo talks to, and tokens for its users.

import { newID } from '../ui/id';

/** Where a server is. */
export interface Server {
  /** `http(s)://` address of the REST API. */
  api: string;
  /** `ws(s)://` address of the gateway. */
  ws: string;
}

/** Users the embedded server begins with. */
export const SEEDED = ['alice', 'bob', 'carol', 'dave', 'erin'];

/** The secret of OpenIM's usual docker set-up. */
const USUAL_SECRET = 'openIM123';
const ADMIN = 'imAdmin';
const WEB = 5;

/** From `?api=…&ws=…`, else the page's own origin. */
export function serverOfPage(): Server {
  const query = new URLSearchParams(location.search);
  const api = query.get('api') ?? location.origin;
  return { api: trimmed(api), ws: trimmed(query.get('ws') ?? gatewayBeside(api)) };
}

/** Where the engine runs: in a worker, with `?host=page` on the page's thread. */
export function hostOfPage(): 'worker' | 'page' {
  return new URLSearchParams(location.search).get('host') === 'page' ? 'page' : 'worker';
}

/** Whether the page came from the server it talks to, as `cargo xtask demo` serves it. */
export function isOwnServer(server: Server): boolean {
  return server.api === location.origin;
}

function gatewayBeside(api: string): string {
  return `${trimmed(api).replace(/^http/, 'ws')}/ws`;
}

function trimmed(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

/**
 * A token for a user, made with the administrator's secret. A real application's server does this; a
 * browser should never know the secret. It makes older tokens of the same user and platform invalid.
 */
async function newToken(server: Server, userID: string): Promise<string> {
  const admin = await post(server, '/auth/get_admin_token', { secret: USUAL_SECRET, userID: ADMIN });
  return post(server, '/auth/get_user_token', { userID, platformID: WEB }, admin);
}

async function post(server: Server, path: string, body: unknown, token = ''): Promise<string> {
  let answer: { errCode?: number; errMsg?: string; errDlt?: string; data?: { token?: string } };
  try {
    const headers = { 'Content-Type': 'application/json', operationID: newID(), token };
    const response = await fetch(server.api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    answer = await response.json();
  } catch {
    throw new Error(`${server.api} does not answer as an OpenIM server.`);
  }
  if (answer.errCode || !answer.data?.token) {
    throw new Error(`The server refuses a token: ${answer.errDlt || answer.errMsg || 'no reason given'}`);
  }
  return answer.data.token;
}

const key = (server: Server, userID: string) => `openim-demo:token:${server.api}:${userID}`;

function savedToken(server: Server, userID: string): string | null {
  return localStorage.getItem(key(server, userID));
}

/** Keeps a token; `null` forgets it. */
export function saveToken(server: Server, userID: string, token: string | null): void {
  if (token) localStorage.setItem(key(server, userID), token);
  else localStorage.removeItem(key(server, userID));
}

/**
 * The token this browser used last, else a new one, which is kept. Tabs that are opened at once get the same:
 * each new token would end the sessions of the one before.
 */
export async function tokenFor(server: Server, userID: string): Promise<{ token: string; isSaved: boolean }> {
  const get = async () => {
    const saved = savedToken(server, userID);
    const token = saved ?? (await newToken(server, userID));
    saveToken(server, userID, token);
    return { token, isSaved: saved !== null };
  };
  // Pages without TLS have no locks.
  return navigator.locks ? navigator.locks.request(key(server, userID), get) : get();
}

/** Deletes what the SDK stored for a user of a server. */
export async function forgetStored(server: Server, userID: string): Promise<void> {
  const all = await indexedDB.databases();
  const names = all.flatMap(({ name }) => (name?.endsWith(`${server.api}/${userID}/${WEB}`) ? [name] : []));
  for (const name of names) {
    await new Promise<void>((done) => {
      const request = indexedDB.deleteDatabase(name);
      // Where another tab holds it, it is deleted when that tab is closed.
      request.onsuccess = request.onerror = request.onblocked = () => done();
    });
  }
}
