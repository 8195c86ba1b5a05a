// Files on their way: how far they are, and what can be seen of them meanwhile.
import type { MessageItem, MessageProgress } from 'openim-web';

import type { Session } from '../session/session';
import { deleted } from './chat';

export interface Upload {
  /** Percent; null while it stands still after a failure. */
  progress: number | null;
  /** Address of the file in this page. */
  url: string;
}

function put({ state }: Session, clientMsgID: string, upload: Upload): void {
  state.set({ uploads: { ...state.get().uploads, [clientMsgID]: upload } });
}

export function beginUpload(session: Session, clientMsgID: string, file: File): void {
  put(session, clientMsgID, { progress: 0, url: URL.createObjectURL(file) });
}

/** Whether a file of this page belongs to the message. */
export const hasUpload = ({ state }: Session, clientMsgID: string) => clientMsgID in state.get().uploads;

/** `null`: it failed, and may be tried again. */
export function setProgress(session: Session, clientMsgID: string, progress: number | null): void {
  const upload = session.state.get().uploads[clientMsgID];
  if (upload) put(session, clientMsgID, { ...upload, progress });
}

/** What the SDK tells. */
export function progressed(session: Session, { clientMsgID, progress }: MessageProgress): void {
  setProgress(session, clientMsgID, progress);
}

export function endUpload({ state }: Session, clientMsgID: string): void {
  const { [clientMsgID]: ended, ...uploads } = state.get().uploads;
  if (!ended) return;
  state.set({ uploads });
  URL.revokeObjectURL(ended.url);
}

/** Stops an upload: the message is gone. */
export async function cancelUpload(session: Session, conversationID: string, clientMsgID: string): Promise<void> {
  const isBegun = session.sending.has(clientMsgID);
  const stop = () => session.client.deleteMessageFromLocalStorage({ conversationID, clientMsgID });
  if (isBegun && !(await session.attempt('It cannot be cancelled any more', stop))) return;
  endUpload(session, clientMsgID);
  deleted(session, clientMsgID);
}

/** The message as it can be shown before its file is uploaded. */
export function withUpload(message: MessageItem, upload: Upload | undefined): MessageItem {
  if (!upload) return message;
  const { url } = upload;
  const { pictureElem, soundElem, videoElem } = message;
  if (pictureElem) {
    const picture = { ...pictureElem.snapshotPicture, url };
    return { ...message, pictureElem: { ...pictureElem, snapshotPicture: picture } };
  }
  if (soundElem) return { ...message, soundElem: { ...soundElem, sourceUrl: url } };
  if (videoElem) return { ...message, videoElem: { ...videoElem, videoUrl: url } };
  return message;
}
