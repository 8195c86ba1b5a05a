// One message: its bubble, its state, what can be done to it.
import { MessageStatus, SessionType, type ConversationItem, type MessageItem } from 'openim-web';
import { memo, useState } from 'react';

import { raw } from '../messages/cards';
import { Content } from '../messages/Content';
import { noticeText } from '../messages/notice';
import { preview } from '../messages/preview';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/Icon';
import { Menu, type MenuItem } from '../ui/Menu';
import { fullTime, timeOfDay } from '../ui/time';
import { deleteForMe, hasFile, revoke, send } from './send';
import { cancelUpload, withUpload } from './uploads';

interface Props {
  message: MessageItem;
  conversation: ConversationItem;
  failure: string;
  /** The first of a block of one person. */
  isFirst: boolean;
  showsName: boolean;
  /** The user owns or administers the group. */
  isLeader: boolean;
  /** It was looked for and is to be seen. */
  isTarget: boolean;
  onAnswer: (message: MessageItem) => void;
}

/** Kinds that are shown without a bubble around them. */
const BARE = new Set<number>([102, 104, 115]);

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, isFirst, showsName, isTarget, failure } = props;
  const { userID: me } = useSession();
  const upload = useSessionState((state) => state.uploads[message.clientMsgID]);
  const notice = noticeText(message, me);
  const common = {
    'data-testid': 'message',
    'data-id': message.clientMsgID,
    'data-kind': message.contentType,
    'data-status': message.status,
  };
  if (notice !== null) {
    return (
      <p className={isTarget ? 'tip target' : 'tip'} {...common}>
        {notice}
      </p>
    );
  }
  const isMine = message.sendID === me;
  const name = message.senderNickname || message.sendID;
  const bubble = BARE.has(message.contentType) ? 'bubble bare' : 'bubble';
  return (
    <article
      className={`message${isMine ? ' mine' : ''}${isFirst ? ' first' : ''}${isTarget ? ' target' : ''}`}
      aria-label={`${isMine ? 'You' : name}, ${timeOfDay(message.sendTime)}`}
      {...common}
      data-mine={isMine}
    >
      {!isMine && showsName && (
        <span className="message-face">{isFirst && <Avatar name={name} url={message.senderFaceUrl} size={28} />}</span>
      )}
      <div className="message-body">
        {!isMine && showsName && isFirst && <b className="message-name">{name}</b>}
        <div className="message-line">
          <div className={bubble}>
            <Content message={withUpload(message, upload)} me={me} />
          </div>
          <Actions {...props} isMine={isMine} />
        </div>
        {upload && upload.progress !== null && <Uploading {...props} progress={upload.progress} />}
        <State message={message} isMine={isMine} />
        {isMine && message.status === MessageStatus.Failed && <Failed {...props} failure={failure} />}
      </div>
    </article>
  );
});

/** How far the file is, and a way to stop it. */
function Uploading({ message, conversation, progress }: Props & { progress: number }) {
  const session = useSession();
  return (
    <div className="uploading" data-testid="uploading">
      <progress max={100} value={progress} aria-label="Upload" />
      <button
        type="button"
        className="icon-button"
        aria-label="Cancel the upload"
        title="Cancel the upload"
        onClick={() => void cancelUpload(session, conversation.conversationID, message.clientMsgID)}
        data-testid="upload-cancel"
      >
        <Icon name="close" size={18} />
      </button>
    </div>
  );
}

/** Time and ticks. */
function State({ message, isMine }: { message: MessageItem; isMine: boolean }) {
  const { status, isRead, sendTime, sessionType } = message;
  const isSingle = sessionType === SessionType.Single;
  const [label, sign] =
    status === MessageStatus.Sending
      ? ['Sending', '◷']
      : status === MessageStatus.Failed
        ? ['Not sent', '!']
        : isSingle && isRead
          ? ['Read', '✓✓']
          : ['Sent', '✓'];
  return (
    <span className="message-state">
      <time title={fullTime(sendTime)}>{timeOfDay(sendTime)}</time>
      {isMine && status === MessageStatus.Sending && <Waiting />}
      {isMine && (
        <span className={`ticks ${label.toLowerCase().replace(' ', '-')}`} data-testid="state" data-state={label}>
          <span aria-hidden="true">{sign}</span>
          <span className="unseen">{label}</span>
        </span>
      )}
    </span>
  );
}

/** Why sending takes so long. */
function Waiting() {
  const isOnline = useSessionState((state) => state.connection === 'online');
  return isOnline ? null : <span>waiting for a connection</span>;
}

function Failed({ message, conversation, failure }: Props) {
  const session = useSession();
  return (
    <p className="failed" data-testid="failed">
      Not sent{failure && `: ${failure}`}.{' '}
      {hasFile(session, message) ? (
        <button
          type="button"
          className="link"
          onClick={() => void send(session, conversation, message)}
          data-testid="resend"
        >
          Send again
        </button>
      ) : (
        'The page that had the file is gone: attach it again.'
      )}
    </p>
  );
}

function Actions({ message, conversation, isMine, isLeader, onAnswer }: Props & { isMine: boolean }) {
  const session = useSession();
  const [isRaw, setRaw] = useState(false);
  const { conversationID, conversationType } = conversation;
  const isSent = message.status === MessageStatus.Succeed;
  const items: MenuItem[] = [];
  if (isSent && conversationType !== SessionType.Notification) {
    items.push({ label: 'Reply', icon: 'reply', run: () => onAnswer(message) });
  }
  items.push(
    { label: 'Copy text', run: () => void navigator.clipboard?.writeText(preview(message, session.userID)) },
    { label: 'Show as JSON', icon: 'code', run: () => setRaw(true) },
  );
  if ((isMine || isLeader) && isSent) {
    items.push({
      label: 'Take back',
      isDangerous: true,
      run: () => void revoke(session, conversationID, message),
    });
  }
  items.push({
    label: 'Delete for me',
    isDangerous: true,
    run: () => void deleteForMe(session, conversationID, message),
  });
  return (
    <span className="message-actions">
      {isSent && conversationType !== SessionType.Notification && (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply"
          title="Reply"
          onClick={() => onAnswer(message)}
          data-testid="reply"
        >
          <Icon name="reply" size={18} />
        </button>
      )}
      <Menu label="More for this message" icon="more" items={items} testid="message-menu" />
      {isRaw && (
        <Dialog title={`Message of kind ${message.contentType}`} onClose={() => setRaw(false)}>
          <pre className="raw">{raw(message)}</pre>
        </Dialog>
      )}
    </span>
  );
}
