// Who to be.
import { useEffect, useState, type FormEvent } from 'react';

import { reason } from '../session/reason';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { usersOfTest, WEB, type Person, type Server } from './server';
import { enterSecret, enterToken, savedUsers, USUAL } from './tokens';

interface Props {
  server: Server;
  taken: string | null;
  problem: string;
  onChoose: (userID: string) => void;
}

export function Picker({ server, taken, problem, onChoose }: Props) {
  const { people, isTest } = usePeople(server);
  return (
    <div className="picker" data-testid="user-picker">
      <h2>Who are you?</h2>
      {problem && <Problem words={problem} />}
      {people.length > 0 && (
        <>
          <p className="hint">{isTest ? 'Choose one of the users of this test server.' : 'You signed in here before as:'}</p>
          <ul className="people">
            {people.map(({ userID, nickname, faceURL }) => (
              <li key={userID}>
                <button
                  type="button"
                  disabled={userID === taken}
                  onClick={() => onChoose(userID)}
                  data-testid={`pick-${userID}`}
                >
                  <Avatar name={nickname} url={faceURL} />
                  <span>{nickname}</span>
                  {userID === taken && <small>on the other side</small>}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {isTest !== undefined && (
        <>
          <TokenForm key={`token-${isTest}`} server={server} isOpen={!isTest} onChoose={onChoose} />
          <SecretForm key={`secret-${isTest}`} server={server} isTest={isTest} onChoose={onChoose} />
        </>
      )}
      <ServerForm server={server} />
    </div>
  );
}

/** Whom to offer: whom a test server has, and who signed in here before. Undefined while it is not known. */
function usePeople(server: Server): { people: Person[]; isTest: boolean | undefined } {
  const [found, setFound] = useState<Person[] | null | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    void usersOfTest(server).then((users) => !isGone && setFound(users));
    return () => {
      isGone = true;
    };
  }, [server]);
  const known = found ?? [];
  const before = savedUsers(server).filter((id) => known.every(({ userID }) => userID !== id));
  const people = [...known, ...before.map((userID) => ({ userID, nickname: userID, faceURL: '' }))];
  return { people, isTest: found === undefined ? undefined : found !== null };
}

function Problem({ words }: { words: string }) {
  return (
    <p className="problem" role="alert" data-testid="sign-in-problem">
      <Icon name="warn" size={18} /> <span>{words}</span>
    </p>
  );
}

/** Runs a sign-in of a form, and says what is wrong with it. */
function useAttempt(): { isBusy: boolean; problem: string; run: (work: () => Promise<void>) => void } {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = (work: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    work()
      .catch((error: unknown) => setProblem(reason(error)))
      .finally(() => setBusy(false));
  };
  return { isBusy, problem, run };
}

/** What was typed into a field. */
const typed = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

function TokenForm({ server, isOpen, onChoose }: { server: Server; isOpen: boolean; onChoose: Props['onChoose'] }) {
  const { isBusy, problem, run } = useAttempt();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run(async () => onChoose(await enterToken(server, typed(form, 'token'))));
  };
  return (
    <details open={isOpen} data-testid="with-token">
      <summary>With a token</summary>
      <form onSubmit={submit} className="fields">
        <label>
          Token
          <input name="token" required autoComplete="off" spellCheck={false} data-testid="token" />
          <small>
            Your application’s server gets it for a user with POST /auth/get_user_token, platformID {WEB} (web). It says
            who you are.
          </small>
        </label>
        {problem && <Problem words={problem} />}
        <button type="submit" className="primary" disabled={isBusy} data-testid="sign-in">
          Sign in
        </button>
      </form>
    </details>
  );
}

function SecretForm({ server, isTest, onChoose }: { server: Server; isTest: boolean; onChoose: Props['onChoose'] }) {
  const { isBusy, problem, run } = useAttempt();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const userID = typed(form, 'userID');
    const by = { secret: typed(form, 'secret'), admin: typed(form, 'admin') };
    run(async () => {
      await enterSecret(server, by, userID, typed(form, 'nickname'));
      onChoose(userID);
    });
  };
  return (
    <details data-testid="with-secret">
      <summary>With the server’s secret, for trying only</summary>
      <form onSubmit={submit} className="fields">
        <p className="hint">
          Who has the secret can be anybody: it belongs on a server, never into a page that others use. Here it makes a
          token, and registers the user if there is none; it is forgotten when this page goes.
        </p>
        <label>
          Secret
          <input
            name="secret"
            type="password"
            required
            autoComplete="off"
            defaultValue={isTest ? USUAL.secret : ''}
            data-testid="secret"
          />
          <small>“secret” in the server’s share.yml; of the usual set-up: {USUAL.secret}</small>
        </label>
        <label>
          User ID
          <input name="userID" required autoComplete="username" data-testid="user-id" />
        </label>
        <label>
          Name
          <input name="nickname" autoComplete="nickname" data-testid="nickname" />
          <small>For a new user.</small>
        </label>
        <label>
          Administrator’s user ID
          <input name="admin" required autoComplete="off" defaultValue={USUAL.admin} data-testid="admin" />
        </label>
        {problem && <Problem words={problem} />}
        <button type="submit" className="primary" disabled={isBusy} data-testid="sign-in-secret">
          Sign in
        </button>
      </form>
    </details>
  );
}

function ServerForm({ server }: { server: Server }) {
  const [{ api, ws }, set] = useState(server);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    location.search = new URLSearchParams({ api, ws }).toString();
  };
  return (
    <details>
      <summary>Server</summary>
      <form onSubmit={submit} className="fields">
        <label>
          API address
          <input type="url" required value={api} onChange={(event) => set({ api: event.target.value, ws })} />
        </label>
        <label>
          WebSocket address
          <input
            type="url"
            required
            pattern="wss?://.*"
            value={ws}
            onChange={(event) => set({ api, ws: event.target.value })}
          />
        </label>
        <button type="submit" className="primary">
          Use this server
        </button>
      </form>
    </details>
  );
}
