//! Elements: what a message of each content type carries (sync.md §8.1, api.md §13.1).
//!
//! Inside the SDK an element is raw JSON; these types give it its shape where a `create…Message`
//! method makes one, and to TypeScript.
use crate::rt::json::{Read, Write};

use super::Message;

/// Element of a text message (101).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TextElem {
    /// The text.
    pub content: String,
}

/// Element of a markdown message (118).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MarkdownTextElem {
    /// Markdown source.
    pub content: String,
}

/// A picture in one resolution.
#[derive(Clone, Debug, Default, Write, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PicBaseInfo {
    #[serde(default)]
    pub uuid: String,
    /// MIME type.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Bytes.
    #[serde(default)]
    pub size: i64,
    /// Pixels.
    #[serde(default)]
    pub width: i64,
    /// Pixels.
    #[serde(default)]
    pub height: i64,
    #[serde(default)]
    pub url: String,
}

/// Element of a picture message (102).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PictureElem {
    #[serde(rename = "sourcePath")]
    pub source_path: String,
    /// The original.
    #[serde(rename = "sourcePicture")]
    #[cfg_attr(test, ts(type = "Picture"))]
    pub source_picture: PicBaseInfo,
    /// For viewing.
    #[serde(rename = "bigPicture")]
    #[cfg_attr(test, ts(type = "Picture"))]
    pub big_picture: PicBaseInfo,
    /// For lists.
    #[serde(rename = "snapshotPicture")]
    #[cfg_attr(test, ts(type = "Picture"))]
    pub snapshot_picture: PicBaseInfo,
}

/// Element of a voice message (103).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SoundElem {
    pub uuid: String,
    #[serde(rename = "soundPath")]
    pub sound_path: String,
    #[serde(rename = "sourceUrl")]
    pub source_url: String,
    /// Bytes.
    #[serde(rename = "dataSize")]
    pub data_size: i64,
    /// Seconds.
    pub duration: i64,
    /// MIME type.
    #[serde(rename = "soundType")]
    pub sound_type: String,
}

/// Element of a video message (104).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VideoElem {
    #[serde(rename = "videoPath")]
    pub video_path: String,
    #[serde(rename = "videoUUID")]
    pub video_uuid: String,
    #[serde(rename = "videoUrl")]
    pub video_url: String,
    /// MIME type.
    #[serde(rename = "videoType")]
    pub video_type: String,
    /// Bytes.
    #[serde(rename = "videoSize")]
    pub video_size: i64,
    /// Seconds.
    pub duration: i64,
    #[serde(rename = "snapshotPath")]
    pub snapshot_path: String,
    #[serde(rename = "snapshotUUID")]
    pub snapshot_uuid: String,
    /// Bytes.
    #[serde(rename = "snapshotSize")]
    pub snapshot_size: i64,
    #[serde(rename = "snapshotUrl")]
    pub snapshot_url: String,
    /// Pixels.
    #[serde(rename = "snapshotWidth")]
    pub snapshot_width: i64,
    /// Pixels.
    #[serde(rename = "snapshotHeight")]
    pub snapshot_height: i64,
    /// MIME type.
    #[serde(rename = "snapshotType", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub snapshot_type: Option<String>,
}

/// Element of a file message (105).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileElem {
    #[serde(rename = "filePath")]
    pub file_path: String,
    pub uuid: String,
    #[serde(rename = "sourceUrl")]
    pub source_url: String,
    #[serde(rename = "fileName")]
    pub file_name: String,
    /// Bytes.
    #[serde(rename = "fileSize")]
    pub file_size: i64,
    /// MIME type.
    #[serde(rename = "fileType", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub file_type: Option<String>,
}

/// A user named in a group message, with the name shown.
#[derive(Clone, Debug, Write, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AtUsersInfoItem {
    #[serde(rename = "atUserID")]
    pub at_user_id: String,
    #[serde(default, rename = "groupNickname")]
    pub group_nickname: String,
}

/// Element of a message that names users (106).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AtTextElem {
    pub text: String,
    /// User IDs; "AtAllTag" stands for everybody.
    #[serde(rename = "atUserList")]
    pub at_user_list: Vec<String>,
    #[serde(rename = "atUsersInfo", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub at_users_info: Option<Vec<AtUsersInfoItem>>,
    /// The message answered to.
    #[serde(rename = "quoteMessage", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub quote_message: Option<Box<Message>>,
    /// Whether the own user is named.
    #[serde(rename = "isAtSelf")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub is_at_self: bool,
}

