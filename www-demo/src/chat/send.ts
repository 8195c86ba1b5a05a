// Sending, and what can be done to a message.
import { MessageStatus, type ConversationItem, type MessageItem } from 'openim-web';

import { reason } from '../session/reason';
import type { Session } from '../session/session';
import { deleted, setFailure, show, toNewest } from './chat';

/** Content types with media: the address is given, so nothing is uploaded. */
const MEDIA = new Set<number>([102, 103, 104, 105]);

/** Makes a message and sends it. */
export async function sendNew(
  session: Session,
  conversation: ConversationItem,
  make: () => Promise<{ data: MessageItem }>,
): Promise<void> {
  await session.attempt('The message could not be made', async () => {
    const { data: message } = await make();
    // The SDK answers "" to content that makes no message.
    if (!message) throw new Error('something is missing');
    await toNewest(session);
    void send(session, conversation, message);
  });
}

/** Sends a message, or sends one again that failed. It is shown at once. */
export async function send(session: Session, conversation: ConversationItem, message: MessageItem): Promise<void> {
  const { client } = session;
  const { conversationID, userID, groupID } = conversation;
  const put = (changed: MessageItem) => show(session, conversationID, [changed]);
  setFailure(session, conversationID, message.clientMsgID, '');
  put({ ...message, status: MessageStatus.Sending });
  try {
    const params = { recvID: groupID ? '' : userID, groupID, message };
    const sent = MEDIA.has(message.contentType)
      ? await client.sendMessageNotOss(params)
      : await client.sendMessage(params);
    put(sent.data);
  } catch (error) {
    put({ ...message, status: MessageStatus.Failed });
    setFailure(session, conversationID, message.clientMsgID, reason(error));
  }
}

/** Takes an own message back for everybody. */
export function revoke(session: Session, conversationID: string, { clientMsgID }: MessageItem): Promise<boolean> {
  return session.attempt('Taking the message back failed', () =>
    session.client.revokeMessage({ conversationID, clientMsgID }),
  );
}

/** Deletes a message for this user; one that never reached the server only here. */
export async function deleteForMe(session: Session, conversationID: string, message: MessageItem): Promise<void> {
  const params = { conversationID, clientMsgID: message.clientMsgID };
  const isSent = message.status === MessageStatus.Succeed;
  const done = await session.attempt('Deleting failed', () =>
    isSent ? session.client.deleteMessage(params) : session.client.deleteMessageFromLocalStorage(params),
  );
  if (done) deleted(session, message.clientMsgID);
}
