// Calls that were under way when the engine's tab went away.

import type { CallMessage, Failure } from './protocol.js';

/** Doing these twice does no more than doing them once. */
const TWICE_IS_ONCE =
  /^(get|find|fetch|search|check|is[A-Z]|create.*Message|[sS]et|mark|pin|hide|reset|update|subscribe|unsubscribe|change|typing|network|upload|sendMessage|logout$)/;

/** The call for another engine, or why it must not be repeated. A send says that it was begun: the outbox
 * knows what became of it. */
export function repeated(call: CallMessage): CallMessage | Failure {
  const { method, params } = call;
  const isSend = method.startsWith('sendMessage');
  if (!TWICE_IS_ONCE.test(method) || (isSend && (params as { isOnlineOnly?: boolean })?.isOnlineOnly)) {
    const cause = `${method} was under way in a tab that went away: see whether it was done, and call it again if not`;
    return { errCode: 10022, errMsg: 'LeaderChangedError', cause };
  }
  return isSend ? { ...call, params: { ...(params as object), again: true } } : call;
}
