//! GROUPS AND MEMBERS, read from what the sync holds (api.md §8). A group's members are loaded when
//! they are first asked for.
use std::rc::Rc;

use super::relation::{Words, slice};
use super::{Cx, Session};
use crate::api::error::Result;
use crate::api::group::*;
use crate::net::rest;
use crate::rt::map::Map;
use crate::rt::order;
use crate::store::rows::{GroupRow, MemberRow};

/// Group status: dismissed.
pub(crate) const DISMISSED: i32 = 2;
const OWNER: i32 = 100;
const ADMIN: i32 = 60;

/// Groups the user is in.
pub async fn joined(cx: &Cx, _: GetJoinedGroupList) -> Result<Vec<Group>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    Ok(state.groups.values().map(to_api).collect())
}

/// Groups by ID, from the server where they are not held; unknown ones are absent.
pub async fn specified(cx: &Cx, p: GetSpecifiedGroupsInfo) -> Result<Vec<Group>> {
    let session = cx.session()?;
    session.groups_info(cx, &p.0).await
}

/// Whether the user is in the group.
pub async fn is_joined(cx: &Cx, p: IsJoinGroup) -> Result<bool> {
    Ok(cx.session()?.state.borrow().groups.contains_key(&p.0))
}

/// A page of them.
pub async fn joined_page(cx: &Cx, p: GetJoinedGroupListPage) -> Result<Vec<Group>> {
    slice(joined(cx, GetJoinedGroupList).await?, p.0.offset, p.0.count)
}

/// Joined groups by keyword.
pub async fn search(cx: &Cx, p: SearchGroups) -> Result<Vec<Group>> {
    let words = Words::new(&p.0, p.0.in_group_id || p.0.group_name)?;
    let mut groups = joined(cx, GetJoinedGroupList).await?;
    groups.retain(|group| {
        (p.0.in_group_id && words.are_in(&group.group_id))
            || (p.0.group_name && words.are_in(&group.group_name))
    });
    Ok(groups)
}

/// A page of a group's members: owner, admins, then by time of joining.
pub async fn members(cx: &Cx, p: GetGroupMemberList) -> Result<Vec<Member>> {
    let mut rows = cx.session()?.ordered_members(&p.group_id).await?;
    rows.retain(|row| passes(p.filter, row.role_level));
    page_of(rows, p.offset, p.count)
}

/// Members by keyword.
pub async fn search_members(cx: &Cx, p: SearchGroupMembers) -> Result<Vec<Member>> {
    let words = Words::new(&p.0, p.0.user_id || p.0.member_nickname)?;
    let mut rows = cx.session()?.ordered_members(&p.0.group_id).await?;
    rows.retain(|row| {
        (p.0.user_id && words.are_in(&row.user_id))
            || (p.0.member_nickname && words.are_in(&row.nickname))
    });
    page_of(rows, p.0.offset, p.0.count)
}

/// Owner and administrators.
pub async fn leaders(cx: &Cx, p: GetGroupMemberOwnerAndAdmin) -> Result<Vec<Member>> {
    let mut rows = cx.session()?.ordered_members(&p.0).await?;
    rows.retain(|row| row.role_level >= ADMIN);
    page_of(rows, 0, 0)
}

/// Members by time of joining.
pub async fn joined_within(cx: &Cx, p: GetGroupMemberListByJoinTimeFilter) -> Result<Vec<Member>> {
    let p = p.0;
    let session = cx.session()?;
    let mut rows = session.ordered_members(&p.group_id).await?;
    let end = if p.join_time_end == 0 {
        i64::MAX
    } else {
        p.join_time_end
    };
    rows.retain(|row| {
        (p.join_time_begin..=end).contains(&row.join_time)
            && !p.filter_user_id_list.contains(&row.user_id)
    });
    order::sort_by_key(&mut rows, |row| -row.join_time);
    page_of(rows, p.offset, p.count)
}

fn page_of(rows: Vec<MemberRow>, offset: i64, count: i64) -> Result<Vec<Member>> {
    let rows = slice(rows, offset, count)?;
    Ok(rows.iter().map(member_to_api).collect())
}

/// Some members of a group; others are absent.
pub async fn specified_members(cx: &Cx, p: GetSpecifiedGroupMembersInfo) -> Result<Vec<Member>> {
    let session = cx.session()?;
    let rows = session.ordered_members(&p.0.group_id).await?;
    let wanted = rows
        .iter()
        .filter(|row| p.0.user_id_list.contains(&row.user_id));
    Ok(wanted.map(member_to_api).collect())
}

/// Which of the users are members.
pub async fn users_in(cx: &Cx, p: GetUsersInGroup) -> Result<Vec<String>> {
    let session = cx.session()?;
    let rows = session.ordered_members(&p.0.group_id).await?;
    let is_member = |id: &String| rows.iter().any(|row| row.user_id == *id);
    Ok(p.0.user_id_list.into_iter().filter(is_member).collect())
}

