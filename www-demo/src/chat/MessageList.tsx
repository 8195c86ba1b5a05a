// The messages of the open chat, with their days; scrolled by hand or kept at the end.
import { GroupMemberRole, type MessageItem } from 'openim-web';
import { Fragment, useEffect, useRef, useState } from 'react';

import { noticeText } from '../messages/notice';
import { preview } from '../messages/preview';
import { useSession } from '../session/context';
import { Icon } from '../ui/Icon';
import { dayName, isSameDay } from '../ui/time';
import { isGroup } from '../conversations/item';
import { useGroup } from '../groups/useGroup';
import { loadNewer, loadOlder, toNewest, type Chat } from './chat';
import { MessageRow } from './MessageRow';
import { useScroll } from './useScroll';

/** Messages of one person closer together than this stand as one block. */
const BLOCK_MS = 5 * 60_000;

interface Props {
  chat: Chat;
  onAtEnd: (isAtEnd: boolean) => void;
  onAnswer: (message: MessageItem) => void;
}

export function MessageList({ chat, onAtEnd, onAnswer }: Props) {
  const session = useSession();
  const { messages, conversation, isEnd, hasNewer, isLoading, problem, newerProblem, target } = chat;
  const { me } = useGroup(conversation.groupID);
  const isLeader = (me?.roleLevel ?? 0) >= GroupMemberRole.Admin;
  const scroll = useScroll(chat, {
    older: isLoading || isEnd || problem ? null : () => void loadOlder(session),
    newer: isLoading || !hasNewer || newerProblem ? null : () => void loadNewer(session),
  });
  const { box, content, onScroll } = scroll;
  const isAtEnd = scroll.isAtEnd && !hasNewer;
  const toEnd = () => {
    scroll.toEnd();
    void toNewest(session);
  };
  useEffect(() => onAtEnd(isAtEnd), [isAtEnd, onAtEnd]);
  return (
    <div className="messages-place">
      <div ref={box} className="messages" onScroll={onScroll} tabIndex={0} role="log" aria-live="off" aria-label="Messages">
        <div ref={content} className="messages-content" data-testid="messages">
          <Beginning chat={chat} onRetry={() => void loadOlder(session)} />
          {messages.map((message, n) => {
            const before = messages[n - 1];
            const isNewDay = !before || !isSameDay(before.sendTime, message.sendTime);
            return (
              <Fragment key={message.clientMsgID}>
                {isNewDay && (
                  <p className="day">
                    <time>{dayName(message.sendTime)}</time>
                  </p>
                )}
                {message.clientMsgID === chat.firstUnread && <p className="new-line">New messages</p>}
                <MessageRow
                  message={message}
                  conversation={conversation}
                  failure={chat.failures[message.clientMsgID] ?? ''}
                  isFirst={isNewDay || !isBlock(before, message, session.userID)}
                  showsName={isGroup(conversation)}
                  isLeader={isLeader}
                  isTarget={message.clientMsgID === target?.clientMsgID}
                  onAnswer={onAnswer}
                />
              </Fragment>
            );
          })}
          {newerProblem && (
            <Problem words={newerProblem} onRetry={() => void loadNewer(session)} testid="newer-problem" />
          )}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className="to-end" aria-label="To the newest message" onClick={toEnd} data-testid="to-end">
          <Icon name="down" />
          {conversation.unreadCount > 0 && <span className="badge">{conversation.unreadCount}</span>}
        </button>
      )}
      <Spoken messages={messages} />
    </div>
  );
}

function isBlock(before: MessageItem | undefined, message: MessageItem, me: string): boolean {
  return (
    before?.sendID === message.sendID &&
    message.sendTime - before.sendTime < BLOCK_MS &&
    noticeText(before, me) === null
  );
}

function Beginning({ chat, onRetry }: { chat: Chat; onRetry: () => void }) {
  if (chat.problem) return <Problem words={chat.problem} onRetry={onRetry} testid="history-problem" />;
  if (chat.isLoading) return <p className="beginning">Loading…</p>;
  if (!chat.isEnd) return null;
  return (
    <p className="beginning" data-testid="history-end">
      {chat.messages.length > 0 ? 'This is the beginning.' : 'No messages yet.'}
    </p>
  );
}

function Problem({ words, onRetry, testid }: { words: string; onRetry: () => void; testid: string }) {
  return (
    <p className="beginning" data-testid={testid}>
      {words}{' '}
      <button type="button" className="link" onClick={onRetry}>
        Try again
      </button>
    </p>
  );
}

/** Tells a screen reader of messages that come while the chat is open. */
function Spoken({ messages }: { messages: MessageItem[] }) {
  const { userID } = useSession();
  const [text, setText] = useState('');
  const last = useRef<MessageItem | undefined>(undefined);
  useEffect(() => {
    const newest = messages.at(-1);
    const isNew = last.current && newest && newest.sendTime > last.current.sendTime;
    if (isNew && newest.sendID !== userID) {
      setText(`${newest.senderNickname || newest.sendID}: ${preview(newest, userID)}`);
    }
    last.current = newest;
  }, [messages, userID]);
  return (
    <p className="unseen" aria-live="polite">
      {text}
    </p>
  );
}
