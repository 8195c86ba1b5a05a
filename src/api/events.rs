//! THE EVENT LIST: every `CbEvents` member of the official SDK in its order, with its value; those this
//! SDK tells carry the type of their data (events.md §3).
use crate::rt::json::Write;

use super::Event;
use super::conversation::Conversation;
use super::group::{Group, GroupApplication, Member};
use super::message::Message;
use super::messaging::Platforms;
use super::relation::{Black, Friend, FriendApplication};
use super::user::{OnlineState, SelfUser};
use crate::rt::json::{self, Value};

/// An event on its way to the application.
#[derive(Clone, Debug)]
pub struct Told {
    /// The value of its `CbEvents` member.
    pub name: &'static str,
    /// Its data; `null` for events without.
    pub data: Value,
    /// 0 but for `OnConnectFailed` and the token events.
    pub err_code: i32,
    /// Text for `err_code`.
    pub err_msg: String,
}

impl Told {
    /// The event `E` with its data.
    pub fn new<E: Event>(_: E, data: &E::Data) -> Self {
        Told::of_value(E::NAME, json::to_value(data))
    }

    /// An event by name, of what applications get as the server says it.
    pub(crate) fn of_value(name: &'static str, data: Value) -> Self {
        Told {
            name,
            data,
            err_code: 0,
            err_msg: String::new(),
        }
    }

    /// The same event with an error in its envelope.
    #[must_use]
    pub fn with_error(mut self, code: i32, message: impl Into<String>) -> Self {
        self.err_code = code;
        self.err_msg = message.into();
        self
    }
}

