// A group and who the user is in it, kept up to date.
import { CbEvents, GroupMemberRole, GroupStatus, type GroupItem, type GroupMemberItem } from 'openim-web';
import { useEffect, useState } from 'react';

import { rereadOn } from '../session/reread';
import { useSession } from '../session/context';
import { isMemberMuted } from './groups';

export interface GroupView {
  /** Undefined until read; null if there is no such group. */
  group: GroupItem | null | undefined;
  /** The own membership; null if the user is not in. */
  me: GroupMemberItem | null;
}

const { OnGroupInfoChanged, OnJoinedGroupAdded, OnJoinedGroupDeleted, OnGroupDismissed, OnGroupMemberInfoChanged } =
  CbEvents;
const { OnGroupMemberAdded, OnGroupMemberDeleted, OnSyncServerFinish } = CbEvents;
const OF_GROUP = [OnGroupInfoChanged, OnJoinedGroupAdded, OnJoinedGroupDeleted, OnGroupDismissed, OnSyncServerFinish];
const OF_MEMBERS = [OnGroupMemberInfoChanged, OnGroupMemberAdded, OnGroupMemberDeleted];

export function useGroup(groupID: string): GroupView {
  const session = useSession();
  const [view, setView] = useState<GroupView>({ group: undefined, me: null });
  useEffect(() => {
    if (!groupID) return;
    const { client, userID } = session;
    let isGone = false;
    const { now, stop } = rereadOn(session, [...OF_GROUP, ...OF_MEMBERS], async () => {
      const { data: members } = await client.getSpecifiedGroupMembersInfo({ groupID, userIDList: [userID] });
      const { data: groups } = await client.getSpecifiedGroupsInfo([groupID]);
      if (!isGone) setView({ group: groups[0] ?? null, me: members[0] ?? null });
    });
    void now();
    return () => {
      isGone = true;
      stop();
    };
  }, [session, groupID]);
  return view;
}

/** The first members of a group, `count` of them; with words those that are found. */
export function useMembers(groupID: string, words: string, count: number): GroupMemberItem[] | null {
  const session = useSession();
  const [members, setMembers] = useState<GroupMemberItem[] | null>(null);
  useEffect(() => {
    const { client } = session;
    let isGone = false;
    const { now, stop } = rereadOn(session, [...OF_MEMBERS, OnJoinedGroupAdded, OnSyncServerFinish], async () => {
      const page = { groupID, offset: 0, count };
      const where = { isSearchUserID: true, isSearchMemberNickname: true };
      const { data } = words
        ? await client.searchGroupMembers({ ...page, ...where, keywordList: [words] })
        : await client.getGroupMemberList({ ...page, filter: 0 });
      if (!isGone) setMembers(data);
    });
    void now();
    return () => {
      isGone = true;
      stop();
    };
  }, [session, groupID, words, count]);
  return members;
}

/** Why the user cannot write in the group; "" if he can, and while it is not known. `isOut`: the chat says so. */
export function silence({ group, me }: GroupView, isOut: boolean): string {
  if (group === undefined) return '';
  if (group === null || group.status === GroupStatus.Dismissed) return 'This group was dismissed.';
  // The members of a group that was just made come a moment later than the chat.
  if (!me) return isOut ? 'You are not in this group.' : '';
  if (group.status === GroupStatus.Muted && me.roleLevel < GroupMemberRole.Admin) return 'This group is muted.';
  return isMemberMuted(me) ? 'You are muted in this group.' : '';
}
