// Which server the demo talks to, and calls of its API that come before a session.

import { newID } from '../ui/id';

/** Where a server is. */
export interface Server {
  /** `http(s)://` address of the REST API. */
  api: string;
  /** `ws(s)://` address of the gateway. */
  ws: string;
}

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

function gatewayBeside(api: string): string {
  return `${trimmed(api).replace(/^http/, 'ws')}/ws`;
}

function trimmed(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

/** The server said no. */
export class Refused extends Error {
  constructor(
    /** The server's own code. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Nobody answers, or nobody who is an OpenIM server. */
export class Unreachable extends Error {}

/** Calls the API; what it answers. */
export async function post<T>(server: Server, path: string, body: object, token = ''): Promise<T> {
  let answer: { errCode?: number; errMsg?: string; errDlt?: string; data?: T };
  try {
    const headers = { 'Content-Type': 'application/json', operationID: newID(), token };
    const response = await fetch(server.api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    answer = await response.json();
  } catch {
    throw new Unreachable(`${server.api} does not answer as an OpenIM server`);
  }
  if (answer.errCode === undefined) throw new Unreachable(`${server.api} is no OpenIM server`);
  if (answer.errCode) throw new Refused(answer.errCode, answer.errDlt || answer.errMsg || 'no reason given');
  return answer.data as T;
}

export interface Person {
  userID: string;
  nickname: string;
  faceURL: string;
}

/** Who does not say by then whether it is a test server is taken for none, milliseconds. */
const ASK_MS_MAX = 4_000;

const testUsers = new Map<string, Promise<Person[] | null>>();

/** The users of a test server, which says who they are; `null` for a real one, which tells nobody. */
export function usersOfTest({ api }: Server): Promise<Person[] | null> {
  const ask = async () => {
    const signal = AbortSignal.timeout(ASK_MS_MAX);
    const response = await fetch(`${api}/control/users`, { method: 'POST', body: '{}', signal });
    const { users } = (response.ok ? await response.json() : {}) as { users?: Person[] };
    return users ?? null;
  };
  const asked = testUsers.get(api) ?? ask();
  testUsers.set(api, asked);
  return asked.catch(() => {
    // It may answer later.
    testUsers.delete(api);
    return null;
  });
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

/** The platform of browsers. */
export const WEB = 5;
