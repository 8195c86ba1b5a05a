// The list of friends, with what waits for an answer above it.
import { useEffect, useState } from 'react';
import type { FriendUserItem } from 'openim-web';

import { openPage } from '../app/place';
import { ListFilter, Shortcut, useIsOpen } from '../app/rows';
import { useSession, useSessionState } from '../session/context';
import { Icon } from '../ui/Icon';
import { friendName, waitingOf } from './contacts';
import { Face, useOnline } from './Presence';

export function ContactList() {
  const { friends, blocked, ...rest } = useSessionState((state) => state.contacts);
  const [words, setWords] = useState('');
  const found = useFound(words.trim(), friends);
  return (
    <>
      <ListFilter value={words} label="Find friends" onChange={setWords} />
      <ul className="rows" data-testid="contact-list">
        {!words && (
          <>
            <Shortcut
              icon="friends"
              label="Requests"
              page={{ kind: 'friend-requests' }}
              count={waitingOf({ friends, blocked, ...rest })}
            />
            <Shortcut icon="block" label="Blocked" page={{ kind: 'blocked' }} detail={blocked.length} />
          </>
        )}
        {found?.map((friend) => (
          <FriendRow key={friend.userID} friend={friend} />
        ))}
      </ul>
      {found?.length === 0 && <p className="empty">{words ? 'Nobody found.' : 'No friends yet. Add one with +.'}</p>}
    </>
  );
}

/** Friends whose ID, name or remark contains the words. */
function useFound(words: string, friends: FriendUserItem[] | null): FriendUserItem[] | null {
  const { client } = useSession();
  const [ids, setIDs] = useState<Set<string> | null>(null);
  useEffect(() => {
    if (!words) return setIDs(null);
    let isGone = false;
    const where = { isSearchUserID: true, isSearchNickname: true, isSearchRemark: true };
    client.searchFriends({ keywordList: [words], ...where }).then(
      ({ data }) => !isGone && setIDs(new Set(data.map(({ userID }) => userID))),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [client, words, friends]);
  return ids && friends ? friends.filter(({ userID }) => ids.has(userID)) : friends;
}

function FriendRow({ friend }: { friend: FriendUserItem }) {
  const session = useSession();
  const { userID, faceURL, nickname, remark, isPinned } = friend;
  const isOpen = useIsOpen(userID);
  const isOnline = useOnline(userID);
  return (
    <li className={isOpen ? 'row open' : 'row'} data-testid="contact" data-id={userID}>
      <button
        type="button"
        className="row-main"
        aria-current={isOpen || undefined}
        onClick={() => openPage(session, { kind: 'user', userID })}
      >
        <Face userID={userID} name={friendName(friend)} url={faceURL} />
        <span className="row-words">
          <span className="row-line">
            <b className="row-name">{friendName(friend)}</b>
            {isPinned && <Icon name="pin" size={14} />}
          </span>
          <span className="row-line">
            <span className="preview">
              {isOnline === undefined ? userID : isOnline ? 'Online' : 'Offline'}
              {remark && nickname && ` · ${nickname}`}
            </span>
          </span>
        </span>
      </button>
    </li>
  );
}
