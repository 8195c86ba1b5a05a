// Which user is on which side.
import { usersOfTest, type Server } from './server';

/** User IDs, left and right. */
export type Users = [string | null, string | null];

const key = (server: Server) => `openim-demo:users:${server.api}`;

/** Those of the address, else those of last time; `null` the first time. */
export function rememberedUsers(server: Server): Users | null {
  const query = new URLSearchParams(location.search);
  if (query.has('left') || query.has('right')) return [query.get('left'), query.get('right')];
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key(server)) ?? 'null');
    if (Array.isArray(saved)) return [text(saved[0]), text(saved[1])];
  } catch {
    // Not written by this page.
  }
  return null;
}

/** Whom to begin with: of a test server two users, if there is room for both. */
export async function firstUsers(server: Server, isWide: boolean): Promise<Users> {
  const [left, right] = (await usersOfTest(server)) ?? [];
  return [isWide ? (left?.userID ?? null) : null, right?.userID ?? null];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value ? value : null;
}

export function rememberUsers(server: Server, users: Users): void {
  localStorage.setItem(key(server), JSON.stringify(users));
}
