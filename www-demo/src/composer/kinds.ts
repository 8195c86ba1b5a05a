// Kinds of messages with what each asks for, and how it is made.
import type { ConversationItem, MessageItem } from 'openim-web';

import { preview } from '../messages/preview';
import type { Session } from '../session/session';
import type { IconName } from '../ui/Icon';
import { newID } from '../ui/id';

interface Field {
  name: string;
  label: string;
  type?: 'text' | 'url' | 'number';
  initial?: string;
}

export interface Kind {
  label: string;
  icon: IconName;
  /** None: a face is chosen instead. */
  fields: Field[];
  make: (
    session: Session,
    values: Record<string, string>,
    conversation: ConversationItem,
  ) => Promise<{ data: MessageItem }>;
}

export const FACES = ['😀', '😂', '😍', '🤔', '😎', '😢', '👍', '👏', '🙏', '🎉', '❤️', '🔥', '🌻', '☕', '🍅', '🐝'];

/** Messages passed on in one chat history. */
const MERGED = 5;

const image: Kind = {
  label: 'Image by address',
  icon: 'image',
  fields: [{ name: 'url', label: 'Address of the image', type: 'url' }],
  async make({ client }, { url = '' }) {
    const { width, height } = await sizeOf(url);
    const picture = { uuid: newID(), type: typeOf(url, 'image/png'), size: 0, width, height, url };
    const all = { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture };
    return client.createImageMessageByURL({ ...all, sourcePath: '' });
  },
};

const file: Kind = {
  label: 'File by address',
  icon: 'file',
  fields: [
    { name: 'url', label: 'Address of the file', type: 'url' },
    { name: 'fileName', label: 'Name' },
  ],
  make: ({ client }, { url = '', fileName = '' }) =>
    client.createFileMessageByURL({
      filePath: '',
      fileName,
      uuid: newID(),
      sourceUrl: url,
      fileSize: 0,
    }),
};

const sound: Kind = {
  label: 'Sound by address',
  icon: 'sound',
  fields: [
    { name: 'url', label: 'Address of the sound', type: 'url' },
    { name: 'duration', label: 'Seconds', type: 'number', initial: '1' },
  ],
  make: ({ client }, { url = '', duration }) =>
    client.createSoundMessageByURL({
      uuid: newID(),
      soundPath: '',
      sourceUrl: url,
      dataSize: 0,
      duration: Number(duration),
      soundType: typeOf(url, 'audio/mpeg'),
    }),
};

const video: Kind = {
  label: 'Video by address',
  icon: 'video',
  fields: [
    { name: 'url', label: 'Address of the video', type: 'url' },
    { name: 'duration', label: 'Seconds', type: 'number', initial: '1' },
  ],
  make: ({ client }, { url = '', duration }) =>
    client.createVideoMessageByURL({
      videoPath: '',
      videoType: typeOf(url, 'video/mp4'),
      videoUUID: newID(),
      videoUrl: url,
      duration: Number(duration),
      videoSize: 0,
      snapshotPath: '',
      snapshotUUID: '',
      snapshotUrl: '',
      snapshotSize: 0,
      snapshotWidth: 0,
      snapshotHeight: 0,
    }),
};

const place: Kind = {
  label: 'Location',
  icon: 'place',
  fields: [
    { name: 'description', label: 'What is there', initial: 'The garden gate' },
    { name: 'latitude', label: 'Latitude', type: 'number', initial: '52.5' },
    { name: 'longitude', label: 'Longitude', type: 'number', initial: '13.4' },
  ],
  make: ({ client }, { description = '', latitude, longitude }) =>
    client.createLocationMessage({ description, latitude: Number(latitude), longitude: Number(longitude) }),
};

const contact: Kind = {
  label: 'Contact',
  icon: 'person',
  fields: [{ name: 'userID', label: 'User ID', initial: 'carol' }],
  async make({ client }, { userID = '' }) {
    const { data: users } = await client.getUsersInfo([userID]);
    const user = users[0];
    if (!user) throw new Error(`nobody has the ID “${userID}”`);
    return client.createCardMessage({ userID, nickname: user.nickname, faceURL: user.faceURL, ex: '' });
  },
};

const face: Kind = {
  label: 'Face',
  icon: 'face',
  fields: [],
  make: ({ client }, { face: data = '' }) => client.createFaceMessage({ index: FACES.indexOf(data), data }),
};

const custom: Kind = {
  label: 'Custom message',
  icon: 'code',
  fields: [
    { name: 'description', label: 'Description', initial: 'Order' },
    { name: 'data', label: 'Data', initial: '{"number":42}' },
  ],
  make: ({ client }, { description = '', data = '' }) =>
    client.createCustomMessage({ data, description, extension: '' }),
};

const merged: Kind = {
  label: 'Chat history',
  icon: 'stack',
  fields: [{ name: 'title', label: `Title for the last ${MERGED} messages`, initial: 'Chat history' }],
  make({ client, state, userID }, { title = '' }) {
    const messageList = (state.get().chat?.messages ?? []).filter((one) => one.contentType < 1000).slice(-MERGED);
    const line = (one: MessageItem) => `${one.senderNickname || one.sendID}: ${preview(one, userID)}`;
    return client.createMergerMessage({ messageList, title, summaryList: messageList.map(line) });
  },
};

export const KINDS: Kind[] = [image, face, place, contact, file, sound, video, merged, custom];

/** Pixels of an image; zero if it cannot be loaded here. */
async function sizeOf(url: string): Promise<{ width: number; height: number }> {
  const probe = new Image();
  probe.src = url;
  await probe.decode().catch(() => undefined);
  return { width: probe.naturalWidth, height: probe.naturalHeight };
}

function typeOf(url: string, otherwise: string): string {
  const ending = /\.(\w{2,4})(?:[?#]|$)/.exec(url)?.[1]?.toLowerCase();
  const types: Record<string, string> = {
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    webp: 'image/webp',
    svg: 'image/svg+xml',
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
    mp4: 'video/mp4',
    webm: 'video/webm',
  };
  return (ending && types[ending]) || otherwise;
}
