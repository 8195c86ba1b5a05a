// The groups the user is in.
import type { GroupItem } from 'openim-web';
import { useEffect, useState } from 'react';

import { openPage } from '../app/place';
import { ListFilter, Shortcut, useIsOpen } from '../app/rows';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { waitingOf } from './groups';

export function GroupList() {
  const groups = useSessionState((state) => state.groups);
  const [words, setWords] = useState('');
  const found = useFound(words.trim(), groups.joined);
  return (
    <>
      <ListFilter value={words} label="Find groups" onChange={setWords} />
      <ul className="rows" data-testid="group-list">
        {!words && (
          <Shortcut icon="friends" label="Requests" page={{ kind: 'group-requests' }} count={waitingOf(groups)} />
        )}
        {found?.map((group) => (
          <GroupRow key={group.groupID} group={group} />
        ))}
      </ul>
      {found?.length === 0 && <p className="empty">{words ? 'Nothing found.' : 'No groups yet. Create or join one with +.'}</p>}
    </>
  );
}

/** Groups whose ID or name contains the words. */
function useFound(words: string, joined: GroupItem[] | null): GroupItem[] | null {
  const { client } = useSession();
  const [ids, setIDs] = useState<Set<string> | null>(null);
  useEffect(() => {
    if (!words) return setIDs(null);
    let isGone = false;
    client.searchGroups({ keywordList: [words], isSearchGroupID: true, isSearchGroupName: true }).then(
      ({ data }) => !isGone && setIDs(new Set(data.map(({ groupID }) => groupID))),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [client, words, joined]);
  return ids && joined ? joined.filter(({ groupID }) => ids.has(groupID)) : joined;
}

function GroupRow({ group: { groupID, groupName, faceURL, memberCount } }: { group: GroupItem }) {
  const session = useSession();
  const isOpen = useIsOpen(groupID);
  return (
    <li className={isOpen ? 'row open' : 'row'} data-testid="group" data-id={groupID}>
      <button
        type="button"
        className="row-main"
        aria-current={isOpen || undefined}
        onClick={() => openPage(session, { kind: 'group', groupID })}
      >
        <Avatar name={groupName || groupID} url={faceURL} />
        <span className="row-words">
          <b className="row-name">{groupName || groupID}</b>
          <span className="row-line">
            <span className="preview">{memberCount === 1 ? '1 member' : `${memberCount} members`}</span>
          </span>
        </span>
      </button>
    </li>
  );
}
