// Why something failed.

const NO_OBJECT_STORAGE = 10023;

/** A failure in words for the person. */
export function reason(error: unknown): string {
  const { errCode, errName, errMsg, cause, message } = error as {
    errCode?: number;
    errName?: string;
    errMsg?: string;
    cause?: unknown;
    message?: string;
  };
  if (errCode === NO_OBJECT_STORAGE) return 'this server takes no files (it has no object storage)';
  switch (errName) {
    case 'offline':
    case 'timeout':
      return 'there is no connection';
    case 'userNotFound':
      return 'nobody has this ID';
    case 'groupNotFound':
      return 'there is no group of this ID';
    case 'alreadyHandled':
      return 'it was answered already';
    case 'alreadyMember':
      return 'a member is in the group already';
    case 'oneself':
      return 'this is you';
    case 'blocked':
      return 'you are blocked by this user';
    case 'alreadyFriend':
      return 'you are friends already';
    case 'notFriend':
      return 'you are not friends';
    case 'muted':
    case 'groupMuted':
      return 'you may not write here';
    default:
      return (typeof cause === 'string' && cause) || errMsg || message || 'unknown error';
  }
}
