//! Profiles (api.md §3, §13.4).
use crate::rt::json::{Read, Write};

use super::Done;
use crate::method;

/// Somebody's public profile.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "PublicUserItem"))]
pub struct PublicUser {
    pub nickname: String,
    #[serde(rename = "userID")]
    pub user_id: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    /// Application data.
    pub ex: String,
    /// Unix milliseconds.
    #[serde(rename = "createTime")]
    #[cfg_attr(test, ts(optional, as = "Option<i64>"))]
    pub create_time: i64,
}

/// The own profile.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SelfUserInfo"))]
pub struct SelfUser {
    /// Unix milliseconds.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    /// Application data.
    pub ex: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    pub nickname: String,
    #[serde(rename = "userID")]
    pub user_id: String,
    #[serde(rename = "globalRecvMsgOpt")]
    #[cfg_attr(test, ts(type = "MessageReceiveOptType"))]
    pub global_recv_msg_opt: i32,
    /// Only with the enterprise server: always 0 here.
    #[serde(rename = "addFriendPermission")]
    #[cfg_attr(test, ts(type = "AddFriendPermission"))]
    pub add_friend_permission: i32,
    #[serde(rename = "attachedInfo")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub attached_info: String,
}

/// The own profile.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetSelfUserInfo;
method!(GetSelfUserInfo, "getSelfUserInfo" -> SelfUser);

/// Profiles of any users, by ID. Unknown IDs are absent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetUsersInfo(pub Vec<String>);
method!(GetUsersInfo, "getUsersInfo" -> Vec<PublicUser>);

/// What of the own profile to change; what is absent stays.
#[derive(Clone, Debug, Default, Read)]
#[serde(default)]
pub struct SelfUserChange {
    pub nickname: Option<String>,
    #[serde(rename = "faceURL")]
    pub face_url: Option<String>,
    /// Application data.
    pub ex: Option<String>,
    #[serde(rename = "globalRecvMsgOpt")]
    pub global_recv_msg_opt: Option<i32>,
}

/// Changes the own profile. `OnSelfInfoUpdated` comes before the promise resolves.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetSelfInfo(#[cfg_attr(test, ts(type = "PartialUserItem"))] pub SelfUserChange);
method!(SetSelfInfo, "setSelfInfo" -> Done);

/// Same as `setSelfInfo`.
///
/// @deprecated Use setSelfInfo instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetSelfInfoEx(#[cfg_attr(test, ts(type = "PartialUserItem"))] pub SelfUserChange);
method!(SetSelfInfoEx, "SetSelfInfoEx" -> Done);

/// How messages of all single chats are received.
///
/// @deprecated Use setSelfInfo instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetGlobalRecvMessageOpt(
    /// `MessageReceiveOptType`.
    #[cfg_attr(test, ts(type = "MessageReceiveOptType"))]
    pub i32,
);
method!(SetGlobalRecvMessageOpt, "setGlobalRecvMessageOpt" -> Done);

/// Whether and where a user is online.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "UserOnlineState"))]
pub struct OnlineState {
    /// Empty when offline.
    #[serde(rename = "platformIDs")]
    #[cfg_attr(test, ts(optional, type = "Platform[]"))]
    pub platform_ids: Option<Vec<i32>>,
    /// 1 online, 0 offline.
    #[cfg_attr(test, ts(type = "OnlineState"))]
    pub status: i32,
    #[serde(rename = "userID")]
    pub user_id: String,
}

/// Whether users are online, and `OnUserStatusChanged` from now on. Lasts until logout, also over
/// reconnects.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SubscribeUsersStatus(pub Vec<String>);
method!(SubscribeUsersStatus, "subscribeUsersStatus" -> Vec<OnlineState>);

/// Ends subscriptions.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UnsubscribeUsersStatus(pub Vec<String>);
method!(UnsubscribeUsersStatus, "unsubscribeUsersStatus" -> Vec<OnlineState>);

/// Whether the users with a subscription are online, asked of the server now.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetUserStatus;
method!(GetUserStatus, "getUserStatus" -> Vec<OnlineState>);

/// Whether the users with a subscription are online, as last heard.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetSubscribeUsersStatus;
method!(GetSubscribeUsersStatus, "getSubscribeUsersStatus" -> Vec<OnlineState>);
