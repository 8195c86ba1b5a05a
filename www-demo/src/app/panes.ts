// Which user is on which side.
import { isOwnServer, type Server } from './server';

/** User IDs, left and right. */
export type Users = [string | null, string | null];

const key = (server: Server) => `openim-demo:users:${server.api}`;

/** Those of last time; the first time two seeded users if there is room for both. */
export function rememberedUsers(server: Server, isWide: boolean): Users {
  const query = new URLSearchParams(location.search);
  if (query.has('left') || query.has('right')) return [query.get('left'), query.get('right')];
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key(server)) ?? 'null');
    if (Array.isArray(saved)) return [text(saved[0]), text(saved[1])];
  } catch {
    // Not written by this page.
  }
  if (!isOwnServer(server)) return [null, null];
  return isWide ? ['alice', 'bob'] : [null, 'bob'];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value ? value : null;
}

export function rememberUsers(server: Server, users: Users): void {
  localStorage.setItem(key(server), JSON.stringify(users));
}
