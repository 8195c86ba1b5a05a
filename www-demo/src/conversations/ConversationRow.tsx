// A conversation in the list.
import { GroupAtType, MessageStatus, SessionType, type ConversationItem } from 'openim-web';
import { memo, useState } from 'react';

import { openChat } from '../chat/chat';
import { Face } from '../contacts/Presence';
import { preview } from '../messages/preview';
import { noticeText } from '../messages/notice';
import { useSession, useSessionState } from '../session/context';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/Icon';
import { Menu, type MenuItem } from '../ui/Menu';
import { shortTime } from '../ui/time';
import { isGroup, isMuted, latestOf } from './item';
import { clear, clearForBoth, hide, markRead, remove, toggleMute, togglePin } from './list';

interface Props {
  item: ConversationItem;
  isOpen: boolean;
}

export const ConversationRow = memo(function ConversationRow({ item, isOpen }: Props) {
  const session = useSession();
  const { conversationID, showName, faceURL, isPinned, unreadCount } = item;
  const name = showName || item.userID || item.groupID;
  return (
    <li
      className={`row${isOpen ? ' open' : ''}${isPinned ? ' pinned' : ''}`}
      data-testid="conversation"
      data-id={conversationID}
    >
      <button
        type="button"
        className="row-main"
        aria-current={isOpen || undefined}
        onClick={() => void openChat(session, item)}
        data-testid="conversation-open"
      >
        <Face userID={item.userID} name={name} url={faceURL} />
        <span className="row-words">
          <span className="row-line">
            <b className="row-name">{name}</b>
            {isMuted(item) && <Icon name="mute" size={14} />}
            {isPinned && <Icon name="pin" size={14} />}
            <time>{shortTime(Math.max(item.latestMsgSendTime, isOpen ? 0 : item.draftTextTime))}</time>
          </span>
          <span className="row-line">
            <Preview item={item} isOpen={isOpen} />
            {unreadCount > 0 && (
              <span
                className={isMuted(item) ? 'badge muted' : 'badge'}
                aria-label={`${unreadCount} unread`}
                data-testid="unread"
              >
                {unreadCount > 99 ? '99+' : unreadCount}
              </span>
            )}
          </span>
        </span>
      </button>
      <RowMenu item={item} />
    </li>
  );
});

function Preview({ item, isOpen }: Props) {
  const { userID: me } = useSession();
  const someoneTypes = useSessionState((state) => (state.typing[item.conversationID]?.length ?? 0) > 0);
  const latest = latestOf(item);
  if (someoneTypes) return <span className="preview typing">typing…</span>;
  if (item.draftText && !isOpen) {
    return (
      <span className="preview" data-testid="preview">
        <em className="draft">Draft:</em> {item.draftText}
      </span>
    );
  }
  let text = '';
  let author = '';
  if (latest) {
    text = preview(latest, me);
    if (noticeText(latest, me) === null) {
      if (latest.sendID === me) author = 'You: ';
      else if (isGroup(item)) author = `${latest.senderNickname || latest.sendID}: `;
    }
  }
  return (
    <span className="preview" data-testid="preview">
      {item.groupAtType !== GroupAtType.AtNormal && <em className="at-mark">[@] </em>}
      {latest?.status === MessageStatus.Failed && <em className="draft">Not sent: </em>}
      {author}
      {text}
    </span>
  );
}

function RowMenu({ item }: { item: ConversationItem }) {
  const session = useSession();
  const { conversationID, isPinned, unreadCount } = item;
  const [asked, setAsked] = useState<Question | null>(null);
  const items: MenuItem[] = [
    { label: isPinned ? 'Unpin' : 'Pin', icon: 'pin', run: () => void togglePin(session, item) },
    { label: isMuted(item) ? 'Unmute' : 'Mute', icon: 'mute', run: () => void toggleMute(session, item) },
  ];
  if (unreadCount > 0) items.push({ label: 'Mark as read', run: () => void markRead(session, conversationID) });
  items.push(
    { label: 'Hide', run: () => void hide(session, conversationID) },
    { label: 'Clear messages', isDangerous: true, run: () => setAsked(CLEAR) },
  );
  if (item.conversationType === SessionType.Single) {
    items.push({ label: 'Clear for both', isDangerous: true, run: () => setAsked(CLEAR_FOR_BOTH) });
  }
  items.push({ label: 'Delete', isDangerous: true, run: () => setAsked(DELETE) });
  return (
    <>
      <Menu
        label={`More for ${item.showName || conversationID}`}
        icon="more"
        className="row-more"
        items={items}
        testid="conversation-menu"
      />
      {asked && (
        <Confirm
          title={`${asked.action} “${item.showName || conversationID}”?`}
          words={asked.words}
          action={asked.action}
          onConfirm={() => void asked.run(session, conversationID)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface Question {
  action: string;
  words: string;
  run: typeof clear;
}

const CLEAR: Question = {
  action: 'Clear',
  words: 'All its messages are deleted for you, on the server too. The others keep theirs.',
  run: clear,
};
const CLEAR_FOR_BOTH: Question = {
  action: 'Clear for both',
  words: 'All its messages are deleted for you and for the other one, on the server too.',
  run: clearForBoth,
};
const DELETE: Question = {
  action: 'Delete',
  words: 'It leaves your list, and its messages are deleted for you, on the server too. The others keep theirs.',
  run: remove,
};
