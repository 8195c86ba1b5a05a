// Who to be.
import { useState, type FormEvent } from 'react';

import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { saveToken, SEEDED, type Server } from './server';

interface Props {
  server: Server;
  taken: string | null;
  problem: string;
  onChoose: (userID: string) => void;
}

export function Picker({ server, taken, problem, onChoose }: Props) {
  return (
    <div className="picker" data-testid="user-picker">
      <h2>Who are you?</h2>
      <p className="hint">Choose one of the users the test server begins with.</p>
      {problem && (
        <p className="problem" role="alert" data-testid="sign-in-problem">
          <Icon name="warn" size={18} /> {problem}
        </p>
      )}
      <ul className="people">
        {SEEDED.map((userID) => (
          <li key={userID}>
            <button
              type="button"
              disabled={userID === taken}
              onClick={() => onChoose(userID)}
              data-testid={`pick-${userID}`}
            >
              <Avatar name={userID} url="" />
              <span>{userID}</span>
              {userID === taken && <small>on the other side</small>}
            </button>
          </li>
        ))}
      </ul>
      <TokenForm server={server} onChoose={onChoose} />
      <ServerForm server={server} />
    </div>
  );
}

function TokenForm({ server, onChoose }: { server: Server; onChoose: (userID: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const userID = String(form.get('userID')).trim();
    const token = String(form.get('token')).trim();
    if (!userID) return;
    if (token) saveToken(server, userID, token);
    onChoose(userID);
  };
  return (
    <details>
      <summary>Another user</summary>
      <form onSubmit={submit} className="fields">
        <label>
          User ID
          <input name="userID" required autoComplete="username" data-testid="user-id" />
        </label>
        <label>
          Token
          <input name="token" autoComplete="off" data-testid="token" />
          <small>For platform 5 (web). Empty: it is asked for with the secret of the usual test set-up.</small>
        </label>
        <button type="submit" className="primary" data-testid="sign-in">
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
