// What the SDK tells, written into the session's state.
import { CbEvents, type ConversationInputStatus } from 'openim-web';

import { deleted, latestChanged, receive, receipts, refreshChat, revoked } from '../chat/chat';
import { progressed } from '../chat/uploads';
import { followContacts } from '../contacts/contacts';
import { refreshConversations, upsert } from '../conversations/list';
import { followGroups } from '../groups/groups';
import type { Ending, Session } from './session';

/** The user was logged out in another tab. */
const LOGGED_OUT = 10101;

/**
 * Subscribes to everything the demo shows. The listeners live as long as the client. Gives what reads the
 * lists of this device, for after the login.
 */
export function listen(session: Session): () => void {
  connection(session);
  synchronization(session);
  messages(session);
  conversations(session);
  const readers = [followContacts(session), followGroups(session)];
  return () => readers.forEach((read) => read());
}

function connection({ client, state }: Session): void {
  const end = (ending: Ending) => () => state.set({ ending, connection: 'offline', sync: null });
  client.on(CbEvents.OnConnecting, () => {
    // While it is offline every try begins with this; the banner should not flicker.
    if (state.get().connection === 'online') state.set({ connection: 'connecting' });
  });
  client.on(CbEvents.OnConnectSuccess, () => state.set({ connection: 'online' }));
  client.on(CbEvents.OnConnectFailed, () => state.set({ connection: 'offline' }));
  client.on(CbEvents.OnKickedOffline, ({ errCode }) => end(errCode === LOGGED_OUT ? 'left' : 'kicked')());
  client.on(CbEvents.OnUserTokenExpired, end('expired'));
  client.on(CbEvents.OnUserTokenInvalid, end('invalid'));
  client.on(CbEvents.OnSelfInfoUpdated, ({ data: { userID, nickname, faceURL } }) =>
    state.set({ me: { userID, nickname, faceURL } }),
  );
}

function synchronization(session: Session): void {
  const { client, state } = session;
  client.on(CbEvents.OnSyncServerStart, ({ data: isFirst }) => state.set({ sync: isFirst ? 0 : -1 }));
  client.on(CbEvents.OnSyncServerProgress, ({ data }) => state.set({ sync: data }));
  client.on(CbEvents.OnSyncServerFailed, () => state.set({ sync: null }));
  client.on(CbEvents.OnSyncServerFinish, () => {
    state.set({ sync: null });
    void refreshConversations(session);
    void refreshChat(session);
    void session.readSelf();
  });
}

function messages(session: Session): void {
  const { client } = session;
  client.on(CbEvents.OnRecvNewMessages, ({ data }) => receive(session, data));
  client.on(CbEvents.OnRecvOfflineNewMessages, ({ data }) => receive(session, data));
  client.on(CbEvents.OnNewRecvMessageRevoked, ({ data }) => revoked(session, data));
  client.on(CbEvents.OnRecvC2CReadReceipt, ({ data }) => receipts(session, data));
  client.on(CbEvents.OnProgress, ({ data }) => progressed(session, data));
  client.on(CbEvents.OnMsgDeleted, ({ data }) => deleted(session, data.clientMsgID));
}

function conversations(session: Session): void {
  const { client, state } = session;
  const change = ({ data }: { data: Parameters<typeof upsert>[1] }) => {
    upsert(session, data);
    latestChanged(session, data);
  };
  client.on(CbEvents.OnConversationChanged, change);
  client.on(CbEvents.OnNewConversation, change);
  client.on(CbEvents.OnTotalUnreadMessageCountChanged, ({ data }) => state.set({ unread: data }));
  client.on(CbEvents.OnConversationUserInputStatusChanged, ({ data }) => typing(session, data));
}

function typing({ state }: Session, { conversationID, userID, platformIDs }: ConversationInputStatus): void {
  const all = state.get().typing;
  const others = (all[conversationID] ?? []).filter((id) => id !== userID);
  const now = platformIDs?.length ? [...others, userID] : others;
  state.set({ typing: { ...all, [conversationID]: now } });
}
