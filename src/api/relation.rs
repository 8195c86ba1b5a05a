//! Friends and the black list, as far as they are read (api.md §7, §13.4). What changes them is in
//! `logic/commands.rs`.
use crate::rt::json::{Read, Write};

use crate::method;

/// A friend.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FriendUserItem"))]
pub struct Friend {
    /// 1 imported by the server's administrator, 2 by application.
    #[serde(rename = "addSource")]
    pub add_source: i32,
    /// Unix **seconds**.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    /// Application data.
    pub ex: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    #[serde(rename = "userID")]
    pub user_id: String,
    pub nickname: String,
    #[serde(rename = "operatorUserID")]
    pub operator_user_id: String,
    /// Whose friend it is: the own user.
    #[serde(rename = "ownerUserID")]
    pub owner_user_id: String,
    /// The own name for the friend, "" if none.
    pub remark: String,
    #[serde(rename = "isPinned")]
    pub is_pinned: bool,
    #[serde(rename = "attachedInfo")]
    pub attached_info: String,
    /// 0 on the black list, 1 not; only of friends that were looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(skip))]
    pub relationship: Option<i32>,
}

/// An entry of the black list.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "BlackUserItem"))]
pub struct Black {
    #[serde(rename = "addSource")]
    pub add_source: i32,
    #[serde(rename = "userID")]
    pub user_id: String,
    /// Unix **seconds**.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    /// Application data.
    pub ex: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    pub nickname: String,
    #[serde(rename = "operatorUserID")]
    pub operator_user_id: String,
    #[serde(rename = "ownerUserID")]
    pub owner_user_id: String,
    #[serde(rename = "attachedInfo")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub attached_info: String,
}

/// An application for friendship.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FriendApplicationItem"))]
pub struct FriendApplication {
    /// Unix milliseconds.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    pub ex: String,
    #[serde(rename = "fromFaceURL")]
    pub from_face_url: String,
    #[serde(rename = "fromNickname")]
    pub from_nickname: String,
    #[serde(rename = "fromUserID")]
    pub from_user_id: String,
    #[serde(rename = "handleMsg")]
    pub handle_msg: String,
    #[serde(rename = "handleResult")]
    #[cfg_attr(test, ts(type = "ApplicationHandleResult"))]
    pub handle_result: i32,
    /// Unix milliseconds.
    #[serde(rename = "handleTime")]
    pub handle_time: i64,
    #[serde(rename = "handlerUserID")]
    pub handler_user_id: String,
    #[serde(rename = "reqMsg")]
    pub req_msg: String,
    #[serde(rename = "toFaceURL")]
    pub to_face_url: String,
    #[serde(rename = "toNickname")]
    pub to_nickname: String,
    #[serde(rename = "toUserID")]
    pub to_user_id: String,
}

/// All friends; `true` leaves out those on the black list.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetFriendList(pub Option<bool>);
method!(GetFriendList, "getFriendList" -> Vec<Friend>);

/// Friends by user ID. Users who are no friends are absent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GetSpecifiedFriendsParams"))]
pub struct GetSpecifiedFriendsInfo {
    #[serde(rename = "friendUserIDList")]
    pub friend_user_id_list: Vec<String>,
    /// Leave out those on the black list.
    #[serde(default, rename = "filterBlack")]
    #[cfg_attr(test, ts(optional))]
    pub filter_black: Option<bool>,
}
method!(GetSpecifiedFriendsInfo, "getSpecifiedFriendsInfo" -> Vec<Friend>);

/// Whether users are friends: in the friend list and not on the black list.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CheckFriend(pub Vec<String>);
method!(CheckFriend, "checkFriend" -> Vec<Friendship>);

/// Answer of `checkFriend` for one user.
#[derive(Clone, Debug, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FriendshipInfo"))]
pub struct Friendship {
    /// 1 friend, 0 not.
    pub result: i32,
    #[serde(rename = "userID")]
    pub user_id: String,
}

/// The black list.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetBlackList;
method!(GetBlackList, "getBlackList" -> Vec<Black>);

/// A page of a list.
#[derive(Debug, Read)]
pub struct Page {
    pub offset: i64,
    pub count: i64,
    /// Leave out those on the black list.
    #[serde(default, rename = "filterBlack")]
    pub filter_black: Option<bool>,
}

/// A page of the friend list. Behind its end: `[]`.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetFriendListPage(
    #[cfg_attr(test, ts(type = "OffsetParams & { filterBlack?: boolean }"))] pub Page,
);
method!(GetFriendListPage, "getFriendListPage" -> Vec<Friend>);

/// What to look for, and where. Any of the keywords is enough, capitals do not matter.
#[derive(Debug, Default, Read)]
#[serde(default)]
pub struct Search {
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "keywordList")]
    pub keyword_list: Vec<String>,
    #[serde(rename = "isSearchUserID")]
    pub user_id: bool,
    #[serde(rename = "isSearchNickname")]
    pub nickname: bool,
    #[serde(rename = "isSearchRemark")]
    pub remark: bool,
    #[serde(rename = "isSearchGroupID")]
    pub in_group_id: bool,
    #[serde(rename = "isSearchGroupName")]
    pub group_name: bool,
    #[serde(rename = "isSearchMemberNickname")]
    pub member_nickname: bool,
    pub offset: i64,
    /// 0 for all.
    pub count: i64,
}

/// Friends by user ID, nickname or remark. Rejects with 10002 if there is nothing to look for or
/// nowhere to look.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchFriends(#[cfg_attr(test, ts(type = "SearchFriendParams"))] pub Search);
method!(SearchFriends, "searchFriends" -> FoundFriends);

/// Friends that were looked for, with their `relationship`.
#[derive(Clone, Debug, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundFriends(#[cfg_attr(test, ts(type = "SearchedFriendsInfo[]"))] pub Vec<Friend>);
