// Somebody's page: friend or not.
import type { PublicUserItem } from 'openim-web';
import { useEffect, useState, type FormEvent } from 'react';

import { closePage } from '../app/place';
import { openChat } from '../chat/chat';
import { findUser } from '../conversations/list';
import { useSession, useSessionState } from '../session/context';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/Icon';
import { Page } from '../ui/Page';
import { AddFriend } from './AddFriend';
import { block, changeFriend, friendName, removeFriend, unblock } from './contacts';
import { Face, useOnline, useWatchPresence } from './Presence';

export function UserPage({ userID }: { userID: string }) {
  const session = useSession();
  const friend = useSessionState(({ contacts }) => contacts.friends?.find((one) => one.userID === userID));
  const isBlocked = useSessionState(({ contacts }) => contacts.blocked.some((one) => one.userID === userID));
  const stranger = useUser(userID);
  const user = friend ?? stranger;
  const isOnline = useOnline(userID);
  const [asked, setAsked] = useState<'add' | 'remove' | null>(null);
  useWatchPresence(userID);
  const name = friend ? friendName(friend) : user?.nickname || userID;
  const chat = () =>
    session.attempt('Opening the chat failed', async () => openChat(session, await findUser(session, userID)));
  return (
    <Page title={name} onBack={() => closePage(session)} testid="user-page">
      <div className="hero">
        <Face userID={userID} name={name} url={user?.faceURL ?? ''} size={72} />
        <div>
          <b>{name}</b>
          {friend?.remark && <p>{friend.nickname}</p>}
          <p>{userID}</p>
          <p data-testid="presence" data-online={isOnline}>
            {isOnline === undefined ? '' : isOnline ? 'Online' : 'Offline'}
          </p>
        </div>
      </div>
      {userID === session.userID ? (
        <p className="hint-line">This is you.</p>
      ) : (
        <>
          <div className="actions">
            <button type="button" className="primary" onClick={chat} data-testid="user-chat">
              Message
            </button>
            {!friend && (
              <button type="button" className="quiet" onClick={() => setAsked('add')} data-testid="user-add">
                <Icon name="plus" size={18} /> Add as friend
              </button>
            )}
            {friend && (
              <button
                type="button"
                className="quiet"
                aria-pressed={friend.isPinned}
                onClick={() => void changeFriend(session, userID, { isPinned: !friend.isPinned })}
                data-testid="user-pin"
              >
                <Icon name="pin" size={18} /> On top
              </button>
            )}
          </div>
          {friend && <Remark key={friend.remark} userID={userID} remark={friend.remark} />}
          <div className="actions last">
            <button
              type="button"
              className="quiet"
              onClick={() => void (isBlocked ? unblock(session, userID) : block(session, userID))}
              data-testid="user-block"
            >
              <Icon name="block" size={18} /> {isBlocked ? 'Unblock' : 'Block'}
            </button>
            {friend && (
              <button type="button" className="quiet dangerous" onClick={() => setAsked('remove')} data-testid="user-remove">
                Remove friend
              </button>
            )}
          </div>
          {isBlocked && <p className="hint-line">Messages from {name} are refused.</p>}
        </>
      )}
      {asked === 'add' && <AddFriend userID={userID} onClose={() => setAsked(null)} />}
      {asked === 'remove' && (
        <Confirm
          title={`Remove ${name}?`}
          words="The friendship ends on your side. The conversation stays."
          action="Remove"
          onConfirm={() => void removeFriend(session, userID)}
          onClose={() => setAsked(null)}
        />
      )}
    </Page>
  );
}

function useUser(userID: string): PublicUserItem | undefined {
  const { client } = useSession();
  const [user, setUser] = useState<PublicUserItem>();
  useEffect(() => {
    let isGone = false;
    client.getUsersInfo([userID]).then(
      ({ data }) => !isGone && setUser(data[0]),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [client, userID]);
  return user;
}

function Remark({ userID, remark }: { userID: string; remark: string }) {
  const session = useSession();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('remark')).trim();
    void changeFriend(session, userID, { remark: value });
  };
  return (
    <form className="fields in-line" onSubmit={submit}>
      <label>
        Your name for this friend
        <input name="remark" defaultValue={remark} autoComplete="off" data-testid="remark" />
      </label>
      <button type="submit" className="quiet" data-testid="remark-save">
        Save
      </button>
    </form>
  );
}
