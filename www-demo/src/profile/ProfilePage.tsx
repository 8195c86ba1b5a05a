// The own profile.
import { MessageReceiveOptType } from 'openim-web';
import { useEffect, useState, type FormEvent } from 'react';

import { closePage } from '../app/place';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Page } from '../ui/Page';

export function ProfilePage() {
  const session = useSession();
  const { userID, nickname, faceURL } = useSessionState((state) => state.me);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name)).trim();
    void session.attempt('Changing the profile failed', () =>
      session.client.setSelfInfo({ nickname: value('nickname'), faceURL: value('faceURL') }),
    );
  };
  return (
    <Page title="Your profile" onBack={() => closePage(session)} testid="profile">
      <div className="hero">
        <Avatar name={nickname} url={faceURL} size={72} />
        <div>
          <b>{nickname}</b>
          <p>{userID}</p>
          <p>{session.server.api}</p>
        </div>
      </div>
      <form key={nickname + faceURL} className="fields" onSubmit={submit}>
        <label>
          Name
          <input name="nickname" required defaultValue={nickname} autoComplete="nickname" data-testid="profile-name" />
        </label>
        <label>
          Address of a picture
          <input name="faceURL" defaultValue={faceURL} autoComplete="off" />
        </label>
        <button type="submit" className="quiet" data-testid="profile-save">
          Save
        </button>
      </form>
      <Quiet />
    </Page>
  );
}

/** Whether messages notify; they come either way. */
function Quiet() {
  const session = useSession();
  const [option, setOption] = useState<MessageReceiveOptType>();
  useEffect(() => {
    session.client.getSelfUserInfo().then(
      ({ data }) => setOption(data.globalRecvMsgOpt),
      () => undefined,
    );
  }, [session]);
  const set = async (isQuiet: boolean) => {
    const globalRecvMsgOpt = isQuiet ? MessageReceiveOptType.NotNotify : MessageReceiveOptType.Normal;
    const isDone = await session.attempt('Changing the profile failed', () =>
      session.client.setSelfInfo({ globalRecvMsgOpt }),
    );
    if (isDone) setOption(globalRecvMsgOpt);
  };
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        checked={option === MessageReceiveOptType.NotNotify}
        disabled={option === undefined}
        onChange={(event) => void set(event.target.checked)}
      />
      Do not disturb
    </label>
  );
}
