// Applications for membership, in both directions.
import { closePage } from '../app/place';
import { useSession, useSessionState } from '../session/context';
import { Page } from '../ui/Page';
import { RequestRow } from '../ui/RequestRow';
import { answerMember } from './groups';

export function JoinRequests() {
  const session = useSession();
  const { received, sent } = useSessionState((state) => state.groups);
  return (
    <Page title="Join requests" onBack={() => closePage(session)} testid="join-requests">
      <h3>For your groups</h3>
      {received.length === 0 && <p className="hint-line">Nobody asked yet.</p>}
      <ul className="requests" data-testid="received">
        {received.map((one) => (
          <RequestRow
            key={one.groupID + one.userID}
            name={one.nickname || one.userID}
            faceURL={one.userFaceURL}
            target={one.groupName || one.groupID}
            words={one.reqMsg}
            time={one.reqTime}
            result={one.handleResult}
            onAnswer={(isAccepted) => answerMember(session, one, isAccepted)}
          />
        ))}
      </ul>
      <h3>From you</h3>
      {sent.length === 0 && <p className="hint-line">You asked nowhere yet.</p>}
      <ul className="requests" data-testid="sent">
        {sent.map((one) => (
          <RequestRow
            key={one.groupID}
            name={one.groupName || one.groupID}
            faceURL={one.groupFaceURL}
            words={one.reqMsg}
            time={one.reqTime}
            result={one.handleResult}
          />
        ))}
      </ul>
    </Page>
  );
}
