// Sending, and what can be done to a message.
import { MessageStatus, type ConversationItem, type MessageItem } from 'openim-web';

import { fileMessage } from '../composer/files';
import { reason } from '../session/reason';
import type { Session } from '../session/session';
import { deleted, setFailure, show, toNewest } from './chat';
import { beginUpload, endUpload, hasUpload, setProgress } from './uploads';

/** Addresses of a message's media; "" for what is not uploaded yet. */
function addresses({ pictureElem, soundElem, videoElem, fileElem }: MessageItem): string[] {
  const urls = [pictureElem?.sourcePicture.url, soundElem?.sourceUrl, videoElem?.videoUrl, fileElem?.sourceUrl];
  return urls.filter((url) => url !== undefined);
}

/** Whether a message's media are on a server already, so that nothing is uploaded. */
const hasAddress = (message: MessageItem) => addresses(message).some((url) => url);

/** Whether a message can be sent again: its file was given to an earlier page, and is not to be had in this one. */
export function hasFile(session: Session, message: MessageItem): boolean {
  const isFile = addresses(message).length > 0;
  return !isFile || hasAddress(message) || hasUpload(session, message.clientMsgID);
}

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

/**
 * Sends files, each as a message of its own, in their order; `isPlain`: pictures, sounds and videos as
 * files too. All are shown at once.
 */
export async function sendFiles(
  session: Session,
  conversation: ConversationItem,
  files: File[],
  isPlain = false,
): Promise<void> {
  await toNewest(session);
  const made: MessageItem[] = [];
  for (const file of files) {
    await session.attempt(`“${file.name}” cannot be sent`, async () => {
      if (file.size === 0) throw new Error('it is empty');
      const { data: message } = await fileMessage(session, file, isPlain);
      beginUpload(session, message.clientMsgID, file);
      show(session, conversation.conversationID, [{ ...message, status: MessageStatus.Sending }]);
      made.push(message);
    });
  }
  for (const message of made) {
    // It may have been cancelled meanwhile.
    if (hasUpload(session, message.clientMsgID)) await send(session, conversation, message);
  }
}

/** Sends a message, or sends one again that failed. It is shown at once. */
export async function send(session: Session, conversation: ConversationItem, message: MessageItem): Promise<void> {
  const { client } = session;
  const { conversationID, userID, groupID } = conversation;
  const put = (changed: MessageItem) => show(session, conversationID, [changed]);
  const id = message.clientMsgID;
  const isUploaded = hasUpload(session, id);
  session.sending.add(id);
  setFailure(session, conversationID, id, '');
  setProgress(session, id, 0);
  put({ ...message, status: MessageStatus.Sending });
  try {
    const params = { recvID: groupID ? '' : userID, groupID, message };
    const sent = hasAddress(message) ? await client.sendMessageNotOss(params) : await client.sendMessage(params);
    put(sent.data);
    endUpload(session, id);
  } catch (error) {
    // Cancelled: there is no such message any more.
    if (isUploaded && !hasUpload(session, id)) return;
    put({ ...message, status: MessageStatus.Failed });
    setFailure(session, conversationID, id, reason(error));
    setProgress(session, id, null);
  } finally {
    session.sending.delete(id);
  }
}

/** Takes a message back for everybody: an own one, or as who leads the group a member's. */
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
  if (!done) return;
  endUpload(session, message.clientMsgID);
  deleted(session, message.clientMsgID);
}
