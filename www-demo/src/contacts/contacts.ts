// Friends, the black list, applications for friendship, who is online; and what can be done.
import {
  ApplicationHandleResult,
  CbEvents,
  OnlineState,
  type BlackUserItem,
  type FriendApplicationItem,
  type FriendUserItem,
  type UserOnlineState,
} from 'openim-web';

import { rereadOn } from '../session/reread';
import type { Session } from '../session/session';

export interface Contacts {
  /** Pinned first, then by name; null until they were read. */
  friends: FriendUserItem[] | null;
  blocked: BlackUserItem[];
  /** Applications, newest first. */
  received: FriendApplicationItem[];
  sent: FriendApplicationItem[];
}

export const NO_CONTACTS: Contacts = { friends: null, blocked: [], received: [], sent: [] };

export const friendName = ({ remark, nickname, userID }: FriendUserItem) => remark || nickname || userID;

const isWaiting = ({ handleResult }: FriendApplicationItem) => handleResult === ApplicationHandleResult.Unprocessed;

/** Applications the user has to answer. */
export const waitingOf = ({ received }: Contacts) => received.filter(isWaiting).length;

/** Keeps `contacts` and `online` of the session's state up to date. Gives what reads those of this device. */
export function followContacts(session: Session): () => void {
  const { client, state } = session;
  const put = (change: Partial<Contacts>) => state.set({ contacts: { ...state.get().contacts, ...change } });
  const { OnSyncServerFinish } = CbEvents;

  const friends = async () => {
    const { data } = await client.getFriendList();
    put({ friends: data.sort((a, b) => Number(b.isPinned) - Number(a.isPinned) || byName(friendName(a), friendName(b))) });
    await watchPresence(session, data.map(({ userID }) => userID));
  };
  const { OnFriendAdded, OnFriendDeleted, OnFriendInfoChanged } = CbEvents;
  const ofFriends = rereadOn(session, [OnFriendAdded, OnFriendDeleted, OnFriendInfoChanged, OnSyncServerFinish], friends);

  const blocked = async () => put({ blocked: (await client.getBlackList()).data });
  const ofBlocked = rereadOn(session, [CbEvents.OnBlackAdded, CbEvents.OnBlackDeleted, OnSyncServerFinish], blocked);

  const { OnFriendApplicationAdded, OnFriendApplicationAccepted, OnFriendApplicationRejected } = CbEvents;
  rereadOn(
    session,
    [OnFriendApplicationAdded, OnFriendApplicationAccepted, OnFriendApplicationRejected, OnSyncServerFinish],
    async () => {
      const received = (await client.getFriendApplicationListAsRecipient()).data.sort(newestFirst);
      const sent = (await client.getFriendApplicationListAsApplicant()).data.sort(newestFirst);
      put({ received, sent });
    },
  );

  client.on(CbEvents.OnUserStatusChanged, ({ data }) => tellPresence(session, [data]));
  return () => {
    void ofFriends.now();
    void ofBlocked.now();
  };
}

const byName = new Intl.Collator().compare;
const newestFirst = (a: FriendApplicationItem, b: FriendApplicationItem) => b.createTime - a.createTime;

/** Learns who of these users is online, now and from now on. */
export async function watchPresence(session: Session, userIDs: string[]): Promise<void> {
  const { client, state } = session;
  const fresh = userIDs.filter((userID) => !(userID in state.get().online) && userID !== session.userID);
  if (fresh.length === 0) return;
  try {
    tellPresence(session, (await client.subscribeUsersStatus(fresh)).data);
  } catch {
    // Without connection; the list is read again with the next synchronization.
  }
}

function tellPresence({ state }: Session, users: UserOnlineState[]): void {
  const now = Object.fromEntries(users.map(({ userID, status }) => [userID, status === OnlineState.Online]));
  state.set({ online: { ...state.get().online, ...now } });
}

export function askFriend(session: Session, toUserID: string, reqMsg: string): Promise<unknown> {
  return session.client.addFriend({ toUserID, reqMsg });
}

export function answerFriend(session: Session, toUserID: string, isAccepted: boolean): Promise<boolean> {
  const params = { toUserID, handleMsg: '' };
  const { client } = session;
  return session.attempt('Answering failed', () =>
    isAccepted ? client.acceptFriendApplication(params) : client.refuseFriendApplication(params),
  );
}

export function removeFriend(session: Session, userID: string): Promise<boolean> {
  return session.attempt('Removing the friend failed', () => session.client.deleteFriend(userID));
}

export function changeFriend(
  session: Session,
  userID: string,
  change: { remark?: string; isPinned?: boolean },
): Promise<boolean> {
  return session.attempt('Changing the friend failed', () =>
    session.client.updateFriends({ friendUserIDs: [userID], ...change }),
  );
}

export function block(session: Session, toUserID: string): Promise<boolean> {
  return session.attempt('Blocking failed', () => session.client.addBlack({ toUserID }));
}

export function unblock(session: Session, userID: string): Promise<boolean> {
  return session.attempt('Unblocking failed', () => session.client.removeBlack(userID));
}
