// The members of a group: to find, to invite, and what can be done with each.
import { GroupMemberRole, type GroupItem, type GroupMemberItem } from 'openim-web';
import { useDeferredValue, useState } from 'react';

import { openNextPage } from '../app/place';
import { Face } from '../contacts/Presence';
import { useSession } from '../session/context';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/Icon';
import { Menu, type MenuItem } from '../ui/Menu';
import { More } from '../ui/More';
import { shortTime } from '../ui/time';
import { isMemberMuted, kick, muteMember, ROLES, setRole, transfer } from './groups';
import { Invite } from './Invite';
import { useMembers } from './useGroup';

/** Members are read in steps of this many. */
const STEP = 50;
/** From here on there is a field to find some. */
const MANY = 8;
const MUTE_TIMES: [label: string, seconds: number][] = [
  ['Mute for 10 minutes', 600],
  ['Mute for a day', 86_400],
];

export function Members({ group, me }: { group: GroupItem; me: GroupMemberItem }) {
  const [words, setWords] = useState('');
  const [count, setCount] = useState(STEP);
  const [isInviting, setInviting] = useState(false);
  const members = useMembers(group.groupID, useDeferredValue(words.trim()), count);
  return (
    <section className="members" aria-label="Members">
      <header>
        <h3>Members</h3>
        <button type="button" className="quiet" onClick={() => setInviting(true)} data-testid="invite">
          <Icon name="plus" size={18} /> Invite
        </button>
      </header>
      {group.memberCount > MANY && (
        <input
          type="search"
          className="field"
          value={words}
          placeholder="Find members"
          aria-label="Find members"
          onChange={(event) => {
            setWords(event.target.value);
            setCount(STEP);
          }}
          data-testid="member-filter"
        />
      )}
      <ul className="people-rows" data-testid="members">
        {members?.map((member) => (
          <MemberRow key={member.userID} member={member} me={me} />
        ))}
      </ul>
      {members?.length === 0 && <p className="hint-line">Nobody found.</p>}
      {members && members.length >= count && <More key={members.length} onMore={() => setCount(count + STEP)} />}
      {isInviting && <Invite group={group} onClose={() => setInviting(false)} />}
    </section>
  );
}

interface RowProps {
  member: GroupMemberItem;
  me: GroupMemberItem;
}

function MemberRow({ member, me }: RowProps) {
  const session = useSession();
  const { userID, nickname, faceURL, roleLevel, muteEndTime } = member;
  const name = nickname || userID;
  const role = ROLES[roleLevel];
  return (
    <li className="person" data-testid="member" data-id={userID} data-role={roleLevel}>
      <button type="button" className="person-main" onClick={() => openNextPage(session, { kind: 'user', userID })}>
        <Face userID={userID} name={name} url={faceURL} size={36} />
        <span className="person-words">
          <b>
            {name}
            {userID === me.userID && ' (you)'}
          </b>
          {isMemberMuted(member) && (
            <small data-testid="member-muted">
              <Icon name="mute" size={14} /> Muted until {shortTime(muteEndTime)}
            </small>
          )}
        </span>
        {role && <span className="role">{role}</span>}
      </button>
      {me.roleLevel > roleLevel && <MemberMenu member={member} me={me} />}
    </li>
  );
}

/** What somebody with a higher role can do to a member. */
function MemberMenu({ member, me }: RowProps) {
  const session = useSession();
  const [asked, setAsked] = useState<Question | null>(null);
  const name = member.nickname || member.userID;
  const items: MenuItem[] = isMemberMuted(member)
    ? [{ label: 'Unmute', icon: 'mute', run: () => void muteMember(session, member, 0) }]
    : MUTE_TIMES.map(([label, seconds]) => ({ label, icon: 'mute', run: () => void muteMember(session, member, seconds) }));
  if (me.roleLevel === GroupMemberRole.Owner) {
    const [label, role] =
      member.roleLevel === GroupMemberRole.Admin
        ? ['Make an ordinary member', GroupMemberRole.Normal]
        : ['Make administrator', GroupMemberRole.Admin];
    items.push(
      { label, icon: 'person', run: () => void setRole(session, member, role) },
      { label: 'Hand the group over', isDangerous: true, run: () => setAsked(HAND_OVER) },
    );
  }
  items.push({ label: 'Remove', isDangerous: true, run: () => setAsked(REMOVE) });
  return (
    <>
      <Menu label={`More for ${name}`} icon="more" items={items} testid="member-menu" />
      {asked && (
        <Confirm
          title={`${asked.title} ${name}?`}
          words={asked.words}
          action={asked.action}
          onConfirm={() => void asked.run(session, member)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface Question {
  title: string;
  words: string;
  action: string;
  run: typeof kick;
}

const HAND_OVER: Question = {
  title: 'Hand the group over to',
  words: 'You become an ordinary member.',
  action: 'Hand over',
  run: transfer,
};
const REMOVE: Question = {
  title: 'Remove',
  words: 'The member gets no more messages of the group.',
  action: 'Remove',
  run: kick,
};
