// Which server, and how its seeded users get a token.

/** Addresses: from the query (`?api=…&ws=…`), else the page's own server. */
export function addresses(): { apiAddr: string; wsAddr: string } {
  const query = new URLSearchParams(location.search);
  return {
    apiAddr: query.get('api') ?? location.origin,
    wsAddr: query.get('ws') ?? `${location.origin.replace(/^http/, 'ws')}/ws`,
  };
}

/** Users every embedded server begins with. */
export const SEEDED = ['alice', 'bob', 'carol', 'dave'];

const WEB = 5;

async function post(path: string, body: unknown, token?: string): Promise<{ token: string }> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', operationID: crypto.randomUUID() };
  if (token) headers.token = token;
  const response = await fetch(addresses().apiAddr + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await response.json();
  if (answer.errCode) throw new Error(`${answer.errMsg} ${answer.errDlt}`);
  return answer.data;
}

const key = (userID: string) => `token:${addresses().apiAddr}:${userID}`;

/** The token kept for a user, else a new one. A new token would end other logins of the same user. */
export async function tokenOf(userID: string): Promise<string> {
  const kept = localStorage.getItem(key(userID));
  if (kept) return kept;
  const admin = await post('/auth/get_admin_token', { secret: 'openIM123', userID: 'imAdmin' });
  const { token } = await post('/auth/get_user_token', { userID, platformID: WEB }, admin.token);
  keepToken(userID, token);
  return token;
}

export function keepToken(userID: string, token: string): void {
  localStorage.setItem(key(userID), token);
}

export function forgetToken(userID: string): void {
  localStorage.removeItem(key(userID));
}
