// Groups the user is in, applications for membership; and what can be done.
import {
  ApplicationHandleResult,
  CbEvents,
  GroupJoinSource,
  GroupMemberRole,
  GroupType,
  type GroupApplicationItem,
  type GroupItem,
  type GroupMemberItem,
} from 'openim-web';

import { rereadOn } from '../session/reread';
import type { Session } from '../session/session';

export interface Groups {
  /** By name; null until they were read. */
  joined: GroupItem[] | null;
  /** Applications for groups the user owns or administers, newest first. */
  received: GroupApplicationItem[];
  sent: GroupApplicationItem[];
}

export const NO_GROUPS: Groups = { joined: null, received: [], sent: [] };

const isWaiting = ({ handleResult }: GroupApplicationItem) => handleResult === ApplicationHandleResult.Unprocessed;

/** Applications the user can answer. */
export const waitingOf = ({ received }: Groups) => received.filter(isWaiting).length;

export const ROLES: Partial<Record<GroupMemberRole, string>> = {
  [GroupMemberRole.Owner]: 'Owner',
  [GroupMemberRole.Admin]: 'Administrator',
};

/** Whether a member is muted now. */
export const isMemberMuted = ({ muteEndTime }: GroupMemberItem) => muteEndTime > Date.now();

/** Keeps `groups` of the session's state up to date. Gives what reads those of this device. */
export function followGroups(session: Session): () => void {
  const { client, state } = session;
  const put = (change: Partial<Groups>) => state.set({ groups: { ...state.get().groups, ...change } });
  const byName = new Intl.Collator().compare;
  const { OnSyncServerFinish, OnJoinedGroupAdded, OnJoinedGroupDeleted, OnGroupDismissed, OnGroupInfoChanged } = CbEvents;
  const ofJoined = rereadOn(
    session,
    [OnJoinedGroupAdded, OnJoinedGroupDeleted, OnGroupDismissed, OnGroupInfoChanged, OnSyncServerFinish],
    async () => {
      const { data } = await client.getJoinedGroupList();
      put({ joined: data.sort((a, b) => byName(a.groupName, b.groupName)) });
    },
  );
  const { OnGroupApplicationAdded, OnGroupApplicationAccepted, OnGroupApplicationRejected } = CbEvents;
  const newestFirst = (a: GroupApplicationItem, b: GroupApplicationItem) => b.reqTime - a.reqTime;
  rereadOn(
    session,
    [OnGroupApplicationAdded, OnGroupApplicationAccepted, OnGroupApplicationRejected, OnSyncServerFinish],
    async () => {
      const received = (await client.getGroupApplicationListAsRecipient()).data.sort(newestFirst);
      const sent = (await client.getGroupApplicationListAsApplicant()).data.sort(newestFirst);
      put({ received, sent });
    },
  );
  return () => void ofJoined.now();
}

export async function createGroup({ client }: Session, groupName: string, memberUserIDs: string[]): Promise<GroupItem> {
  const groupInfo = { groupName, groupType: GroupType.WorkingGroup };
  return (await client.createGroup({ memberUserIDs, groupInfo })).data;
}

/** Joins or applies; whether the user is in now. */
export async function joinGroup({ client }: Session, groupID: string, reqMsg: string): Promise<boolean> {
  const { data: found } = await client.getSpecifiedGroupsInfo([groupID]);
  if (found.length === 0) throw new Error(`no group has the ID “${groupID}”`);
  await client.joinGroup({ groupID, reqMsg, joinSource: GroupJoinSource.Search });
  return (await client.isJoinGroup(groupID)).data;
}

export function invite({ client }: Session, groupID: string, userIDList: string[]): Promise<unknown> {
  return client.inviteUserToGroup({ groupID, reason: '', userIDList });
}

export function kick(session: Session, { groupID, userID }: GroupMemberItem): Promise<boolean> {
  return session.attempt('Removing the member failed', () =>
    session.client.kickGroupMember({ groupID, reason: '', userIDList: [userID] }),
  );
}

/** Mutes a member for a time; 0 seconds end that. */
export function muteMember(session: Session, { groupID, userID }: GroupMemberItem, mutedSeconds: number): Promise<boolean> {
  return session.attempt('Muting failed', () => session.client.changeGroupMemberMute({ groupID, userID, mutedSeconds }));
}

export function setRole(session: Session, { groupID, userID }: GroupMemberItem, roleLevel: GroupMemberRole): Promise<boolean> {
  return session.attempt('Changing the role failed', () =>
    session.client.setGroupMemberInfo({ groupID, userID, roleLevel }),
  );
}

export function setNickname(session: Session, groupID: string, userID: string, nickname: string): Promise<boolean> {
  return session.attempt('Changing the name failed', () =>
    session.client.setGroupMemberInfo({ groupID, userID, nickname }),
  );
}

export function transfer(session: Session, { groupID, userID }: GroupMemberItem): Promise<boolean> {
  return session.attempt('Handing over failed', () =>
    session.client.transferGroupOwner({ groupID, newOwnerUserID: userID }),
  );
}

export function changeGroup(session: Session, groupID: string, change: Partial<GroupItem>): Promise<boolean> {
  return session.attempt('Changing the group failed', () => session.client.setGroupInfo({ ...change, groupID }));
}

export function muteGroup(session: Session, groupID: string, isMute: boolean): Promise<boolean> {
  return session.attempt('Muting failed', () => session.client.changeGroupMute({ groupID, isMute }));
}

export function quit(session: Session, groupID: string): Promise<boolean> {
  return session.attempt('Leaving failed', () => session.client.quitGroup(groupID));
}

export function dismiss(session: Session, groupID: string): Promise<boolean> {
  return session.attempt('Dismissing failed', () => session.client.dismissGroup(groupID));
}

export function answerMember(session: Session, request: GroupApplicationItem, isAccepted: boolean): Promise<boolean> {
  const params = { groupID: request.groupID, fromUserID: request.userID, handleMsg: '' };
  const { client } = session;
  return session.attempt('Answering failed', () =>
    isAccepted ? client.acceptGroupApplication(params) : client.refuseGroupApplication(params),
  );
}
