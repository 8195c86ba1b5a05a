//! `create…Message`: make a message to be sent later. Nothing is sent or stored (api.md §5).

use super::Message;
use super::element::{AtUsersInfoItem, CardElem, MessageEntity, PicBaseInfo};
use crate::method;
use crate::rt::json::{RawJson, Read, Value, Write};

/// The reply of the `create…Message` methods: the message, or "" if the arguments make none. They
/// never reject for that, as in the official SDK.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Composed(#[cfg_attr(test, ts(type = "MessageItem"))] pub Option<Box<Message>>);

impl Write for Composed {
    fn write(&self) -> Value {
        match &self.0 {
            Some(message) => message.write(),
            None => Value::from(""),
        }
    }
}

/// Makes a text message.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateTextMessage(pub String);
method!(CreateTextMessage, "createTextMessage" -> Composed);

/// Makes a text message that names users of a group ("AtAllTag" for everybody).
///
/// Resolves with "" if the text is empty or more than 10 users are named.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "AtMsgParams"))]
pub struct CreateTextAtMessage {
    pub text: String,
    #[serde(rename = "atUserIDList")]
    pub at_user_id_list: Vec<String>,
    /// Names as shown in the group.
    #[serde(default, rename = "atUsersInfo")]
    #[cfg_attr(test, ts(optional))]
    pub at_users_info: Option<Vec<AtUsersInfoItem>>,
    /// The message answered to.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub message: Option<Box<Message>>,
}
method!(CreateTextAtMessage, "createTextAtMessage" -> Composed);

/// Makes a text message with marked spans (links, mentions …).
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "AdvancedMsgParams"))]
pub struct CreateAdvancedTextMessage {
    pub text: String,
    #[serde(default, rename = "messageEntityList")]
    #[cfg_attr(test, ts(optional))]
    pub message_entity_list: Option<Vec<MessageEntity>>,
}
method!(CreateAdvancedTextMessage, "createAdvancedTextMessage" -> Composed);

/// Makes a text message that answers another.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "QuoteMsgParams"))]
pub struct CreateQuoteMessage {
    pub text: String,
    /// JSON **text** of the MessageItem answered to.
    pub message: String,
}
method!(CreateQuoteMessage, "createQuoteMessage" -> Composed);

/// Makes a text message with marked spans that answers another.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "AdvancedQuoteMsgParams"))]
pub struct CreateAdvancedQuoteMessage {
    pub text: String,
    /// The message answered to.
    pub message: Box<Message>,
    #[serde(default, rename = "messageEntityList")]
    #[cfg_attr(test, ts(optional))]
    pub message_entity_list: Option<Vec<MessageEntity>>,
}
method!(CreateAdvancedQuoteMessage, "createAdvancedQuoteMessage" -> Composed);

/// Makes a picture message of pictures that are on a server already.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ImageMsgParamsByURL"))]
pub struct CreateImageMessageByUrl {
    #[serde(rename = "sourcePicture")]
    pub source_picture: PicBaseInfo,
    #[serde(rename = "bigPicture")]
    pub big_picture: PicBaseInfo,
    #[serde(rename = "snapshotPicture")]
    pub snapshot_picture: PicBaseInfo,
    #[serde(default, rename = "sourcePath")]
    pub source_path: String,
}
method!(CreateImageMessageByUrl, "createImageMessageByURL" -> Composed);

/// Makes a voice message of a recording that is on a server already.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SoundMsgParamsByURL"))]
pub struct CreateSoundMessageByUrl {
    #[serde(default)]
    pub uuid: String,
    #[serde(default, rename = "soundPath")]
    pub sound_path: String,
    #[serde(rename = "sourceUrl")]
    pub source_url: String,
    /// Bytes.
    #[serde(default, rename = "dataSize")]
    pub data_size: i64,
    /// Seconds, a whole number.
    #[serde(default)]
    pub duration: i64,
    /// MIME type.
    #[serde(default, rename = "soundType")]
    #[cfg_attr(test, ts(optional))]
    pub sound_type: Option<String>,
}
method!(CreateSoundMessageByUrl, "createSoundMessageByURL" -> Composed);

