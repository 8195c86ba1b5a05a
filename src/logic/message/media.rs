//! MEDIA of messages: made of files, uploaded before the message is sent (sync.md §4.1, data.md §6.1).
//! What differs between pictures, voice, video and files is data.
use std::cell::Cell;
use std::rc::Rc;

use super::compose;
use crate::api::compose::*;
use crate::api::error::{Error, Result};
use crate::api::events::{OnProgress, Progress};
use crate::api::message::content_type as kind;
use crate::logic::changes::told;
use crate::logic::upload::{Upload, Watch};
use crate::logic::{Cx, Session};
use crate::net::FileInfo;
use crate::rt::json::{self, Read, Value};
use crate::store::MessageRow;

/// A file of an element.
struct Slot {
    content_type: i32,
    /// Name of the parameter that has the file.
    file: &'static str,
    /// The object within the element, "" for the element itself.
    within: &'static str,
    /// Where the uuid is in that.
    uuid: &'static str,
    /// Where the address is in that.
    url: &'static str,
    /// Beginning of the name in the storage; the clientMsgID follows.
    name: &'static str,
    cause: &'static str,
}

/// In the order of uploading.
#[rustfmt::skip]
static SLOTS: &[Slot] = &[
    Slot { content_type: kind::PICTURE, file: "file", within: "sourcePicture", uuid: "uuid", url: "url", name: "msg_picture_", cause: "msg-picture" },
    Slot { content_type: kind::SOUND, file: "file", within: "", uuid: "uuid", url: "sourceUrl", name: "msg_voice_", cause: "msg-voice" },
    Slot { content_type: kind::VIDEO, file: "snapshotFile", within: "", uuid: "snapshotUUID", url: "snapshotUrl", name: "msg_videoSnapshot_", cause: "msg-video-snapshot" },
    Slot { content_type: kind::VIDEO, file: "videoFile", within: "", uuid: "videoUUID", url: "videoUrl", name: "msg_video_", cause: "msg-video" },
    Slot { content_type: kind::FILE, file: "file", within: "", uuid: "uuid", url: "sourceUrl", name: "msg_file_", cause: "msg-file" },
];

/// Query that makes the storage scale a picture down, and the size it then has.
const SNAPSHOT: &str = "?height=640&type=image&width=640";
const SNAPSHOT_PIXELS: i64 = 640;

fn slots(content_type: i32) -> impl Iterator<Item = &'static Slot> {
    SLOTS
        .iter()
        .filter(move |slot| slot.content_type == content_type)
}

/// Picture of a file.
pub async fn image_by_file(cx: &Cx, p: CreateImageMessageByFile) -> Result<Composed> {
    compose::image_by_url(cx, by_file(cx, kind::PICTURE, p.0)?).await
}

/// Voice of a file.
pub async fn sound_by_file(cx: &Cx, p: CreateSoundMessageByFile) -> Result<Composed> {
    compose::sound_by_url(cx, by_file(cx, kind::SOUND, p.0)?).await
}

/// Video of files.
pub async fn video_by_file(cx: &Cx, p: CreateVideoMessageByFile) -> Result<Composed> {
    compose::video_by_url(cx, by_file(cx, kind::VIDEO, p.0)?).await
}

/// File of a file.
pub async fn file_by_file(cx: &Cx, p: CreateFileMessageByFile) -> Result<Composed> {
    compose::file_by_url(cx, by_file(cx, kind::FILE, p.0)?).await
}

/// Holds the files of parameters, and makes of these the parameters without files.
fn by_file<P: Read>(cx: &Cx, content_type: i32, params: Value) -> Result<P> {
    json::from_value(&hold(cx, content_type, params)?).map_err(|error| Error::args(error.0))
}

fn hold(cx: &Cx, content_type: i32, mut params: Value) -> Result<Value> {
    cx.session()?;
    for slot in slots(content_type) {
        let file = json::field(&params, slot.file).unwrap_or_else(|| Value::from(""));
        let info = cx.core.file_info(slot.file, &file)?;
        let place = slot.place(&params);
        let uuid = [&text(&place, slot.uuid), "/", &info.name].concat();
        let place = vec![
            (slot.uuid, Value::from(uuid.as_str())),
            (slot.url, Value::from(text(&place, slot.url).as_str())),
        ];
        params = slot.put(&params, place);
        cx.core.held_files.set(uuid, file);
    }
    Ok(params)
}

impl Slot {
    /// The object that uuid and address are in.
    fn place(&self, element: &Value) -> Value {
        match self.within {
            "" => Some(element.clone()),
            within => json::field(element, within),
        }
        .unwrap_or_else(|| json::object(Vec::new()))
    }

    /// The element with some fields of that object set.
    fn put(&self, element: &Value, fields: Vec<(&str, Value)>) -> Value {
        match self.within {
            "" => json::with(element, fields),
            within => {
                let place = json::with(&self.place(element), fields);
                json::with(element, vec![(within, place)])
            }
        }
    }
}

