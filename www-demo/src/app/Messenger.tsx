// A signed-in user's pane: list and chat, beside each other if there is room.
import { useEffect } from 'react';

import { ChatView } from '../chat/ChatView';
import { ConversationList } from '../conversations/ConversationList';
import { useSession, useSessionState } from '../session/context';
import { Icon } from '../ui/Icon';
import { Banner } from './Banner';

interface Props {
  onLeave: () => void;
  onAgain: () => void;
}

export function Messenger({ onLeave, onAgain }: Props) {
  const open = useSessionState((state) => state.chat?.conversation.conversationID ?? '');
  return (
    <>
      <Banner onAgain={onAgain} onLeave={onLeave} />
      <div className={open ? 'messenger has-chat' : 'messenger'}>
        <ConversationList onLeave={onLeave} />
        {open ? (
          <ChatView key={open} />
        ) : (
          <div className="no-chat">
            <Icon name="chat" size={40} />
            <p>Choose a conversation</p>
          </div>
        )}
      </div>
      <Notice />
    </>
  );
}

const NOTICE_MS = 6_000;

/** What failed, for a few seconds. */
function Notice() {
  const { state } = useSession();
  const notice = useSessionState((now) => now.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => state.set({ notice: '' }), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice, state]);
  return (
    <div className="notice" role="status" data-testid="notice">
      {notice && <p>{notice}</p>}
    </div>
  );
}