/// Member filters of api.md §12.
fn passes(filter: i32, role: i32) -> bool {
    match filter {
        1 => role == OWNER,
        2 => role == ADMIN,
        3 => role < ADMIN,
        4 => role < OWNER,
        5 => role >= ADMIN,
        _ => true,
    }
}

/// Owner first, then administrators, then members; who came first within these.
pub(crate) fn in_order(members: Map<String, MemberRow>) -> Vec<MemberRow> {
    let mut rows: Vec<MemberRow> = members.into_values().collect();
    order::sort_by(&mut rows, |a, b| {
        (-a.role_level, a.join_time, &a.user_id).cmp(&(-b.role_level, b.join_time, &b.user_id))
    });
    rows
}

impl Session {
    async fn ordered_members(self: &Rc<Self>, group_id: &str) -> Result<Vec<MemberRow>> {
        if !self.state.borrow().groups.contains_key(group_id) {
            return Ok(Vec::new());
        }
        self.load_members(group_id).await?;
        Ok(in_order(self.members(group_id).await?))
    }

    /// Groups, held or from the server.
    pub(crate) async fn groups_info(
        self: &Rc<Self>,
        cx: &Cx,
        ids: &[String],
    ) -> Result<Vec<Group>> {
        let mut found: Vec<Group> = {
            let state = self.state.borrow();
            ids.iter()
                .filter_map(|id| state.groups.get(id))
                .map(to_api)
                .collect()
        };
        let unknown: Vec<String> = {
            let state = self.state.borrow();
            ids.iter()
                .filter(|id| !state.groups.contains_key(*id))
                .cloned()
                .collect()
        };
        if !unknown.is_empty() {
            let call = rest::GetGroupsInfo { group_ids: unknown };
            let answer = self.api(&cx.operation_id, &call).await?;
            found.extend(
                answer
                    .group_infos
                    .into_iter()
                    .map(row_from_rest)
                    .map(|row| to_api(&row)),
            );
        }
        Ok(found)
    }
}

/// A group as applications get it.
pub(crate) fn to_api(row: &GroupRow) -> Group {
    Group {
        group_id: row.group_id.clone(),
        group_name: row.group_name.clone(),
        notification: row.notification.clone(),
        notification_user_id: row.notification_user_id.clone(),
        notification_update_time: row.notification_update_time,
        introduction: row.introduction.clone(),
        face_url: row.face_url.clone(),
        owner_user_id: row.owner_user_id.clone(),
        create_time: row.create_time,
        member_count: row.member_count,
        status: row.status,
        creator_user_id: row.creator_user_id.clone(),
        group_type: row.group_type,
        need_verification: row.need_verification,
        ex: row.ex.clone(),
        apply_member_friend: row.apply_member_friend,
        look_member_info: row.look_member_info,
        display_is_read: false,
        attached_info: String::new(),
    }
}

/// A member as applications get it.
pub(crate) fn member_to_api(row: &MemberRow) -> Member {
    Member {
        group_id: row.group_id.clone(),
        user_id: row.user_id.clone(),
        nickname: row.nickname.clone(),
        face_url: row.face_url.clone(),
        role_level: row.role_level,
        mute_end_time: row.mute_end_time,
        join_time: row.join_time,
        join_source: row.join_source,
        inviter_user_id: row.inviter_user_id.clone(),
        operator_user_id: row.operator_user_id.clone(),
        ex: row.ex.clone(),
        attached_info: String::new(),
    }
}

/// A group of the API as a row.
pub(crate) fn row_from_rest(info: rest::GroupInfo) -> GroupRow {
    GroupRow {
        group_id: info.group_id,
        group_name: info.group_name,
        notification: info.notification,
        introduction: info.introduction,
        face_url: info.face_url,
        owner_user_id: info.owner_user_id,
        create_time: info.create_time,
        member_count: info.member_count,
        ex: info.ex,
        status: info.status,
        creator_user_id: info.creator_user_id,
        group_type: info.group_type,
        need_verification: info.need_verification,
        look_member_info: info.look_member_info,
        apply_member_friend: info.apply_member_friend,
        notification_update_time: info.notification_update_time,
        notification_user_id: info.notification_user_id,
    }
}

/// A member of the API as a row.
pub(crate) fn member_from_rest(info: rest::GroupMemberFullInfo) -> MemberRow {
    MemberRow {
        group_id: info.group_id,
        user_id: info.user_id,
        nickname: info.nickname,
        face_url: info.face_url,
        role_level: info.role_level,
        join_time: info.join_time,
        join_source: info.join_source,
        inviter_user_id: info.inviter_user_id,
        operator_user_id: info.operator_user_id,
        ex: info.ex,
        mute_end_time: info.mute_end_time,
    }
}
