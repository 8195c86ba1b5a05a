//! FRIENDS AND BLACK LIST, read from what the sync holds (api.md §7).
use super::user::row_from_rest;
use super::{Cx, Session};
use crate::api::error::{Error, Result};
use crate::api::relation::*;
use crate::net::rest;
use crate::rt::order;
use crate::store::rows::{BlackRow, FriendRow};

/// All friends, pinned first.
pub async fn friends(cx: &Cx, p: GetFriendList) -> Result<Vec<Friend>> {
    Ok(ordered(&*cx.session()?, p.0.unwrap_or(false)))
}

/// A page of them.
pub async fn friends_page(cx: &Cx, p: GetFriendListPage) -> Result<Vec<Friend>> {
    let rows = ordered(&*cx.session()?, p.0.filter_black.unwrap_or(false));
    slice(rows, p.0.offset, p.0.count)
}

pub(crate) fn ordered(session: &Session, without_black: bool) -> Vec<Friend> {
    let state = session.state.borrow();
    let mut rows: Vec<_> = state
        .friends
        .iter()
        .filter(|(id, _)| !without_black || !state.blacks.contains_key(*id))
        .map(|(_, row)| row)
        .collect();
    order::sort_by_key(&mut rows, |row| (!row.is_pinned, row.create_time));
    rows.into_iter()
        .map(|row| friend_to_api(&session.me, row))
        .collect()
}

/// Friends by keyword.
pub async fn search(cx: &Cx, p: SearchFriends) -> Result<FoundFriends> {
    let session = cx.session()?;
    let words = Words::new(&p.0, p.0.user_id || p.0.nickname || p.0.remark)?;
    let mut found = ordered(&session, false);
    found.retain(|friend| {
        (p.0.user_id && words.are_in(&friend.user_id))
            || (p.0.nickname && words.are_in(&friend.nickname))
            || (p.0.remark && words.are_in(&friend.remark))
    });
    let state = session.state.borrow();
    for friend in &mut found {
        friend.relationship = Some(i32::from(!state.blacks.contains_key(&friend.user_id)));
    }
    Ok(FoundFriends(found))
}

/// The page of a list; all from `offset` on if `count` is 0.
pub(crate) fn slice<T>(rows: Vec<T>, offset: i64, count: i64) -> Result<Vec<T>> {
    let (Ok(offset), Ok(count)) = (usize::try_from(offset), usize::try_from(count)) else {
        return Err(Error::args("offset and count must not be negative"));
    };
    let count = if count == 0 { usize::MAX } else { count };
    Ok(rows.into_iter().skip(offset).take(count).collect())
}

/// What is looked for.
pub(crate) struct Words(Vec<String>);

impl Words {
    /// The keywords of a search that looks somewhere.
    pub(crate) fn new(search: &Search, somewhere: bool) -> Result<Self> {
        let words = search.keyword_list.iter().map(|word| word.trim());
        let words = words.filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_lowercase).collect();
        match words.is_empty() || !somewhere {
            true => Err(Error::args("nothing to look for, or nowhere to look")),
            false => Ok(Words(words)),
        }
    }

    /// Whether any of them is in a text.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().any(|word| text.contains(word))
    }
}

/// Some friends; others are absent.
pub async fn specified(cx: &Cx, p: GetSpecifiedFriendsInfo) -> Result<Vec<Friend>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    let filter = p.filter_black.unwrap_or(false);
    let ids = p
        .friend_user_id_list
        .iter()
        .filter(|id| !filter || !state.blacks.contains_key(*id));
    let rows = ids.filter_map(|id| state.friends.get(id));
    Ok(rows.map(|row| friend_to_api(&session.me, row)).collect())
}

/// 1 for a friend who is not on the black list, in the order asked.
pub async fn check(cx: &Cx, p: CheckFriend) -> Result<Vec<Friendship>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    let result =
        |id: &str| i32::from(state.friends.contains_key(id) && !state.blacks.contains_key(id));
    Ok(p.0
        .into_iter()
        .map(|user_id| Friendship {
            result: result(&user_id),
            user_id,
        })
        .collect())
}

/// The black list.
pub async fn blacks(cx: &Cx, _: GetBlackList) -> Result<Vec<Black>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    Ok(state
        .blacks
        .values()
        .map(|row| black_to_api(&session.me, row))
        .collect())
}

/// A friend as applications get it.
pub(crate) fn friend_to_api(me: &str, row: &FriendRow) -> Friend {
    let user = row.user.clone().unwrap_or_default();
    Friend {
        add_source: row.add_source,
        create_time: row.create_time,
        ex: row.ex.clone(),
        face_url: user.face_url,
        user_id: user.user_id,
        nickname: user.nickname,
        operator_user_id: row.operator_user_id.clone(),
        owner_user_id: me.to_owned(),
        remark: row.remark.clone(),
        is_pinned: row.is_pinned,
        attached_info: String::new(),
        relationship: None,
    }
}

/// A black-list entry as applications get it.
pub(crate) fn black_to_api(me: &str, row: &BlackRow) -> Black {
    let user = row.user.clone().unwrap_or_default();
    Black {
        add_source: row.add_source,
        user_id: user.user_id,
        create_time: row.create_time,
        ex: row.ex.clone(),
        face_url: user.face_url,
        nickname: user.nickname,
        operator_user_id: row.operator_user_id.clone(),
        owner_user_id: me.to_owned(),
        attached_info: String::new(),
    }
}

/// A friend of the API as a row, by user ID.
pub(crate) fn friend_row(info: rest::FriendInfo) -> (String, FriendRow) {
    let user = row_from_rest(info.friend_user.unwrap_or_default());
    let row = FriendRow {
        remark: info.remark,
        create_time: info.create_time,
        add_source: info.add_source,
        operator_user_id: info.operator_user_id,
        ex: info.ex,
        is_pinned: info.is_pinned,
        user: Some(user.clone()),
    };
    (user.user_id, row)
}

/// A black-list entry of the API as a row, by user ID.
pub(crate) fn black_row(info: rest::BlackInfo) -> (String, BlackRow) {
    let user = row_from_rest(info.black_user_info.unwrap_or_default());
    let row = BlackRow {
        create_time: info.create_time,
        add_source: info.add_source,
        operator_user_id: info.operator_user_id,
        ex: info.ex,
        user: Some(user.clone()),
    };
    (user.user_id, row)
}
