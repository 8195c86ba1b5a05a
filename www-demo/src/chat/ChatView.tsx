// The open conversation: head, messages, composer.
import { SessionType, type ConversationItem, type MessageItem } from 'openim-web';
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
  const isVisible = useVisible();
  const [isAtEnd, setAtEnd] = useState(true);
  const [answered, setAnswered] = useState<MessageItem | null>(null);
  const answer = useCallback((message: MessageItem | null) => setAnswered(message), []);

  const conversationID = chat?.conversation.conversationID ?? '';
  const unread = chat?.conversation.unreadCount ?? 0;
  const isSeen = isVisible && isAtEnd && unread > 0 && !chat?.isLoading;
  useEffect(() => {
    // Offline it stays unread, and is tried again with the next change.
    if (isSeen) void session.client.markConversationMessageAsRead(conversationID).catch(() => undefined);
  }, [session, conversationID, isSeen, unread]);

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
  const who = isGroup(conversation) ? `${typists?.join(', ')} ${typists?.length === 1 ? 'is' : 'are'} typing…` : 'typing…';
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
