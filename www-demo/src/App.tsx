import { useState } from 'react';
import { Pane } from './Pane';
import { SEEDED, keepToken } from './server';

/** Two users side by side where there is room, one on a phone. */
export function App() {
  const query = new URLSearchParams(location.search);
  const [left, setLeft] = useState(query.get('user') ?? '');
  const [right, setRight] = useState(query.get('user2') ?? '');
  if (!left) return <Picker onPick={(user, second) => { setLeft(user); setRight(second); }} />;
  return (
    <main className={right ? 'panes two' : 'panes'}>
      <Pane key={left} userID={left} onLeave={() => setLeft('')} />
      {right && right !== left && <Pane key={right} userID={right} onLeave={() => setRight('')} />}
    </main>
  );
}

function Picker({ onPick }: { onPick: (user: string, second: string) => void }) {
  const [userID, setUserID] = useState('');
  const [token, setToken] = useState('');
  const second = (user: string) => (innerWidth > 900 ? (user === 'bob' ? 'alice' : 'bob') : '');
  return (
    <main className="picker">
      <h1>openim-web</h1>
      <p>Who are you? On a wide screen a second user sits beside you, so that you can try both sides.</p>
      <div className="users">
        {SEEDED.map((user) => (
          <button key={user} data-testid={`user-${user}`} onClick={() => onPick(user, second(user))}>
            <span className="avatar" aria-hidden="true">{user[0]?.toUpperCase()}</span>
            {user}
          </button>
        ))}
      </div>
      <details>
        <summary>Another user or server</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (token) keepToken(userID, token);
            onPick(userID, '');
          }}
        >
          <label>User ID <input required value={userID} onChange={(e) => setUserID(e.target.value)} /></label>
          <label>Token <input value={token} onChange={(e) => setToken(e.target.value)} placeholder="empty: ask as administrator" /></label>
          <button>Log in</button>
          <p>The server's addresses: <code>?api=https://…&amp;ws=wss://…</code> in this page's address.</p>
        </form>
      </details>
    </main>
  );
}
