// The open conversation: head, messages, composer.
import { GroupAtType, SessionType, type ConversationItem, type MessageItem } from 'openim-web';
import { useCallback, useEffect, useState } from 'react';

import { useVisible } from '../app/window';
import { Composer } from '../composer/Composer';
import { isGroup } from '../conversations/item';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { closeChat } from './chat';
import { MessageList } from './MessageList';

export function ChatView() {
  const session = useSession();
  const chat = useSessionState((state) => state.chat);
  const connection = useSessionState((state) => state.connection);
  const isVisible = useVisible();
  const [isAtEnd, setAtEnd] = useState(true);
  const [answered, setAnswered] = useState<MessageItem | null>(null);
  const answer = useCallback((message: MessageItem | null) => setAnswered(message), []);

  const conversationID = chat?.conversation.conversationID ?? '';
  const unread = chat?.conversation.unreadCount ?? 0;
  const isNamed = (chat?.conversation.groupAtType ?? GroupAtType.AtNormal) !== GroupAtType.AtNormal;
  const isSeen = isVisible && isAtEnd && !chat?.isLoading;
  // What fails without a connection is tried again when there is one.
  useEffect(() => {
    if (isSeen && unread > 0) void session.client.markConversationMessageAsRead(conversationID).catch(() => undefined);
  }, [session, conversationID, isSeen, unread, connection]);
  useEffect(() => {
    if (isSeen && isNamed) void session.client.resetConversationGroupAtType(conversationID).catch(() => undefined);
  }, [session, conversationID, isSeen, isNamed, connection]);

  if (!chat) return null;
  const { conversation } = chat;
  return (
    <section className="chat" aria-label={`Chat with ${nameOf(conversation)}`} data-testid="chat">
      <ChatHead conversation={conversation} />
      <MessageList chat={chat} onAtEnd={setAtEnd} onAnswer={answer} />
      {conversation.conversationType !== SessionType.Notification && (
        <Composer conversation={conversation} answered={answered} onAnswered={answer} />
      )}
    </section>
  );
}

function nameOf({ showName, userID, groupID }: ConversationItem): string {
  return showName || userID || groupID;
}

function ChatHead({ conversation }: { conversation: ConversationItem }) {
  const session = useSession();
  const typists = useSessionState((state) => state.typing[conversation.conversationID]);
  const name = nameOf(conversation);
  const isTyping = (typists?.length ?? 0) > 0;
  const names = useNames(typists ?? []);
  const who = isGroup(conversation) ? `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…` : 'typing…';
  return (
    <header className="bar">
      <button
        type="button"
        className="icon-button back"
        aria-label="Back to the list"
        onClick={() => closeChat(session)}
        data-testid="back"
      >
        <Icon name="back" />
      </button>
      <Avatar name={name} url={conversation.faceURL} size={32} />
      <div className="head-words">
        <h2 data-testid="chat-title">{name}</h2>
        <p className="typing-line" role="status" data-testid="typing">
          {isTyping ? who : ''}
        </p>
      </div>
    </header>
  );
}

/** Names of people, as far as they have written something that is shown. */
function useNames(userIDs: string[]): string[] {
  const messages = useSessionState((state) => state.chat?.messages);
  return userIDs.map((id) => messages?.findLast(({ sendID }) => sendID === id)?.senderNickname || id);
}