fn text(object: &Value, name: &str) -> String {
    let text = json::field(object, name);
    text.and_then(|text| json::from_value(&text).ok())
        .unwrap_or_default()
}

/// A file of a message that is to be uploaded.
pub(super) struct Medium {
    slot: &'static Slot,
    file: Value,
    info: FileInfo,
    uuid: String,
}

impl Session {
    /// What of a message is to be uploaded before it can be sent. Error 10002 if a file is not held and
    /// has no address either.
    pub(super) fn media_of(&self, row: &MessageRow) -> Result<Vec<Medium>> {
        let mut media = Vec::new();
        for slot in slots(row.content_type) {
            let element = json::parse(&row.content).map_err(|e| Error::args(e.0))?;
            let place = slot.place(&element);
            let uuid = text(&place, slot.uuid);
            if let Some(file) = self.core.held_files.get(&uuid) {
                let info = self.core.file_info(slot.file, &file)?;
                media.push(Medium {
                    slot,
                    file,
                    info,
                    uuid,
                });
            } else if text(&place, slot.url).is_empty() {
                let text = ["there is neither an address nor a file of uuid ", &uuid];
                return Err(Error::args(text.concat()));
            }
        }
        Ok(media)
    }

    /// Uploads the files of a message and sets their addresses in it.
    pub(super) async fn upload_media(
        self: &Rc<Self>,
        row: &mut MessageRow,
        media: &[Medium],
    ) -> Result<()> {
        let mut watch = Follower {
            session: self,
            client_msg_id: row.client_msg_id.clone(),
            uuid: String::new(),
            total: media.iter().map(|medium| medium.info.size).sum(),
            before: 0,
            told: Cell::new(0),
        };
        let mut element = json::parse(&row.content)?;
        for medium in media {
            let slot = medium.slot;
            watch.uuid.clone_from(&medium.uuid);
            let upload = Upload {
                session: self,
                operation_id: &row.client_msg_id,
                file: &medium.file,
                size: medium.info.size,
                name: self.object_name(&medium.name(&row.client_msg_id, &element)),
                content_type: medium.info.mime.clone(),
                cause: slot.cause,
                watch: &watch,
            };
            let url = upload.run().await?;
            watch.before += medium.info.size;
            element = slot.put(&element, vec![(slot.url, Value::from(url.as_str()))]);
            if slot.content_type == kind::PICTURE {
                let snapshot = vec![
                    ("uuid", Value::from("")),
                    ("type", Value::from("")),
                    ("size", json::to_value(&0_i64)),
                    ("width", json::to_value(&SNAPSHOT_PIXELS)),
                    ("height", json::to_value(&SNAPSHOT_PIXELS)),
                    ("url", Value::from([&url, SNAPSHOT].concat().as_str())),
                ];
                let pictures = vec![
                    ("bigPicture", slot.place(&element)),
                    ("snapshotPicture", json::object(snapshot)),
                ];
                element = json::with(&element, pictures);
            }
        }
        row.content = json::stringify(&element)?;
        Ok(())
    }
}

impl Medium {
    /// Lets go of the file: the message is sent.
    pub(super) fn release(&self, session: &Session) {
        session.core.held_files.remove(&self.uuid);
    }

    fn name(&self, client_msg_id: &str, element: &Value) -> String {
        let name = [self.slot.name, client_msg_id].concat();
        if self.slot.content_type == kind::FILE {
            let shown = text(element, "fileName");
            let base = shown.rsplit('/').next().unwrap_or_default();
            let base = if base.is_empty() {
                &self.info.name
            } else {
                base
            };
            return [&name, "/", base].concat();
        }
        match self.info.name.rfind('.') {
            Some(dot) => name + &self.info.name[dot..],
            None => name,
        }
    }
}

/// Tells the progress of a message, all of its files on one scale.
struct Follower<'s> {
    session: &'s Rc<Session>,
    client_msg_id: String,
    /// Of the file that is uploaded now.
    uuid: String,
    /// Bytes of all files.
    total: i64,
    /// Bytes of the files that are uploaded.
    before: i64,
    /// Percent.
    told: Cell<i32>,
}

impl Watch for Follower<'_> {
    fn sent(&self, bytes: i64) {
        let percent = ((self.before + bytes) * 100 / self.total.max(1)) as i32;
        if percent > self.told.get() {
            self.told.set(percent);
            let data = Progress {
                progress: percent,
                client_msg_id: self.client_msg_id.clone(),
            };
            self.session.core.emit(told(OnProgress, &data));
        }
    }

    fn goes_on(&self) -> bool {
        self.session.outbox.is_uploading(&self.client_msg_id)
            && self.session.core.held_files.has(&self.uuid)
    }
}