macro_rules! events {
    ($($(#[doc = $doc:literal])* $name:ident = $value:literal $(-> $data:ty)?;)*) => {
        $(events!(@type $(#[doc = $doc])* $name, $value $(, $data)?);)*

        /// Tells a visitor the data of every event this SDK raises.
        #[cfg(test)]
        pub(crate) fn describe(f: &mut impl crate::js::dts::Describe) {
            $($(f.event::<$data>(stringify!($name));)?)*
        }

        /// All members of `CbEvents`: name, value, explanation.
        pub const EVENTS: &[(&str, &str, &str)] =
            &[$((stringify!($name), $value, concat!("", $($doc),*))),*];
    };
    (@type $(#[doc = $doc:literal])* $name:ident, $value:literal, $data:ty) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Event for $name {
            const NAME: &'static str = $value;
            type Data = $data;
        }
    };
    (@type $(#[doc = $doc:literal])* $name:ident, $value:literal) => {};
}

events! {
    Login = "Login";
    /// The server could not be reached; the SDK tries again by itself.
    OnConnectFailed = "OnConnectFailed" -> ();
    /// The connection stands.
    OnConnectSuccess = "OnConnectSuccess" -> ();
    /// The SDK connects.
    OnConnecting = "OnConnecting" -> ();
    /// Another login took over; the user is logged out here.
    OnKickedOffline = "OnKickedOffline" -> ();
    /// The own profile changed.
    OnSelfInfoUpdated = "OnSelfInfoUpdated" -> SelfUser;
    /// The login token is too old; the user is logged out here.
    OnUserTokenExpired = "OnUserTokenExpired" -> ();
    /// The login token is refused; the user is logged out here.
    OnUserTokenInvalid = "OnUserTokenInvalid" -> ();
    /// How much of a message's media is uploaded.
    OnProgress = "OnProgress" -> Progress;
    /// A message was deleted for the user.
    OnMsgDeleted = "OnMsgDeleted" -> Message;
    OnDeleteUserAllMsgsInConv = "OnDeleteUserAllMsgsInConv";
    OnRecvNewMessage = "OnRecvNewMessage";
    /// New messages, oldest first, also one's own from other devices and other tabs. They are stored already.
    OnRecvNewMessages = "OnRecvNewMessages" -> [Message];
    OnMessageModified = "OnMessageModified";
    OnChangedPinnedMsg = "OnChangedPinnedMsg";
    OnRecvOnlineOnlyMessage = "OnRecvOnlineOnlyMessage";
    OnRecvOfflineNewMessage = "onRecvOfflineNewMessage";
    OnRecvOnlineOnlyMessages = "OnRecvOnlineOnlyMessages";
    /// New messages while the application is in the background.
    OnRecvOfflineNewMessages = "onRecvOfflineNewMessages" -> [Message];
    OnRecvMessageRevoked = "OnRecvMessageRevoked";
    /// A message was taken back.
    OnNewRecvMessageRevoked = "OnNewRecvMessageRevoked" -> Revoked;
    /// The other side of a single chat read messages.
    OnRecvC2CReadReceipt = "OnRecvC2CReadReceipt" -> [ReadReceipt];
    OnRecvGroupReadReceipt = "OnRecvGroupReadReceipt";
    /// Conversations changed: last message, unread count, settings, draft, name.
    OnConversationChanged = "OnConversationChanged" -> [Conversation];
    /// Conversations that are new on the list.
    OnNewConversation = "OnNewConversation" -> [Conversation];
    /// Somebody begins or stops typing.
    OnConversationUserInputStatusChanged = "OnConversationUserInputStatusChanged" -> InputStatus;
    /// Synchronizing failed; the SDK tries again by itself.
    OnSyncServerFailed = "OnSyncServerFailed" -> bool;
    /// Everything is up to date.
    OnSyncServerFinish = "OnSyncServerFinish" -> bool;
    /// Progress of the first synchronization, 1 to 100.
    OnSyncServerProgress = "OnSyncServerProgress" -> i32;
    /// Synchronizing begins; `true` if nothing was held before.
    OnSyncServerStart = "OnSyncServerStart" -> bool;
    /// The sum of unread messages changed.
    OnTotalUnreadMessageCountChanged = "OnTotalUnreadMessageCountChanged" -> i64;
    /// A user came on the black list.
    OnBlackAdded = "OnBlackAdded" -> Black;
    /// A user left the black list.
    OnBlackDeleted = "OnBlackDeleted" -> Black;
    /// An application for friendship was accepted.
    OnFriendApplicationAccepted = "OnFriendApplicationAccepted" -> FriendApplication;
    /// An application for friendship was made.
    OnFriendApplicationAdded = "OnFriendApplicationAdded" -> FriendApplication;
    OnFriendApplicationDeleted = "OnFriendApplicationDeleted";
    /// An application for friendship was refused.
    OnFriendApplicationRejected = "OnFriendApplicationRejected" -> FriendApplication;
    /// A friend's profile or remark changed.
    OnFriendInfoChanged = "OnFriendInfoChanged" -> Friend;
    /// A friend was won.
    OnFriendAdded = "OnFriendAdded" -> Friend;
    /// A friend was removed.
    OnFriendDeleted = "OnFriendDeleted" -> Friend;
    /// The user is in a new group.
    OnJoinedGroupAdded = "OnJoinedGroupAdded" -> Group;
    /// The user is in a group no more.
    OnJoinedGroupDeleted = "OnJoinedGroupDeleted" -> Group;
    /// A group was dismissed.
    OnGroupDismissed = "OnGroupDismissed" -> Group;
    /// A group has a new member.
    OnGroupMemberAdded = "OnGroupMemberAdded" -> Member;
    /// A group lost a member.
    OnGroupMemberDeleted = "OnGroupMemberDeleted" -> Member;
    /// An application for membership was made.
    OnGroupApplicationAdded = "OnGroupApplicationAdded" -> GroupApplication;
    OnGroupApplicationDeleted = "OnGroupApplicationDeleted";
    /// A group's name, face, announcement or settings changed.
    OnGroupInfoChanged = "OnGroupInfoChanged" -> Group;
    /// A member's name, face, role or mute changed.
    OnGroupMemberInfoChanged = "OnGroupMemberInfoChanged" -> Member;
    /// An application for membership was accepted.
    OnGroupApplicationAccepted = "OnGroupApplicationAccepted" -> GroupApplication;
    /// An application for membership was refused.
    OnGroupApplicationRejected = "OnGroupApplicationRejected" -> GroupApplication;
    /// How much of a file is uploaded by `uploadFile`; despite its name told many times.
    UploadComplete = "UploadComplete" -> UploadProgressData;
    /// The application's server sent something of its own.
    OnRecvCustomBusinessMessage = "OnRecvCustomBusinessMessage" -> BusinessMessage;
    /// A user whose status is subscribed came or went.
    OnUserStatusChanged = "OnUserStatusChanged" -> OnlineState;
    OnUploadLogsProgress = "OnUploadLogsProgress";
    OnReceiveNewInvitation = "OnReceiveNewInvitation";
    OnInviteeAccepted = "OnInviteeAccepted";
    OnInviteeRejected = "OnInviteeRejected";
    OnInvitationCancelled = "OnInvitationCancelled";
    OnHangUp = "OnHangUp";
    OnInvitationTimeout = "OnInvitationTimeout";
    OnInviteeAcceptedByOtherDevice = "OnInviteeAcceptedByOtherDevice";
    OnInviteeRejectedByOtherDevice = "OnInviteeRejectedByOtherDevice";
    OnStreamChange = "OnStreamChange";
    OnRoomParticipantConnected = "OnRoomParticipantConnected";
    OnRoomParticipantDisconnected = "OnRoomParticipantDisconnected";
    OnReceiveCustomSignal = "OnReceiveCustomSignal";
    OnConversationGroupAdded = "OnConversationGroupAdded";
    OnConversationGroupDeleted = "OnConversationGroupDeleted";
    OnConversationGroupChanged = "OnConversationGroupChanged";
    OnConversationGroupMemberAdded = "OnConversationGroupMemberAdded";
    OnConversationGroupMemberDeleted = "OnConversationGroupMemberDeleted";
    UnUsedEvent = "UnUsedEvent";
}

/// Data of `OnProgress`.
#[derive(Clone, Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "MessageProgress"))]
pub struct Progress {
    /// 0 to 100.
    pub progress: i32,
    #[serde(rename = "clientMsgID")]
    pub client_msg_id: String,
}

/// Data of `UploadComplete`.
#[derive(Clone, Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UploadProgressData {
    /// Bytes of the file.
    #[serde(rename = "fileSize")]
    pub file_size: i64,
    /// Bytes that are sent.
    #[serde(rename = "streamSize")]
    pub stream_size: i64,
    /// Bytes that are stored.
    #[serde(rename = "storageSize")]
    #[cfg_attr(test, ts(optional))]
    pub storage_size: Option<i64>,
    /// Of the upload.
    pub uuid: String,
}

/// Data of `OnNewRecvMessageRevoked`.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "RevokedInfo"))]
pub struct Revoked {
    #[serde(rename = "revokerID")]
    pub revoker_id: String,
    /// `GroupMemberRole` of the revoker, 0 in single chats.
    #[serde(rename = "revokerRole")]
    pub revoker_role: i32,
    /// The message taken back.
    #[serde(rename = "clientMsgID")]
    pub client_msg_id: String,
    #[serde(rename = "revokerNickname")]
    pub revoker_nickname: String,
    /// Unix milliseconds.
    #[serde(rename = "revokeTime")]
    pub revoke_time: i64,
    /// Unix milliseconds.
    #[serde(rename = "sourceMessageSendTime")]
    pub source_message_send_time: i64,
    #[serde(rename = "sourceMessageSendID")]
    pub source_message_send_id: String,
    #[serde(rename = "sourceMessageSenderNickname")]
    pub source_message_sender_nickname: String,
    #[serde(rename = "sessionType")]
    pub session_type: i32,
    pub seq: i64,
    pub ex: String,
    #[serde(rename = "isAdminRevoke")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub is_admin_revoke: bool,
}

/// Element of `OnRecvC2CReadReceipt`.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ReceiptInfo"))]
pub struct ReadReceipt {
    /// Who read.
    #[serde(rename = "userID")]
    pub user_id: String,
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// clientMsgIDs of the messages read.
    #[serde(rename = "msgIDList")]
    pub msg_id_list: Vec<String>,
    /// Unix milliseconds.
    #[serde(rename = "readTime")]
    pub read_time: i64,
    #[serde(rename = "msgFrom")]
    pub msg_from: i32,
    #[serde(rename = "contentType")]
    #[cfg_attr(test, ts(type = "MessageType"))]
    pub content_type: i32,
    #[serde(rename = "sessionType")]
    #[cfg_attr(test, ts(type = "SessionType"))]
    pub session_type: i32,
}

/// Data of `OnConversationUserInputStatusChanged`.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ConversationInputStatus"))]
pub struct InputStatus {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "userID")]
    pub user_id: String,
    /// Where the user types; empty when he stopped.
    #[serde(rename = "platformIDs")]
    #[cfg_attr(test, ts(type = "Platform[]"))]
    pub platform_ids: Platforms,
}

/// Data of `OnRecvCustomBusinessMessage`.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "CustomBusinessMessage"))]
pub struct BusinessMessage {
    pub key: String,
    pub data: String,
}

/// For the front: messages that a tab which went away may not have told as new. `err_msg` is when they
/// were stored, Unix milliseconds; who has heard of them knows them by their IDs.
#[derive(Clone, Copy, Debug)]
pub struct Recovered;
impl Event for Recovered {
    const NAME: &'static str = "Recovered";
    type Data = [Message];
}

/// For the front: another tab has taken the database over.
#[derive(Clone, Copy, Debug)]
pub struct Deposed;
impl Event for Deposed {
    const NAME: &'static str = "Deposed";
    type Data = ();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_that_of_the_official_package() {
        assert_eq!(EVENTS.len(), 73);
        let odd: Vec<_> = EVENTS
            .iter()
            .filter(|(name, value, _)| name != value)
            .collect();
        assert_eq!(
            odd.iter().map(|event| event.1).collect::<Vec<_>>(),
            ["onRecvOfflineNewMessage", "onRecvOfflineNewMessages"]
        );
    }
}
