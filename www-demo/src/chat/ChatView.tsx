// The open conversation: head, messages, composer.
import { GroupAtType, SessionType, type ConversationItem, type MessageItem } from 'openim-web';
import { useCallback, useEffect, useRef, useState } from 'react';

import { openNextPage, openSearch } from '../app/place';
import { useVisible } from '../app/window';
import { Composer } from '../composer/Composer';
import { Face, useOnline, useWatchPresence } from '../contacts/Presence';
import { isGroup } from '../conversations/item';
import { Silence } from '../groups/Silence';
import { useSession, useSessionState } from '../session/context';
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
  const area = useRef<HTMLElement>(null);
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
    <section ref={area} className="chat" aria-label={`Chat with ${nameOf(conversation)}`} data-testid="chat">
      <ChatHead conversation={conversation} />
      <MessageList chat={chat} onAtEnd={setAtEnd} onAnswer={answer} />
      {conversation.conversationType !== SessionType.Notification && (
        <Silence conversation={conversation}>
          <Composer conversation={conversation} area={area} answered={answered} onAnswered={answer} />
        </Silence>
      )}
    </section>
  );
}

function nameOf({ showName, userID, groupID }: ConversationItem): string {
  return showName || userID || groupID;
}

function ChatHead({ conversation }: { conversation: ConversationItem }) {
  const session = useSession();
  const { conversationID, userID, groupID, faceURL } = conversation;
  const name = nameOf(conversation);
  const openDetails = () =>
    openNextPage(session, groupID ? { kind: 'group', groupID } : { kind: 'user', userID });
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
      <button type="button" className="head-main" title="Details" onClick={openDetails} data-testid="details">
        <Face userID={userID} name={name} url={faceURL} size={32} />
        <span className="head-words">
          <h2 data-testid="chat-title">{name}</h2>
          <Below conversation={conversation} />
        </span>
      </button>
      <span className="grow" />
      <button
        type="button"
        className="icon-button"
        aria-label="Search in this chat"
        title="Search in this chat"
        onClick={() => openSearch(session, conversationID)}
        data-testid="search-chat"
      >
        <Icon name="search" />
      </button>
    </header>
  );
}

/** Who types, else whether the other one is online. */
function Below({ conversation }: { conversation: ConversationItem }) {
  const typists = useSessionState((state) => state.typing[conversation.conversationID]);
  const names = useNames(conversation.groupID, typists ?? []);
  const isOnline = useOnline(conversation.userID);
  useWatchPresence(conversation.userID);
  const isTyping = names.length > 0;
  const who = isGroup(conversation) ? `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…` : 'typing…';
  return (
    <>
      <p className="typing-line" role="status" data-testid="typing">
        {isTyping ? who : ''}
      </p>
      {!isTyping && isOnline !== undefined && (
        <p className="presence-line" data-testid="presence">
          {isOnline ? 'Online' : 'Offline'}
        </p>
      )}
    </>
  );
}

/** Names of members; of who has none the ID. */
function useNames(groupID: string, userIDs: string[]): string[] {
  const { client } = useSession();
  const [names, setNames] = useState<Record<string, string>>({});
  const unknown = userIDs.filter((id) => !(id in names)).join(' ');
  useEffect(() => {
    if (!groupID || !unknown) return;
    const userIDList = unknown.split(' ');
    client.getSpecifiedGroupMembersInfo({ groupID, userIDList }).then(
      ({ data }) => setNames((now) => ({ ...now, ...Object.fromEntries(data.map((one) => [one.userID, one.nickname])) })),
      () => undefined,
    );
  }, [client, groupID, unknown]);
  return userIDs.map((id) => names[id] || id);
}
