// Why something failed.

/** A failure in words for the person. */
export function reason(error: unknown): string {
  const { errCode, errMsg, cause, message } = error as {
    errCode?: number;
    errMsg?: string;
    cause?: unknown;
    message?: string;
  };
  switch (errCode) {
    case 10000:
    case 10001:
    case 10003:
      return 'there is no connection';
    case 1101:
      return 'nobody has this ID';
    case 1206:
    case 1305:
      return 'it was answered already';
    case 1301:
      return 'this is you';
    case 1302:
      return 'you are blocked by this user';
    case 1304:
      return 'you are friends already';
    case 1303:
      return 'you are not friends';
    case 1402:
    case 1403:
      return 'you may not write here';
    default:
      return (typeof cause === 'string' && cause) || errMsg || message || 'unknown error';
  }
}
