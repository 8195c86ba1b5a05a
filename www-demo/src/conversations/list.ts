// The list of conversations and what can be done to one.
import { MessageReceiveOptType, SessionType, type ConversationItem } from 'openim-web';

import { post } from '../app/server';
import { closeChat, emptyChat } from '../chat/chat';
import type { Session } from '../session/session';
import { isMuted, listed } from './item';

/** Reads the list anew. */
export async function refreshConversations({ client, state }: Session): Promise<void> {
  try {
    const { data: conversations } = await client.getAllConversationList();
    const { data: unread } = await client.getTotalUnreadMsgCount();
    const { chat } = state.get();
    const open = conversations.find((item) => item.conversationID === chat?.conversation.conversationID);
    state.set({
      conversations: listed(conversations),
      unread,
      chat: chat && open ? { ...chat, conversation: open } : chat,
    });
  } catch {
    // The session is over.
  }
}

/** Takes over changed and new conversations. */
export function upsert({ state }: Session, changed: ConversationItem[]): void {
  if (changed.length === 0) return;
  const { conversations, chat } = state.get();
  const ids = new Set(changed.map((item) => item.conversationID));
  const rest = (conversations ?? []).filter((item) => !ids.has(item.conversationID));
  const shown = changed.find((item) => item.conversationID === chat?.conversation.conversationID);
  state.set({
    conversations: listed([...rest, ...changed]),
    chat: chat && shown ? { ...chat, conversation: shown } : chat,
  });
}

function drop(session: Session, conversationID: string): void {
  const { conversations, chat } = session.state.get();
  session.state.set({ conversations: (conversations ?? []).filter((item) => item.conversationID !== conversationID) });
  if (chat?.conversation.conversationID === conversationID) closeChat(session);
}

/** The chat with a user by ID, whether or not there is one already. */
export async function findUser({ client }: Session, userID: string): Promise<ConversationItem> {
  const { data: users } = await client.getUsersInfo([userID]);
  if (users.length === 0) throw new Error(`nobody has the ID “${userID}”`);
  return (await client.getOneConversation({ sourceID: userID, sessionType: SessionType.Single })).data;
}

export function togglePin(session: Session, { conversationID, isPinned }: ConversationItem): Promise<boolean> {
  return session.attempt(isPinned ? 'Unpinning failed' : 'Pinning failed', () =>
    session.client.setConversation({ conversationID, isPinned: !isPinned }),
  );
}

export function toggleMute(session: Session, item: ConversationItem): Promise<boolean> {
  const recvMsgOpt = isMuted(item) ? MessageReceiveOptType.Normal : MessageReceiveOptType.NotNotify;
  return session.attempt('Changing notifications failed', () =>
    session.client.setConversation({ conversationID: item.conversationID, recvMsgOpt }),
  );
}

export function markRead(session: Session, conversationID: string): Promise<boolean> {
  return session.attempt('Marking as read failed', () => session.client.markConversationMessageAsRead(conversationID));
}

export async function hide(session: Session, conversationID: string): Promise<void> {
  // No event comes of it.
  const done = await session.attempt('Hiding failed', () => session.client.hideConversation(conversationID));
  if (done) drop(session, conversationID);
}

export async function clear(session: Session, conversationID: string): Promise<void> {
  const done = await session.attempt('Clearing failed', () =>
    session.client.clearConversationAndDeleteAllMsg(conversationID),
  );
  if (done) emptyChat(session, conversationID);
}

/** For the other one of the chat too: the server can do it, no method of the SDK does. */
export async function clearForBoth(session: Session, conversationID: string): Promise<void> {
  const { client, server, userID, token } = session;
  const deleteSyncOpt = { IsSyncSelf: true, IsSyncOther: true };
  await session.attempt('Clearing failed', async () => {
    await post(server, '/msg/clear_conversation_msg', { userID, conversationIDs: [conversationID], deleteSyncOpt }, token);
    // The server tells both, but nobody whom it does not know to be online yet; who reads asks what is gone.
    await client.getAdvancedHistoryMessageList({ conversationID, startClientMsgID: '', count: 1, viewType: 0 });
  });
}

export async function remove(session: Session, conversationID: string): Promise<void> {
  // Conversations that leave the list are not in the event.
  const done = await session.attempt('Deleting failed', () =>
    session.client.deleteConversationAndDeleteAllMsg(conversationID),
  );
  if (done) drop(session, conversationID);
}
