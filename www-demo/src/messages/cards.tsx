// Kinds of messages that are shown as a small card.
import type { CardElem, CustomElem, FileElem, LocationElem, MergeElem, MessageItem } from 'openim-web';
import { useState, type ReactNode } from 'react';

import { useSession } from '../session/context';
import { findUser } from '../conversations/list';
import { openChat } from '../chat/chat';
import { Avatar } from '../ui/Avatar';
import { Dialog } from '../ui/Dialog';
import { Icon, type IconName } from '../ui/Icon';
import { fullTime } from '../ui/time';
import { preview } from './preview';

function Card({ icon, title, detail }: { icon: ReactNode; title: string; detail: string }) {
  return (
    <span className="card">
      {icon}
      <span className="card-words">
        <b>{title}</b>
        <small>{detail}</small>
      </span>
    </span>
  );
}

const badge = (name: IconName) => (
  <span className="card-icon">
    <Icon name={name} />
  </span>
);

export function FileCard({ elem }: { elem: FileElem }) {
  const card = <Card icon={badge('file')} title={elem.fileName || 'File'} detail={bytes(elem.fileSize)} />;
  if (!/^https?:/i.test(elem.sourceUrl ?? '')) return card;
  return (
    <a className="card-link" href={elem.sourceUrl} target="_blank" rel="noreferrer noopener" download={elem.fileName}>
      {card}
    </a>
  );
}

function bytes(size: number): string {
  if (!size) return 'File';
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${(size / 1000).toFixed(0)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

export function PlaceCard({ elem }: { elem: LocationElem }) {
  const at = `${elem.latitude.toFixed(4)}, ${elem.longitude.toFixed(4)}`;
  const point = `${elem.latitude}/${elem.longitude}`;
  return (
    <a
      className="card-link"
      href={`https://www.openstreetmap.org/?mlat=${elem.latitude}&mlon=${elem.longitude}#map=15/${point}`}
      target="_blank"
      rel="noreferrer noopener"
    >
      <Card icon={badge('place')} title={elem.description || 'Location'} detail={at} />
    </a>
  );
}

export function ContactCard({ elem }: { elem: CardElem }) {
  const session = useSession();
  const name = elem.nickname || elem.userID;
  const open = () =>
    session.attempt('Opening the chat failed', async () => openChat(session, await findUser(session, elem.userID)));
  return (
    <button type="button" className="card-link" onClick={open} disabled={elem.userID === session.userID}>
      <Card icon={<Avatar name={name} url={elem.faceURL} />} title={name} detail="Contact" />
    </button>
  );
}

export function CustomCard({ elem }: { elem: CustomElem }) {
  return <Card icon={badge('code')} title={elem.description || 'Custom message'} detail={elem.data || ''} />;
}

export function MergeCard({ elem, me }: { elem: MergeElem; me: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="card-link merge" onClick={() => setOpen(true)}>
        <b>{elem.title || 'Chat history'}</b>
        {(elem.abstractList ?? []).slice(0, 4).map((line, n) => (
          <small key={n}>{line}</small>
        ))}
      </button>
      {isOpen && (
        <Dialog title={elem.title || 'Chat history'} onClose={() => setOpen(false)}>
          <ul className="merge-list">
            {(elem.multiMessage ?? []).map((message) => (
              <li key={message.clientMsgID}>
                <b>{message.senderNickname || message.sendID}</b> <time>{fullTime(message.sendTime)}</time>
                <p>{preview(message, me)}</p>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}

/** A kind this demo does not know. What came can still be read. */
export function Unsupported({ message }: { message: MessageItem }) {
  return (
    <details className="unsupported">
      <summary>[Unsupported message {message.contentType}]</summary>
      <pre>{raw(message)}</pre>
    </details>
  );
}

/** The message's content as JSON text. */
export function raw(message: MessageItem): string {
  const text = message.content || message.notificationElem?.detail;
  try {
    return JSON.stringify(text ? JSON.parse(text) : message, null, 2);
  } catch {
    return text ?? '';
  }
}