/// Makes a video message of a video and a picture that are on a server already.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "VideoMsgParamsByURL"))]
pub struct CreateVideoMessageByUrl {
    #[serde(default, rename = "videoPath")]
    pub video_path: String,
    /// Seconds, a whole number.
    #[serde(default)]
    pub duration: i64,
    /// MIME type.
    #[serde(default, rename = "videoType")]
    pub video_type: String,
    #[serde(default, rename = "snapshotPath")]
    pub snapshot_path: String,
    #[serde(default, rename = "videoUUID")]
    pub video_uuid: String,
    #[serde(rename = "videoUrl")]
    pub video_url: String,
    /// Bytes.
    #[serde(default, rename = "videoSize")]
    pub video_size: i64,
    #[serde(default, rename = "snapshotUUID")]
    pub snapshot_uuid: String,
    /// Bytes.
    #[serde(default, rename = "snapshotSize")]
    pub snapshot_size: i64,
    #[serde(default, rename = "snapshotUrl")]
    pub snapshot_url: String,
    /// Pixels.
    #[serde(default, rename = "snapshotWidth")]
    pub snapshot_width: i64,
    /// Pixels.
    #[serde(default, rename = "snapshotHeight")]
    pub snapshot_height: i64,
    /// MIME type. The odd spelling is the official one.
    #[serde(default, rename = "snapShotType")]
    #[cfg_attr(test, ts(optional))]
    pub snap_shot_type: Option<String>,
}
method!(CreateVideoMessageByUrl, "createVideoMessageByURL" -> Composed);

/// Makes a file message of a file that is on a server already.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FileMsgParamsByURL"))]
pub struct CreateFileMessageByUrl {
    #[serde(default, rename = "filePath")]
    pub file_path: String,
    #[serde(rename = "fileName")]
    pub file_name: String,
    #[serde(default)]
    pub uuid: String,
    #[serde(rename = "sourceUrl")]
    pub source_url: String,
    /// Bytes.
    #[serde(default, rename = "fileSize")]
    pub file_size: i64,
    /// MIME type.
    #[serde(default, rename = "fileType")]
    #[cfg_attr(test, ts(optional))]
    pub file_type: Option<String>,
}
method!(CreateFileMessageByUrl, "createFileMessageByURL" -> Composed);

/// Makes a picture message of a file, which `sendMessage` uploads.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateImageMessageByFile(
    #[cfg_attr(test, ts(type = "ImageMsgParamsByURL & { file: File }"))] pub Value,
);
method!(CreateImageMessageByFile, "createImageMessageByFile" -> Composed);

/// Makes a voice message of a file, which `sendMessage` uploads.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateSoundMessageByFile(
    #[cfg_attr(test, ts(type = "SoundMsgParamsByURL & { file: File }"))] pub Value,
);
method!(CreateSoundMessageByFile, "createSoundMessageByFile" -> Composed);

/// Makes a video message of a file and its picture, which `sendMessage` uploads.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateVideoMessageByFile(
    #[cfg_attr(
        test,
        ts(type = "VideoMsgParamsByURL & { videoFile: File; snapshotFile: File }")
    )]
    pub Value,
);
method!(CreateVideoMessageByFile, "createVideoMessageByFile" -> Composed);

/// Makes a file message of a file, which `sendMessage` uploads.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateFileMessageByFile(
    #[cfg_attr(test, ts(type = "FileMsgParamsByURL & { file: File }"))] pub Value,
);
method!(CreateFileMessageByFile, "createFileMessageByFile" -> Composed);

/// Makes one message of several, for passing on a conversation.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "MergerMsgParams"))]
pub struct CreateMergerMessage {
    /// Kept as they are given.
    #[serde(rename = "messageList")]
    #[cfg_attr(test, ts(as = "Vec<Message>"))]
    pub message_list: Vec<RawJson>,
    pub title: String,
    /// A line of preview a message.
    #[serde(default, rename = "summaryList")]
    pub summary_list: Vec<String>,
}
method!(CreateMergerMessage, "createMergerMessage" -> Composed);

/// Makes a copy of a sent message for sending it on. Resolves with "" for a message not sent yet.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateForwardMessage(pub Box<Message>);
method!(CreateForwardMessage, "createForwardMessage" -> Composed);

/// Makes a sticker message.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FaceMessageParams"))]
pub struct CreateFaceMessage {
    pub index: i64,
    pub data: String,
}
method!(CreateFaceMessage, "createFaceMessage" -> Composed);

/// Makes a location message.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LocationMsgParams"))]
pub struct CreateLocationMessage {
    pub description: String,
    /// Degrees.
    pub longitude: f64,
    /// Degrees.
    pub latitude: f64,
}
method!(CreateLocationMessage, "createLocationMessage" -> Composed);

/// Makes a contact card.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateCardMessage(pub CardElem);
method!(CreateCardMessage, "createCardMessage" -> Composed);

/// Makes a message of the application's own kind. `data` is text: stringify objects.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "CustomMsgParams"))]
pub struct CreateCustomMessage {
    pub data: String,
    #[serde(default)]
    pub extension: String,
    #[serde(default)]
    pub description: String,
}
method!(CreateCustomMessage, "createCustomMessage" -> Composed);

/// Makes a markdown message.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateMarkdownMessage(pub String);
method!(CreateMarkdownMessage, "createMarkdownMessage" -> Composed);
