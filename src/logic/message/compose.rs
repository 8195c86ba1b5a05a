//! COMPOSING: messages made by `create…Message`, to be sent later (api.md §5). Nothing is stored.
use crate::api::Message;
use crate::api::compose::*;
use crate::api::element::*;
use crate::api::error::Result;
use crate::api::message::{FROM_USER, content_type, status};
use crate::logic::{Cx, ids};
use crate::rt::json::{self, Write};

/// Most users one message may name; the official SDK refuses more.
const AT_USERS_MAX: usize = 10;

/// Text.
pub async fn text(cx: &Cx, p: CreateTextMessage) -> Result<Composed> {
    compose(cx, content_type::TEXT, &TextElem { content: p.0 })
}

/// Markdown.
pub async fn markdown(cx: &Cx, p: CreateMarkdownMessage) -> Result<Composed> {
    compose(
        cx,
        content_type::MARKDOWN,
        &MarkdownTextElem { content: p.0 },
    )
}

/// Text that names users.
pub async fn text_at(cx: &Cx, p: CreateTextAtMessage) -> Result<Composed> {
    if p.text.is_empty() || p.at_user_id_list.len() > AT_USERS_MAX {
        return Ok(Composed(None));
    }
    let element = AtTextElem {
        text: p.text,
        at_user_list: p.at_user_id_list,
        at_users_info: p.at_users_info,
        quote_message: p.message.map(quoted),
        is_at_self: false,
    };
    compose(cx, content_type::AT_TEXT, &element)
}

/// Text with marked spans.
pub async fn advanced_text(cx: &Cx, p: CreateAdvancedTextMessage) -> Result<Composed> {
    let element = AdvancedTextElem {
        text: p.text,
        message_entity_list: entities(p.message_entity_list).unwrap_or_default(),
    };
    compose(cx, content_type::ADVANCED_TEXT, &element)
}

/// Answer to a message given as JSON text.
pub async fn quote(cx: &Cx, p: CreateQuoteMessage) -> Result<Composed> {
    let Ok(message) = json::from_text::<Box<Message>>(&p.message) else {
        return Ok(Composed(None));
    };
    let element = QuoteElem {
        text: p.text,
        quote_message: quoted(numbered(cx, message).await),
        message_entity_list: None,
    };
    compose(cx, content_type::QUOTE, &element)
}

/// Answer to a message, with marked spans.
pub async fn advanced_quote(cx: &Cx, p: CreateAdvancedQuoteMessage) -> Result<Composed> {
    let element = QuoteElem {
        text: p.text,
        quote_message: quoted(numbered(cx, p.message).await),
        message_entity_list: entities(p.message_entity_list),
    };
    compose(cx, content_type::QUOTE, &element)
}

/// Picture.
pub async fn image_by_url(cx: &Cx, p: CreateImageMessageByUrl) -> Result<Composed> {
    let element = PictureElem {
        source_path: p.source_path,
        source_picture: p.source_picture,
        big_picture: p.big_picture,
        snapshot_picture: p.snapshot_picture,
    };
    compose(cx, content_type::PICTURE, &element)
}

/// Voice.
pub async fn sound_by_url(cx: &Cx, p: CreateSoundMessageByUrl) -> Result<Composed> {
    let element = SoundElem {
        uuid: p.uuid,
        sound_path: p.sound_path,
        source_url: p.source_url,
        data_size: p.data_size,
        duration: p.duration,
        sound_type: p.sound_type.unwrap_or_default(),
    };
    compose(cx, content_type::SOUND, &element)
}

/// Video.
pub async fn video_by_url(cx: &Cx, p: CreateVideoMessageByUrl) -> Result<Composed> {
    let element = VideoElem {
        video_path: p.video_path,
        video_uuid: p.video_uuid,
        video_url: p.video_url,
        video_type: p.video_type,
        video_size: p.video_size,
        duration: p.duration,
        snapshot_path: p.snapshot_path,
        snapshot_uuid: p.snapshot_uuid,
        snapshot_size: p.snapshot_size,
        snapshot_url: p.snapshot_url,
        snapshot_width: p.snapshot_width,
        snapshot_height: p.snapshot_height,
        snapshot_type: p.snap_shot_type,
    };
    compose(cx, content_type::VIDEO, &element)
}

/// File.
pub async fn file_by_url(cx: &Cx, p: CreateFileMessageByUrl) -> Result<Composed> {
    let element = FileElem {
        file_path: p.file_path,
        uuid: p.uuid,
        source_url: p.source_url,
        file_name: p.file_name,
        file_size: p.file_size,
        file_type: p.file_type,
    };
    compose(cx, content_type::FILE, &element)
}

/// Several messages in one.
pub async fn merger(cx: &Cx, p: CreateMergerMessage) -> Result<Composed> {
    let element = MergeElem {
        title: p.title,
        abstract_list: p.summary_list,
        multi_message: p.message_list,
        message_entity_list: Vec::new(),
    };
    compose(cx, content_type::MERGER, &element)
}

