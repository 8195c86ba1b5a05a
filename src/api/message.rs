//! A message as applications see it (`MessageItem`, api.md §13.1).
//!
//! The element (`textElem`, `pictureElem`, …) is raw JSON that passes through unread: unknown keys of
//! known types survive, and the content of unknown types is kept verbatim.
use crate::rt::json::{Read, Write};

use crate::rt::json::{self, RawJson};

#[cfg(test)]
use super::element::*;

/// Content types by name (`MessageType`).
pub mod content_type {
    /// Plain text.
    pub const TEXT: i32 = 101;
    /// Picture.
    pub const PICTURE: i32 = 102;
    /// Voice.
    pub const SOUND: i32 = 103;
    /// Video.
    pub const VIDEO: i32 = 104;
    /// File.
    pub const FILE: i32 = 105;
    /// Text that names users.
    pub const AT_TEXT: i32 = 106;
    /// Several messages in one.
    pub const MERGER: i32 = 107;
    /// Contact card.
    pub const CARD: i32 = 108;
    /// Location.
    pub const LOCATION: i32 = 109;
    /// The application's own.
    pub const CUSTOM: i32 = 110;
    /// Somebody types; never stored.
    pub const TYPING: i32 = 113;
    /// Answer to a message.
    pub const QUOTE: i32 = 114;
    /// Sticker.
    pub const FACE: i32 = 115;
    /// Text with marked spans.
    pub const ADVANCED_TEXT: i32 = 117;
    /// Markdown.
    pub const MARKDOWN: i32 = 118;
    /// Custom, without touching the conversation.
    pub const CUSTOM_NO_CONVERSATION: i32 = 119;
    /// Custom, never stored.
    pub const CUSTOM_ONLINE_ONLY: i32 = 120;
    /// First number of notifications: from here on content is `{"detail": …}`.
    pub const NOTIFICATION_BEGIN: i32 = 1000;
    /// Notification of an official account, shown and counted as a message.
    pub const OA_NOTIFICATION: i32 = 1400;
    /// What a revoked message becomes.
    pub const REVOKE: i32 = 2101;
}

/// Message status (`MessageStatus`).
pub mod status {
    /// On its way.
    pub const SENDING: i32 = 1;
    /// Sent or received.
    pub const SUCCEEDED: i32 = 2;
    /// Sending failed; it may be sent again.
    pub const FAILED: i32 = 3;
    /// Deleted here.
    pub const DELETED: i32 = 4;
}

/// `msgFrom` of messages people send.
pub const FROM_USER: i32 = 100;
/// `msgFrom` of messages the system sends.
pub const FROM_SYSTEM: i32 = 200;

