import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { MessageItem } from 'openim-web';
import { Avatar } from './Conversations';
import { Content } from './Content';
import { clock, line, tip } from './preview';
import type { Session, View } from './session';

export function Chat({ session, view }: { session: Session; view: View }) {
  const [quoted, setQuoted] = useState<MessageItem>();
  const conversation = view.conversations.find((c) => c.conversationID === view.open);
  if (!conversation) return <section className="chat empty">Choose a conversation.</section>;
  return (
    <section className="chat" aria-label={`Chat with ${conversation.showName}`}>
      <header className="bar">
        <button className="back quiet" aria-label="Back to conversations" onClick={() => void session.openConversation('')}>‹</button>
        <strong>{conversation.showName || conversation.userID}</strong>
        {view.typing && <span className="typing" role="status" data-testid="typing">{view.typing} is typing…</span>}
      </header>
      <History session={session} view={view} isGroup={conversation.groupID !== ''} onQuote={setQuoted} />
      <Composer session={session} quoted={quoted} onDone={() => setQuoted(undefined)} />
    </section>
  );
}

interface RowActions { session: Session; isGroup: boolean; onQuote: (message: MessageItem) => void }

function History({ session, view, isGroup, onQuote }: RowActions & { view: View }) {
  const box = useRef<HTMLDivElement>(null);
  const loading = useRef(false);
  const atEnd = useRef(true);
  const height = useRef(0);
  const first = view.messages[0]?.clientMsgID;
  const last = view.messages.at(-1)?.clientMsgID;

  // What was read stays where it was when older messages come above it.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (!atEnd.current) element.scrollTop += element.scrollHeight - height.current;
    height.current = element.scrollHeight;
  }, [first]);
  useEffect(() => {
    const element = box.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
    height.current = element?.scrollHeight ?? 0;
  }, [last, view.open]);

  const scrolled = async () => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    if (element.scrollTop > 120 || loading.current) return;
    loading.current = true;
    await session.run(() => session.loadOlder());
    loading.current = false;
  };

  return (
    <div className="history" ref={box} onScroll={() => void scrolled()} role="log" aria-live="polite" tabIndex={0}>
      {view.atBeginning && <p className="tip">Beginning of the conversation</p>}
      {view.messages.map((message, n) => (
        <Row key={message.clientMsgID} message={message} before={view.messages[n - 1]} session={session} isGroup={isGroup} onQuote={onQuote} />
      ))}
    </div>
  );
}

function Row({ message, before, session, isGroup, onQuote }: RowActions & { message: MessageItem; before: MessageItem | undefined }) {
  const own = message.sendID === session.userID;
  const day = new Date(message.sendTime).toDateString();
  const newDay = !before || new Date(before.sendTime).toDateString() !== day;
  const words = message.contentType === 1400 ? undefined : tip(message);
  return (
    <>
      {newDay && <p className="day">{new Date(message.sendTime).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' })}</p>}
      {words ? (
        <p className="tip" data-testid="message" data-id={message.clientMsgID}>{words}</p>
      ) : (
        <article className={own ? 'message own' : 'message'} data-testid="message" data-id={message.clientMsgID} data-status={message.status}>
          {!own && <Avatar name={message.senderNickname ?? ''} url={message.senderFaceUrl ?? ''} />}
          <div className="bubble">
            {isGroup && !own && <span className="sender">{message.senderNickname}</span>}
            <Content message={message} />
            <span className="meta">
              <time>{clock(message.sendTime)}</time>
              {own && <Status message={message} isGroup={isGroup} />}
            </span>
          </div>
          <Actions message={message} own={own} session={session} onQuote={onQuote} />
        </article>
      )}
    </>
  );
}

function Status({ message, isGroup }: { message: MessageItem; isGroup: boolean }) {
  if (message.status === 1) return <span aria-label="sending">◌</span>;
  if (message.status === 3) return <span className="failed" aria-label="not sent">!</span>;
  const read = message.isRead && !isGroup;
  return <span className={read ? 'read' : ''} aria-label={read ? 'read' : 'sent'}>{read ? '✓✓' : '✓'}</span>;
}

function Actions({ message, own, session, onQuote }: Omit<RowActions, 'isGroup'> & { message: MessageItem; own: boolean }) {
  if (message.status === 1) return null;
  if (message.status === 3) {
    return <button className="resend" data-testid="resend" onClick={() => void session.send(message)}>Send again</button>;
  }
  return (
    <span className="actions">
      <button className="quiet" onClick={() => onQuote(message)}>Reply</button>
      {own && <button className="quiet" data-testid="revoke" onClick={() => void session.revoke(message)}>Revoke</button>}
      <button className="quiet" onClick={() => void session.remove(message)}>Delete</button>
    </span>
  );
}

function Composer({ session, quoted, onDone }: { session: Session; quoted: MessageItem | undefined; onDone: () => void }) {
  const [words, setWords] = useState('');
  const { sdk } = session;

  const send = async () => {
    if (!words.trim()) return;
    const { data } = quoted
      ? await sdk.createQuoteMessage({ text: words, message: JSON.stringify(quoted) })
      : await sdk.createTextMessage(words);
    setWords('');
    onDone();
    session.typing(false);
    await session.send(data);
  };

  const sendImage = async () => {
    const url = prompt('Address of the image');
    if (!url) return;
    const picture = { uuid: crypto.randomUUID(), type: 'image', size: 0, width: 0, height: 0, url };
    const params = { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture, sourcePath: '' };
    await session.send((await sdk.createImageMessageByURL(params)).data);
  };

  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); void session.run(send); }}>
      {quoted && (
        <p className="quoting">Reply to {quoted.senderNickname}: {line(quoted)} <button type="button" className="quiet" onClick={onDone}>Cancel</button></p>
      )}
      <button type="button" className="quiet" aria-label="Send an image by its address" title="Image by address" onClick={() => void session.run(sendImage)}>▣</button>
      <input
        aria-label="Message"
        data-testid="composer"
        placeholder="Write a message"
        value={words}
        onChange={(event) => { setWords(event.target.value); session.typing(true); }}
      />
      <button data-testid="send" disabled={!words.trim()}>Send</button>
    </form>
  );
}
