//! FILES of the application: held by uuid until they are sent, and uploaded on their own
//! (api.md §2, rows 7 and 8). A file is a reference; its bytes stay where they are.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::changes::told;
use super::upload::{Upload, Watch};
use super::{Core, Cx, Session};
use crate::api::error::{Error, Result};
use crate::api::events::{Told, UploadComplete, UploadProgressData};
use crate::api::files::{AnyInline, FileMapSet, UploadFile, Uploaded, UploadedInline};
use crate::net::FileInfo;
use crate::rt::json::{self, Value};
use crate::rt::map::Map;

/// Files by uuid.
#[derive(Default)]
pub(crate) struct Held(RefCell<Map<String, Value>>);

impl Held {
    pub(crate) fn get(&self, uuid: &str) -> Option<Value> {
        self.0.borrow().get(uuid).cloned()
    }

    pub(crate) fn has(&self, uuid: &str) -> bool {
        self.0.borrow().contains_key(uuid)
    }

    pub(crate) fn set(&self, uuid: String, file: Value) {
        self.0.borrow_mut().insert(uuid, file);
    }

    pub(crate) fn remove(&self, uuid: &str) {
        self.0.borrow_mut().remove(uuid);
    }

    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Core {
    /// What a value is; error 10002 if it is no file.
    pub(crate) fn file_info(&self, name: &str, file: &Value) -> Result<FileInfo> {
        let info = self.files.info(file);
        info.ok_or_else(|| Error::args([name, ": expected a File"].concat()))
    }
}

/// Holds a file under a uuid, or lets go of it.
pub async fn set(cx: &Cx, p: FileMapSet) -> Result<AnyInline> {
    let mut parameters = json::items(&p.0).into_iter();
    let uuid = parameters.next().map(|uuid| json::from_value(&uuid));
    let Some(Ok(uuid)) = uuid else {
        return Err(Error::args("fileMapSet: the uuid is missing"));
    };
    let uuid: String = uuid;
    match parameters.next().filter(|file| !json::is_null(file)) {
        Some(file) => {
            cx.core.file_info("file", &file)?;
            cx.core.held_files.set(uuid, file);
        }
        None => cx.core.held_files.remove(&uuid),
    }
    Ok(AnyInline(Value::from("")))
}

/// Uploads a file.
pub async fn upload(cx: &Cx, p: UploadFile) -> Result<UploadedInline> {
    let session = cx.session()?;
    let core = &cx.core;
    let p = p.0;
    let file = p.file.or_else(|| core.held_files.get(&p.uuid));
    let file = file.ok_or_else(|| Error::args("uploadFile: missing field `file`"))?;
    let info = core.file_info("uploadFile: file", &file)?;
    let uuid = [&p.uuid, "/", &info.name].concat();
    core.held_files.set(uuid.clone(), file.clone());
    let watch = Follower {
        session: &session,
        uuid,
        size: info.size,
        stored: Cell::new(0),
    };
    let upload = Upload {
        session: &session,
        operation_id: &cx.operation_id,
        file: &file,
        size: info.size,
        name: session.object_name(&p.name),
        content_type: [p.content_type, info.mime]
            .into_iter()
            .find(|kind| !kind.is_empty())
            .unwrap_or_default(),
        cause: "",
        watch: &watch,
    };
    let done = upload.run().await;
    core.held_files.remove(&watch.uuid);
    Ok(UploadedInline(Uploaded { url: done? }))
}

impl Session {
    /// A name in the user's part of the storage.
    pub(crate) fn object_name(&self, name: &str) -> String {
        let own = [&self.me, "/"].concat();
        match name.starts_with(&own) {
            true => name.to_owned(),
            false => own + name,
        }
    }
}

/// Tells the events of an `uploadFile` (events.md §4.12).
struct Follower<'s> {
    session: &'s Rc<Session>,
    uuid: String,
    size: i64,
    stored: Cell<i64>,
}

impl Watch for Follower<'_> {
    fn sent(&self, bytes: i64) {
        let data = UploadProgressData {
            file_size: self.size,
            stream_size: bytes,
            storage_size: Some(self.stored.get()),
            uuid: self.uuid.clone(),
        };
        self.session.core.emit(told(UploadComplete, &data));
        self.stored.set(bytes);
    }

    fn step(&self, name: &'static str, mut fields: Vec<(&'static str, Value)>) {
        fields.push(("uuid", Value::from(self.uuid.as_str())));
        self.session.core.emit(Told {
            name,
            data: json::object(fields),
            err_code: 0,
            err_msg: String::new(),
        });
    }

    fn goes_on(&self) -> bool {
        self.session.core.held_files.has(&self.uuid)
    }
}
