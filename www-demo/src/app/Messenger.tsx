// A signed-in user's pane: lists, and a chat or a page, beside each other if there is room.
import { useEffect } from 'react';

import { ChatView } from '../chat/ChatView';
import { Blocked } from '../contacts/Blocked';
import { FriendRequests } from '../contacts/FriendRequests';
import { UserPage } from '../contacts/UserPage';
import { GroupPage } from '../groups/GroupPage';
import { JoinRequests } from '../groups/JoinRequests';
import { ProfilePage } from '../profile/ProfilePage';
import { useSession, useSessionState } from '../session/context';
import { Icon } from '../ui/Icon';
import { Banner } from './Banner';
import { ListColumn } from './ListColumn';
import type { Page } from './place';

interface Props {
  onLeave: () => void;
  onAgain: () => void;
}

export function Messenger({ onLeave, onAgain }: Props) {
  const open = useSessionState((state) => state.chat?.conversation.conversationID ?? '');
  const { pages, isListFirst } = useSessionState((state) => state.place);
  const page = pages.at(-1);
  const isBeside = (page || open) && !isListFirst;
  return (
    <>
      <Banner onAgain={onAgain} onLeave={onLeave} />
      <div className={isBeside ? 'messenger has-chat' : 'messenger'}>
        <ListColumn onLeave={onLeave} />
        {page ? (
          <PageOf key={JSON.stringify(page)} page={page} />
        ) : open ? (
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

function PageOf({ page }: { page: Page }) {
  switch (page.kind) {
    case 'user':
      return <UserPage userID={page.userID} />;
    case 'group':
      return <GroupPage groupID={page.groupID} />;
    case 'friend-requests':
      return <FriendRequests />;
    case 'group-requests':
      return <JoinRequests />;
    case 'blocked':
      return <Blocked />;
    case 'profile':
      return <ProfilePage />;
  }
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
