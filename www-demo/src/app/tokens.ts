// Tokens: kept by user, asked for with the secret, looked at when the server refuses one.
import { diagnose } from 'openim-web';

import { post, Refused, Unreachable, usersOfTest, WEB, type Server } from './server';

/** Whoever knows the secret can be anybody. */
export interface Authority {
  secret: string;
  /** An administrator's ID. */
  admin: string;
}

/** OpenIM's usual secret and administrator, which every test server has. */
export const USUAL: Authority = { secret: 'openIM123', admin: 'imAdmin' };

/** What was typed in, by API address; forgotten when the page goes. */
const typed = new Map<string, Authority>();

const prefix = ({ api }: Server) => `openim-demo:token:${api}:`;
const key = (server: Server, userID: string) => prefix(server) + userID;

function savedToken(server: Server, userID: string): string | null {
  return localStorage.getItem(key(server, userID));
}

function saveToken(server: Server, userID: string, token: string): void {
  localStorage.setItem(key(server, userID), token);
}

export function forgetToken(server: Server, userID: string): void {
  localStorage.removeItem(key(server, userID));
}

/** Users who signed in here before. */
export function savedUsers(server: Server): string[] {
  const begin = prefix(server);
  const keys = Array.from({ length: localStorage.length }, (_, n) => localStorage.key(n) ?? '');
  return keys.flatMap((name) => (name.startsWith(begin) ? [name.slice(begin.length)] : [])).sort();
}

/**
 * A token for a user, made with the administrator's secret; `nickname` registers a user who is not there. A real
 * application's server does this; a browser should never know the secret.
 */
async function newToken(server: Server, by: Authority, userID: string, nickname?: string): Promise<string> {
  const { token: admin } = await post<Token>(server, '/auth/get_admin_token', { secret: by.secret, userID: by.admin }).catch(
    (error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      if (error.code === 1002) throw new Error('The secret is not that of this server (“secret” in its share.yml).');
      throw new Error(`“${by.admin}” is no administrator of this server (“imAdminUser” in its share.yml).`);
    },
  );
  const ask = () => post<Token>(server, '/auth/get_user_token', { userID, platformID: WEB }, admin);
  try {
    return (await ask()).token;
  } catch (error) {
    if (!(error instanceof Refused) || !NO_USER.includes(error.code)) throw error;
    if (nickname === undefined) throw new Error(`The server has no user “${userID}”.`);
    const users = [{ userID, nickname: nickname || userID, faceURL: '' }];
    await post(server, '/user/user_register', { users }, admin);
    return (await ask()).token;
  }
}

interface Token {
  token: string;
}

/** No such user: of today's servers and of older ones. */
const NO_USER = [1004, 1101];

/**
 * The token this browser used last, else a new one, which is kept. Tabs that are opened at once get the same:
 * each new token would end the sessions of the one before.
 */
export async function tokenFor(server: Server, userID: string): Promise<{ token: string; isSaved: boolean }> {
  const get = async () => {
    const saved = savedToken(server, userID);
    if (saved !== null) return { token: saved, isSaved: true };
    const by = typed.get(server.api) ?? ((await usersOfTest(server)) ? USUAL : undefined);
    if (!by) throw new Error(`To be “${userID}”, sign in with a token or with the secret.`);
    const token = await newToken(server, by, userID);
    saveToken(server, userID, token);
    return { token, isSaved: false };
  };
  // Pages without TLS have no locks.
  return navigator.locks ? navigator.locks.request(key(server, userID), get) : get();
}

/** Takes a token somebody typed in, or the whole answer that has it; its user. */
export async function enterToken(server: Server, text: string): Promise<string> {
  const token = tokenIn(text);
  const { userID } = await look(server, token);
  await mustWork(server, userID, token);
  saveToken(server, userID, token);
  return userID;
}

/** The token in an answer of `/auth/get_user_token`; what is no answer is a token. */
function tokenIn(text: string): string {
  try {
    return (JSON.parse(text) as { data?: Partial<Token> }).data?.token ?? text;
  } catch {
    return text;
  }
}

/** Makes a token with the secret, for a user who is registered if need be. */
export async function enterSecret(server: Server, by: Authority, userID: string, nickname: string): Promise<void> {
  const token = await newToken(server, by, userID, nickname).catch((error: unknown) => explained(server, error));
  await mustWork(server, userID, token);
  typed.set(server.api, by);
  saveToken(server, userID, token);
}

/** Whose token it is; an error in words if the server does not take it. */
async function look(server: Server, token: string): Promise<{ userID: string }> {
  const path = '/auth/parse_token';
  const found = await post<{ userID: string; platformID: number }>(server, path, { token }, token).catch((error: unknown) =>
    explained(server, error),
  );
  if (found.platformID === WEB) return found;
  throw new Error(`This token is for platform ${found.platformID}; a browser needs one for platform ${WEB} (web).`);
}

/** An error in words; where nobody answers, what is wrong with the addresses. */
async function explained(server: Server, error: unknown): Promise<never> {
  if (error instanceof Refused) throw new Error(TOKENS[error.code] ?? `The server refuses: ${error.message}`);
  if (error instanceof Unreachable) throw new Error((await diagnosis(server)) || error.message);
  throw error;
}

const TOKENS: Record<number, string> = {
  1501: 'This token has expired.',
  1503: 'This is no token.',
  1505: 'This token is not of this server.',
  1506: 'Another sign-in of this user has taken the place of this token.',
  1507: 'The server does not know this token: it is of another server, or was replaced.',
};

/** Finds what keeps a sign-in from working before there is a session; throws it. */
async function mustWork(server: Server, userID: string, token: string): Promise<void> {
  const problem = await diagnosis(server, userID, token);
  if (problem) throw new Error(problem);
}

/** What keeps a server from being used, and what to do about it; "" if nothing does. */
export async function diagnosis({ api, ws }: Server, userID?: string, token?: string): Promise<string> {
  const login = userID && token ? { userID, token, platformID: WEB } : {};
  const { checks } = await diagnose({ apiAddr: api, wsAddr: ws, ...login });
  const failed = checks.filter(({ result }) => result === 'fail');
  return failed.map(({ problem, advice }) => `${problem} — ${advice}`).join('\n');
}

/** Forgets a kept token that the server does not take any more; why not. A good one stays. */
export async function forgetIfBad(server: Server, userID: string): Promise<string> {
  const saved = savedToken(server, userID);
  if (saved === null) return '';
  try {
    await post(server, '/auth/parse_token', { token: saved }, saved);
    return '';
  } catch (error) {
    if (!(error instanceof Refused)) return '';
    forgetToken(server, userID);
    return TOKENS[error.code] ?? error.message;
  }
}