/// A message. Empty strings are left out, as the official SDK leaves them out.
#[derive(Clone, Debug, Default, PartialEq, Write, Read)]
#[serde(default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "MessageItem"))]
pub struct Message {
    /// ID given by the sender, 32 hexadecimal digits.
    #[serde(rename = "clientMsgID", skip_serializing_if = "String::is_empty")]
    pub client_msg_id: String,
    /// ID given by the server.
    #[serde(rename = "serverMsgID", skip_serializing_if = "String::is_empty")]
    pub server_msg_id: String,
    /// Unix milliseconds.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    /// Unix milliseconds; what messages are sorted by.
    #[serde(rename = "sendTime")]
    pub send_time: i64,
    #[serde(rename = "sessionType")]
    #[cfg_attr(test, ts(type = "SessionType"))]
    pub session_type: i32,
    #[serde(rename = "sendID", skip_serializing_if = "String::is_empty")]
    pub send_id: String,
    #[serde(rename = "recvID", skip_serializing_if = "String::is_empty")]
    pub recv_id: String,
    /// 100 user, 200 system.
    #[serde(rename = "msgFrom")]
    pub msg_from: i32,
    #[serde(rename = "contentType")]
    #[cfg_attr(test, ts(type = "MessageType"))]
    pub content_type: i32,
    #[serde(rename = "senderPlatformID")]
    #[cfg_attr(test, ts(type = "Platform"))]
    pub sender_platform_id: i32,
    #[serde(rename = "senderNickname", skip_serializing_if = "String::is_empty")]
    pub sender_nickname: String,
    #[serde(rename = "senderFaceUrl", skip_serializing_if = "String::is_empty")]
    pub sender_face_url: String,
    #[serde(rename = "groupID", skip_serializing_if = "String::is_empty")]
    pub group_id: String,
    /// Only of content types without an element of their own: the content as it came.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// Number in the conversation given by the server; 0 before it is known.
    pub seq: i64,
    /// Single chats: the receiver has read it.
    #[serde(rename = "isRead")]
    pub is_read: bool,
    #[cfg_attr(test, ts(type = "MessageStatus"))]
    pub status: i32,
    #[serde(rename = "offlinePush", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<OfflinePush>"))]
    pub offline_push: Option<RawJson>,
    /// JSON text of `attachedInfoElem`.
    #[serde(rename = "attachedInfo", skip_serializing_if = "String::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub attached_info: String,
    /// Application data sent along.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub ex: String,
    /// Application data of this device only (`setMessageLocalEx`).
    #[serde(rename = "localEx", skip_serializing_if = "String::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub local_ex: String,
    #[serde(rename = "textElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<TextElem>"))]
    pub text_elem: Option<RawJson>,
    #[serde(rename = "cardElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<CardElem>"))]
    pub card_elem: Option<RawJson>,
    #[serde(rename = "pictureElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<PictureElem>"))]
    pub picture_elem: Option<RawJson>,
    #[serde(rename = "soundElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<SoundElem>"))]
    pub sound_elem: Option<RawJson>,
    #[serde(rename = "videoElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<VideoElem>"))]
    pub video_elem: Option<RawJson>,
    #[serde(rename = "fileElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<FileElem>"))]
    pub file_elem: Option<RawJson>,
    #[serde(rename = "mergeElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<MergeElem>"))]
    pub merge_elem: Option<RawJson>,
    #[serde(rename = "atTextElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<AtTextElem>"))]
    pub at_text_elem: Option<RawJson>,
    #[serde(rename = "faceElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<FaceElem>"))]
    pub face_elem: Option<RawJson>,
    #[serde(rename = "locationElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<LocationElem>"))]
    pub location_elem: Option<RawJson>,
    #[serde(rename = "customElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<CustomElem>"))]
    pub custom_elem: Option<RawJson>,
    #[serde(rename = "quoteElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<QuoteElem>"))]
    pub quote_elem: Option<RawJson>,
    #[serde(rename = "notificationElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<NotificationElem>"))]
    pub notification_elem: Option<RawJson>,
    #[serde(rename = "advancedTextElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<AdvancedTextElem>"))]
    pub advanced_text_elem: Option<RawJson>,
    #[serde(rename = "typingElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<TypingElem>"))]
    pub typing_elem: Option<RawJson>,
    #[serde(rename = "markdownTextElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<MarkdownTextElem>"))]
    pub markdown_text_elem: Option<RawJson>,
    #[serde(rename = "attachedInfoElem", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<AttachedInfoElem>"))]
    pub attached_info_elem: Option<RawJson>,
}

/// The key of the element of a content type, `None` for types without one of their own
/// (notifications and unknown numbers).
pub fn element_key(content_type: i32) -> Option<&'static str> {
    Some(match content_type {
        101 => "textElem",
        102 => "pictureElem",
        103 => "soundElem",
        104 => "videoElem",
        105 => "fileElem",
        106 => "atTextElem",
        107 => "mergeElem",
        108 => "cardElem",
        109 => "locationElem",
        110 | 119 | 120 => "customElem",
        113 => "typingElem",
        114 => "quoteElem",
        115 => "faceElem",
        117 => "advancedTextElem",
        118 => "markdownTextElem",
        _ => return None,
    })
}

impl Message {
    /// The element's place for a content type; `None` for types without one of their own.
    fn slot(&mut self, content_type: i32) -> Option<&mut Option<RawJson>> {
        Some(match content_type {
            101 => &mut self.text_elem,
            102 => &mut self.picture_elem,
            103 => &mut self.sound_elem,
            104 => &mut self.video_elem,
            105 => &mut self.file_elem,
            106 => &mut self.at_text_elem,
            107 => &mut self.merge_elem,
            108 => &mut self.card_elem,
            109 => &mut self.location_elem,
            110 | 119 | 120 => &mut self.custom_elem,
            113 => &mut self.typing_elem,
            114 => &mut self.quote_elem,
            115 => &mut self.face_elem,
            117 => &mut self.advanced_text_elem,
            118 => &mut self.markdown_text_elem,
            _ => return None,
        })
    }