/// A span of a text with a meaning (link, mention …).
#[derive(Clone, Debug, Write, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageEntity {
    #[serde(rename = "type")]
    pub kind: String,
    /// First character.
    pub offset: i64,
    /// Characters.
    pub length: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub url: Option<String>,
    /// Application data. Other clients read the key `ex`, so both are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub info: Option<String>,
    /// Same as `info`, under the name other clients use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub ex: Option<String>,
}

/// Element of a merged message (107). The messages inside are kept as they were given.
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MergeElem {
    pub title: String,
    #[serde(rename = "abstractList")]
    pub abstract_list: Vec<String>,
    #[serde(rename = "multiMessage")]
    #[cfg_attr(test, ts(as = "Vec<Message>"))]
    pub multi_message: Vec<crate::rt::json::RawJson>,
    #[serde(rename = "messageEntityList")]
    pub message_entity_list: Vec<MessageEntity>,
}

/// Element of a contact card (108).
#[derive(Debug, Write, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CardElem {
    #[serde(rename = "userID")]
    pub user_id: String,
    #[serde(default)]
    pub nickname: String,
    #[serde(default, rename = "faceURL")]
    pub face_url: String,
    #[serde(default)]
    pub ex: String,
}

/// Element of a location (109).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LocationElem {
    pub description: String,
    /// Degrees.
    pub longitude: f64,
    /// Degrees.
    pub latitude: f64,
}

/// Element of a custom message (110, 119, 120).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CustomElem {
    pub data: String,
    pub description: String,
    pub extension: String,
}

/// Element of a typing message (113).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TypingElem {
    /// "yes" or "no".
    #[serde(rename = "msgTips")]
    pub msg_tips: String,
}

/// Element of a message that answers another (114).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuoteElem {
    pub text: String,
    /// The message answered to.
    #[serde(rename = "quoteMessage")]
    pub quote_message: Box<Message>,
    #[serde(rename = "messageEntityList", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub message_entity_list: Option<Vec<MessageEntity>>,
}

/// Element of a sticker (115).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FaceElem {
    pub index: i64,
    pub data: String,
}

/// Element of a text with marked spans (117).
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AdvancedTextElem {
    pub text: String,
    #[serde(rename = "messageEntityList")]
    pub message_entity_list: Vec<MessageEntity>,
}

/// Element of a notification shown as a message (1xxx, 2101 …).
#[derive(Debug, Write, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NotificationElem {
    /// JSON text; its shape depends on the content type (sync.md §8.2).
    pub detail: String,
}

/// How many members of a group read a message; stays zero with the open-source server.
#[derive(Debug, Default, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupHasReadInfo {
    #[serde(rename = "hasReadCount")]
    pub has_read_count: i32,
    #[serde(rename = "unreadCount")]
    pub unread_count: i32,
    #[serde(rename = "hasReadUserIDList")]
    pub has_read_user_id_list: Vec<String>,
    #[serde(rename = "groupMemberCount")]
    pub group_member_count: i32,
}

/// What the SDK notes beside a message.
#[derive(Debug, Default, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AttachedInfoElem {
    #[serde(rename = "groupHasReadInfo")]
    pub group_has_read_info: GroupHasReadInfo,
    /// Read, then deleted after `burnDuration`.
    #[serde(rename = "isPrivateChat")]
    pub is_private_chat: bool,
    #[serde(rename = "isEncryption")]
    pub is_encryption: bool,
    #[serde(rename = "inEncryptStatus")]
    pub in_encrypt_status: bool,
    /// Seconds.
    #[serde(rename = "burnDuration")]
    pub burn_duration: i32,
    /// Unix milliseconds, 0 when not read.
    #[serde(rename = "hasReadTime")]
    pub has_read_time: i64,
    #[serde(rename = "messageEntityList", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub message_entity_list: Option<Vec<MessageEntity>>,
}

/// Text of the push notification on the receivers' phones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Write, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OfflinePush {
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub desc: String,
    #[serde(default)]
    pub ex: String,
    #[serde(default, rename = "iOSPushSound")]
    pub ios_push_sound: String,
    #[serde(default, rename = "iOSBadgeCount")]
    pub ios_badge_count: bool,
}
