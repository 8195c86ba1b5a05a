// The list of conversations.
import { useSessionState } from '../session/context';
import { ConversationRow } from './ConversationRow';

export function ConversationList() {
  const conversations = useSessionState((state) => state.conversations);
  const open = useSessionState(({ chat, place }) => (place.pages.length > 0 ? '' : chat?.conversation.conversationID));
  return (
    <>
      <ul className="rows" data-testid="conversation-list">
        {conversations?.map((item) => (
          <ConversationRow key={item.conversationID} item={item} isOpen={item.conversationID === open} />
        ))}
      </ul>
      {conversations?.length === 0 && <p className="empty">No conversations yet. Begin one with +.</p>}
    </>
  );
}
