// Messages of files: what kind of message a file makes, and what is known of it before it is uploaded.
import type { MessageItem } from 'openim-web';

import type { Session } from '../session/session';
import { newID } from '../ui/id';
import { lengthOf, sizeOf, stillOf } from './measure';

/** Makes the message that suits the file; `sendMessage` uploads it. */
export async function fileMessage(session: Session, file: File, isPlain: boolean): Promise<{ data: MessageItem }> {
  if (!isPlain) {
    // What the browser cannot show is sent as a file.
    const kind = file.type.split('/')[0];
    if (kind === 'image') return imageMessage(session, file).catch(() => plainMessage(session, file));
    if (kind === 'audio') return soundMessage(session, file).catch(() => plainMessage(session, file));
    if (kind === 'video') return videoMessage(session, file).catch(() => plainMessage(session, file));
  }
  return plainMessage(session, file);
}

function plainMessage({ client }: Session, file: File) {
  return client.createFileMessageByFile({
    filePath: '',
    fileName: file.name,
    uuid: newID(),
    sourceUrl: '',
    fileSize: file.size,
    fileType: file.type,
    file,
  });
}

async function imageMessage({ client }: Session, file: File) {
  const { width, height } = await withAddress(file, sizeOf);
  const picture = { uuid: newID(), type: file.type, size: file.size, width, height, url: '' };
  const all = { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture };
  return client.createImageMessageByFile({ ...all, sourcePath: '', file });
}

async function soundMessage({ client }: Session, file: File) {
  const duration = Math.max(1, Math.round(await withAddress(file, lengthOf)));
  return client.createSoundMessageByFile({
    uuid: newID(),
    soundPath: '',
    sourceUrl: '',
    dataSize: file.size,
    duration,
    soundType: file.type,
    file,
  });
}

async function videoMessage({ client }: Session, file: File) {
  const still = await withAddress(file, stillOf);
  return client.createVideoMessageByFile({
    videoPath: '',
    videoType: file.type,
    videoUUID: newID(),
    videoUrl: '',
    duration: Math.max(1, Math.round(still.duration)),
    videoSize: file.size,
    snapshotPath: '',
    snapshotUUID: newID(),
    snapshotUrl: '',
    snapshotSize: still.picture.size,
    snapshotWidth: still.width,
    snapshotHeight: still.height,
    videoFile: file,
    snapshotFile: new File([still.picture], 'still.jpg', { type: still.picture.type }),
  });
}

/** Runs something with an address of the file that is valid as long as that takes. */
async function withAddress<T>(file: File, work: (url: string) => Promise<T>): Promise<T> {
  const url = URL.createObjectURL(file);
  try {
    return await work(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
