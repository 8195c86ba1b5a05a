// The page: one user, or two side by side.
import { useEffect, useState } from 'react';

import { Icon } from '../ui/Icon';
import { Pane } from './Pane';
import { firstUsers, rememberedUsers, rememberUsers, type Users } from './panes';
import { serverOfPage } from './server';
import { setTitle, useWide } from './window';

const server = serverOfPage();
/** Set in a tab that shows one user only, also after it is loaded again. */
const ONE = 'openim-demo:one';

export function App() {
  const isWide = useWide();
  const [isTwo, setTwo] = useState(() => sessionStorage.getItem(ONE) === null);
  const [users, setUsers] = useState<Users>(() => rememberedUsers(server) ?? [null, null]);
  const [unread, setUnread] = useState([0, 0]);
  const sides = isWide && isTwo ? [0, 1] : [0];

  const sum = sides.reduce((total, side) => total + (unread[side] ?? 0), 0);
  useEffect(() => setTitle(sum), [sum]);

  useEffect(() => {
    if (rememberedUsers(server)) return;
    void firstUsers(server, isWide).then((first) =>
      setUsers((now) => (now.some((userID) => userID !== null) ? now : first)),
    );
    // Only when the page begins.
  }, []);

  const choose = (side: number, userID: string | null) => {
    setUsers((now) => {
      const next: Users = side === 0 ? [userID, now[1]] : [now[0], userID];
      rememberUsers(server, next);
      return next;
    });
  };
  const showOther = () => {
    if (isTwo) sessionStorage.setItem(ONE, '');
    else sessionStorage.removeItem(ONE);
    setTwo(!isTwo);
  };
  const count = (side: number, value: number) => setUnread((now) => now.map((old, n) => (n === side ? value : old)));

  return (
    <div className="app">
      {!isWide && <h1 className="unseen">openim-web</h1>}
      {isWide && (
        <header className="top">
          <h1>openim-web</h1>
          <span className="server" data-testid="server">
            {server.api}
          </span>
          <button type="button" className="quiet" aria-pressed={isTwo} onClick={showOther}>
            <Icon name="panes" size={18} /> Two users
          </button>
        </header>
      )}
      <main className="panes">
        {sides.map((side) => (
          <Pane
            key={side}
            side={side}
            server={server}
            userID={users[side] ?? null}
            taken={sides.length > 1 ? (users[1 - side] ?? null) : null}
            onChoose={choose}
            onUnread={count}
          />
        ))}
      </main>
    </div>
  );
}
