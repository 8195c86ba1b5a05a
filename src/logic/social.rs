//! NOTIFICATIONS ABOUT FRIENDS AND GROUPS (sync.md §8.2). Most say that a list is to be synced, and the
//! sync tells what changed. Told from the notification itself is only what no list has: a dismissal, and
//! members of a group whose members are not held.
use std::rc::Rc;

use super::sync::lists::List;
use super::{Session, group, notice};
use crate::api::Event;
use crate::api::error::Result;
use crate::api::events::*;
use crate::logic::changes::told;
use crate::net::rest;
use crate::rt::json::{self, Value};

/// When the list of groups is looked at again after a group was dismissed.
const AGAIN_MS: u32 = 1_000;

/// What a notification says of members, by the name of the field.
const MEMBER_FIELDS: &[(i32, &str, &str)] = &[
    (1504, "quitUser", OnGroupMemberDeleted::NAME),
    (1507, "newGroupOwner", OnGroupMemberInfoChanged::NAME),
    (1507, "oldGroupOwnerInfo", OnGroupMemberInfoChanged::NAME),
    (1508, "kickedUserList", OnGroupMemberDeleted::NAME),
    (1509, "invitedUserList", OnGroupMemberAdded::NAME),
    (1510, "entrantUser", OnGroupMemberAdded::NAME),
    (1512, "mutedUser", OnGroupMemberInfoChanged::NAME),
    (1513, "mutedUser", OnGroupMemberInfoChanged::NAME),
    (1516, "changedUser", OnGroupMemberInfoChanged::NAME),
    (1517, "changedUser", OnGroupMemberInfoChanged::NAME),
    (1518, "changedUser", OnGroupMemberInfoChanged::NAME),
];

/// What a notification does.
pub(crate) fn apply(session: &Rc<Session>, kind: i32, tips: &Value) -> Result<()> {
    if notice::is_of_group(kind) {
        about_group(session, kind, tips);
    }
    if let Some(list) = notice::list_of(kind)
        && !is_of_other_side(kind, tips, &session.me)
    {
        session.signals.list(list, "");
    }
    Ok(())
}

/// Whether it says what another did on his side. The end of a friendship, a remark and a change of a
/// black list are told to both: who is named there as well is not who loses a friend, or blocks.
fn is_of_other_side(kind: i32, tips: &Value, me: &str) -> bool {
    if !matches!(kind, 1205..=1208) {
        return false;
    }
    let sides = json::field(tips, "fromToUserID");
    let owner = sides.and_then(|sides| json::field(&sides, "fromUserID"));
    let owner = owner.map(|owner| json::from_value::<String>(&owner));
    matches!(owner, Some(Ok(owner)) if owner != me)
}

fn tell(session: &Session, name: &'static str, data: Value) {
    session.core.emit(Told::of_value(name, data));
}

fn about_group(session: &Rc<Session>, kind: i32, tips: &Value) {
    let info = json::field(tips, "group").map(|value| json::from_value::<rest::GroupInfo>(&value));
    let Some(Ok(info)) = info else { return };
    if kind == 1511 {
        // Told to who dismissed it, too: the list may have lost the group already.
        let item = group::to_api(&group::row_from_rest(info));
        session.core.emit(told(OnGroupDismissed, &item));
        look_again(session);
        return;
    }
    let id = info.group_id;
    if !session.state.borrow().groups.contains_key(&id) {
        return;
    }
    session.signals.list(List::Members, &id);
    if session.has_members(&id) {
        return;
    }
    for (_, field, name) in MEMBER_FIELDS.iter().filter(|(of, ..)| *of == kind) {
        let Some(value) = json::field(tips, field) else {
            continue;
        };
        let mut members = json::items(&value);
        if members.is_empty() {
            members.push(value);
        }
        for member in members {
            let Ok(member) = json::from_value::<rest::GroupMemberFullInfo>(&member) else {
                continue;
            };
            // Oneself coming or going is told by the list of groups.
            if *name == OnGroupMemberInfoChanged::NAME || member.user_id != session.me {
                let item = group::member_to_api(&group::member_from_rest(member));
                tell(session, name, json::to_value(&item));
            }
        }
    }
}

/// The server takes the members out of a dismissed group after it has told them: who asks at once for
/// the groups he is in may still find it there.
fn look_again(session: &Rc<Session>) {
    let session = session.clone();
    session.core.rt.clone().spawn(Box::pin(async move {
        session.core.rt.sleep(AGAIN_MS).await;
        session.signals.list(List::Groups, "");
    }));
}
