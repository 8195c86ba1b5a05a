import type { MessageItem } from 'openim-web';
import { line } from './preview';

/** What is inside a bubble, by the message's element. */
export function Content({ message: m }: { message: MessageItem }) {
  if (m.pictureElem) {
    const { url } = m.pictureElem.snapshotPicture?.url ? m.pictureElem.snapshotPicture : m.pictureElem.sourcePicture;
    return <img className="picture" src={url} alt="Image" loading="lazy" />;
  }
  if (m.quoteElem) {
    const { quoteMessage } = m.quoteElem;
    return (
      <>
        <blockquote>{quoteMessage.senderNickname}: {line(quoteMessage)}</blockquote>
        <p>{m.quoteElem.text}</p>
      </>
    );
  }
  if (m.locationElem) {
    const { description, latitude, longitude } = m.locationElem;
    return <Card title={description} detail={`${latitude.toFixed(4)}, ${longitude.toFixed(4)}`} kind="Location" />;
  }
  if (m.cardElem) return <Card title={m.cardElem.nickname} detail={m.cardElem.userID} kind="Contact" />;
  if (m.mergeElem) return <Card title={m.mergeElem.title} detail={(m.mergeElem.abstractList ?? []).join('\n')} kind="Chat record" />;
  if (m.fileElem) return <Card title={m.fileElem.fileName} detail={`${m.fileElem.fileSize} bytes`} kind="File" href={m.fileElem.sourceUrl} />;
  if (m.soundElem) return <Card title={`${m.soundElem.duration} s`} detail="" kind="Voice" href={m.soundElem.sourceUrl} />;
  if (m.videoElem) return <Card title={`${m.videoElem.duration} s`} detail="" kind="Video" href={m.videoElem.videoUrl} />;
  if (m.customElem) return <Card title={m.customElem.description || 'Custom'} detail={m.customElem.data} kind="Custom" />;
  if (m.faceElem) return <p className="face">{m.faceElem.data || `Sticker ${m.faceElem.index}`}</p>;
  const isText = m.textElem || m.atTextElem || m.advancedTextElem || m.markdownTextElem;
  if (isText) return <p>{line(m)}</p>;
  return (
    <details>
      <summary>[Unsupported message {m.contentType}]</summary>
      <code>{m.content || m.notificationElem?.detail}</code>
    </details>
  );
}

function Card({ title, detail, kind, href }: { title: string; detail: string; kind: string; href?: string }) {
  return (
    <div className="card">
      <small>{kind}</small>
      {href ? <a href={href} target="_blank" rel="noreferrer">{title}</a> : <b>{title}</b>}
      {detail && <span>{detail}</span>}
    </div>
  );
}
