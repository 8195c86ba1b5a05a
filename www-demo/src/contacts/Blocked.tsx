// The black list.
import { closePage, openNextPage } from '../app/place';
import { useSession, useSessionState } from '../session/context';
import { Avatar } from '../ui/Avatar';
import { Page } from '../ui/Page';
import { unblock } from './contacts';

export function Blocked() {
  const session = useSession();
  const blocked = useSessionState(({ contacts }) => contacts.blocked);
  return (
    <Page title="Blocked" onBack={() => closePage(session)} testid="blocked-page">
      {blocked.length === 0 && <p className="hint-line">Nobody is blocked.</p>}
      <ul className="people-rows">
        {blocked.map(({ userID, nickname, faceURL }) => (
          <li key={userID} className="person" data-testid="blocked" data-id={userID}>
            <button type="button" className="person-main" onClick={() => openNextPage(session, { kind: 'user', userID })}>
              <Avatar name={nickname || userID} url={faceURL} size={36} />
              <b>{nickname || userID}</b>
            </button>
            <button
              type="button"
              className="quiet"
              aria-label={`Unblock ${nickname || userID}`}
              onClick={() => void unblock(session, userID)}
              data-testid="unblock"
            >
              Unblock
            </button>
          </li>
        ))}
      </ul>
    </Page>
  );
}