    /// Sets content type and content as they came from the server or the store.
    ///
    /// Notifications (numbers from 1000) get `notificationElem`; other numbers without an element of
    /// their own keep `content` verbatim, beside `notificationElem` if it has a `detail`.
    pub fn set_content(&mut self, content_type: i32, content: &str) {
        self.content_type = content_type;
        if let Some(slot) = self.slot(content_type) {
            *slot = (!content.is_empty()).then(|| RawJson(content.into()));
            return;
        }
        let is_notification = json::from_text::<super::element::NotificationElem>(content).is_ok();
        if is_notification {
            self.notification_elem = Some(RawJson(content.into()));
        }
        if !is_notification || content_type < content_type::NOTIFICATION_BEGIN {
            self.content = content.into();
        }
    }

    /// The users named in an at-text message, for the wire's `atUserIDList`.
    pub fn at_user_ids(&self) -> Vec<String> {
        #[derive(Default, Read)]
        #[serde(default)]
        struct Named {
            #[serde(rename = "atUserList")]
            at_user_list: Vec<String>,
        }
        let element = self.at_text_elem.as_ref();
        let named = element.and_then(|raw| json::from_text::<Named>(&raw.0).ok());
        named.unwrap_or_default().at_user_list
    }

    /// The content to send or store: JSON text of the element of the message's content type, for types
    /// without one `content`, else `notificationElem`. `None` if there is nothing.
    pub fn take_content(&mut self) -> Option<String> {
        if let Some(slot) = self.slot(self.content_type) {
            return slot.take().map(|raw| raw.0);
        }
        if !self.content.is_empty() {
            return Some(std::mem::take(&mut self.content));
        }
        self.notification_elem.take().map(|raw| raw.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(content_type: i32, content: &str) -> json::Value {
        let mut message = Message::default();
        message.set_content(content_type, content);
        json::to_value(&message)
    }

    #[test]
    fn content_becomes_the_element_of_its_type_and_back() {
        for (content_type, content) in [
            (101, r#"{"content":"hi","later":[1]}"#),
            (119, r#"{"data":"x"}"#),
            (1501, r#"{"detail":"{}"}"#),
            (900, r#"{"strange":1}"#),
            (900, "not json"),
            (1234, "not json"),
        ] {
            let mut message = Message::default();
            message.set_content(content_type, content);
            let text = json::to_text(&message);
            let mut again: Message = json::from_text(&text).unwrap();
            assert_eq!(
                again.take_content().as_deref(),
                Some(content),
                "{content_type}"
            );
        }
        assert_eq!(
            shown(101, r#"{"content":"hi"}"#)["textElem"]["content"],
            "hi"
        );
        let unknown = shown(900, r#"{"detail":"d"}"#);
        assert_eq!(unknown["content"], r#"{"detail":"d"}"#);
        assert_eq!(unknown["notificationElem"]["detail"], "d");
        assert!(shown(1501, r#"{"detail":"d"}"#).get("content").is_none());
    }

    #[test]
    fn every_type_with_a_key_has_a_place() {
        for content_type in 0..3000 {
            let content = r#"{"a":1}"#;
            let value = shown(content_type, content);
            match element_key(content_type) {
                Some(key) => assert_eq!(value[key]["a"], 1, "{content_type}"),
                None => assert_eq!(value["content"], content, "{content_type}"),
            }
        }
    }

    #[test]
    fn nulls_count_as_absent_and_empty_strings_are_left_out() {
        let message: Message = json::from_text(
            r#"{"clientMsgID":"a","groupID":null,"seq":null,"isRead":null,"textElem":null,"own":1}"#,
        )
        .unwrap();
        let text = json::to_text(&message);
        assert!(!text.contains("groupID") && !text.contains("textElem") && !text.contains("null"));
        assert!(text.contains(r#""seq":0"#) && text.contains(r#""isRead":false"#));
    }
}
