// The column of lists: the own name above, tabs, how it stands below.
import { useId, useState } from 'react';

import { ContactList } from '../contacts/ContactList';
import { waitingOf as waitingFriends } from '../contacts/contacts';
import { AddFriend } from '../contacts/AddFriend';
import { ConversationList } from '../conversations/ConversationList';
import { NewChat } from '../conversations/NewChat';
import { GroupList } from '../groups/GroupList';
import { waitingOf as waitingMembers } from '../groups/groups';
import { JoinGroup } from '../groups/JoinGroup';
import { NewGroup } from '../groups/NewGroup';
import { SearchPanel } from '../search/SearchPanel';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { Menu, type MenuItem } from '../ui/Menu';
import { Tabs, type TabItem } from '../ui/Tabs';
import { go, openPage, openSearch, type Tab } from './place';
import { StatusLine } from './StatusLine';

const LISTS: Record<Tab, () => React.JSX.Element> = {
  chats: ConversationList,
  contacts: ContactList,
  groups: GroupList,
};

export function ListColumn({ onLeave }: { onLeave: () => void }) {
  const session = useSession();
  const me = useSessionState((state) => state.me);
  const { tab, search } = useSessionState((state) => state.place);
  const panel = useId();
  const tabs = useTabs();
  const List = LISTS[tab];
  return (
    <nav className="list" aria-label={`Lists of ${me.nickname}`}>
      <header className="bar">
        <button
          type="button"
          className="own"
          title="Your profile"
          onClick={() => openPage(session, { kind: 'profile' })}
          data-testid="open-profile"
        >
          <Avatar name={me.nickname} url={me.faceURL} size={30} />
          <h2 data-testid="me">{me.nickname}</h2>
        </button>
        <span className="grow" />
        <button
          type="button"
          className="icon-button"
          aria-label="Search messages"
          title="Search messages"
          onClick={() => openSearch(session, '')}
          data-testid="search-all"
        >
          <Icon name="search" />
        </button>
        <NewMenu />
        <button
          type="button"
          className="icon-button"
          aria-label="Switch user"
          title="Switch user"
          onClick={onLeave}
          data-testid="leave"
        >
          <Icon name="leave" />
        </button>
      </header>
      {search ? (
        <SearchPanel conversationID={search.conversationID} />
      ) : (
        <>
          <Tabs label="Lists" items={tabs} chosen={tab} panel={panel} onChoose={(key) => go(session, { tab: key })} />
          <div id={panel} role="tabpanel" aria-labelledby={`${panel}-${tab}`} className="list-panel">
            <List />
          </div>
        </>
      )}
      <StatusLine />
    </nav>
  );
}

function useTabs(): TabItem<Tab>[] {
  const unread = useSessionState((state) => state.unread);
  const friends = useSessionState((state) => waitingFriends(state.contacts));
  const members = useSessionState((state) => waitingMembers(state.groups));
  return [
    { key: 'chats', label: 'Chats', icon: 'chat', count: unread },
    { key: 'contacts', label: 'Contacts', icon: 'person', count: friends },
    { key: 'groups', label: 'Groups', icon: 'friends', count: members },
  ];
}

const DIALOGS = { chat: NewChat, friend: AddFriend, group: NewGroup, join: JoinGroup };

function NewMenu() {
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null);
  const items: MenuItem[] = [
    { label: 'New chat', icon: 'chat', run: () => setOpen('chat') },
    { label: 'Add a friend', icon: 'person', run: () => setOpen('friend') },
    { label: 'New group', icon: 'friends', run: () => setOpen('group') },
    { label: 'Join a group', icon: 'plus', run: () => setOpen('join') },
  ];
  const Open = open && DIALOGS[open];
  return (
    <>
      <Menu label="New" icon="plus" items={items} testid="new" />
      {Open && <Open onClose={() => setOpen(null)} />}
    </>
  );
}