/// Copy of a sent message. It keeps status 2, so that its media is not uploaded again.
pub async fn forward(cx: &Cx, p: CreateForwardMessage) -> Result<Composed> {
    let mut source = *p.0;
    if source.status != status::SUCCEEDED {
        return Ok(Composed(None));
    }
    let content_type = source.content_type;
    let Some(content) = source.take_content() else {
        return Ok(Composed(None));
    };
    let mut message = blank(cx)?;
    message.set_content(content_type, &content);
    message.ex = source.ex;
    message.status = status::SUCCEEDED;
    Ok(Composed(Some(message)))
}

/// Sticker.
pub async fn face(cx: &Cx, p: CreateFaceMessage) -> Result<Composed> {
    let element = FaceElem {
        index: p.index,
        data: p.data,
    };
    compose(cx, content_type::FACE, &element)
}

/// Location.
pub async fn location(cx: &Cx, p: CreateLocationMessage) -> Result<Composed> {
    let element = LocationElem {
        description: p.description,
        longitude: p.longitude,
        latitude: p.latitude,
    };
    compose(cx, content_type::LOCATION, &element)
}

/// Contact card.
pub async fn card(cx: &Cx, p: CreateCardMessage) -> Result<Composed> {
    compose(cx, content_type::CARD, &p.0)
}

/// The application's own kind.
pub async fn custom(cx: &Cx, p: CreateCustomMessage) -> Result<Composed> {
    let element = CustomElem {
        data: p.data,
        description: p.description,
        extension: p.extension,
    };
    compose(cx, content_type::CUSTOM, &element)
}

fn compose<E: Write>(cx: &Cx, content_type: i32, element: &E) -> Result<Composed> {
    finish(cx, content_type, &json::to_text(element))
}

fn finish(cx: &Cx, content_type: i32, content: &str) -> Result<Composed> {
    let mut message = blank(cx)?;
    message.set_content(content_type, content);
    Ok(Composed(Some(message)))
}

/// A new message of the logged-in user, without content.
fn blank(cx: &Cx) -> Result<Box<Message>> {
    let session = cx.session()?;
    let now = session.now();
    let (sender_nickname, sender_face_url) = session.self_profile();
    Ok(Box::new(Message {
        client_msg_id: ids::new_client_msg_id(&*session.core.rt),
        create_time: now,
        send_time: now,
        send_id: session.me.clone(),
        msg_from: FROM_USER,
        sender_platform_id: session.platform_id,
        sender_nickname,
        sender_face_url,
        status: status::SENDING,
        ..Message::default()
    }))
}

/// A message with its seq. The application may hold a copy from before it was known, and the server takes
/// the quote of a message without one for that of a revoked one.
async fn numbered(cx: &Cx, mut message: Box<Message>) -> Box<Message> {
    if message.seq == 0
        && let Ok(session) = cx.session()
    {
        let ids = [message.client_msg_id.clone()];
        let held = session.store.messages_by_id(&ids).await;
        let found = held.ok().and_then(|held| held.into_iter().next());
        message.seq = found.map_or(0, |(_, row)| row.seq);
    }
    message
}

/// A message as it is quoted: the quote of a quote becomes plain text, so that quotes do not nest.
fn quoted(mut message: Box<Message>) -> Box<Message> {
    #[derive(crate::rt::json::Read)]
    struct Text {
        text: String,
    }
    if message.content_type != content_type::QUOTE {
        return message;
    }
    let element = message.take_content().unwrap_or_default();
    let content = json::from_text::<Text>(&element).map_or(String::new(), |quote| quote.text);
    message.set_content(content_type::TEXT, &json::to_text(&TextElem { content }));
    message
}

/// Marked spans, their data under both names: applications write `info`, other clients read `ex`.
fn entities(list: Option<Vec<MessageEntity>>) -> Option<Vec<MessageEntity>> {
    let mut list = list?;
    for entity in &mut list {
        let data = entity.info.take().or(entity.ex.take());
        entity.info.clone_from(&data);
        entity.ex = data;
    }
    Some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_quote_becomes_text() {
        let mut inner = Box::new(Message::default());
        inner.set_content(
            114,
            r#"{"text":"second","quoteMessage":{"contentType":101}}"#,
        );
        let flat = quoted(inner);
        assert_eq!(flat.content_type, 101);
        assert!(flat.quote_elem.is_none());
        assert_eq!(flat.text_elem.unwrap().0, r#"{"content":"second"}"#);
    }

    #[test]
    fn data_of_marked_spans_goes_under_both_names() {
        let entity: MessageEntity =
            json::from_text(r#"{"type":"a","offset":0,"length":1,"info":"i"}"#).unwrap();
        let list = entities(Some(vec![entity])).unwrap();
        assert_eq!(list[0].info.as_deref(), Some("i"));
        assert_eq!(list[0].ex.as_deref(), Some("i"));
    }
}
