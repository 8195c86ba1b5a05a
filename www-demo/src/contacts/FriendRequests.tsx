// Applications for friendship, in both directions.

import { closePage } from '../app/place';
import { useSession, useSessionState } from '../session/context';
import { Page } from '../ui/Page';
import { RequestRow } from '../ui/RequestRow';
import { answerFriend } from './contacts';

export function FriendRequests() {
  const session = useSession();
  const { received, sent } = useSessionState((state) => state.contacts);
  return (
    <Page title="Friend requests" onBack={() => closePage(session)} testid="friend-requests">
      <h3>For you</h3>
      {received.length === 0 && <p className="hint-line">Nobody asked yet.</p>}
      <ul className="requests" data-testid="received">
        {received.map((one) => (
          <RequestRow
            key={one.fromUserID}
            name={one.fromNickname || one.fromUserID}
            faceURL={one.fromFaceURL}
            words={one.reqMsg}
            time={one.createTime}
            result={one.handleResult}
            onAnswer={(isAccepted) => answerFriend(session, one.fromUserID, isAccepted)}
          />
        ))}
      </ul>
      <h3>From you</h3>
      {sent.length === 0 && <p className="hint-line">You asked nobody yet.</p>}
      <ul className="requests" data-testid="sent">
        {sent.map((one) => (
          <RequestRow
            key={one.toUserID}
            name={one.toNickname || one.toUserID}
            faceURL={one.toFaceURL}
            words={one.reqMsg}
            time={one.createTime}
            result={one.handleResult}
          />
        ))}
      </ul>
    </Page>
  );
}
