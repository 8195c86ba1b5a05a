// Kinds of messages with what each asks for, and how it is made.
import type { ConversationItem, MessageItem } from 'openim-web';

import { preview } from '../messages/preview';
import type { Session } from '../session/session';
import type { IconName } from '../ui/Icon';
import { newID } from '../ui/id';
import { sizeOf } from './measure';

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
    const { width, height } = await sizeOf(url).catch(() => ({ width: 0, height: 0 }));
    const picture = { uuid: newID(), type: typeOf(url), size: 0, width, height, url };
    const all = { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture };
    return client.createImageMessageByURL({ ...all, sourcePath: '' });
  },
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

export const KINDS: Kind[] = [face, place, contact, image, merged, custom];

function typeOf(url: string): string {
  const ending = /\.(\w{2,4})(?:[?#]|$)/.exec(url)?.[1]?.toLowerCase() ?? '';
  const types: Record<string, string> = { jpg: 'jpeg', jpeg: 'jpeg', gif: 'gif', webp: 'webp', svg: 'svg+xml' };
  return `image/${types[ending] ?? 'png'}`;
}
