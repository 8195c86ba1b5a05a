// Members to name after an @.
import { GroupMemberFilter, type AtUsersInfoItem, type GroupMemberItem } from 'openim-web';
import { useEffect, useState, type RefObject } from 'react';

import { useSession } from '../session/context';
import { Avatar } from '../ui/Avatar';

const SHOWN = 6;
/** What the server takes for everybody. */
const EVERYBODY: AtUsersInfoItem = { atUserID: 'AtAllTag', groupNickname: 'everybody' };

/** What stands between an @ and the caret; null if there is no @. */
export function wordAtCaret(text: string, caret: number): string | null {
  return /(?:^|\s)@([^@\s]*)$/.exec(text.slice(0, caret))?.[1] ?? null;
}

interface Props {
  groupID: string;
  word: string;
  input: RefObject<HTMLTextAreaElement | null>;
  onPick: (user: AtUsersInfoItem) => void;
  onClose: () => void;
}

export function Mentions({ groupID, word, input, onPick, onClose }: Props) {
  const { client, userID } = useSession();
  const [members, setMembers] = useState<GroupMemberItem[]>([]);
  const [chosen, setChosen] = useState(0);

  useEffect(() => {
    const params = { groupID, filter: GroupMemberFilter.All, offset: 0, count: 200 };
    client.getGroupMemberList(params).then(
      ({ data }) => setMembers(data.filter((member) => member.userID !== userID)),
      () => undefined,
    );
  }, [client, groupID, userID]);

  const people = [
    ...members.map((member) => ({ atUserID: member.userID, groupNickname: member.nickname || member.userID })),
    EVERYBODY,
  ];
  const wanted = word.toLowerCase();
  const found = people.filter((one) => one.groupNickname.toLowerCase().startsWith(wanted)).slice(0, SHOWN);
  const current = Math.min(chosen, found.length - 1);

  // The keys go to the text; the list takes those it needs first.
  useEffect(() => {
    const box = input.current;
    const keys = (event: KeyboardEvent) => {
      const pick = found[current];
      if (event.key === 'ArrowDown') setChosen((current + 1) % found.length);
      else if (event.key === 'ArrowUp') setChosen((current + found.length - 1) % found.length);
      else if (event.key === 'Escape') onClose();
      else if ((event.key === 'Enter' || event.key === 'Tab') && pick) onPick(pick);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    if (found.length > 0) box?.addEventListener('keydown', keys);
    return () => box?.removeEventListener('keydown', keys);
  });

  if (found.length === 0) return null;
  return (
    <ul className="mentions" role="listbox" aria-label="Members" data-testid="mentions">
      {found.map((one, n) => (
        <li key={one.atUserID} role="option" aria-selected={n === current}>
          <button type="button" tabIndex={-1} onMouseDown={(event) => event.preventDefault()} onClick={() => onPick(one)}>
            <Avatar name={one.groupNickname} url={members.find((m) => m.userID === one.atUserID)?.faceURL} size={24} />
            {one.groupNickname}
          </button>
        </li>
      ))}
    </ul>
  );
}
