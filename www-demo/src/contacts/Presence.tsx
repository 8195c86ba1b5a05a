// Whether somebody is online.
import { useEffect } from 'react';

import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { watchPresence } from './contacts';

/** Undefined while it is not known: not asked yet, or there is no connection. */
export function useOnline(userID: string): boolean | undefined {
  return useSessionState(({ online, connection }) => (connection === 'online' ? online[userID] : undefined));
}

/** Asks for the presence of a user who may be no friend. */
export function useWatchPresence(userID: string): void {
  const session = useSession();
  const isConnected = useSessionState(({ connection }) => connection === 'online');
  useEffect(() => {
    if (userID && isConnected) void watchPresence(session, [userID]);
  }, [session, userID, isConnected]);
}

interface Props {
  userID: string;
  name: string;
  url: string;
  size?: number;
}

/** A face with a dot while its owner is online. */
export function Face({ userID, name, url, size }: Props) {
  const isOnline = useOnline(userID);
  return (
    <span className="presence">
      <Avatar name={name} url={url} size={size} />
      {isOnline && (
        <span className="presence-dot" data-testid="online">
          <span className="unseen">online</span>
        </span>
      )}
    </span>
  );
}
