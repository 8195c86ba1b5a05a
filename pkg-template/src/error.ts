// The one error that leaves the SDK.

import { ERR_NAMES } from './api.js';
import type { ErrName } from './api.js';

/** Why a call failed. Carries the fields the official SDK rejects with. */
export class OpenIMError extends Error {
  /** A code of the server or of the SDK; see the README. */
  readonly errCode: number;
  /** What it means, whichever code the server's version gives; '' where that is not sure. */
  readonly errName: ErrName | '';
  /** Short text for `errCode`. Not for matching. */
  readonly errMsg: string;
  /** The call's operation ID, as in the server's log. */
  readonly operationID: string;
  /** The method, in the official SDK's spelling of response events. */
  readonly event: string;
  /** Always "", as in the official SDK's responses without data. */
  readonly data = '';
  /** What went wrong in words; may be absent. */
  override readonly cause?: string;

  constructor(fields: {
    method: string;
    operationID: string;
    errCode: number;
    errName?: ErrName | '';
    errMsg: string;
    cause?: string;
  }) {
    const { method, operationID, errCode, errName, errMsg, cause } = fields;
    super(`${method}: ${errCode} ${errMsg}${cause ? ` (${cause})` : ''}`);
    this.name = 'OpenIMError';
    this.errCode = errCode;
    this.errName = errName ?? ERR_NAMES[errCode] ?? '';
    this.errMsg = errMsg;
    this.operationID = operationID;
    this.event = responseEvent(method);
    if (cause) this.cause = cause;
  }
}

/** `event` of responses as the official SDK writes it: `getSelfUserInfo` → `Getselfuserinfo`. */
export function responseEvent(method: string): string {
  return method.charAt(0).toUpperCase() + method.slice(1).toLowerCase();
}
