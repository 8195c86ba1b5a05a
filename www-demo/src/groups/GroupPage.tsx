// A group's page: what it is, its members, what can be done.
import { GroupMemberRole, GroupStatus, SessionType, type GroupItem, type GroupMemberItem } from 'openim-web';
import { useState, type FormEvent } from 'react';

import { closePage } from '../app/place';
import { openChat } from '../chat/chat';
import { useSession } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/Icon';
import { Page } from '../ui/Page';
import { dismiss, quit, setNickname } from './groups';
import { JoinGroup } from './JoinGroup';
import { Members } from './Members';
import { Settings } from './Settings';
import { useGroup } from './useGroup';

export function GroupPage({ groupID }: { groupID: string }) {
  const session = useSession();
  const { group, me } = useGroup(groupID);
  const [isJoining, setJoining] = useState(false);
  const name = group?.groupName || groupID;
  const isGone = group === null || group?.status === GroupStatus.Dismissed;
  const chat = () =>
    session.attempt('Opening the chat failed', async () => {
      const params = { sourceID: groupID, sessionType: SessionType.Group };
      await openChat(session, (await session.client.getOneConversation(params)).data);
    });
  return (
    <Page title={name} onBack={() => closePage(session)} testid="group-page">
      {group && <Hero group={group} />}
      {isGone && <p className="hint-line">There is no such group any more.</p>}
      {group && !isGone && (
        <div className="actions">
          {me ? (
            <button type="button" className="primary" onClick={chat} data-testid="group-chat">
              Message
            </button>
          ) : (
            <button type="button" className="primary" onClick={() => setJoining(true)} data-testid="group-join">
              Join
            </button>
          )}
        </div>
      )}
      {group && me && !isGone && (
        <>
          <Members group={group} me={me} />
          <Nickname key={me.nickname} me={me} />
          {me.roleLevel >= GroupMemberRole.Admin && <Settings group={group} />}
          <Ending group={group} me={me} />
        </>
      )}
      {isJoining && <JoinGroup groupID={groupID} onClose={() => setJoining(false)} />}
    </Page>
  );
}

function Hero({ group: { groupID, groupName, faceURL, memberCount, notification, introduction, status } }: { group: GroupItem }) {
  return (
    <>
      <div className="hero">
        <Avatar name={groupName || groupID} url={faceURL} size={72} />
        <div>
          <b>{groupName}</b>
          <p data-testid="group-id">{groupID}</p>
          <p data-testid="member-count">{memberCount === 1 ? '1 member' : `${memberCount} members`}</p>
          {status === GroupStatus.Muted && (
            <p data-testid="group-muted">
              <Icon name="mute" size={14} /> Muted: only owner and administrators write
            </p>
          )}
        </div>
      </div>
      {introduction && <p className="hint-line">{introduction}</p>}
      {notification && (
        <div className="announcement" data-testid="announcement">
          <Icon name="announce" size={18} />
          <p>{notification}</p>
        </div>
      )}
    </>
  );
}

function Nickname({ me }: { me: GroupMemberItem }) {
  const session = useSession();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('nickname')).trim();
    void setNickname(session, me.groupID, me.userID, value);
  };
  return (
    <form className="fields in-line" onSubmit={submit}>
      <label>
        Your name in this group
        <input name="nickname" required defaultValue={me.nickname} autoComplete="off" data-testid="group-nickname" />
      </label>
      <button type="submit" className="quiet" data-testid="group-nickname-save">
        Save
      </button>
    </form>
  );
}

/** Leaving, or the end of the group. */
function Ending({ group: { groupID, groupName }, me }: { group: GroupItem; me: GroupMemberItem }) {
  const session = useSession();
  const [isAsked, setAsked] = useState(false);
  const isOwner = me.roleLevel === GroupMemberRole.Owner;
  const [action, words] = isOwner
    ? ['Dismiss', 'The group ends for everybody. Messages that are on a device stay there.']
    : ['Leave', 'You get no more messages of it. The conversation stays.'];
  const end = async () => {
    const isDone = await (isOwner ? dismiss(session, groupID) : quit(session, groupID));
    if (isDone) closePage(session);
  };
  return (
    <div className="actions last">
      <button type="button" className="quiet dangerous" onClick={() => setAsked(true)} data-testid="group-end">
        {action} group
      </button>
      {isOwner && <small>To leave it, hand it over to a member first.</small>}
      {isAsked && (
        <Confirm
          title={`${action} “${groupName}”?`}
          words={words}
          action={action}
          onConfirm={() => void end()}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  );
}
