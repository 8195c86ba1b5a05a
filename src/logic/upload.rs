//! UPLOADING: files go to the object storage in parts, each with its MD5 (data.md §6). What the storage
//! has of a file is noted, so that a broken upload goes on where it was, also after a reload.
//!
//! A file is never in memory: it is hashed a slice at a time, and the browser itself sends its parts.
use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::{Either, select};

use super::{Session, errors, signs};
use crate::api::error::{Error, Result, code};
use crate::net::{NetError, Put, rest};
use crate::rt::json::{self, Value};
use crate::rt::md5::{self, Md5};
use crate::rt::proto::Message as _;
use crate::store::Table;
use crate::store::rows::UploadRow;

/// Bytes hashed in one step.
const SLICE: i64 = 1 << 20;
/// Parts that are signed in one call, at most; the server refuses to sign more than there are.
const SIGNED_MAX: i64 = 20;
/// Signatures are used for at most this long.
const SIGNED_MS_MAX: i64 = 60_000;
/// An upload without any progress for this long has failed.
const STALL_MS_MAX: i64 = 60_000;
/// A part that does not get on for this long is sent again.
const PART_STALL_MS_MAX: i64 = 20_000;
/// How often a part that is on its way is looked at.
const LOOK_MS: u32 = 1_000;
/// Pauses between attempts.
const PAUSE_MS_MIN: u32 = 500;
const PAUSE_MS_MAX: u32 = 8_000;
/// An unfinished upload that expires within this time is not taken up.
const EXPIRY_MARGIN_MS: i64 = 3_600_000;
/// Beginnings of one upload: one that was resumed, a new one, and one more if the storage refuses that at its end.
const BEGINNINGS_MAX: usize = 3;
/// The upload is too old for the storage, or unknown to it.
const EXPIRED: i32 = 1701;

/// Who follows an upload.
pub(crate) trait Watch {
    /// So many bytes are at the storage or on their way.
    fn sent(&self, bytes: i64);

    /// A step is done: its name, and what there is to say of it (events.md, row 152).
    fn step(&self, _name: &'static str, _fields: Vec<(&'static str, Value)>) {}

    /// False ends the upload.
    fn goes_on(&self) -> bool;
}

/// An upload.
pub(crate) struct Upload<'a> {
    pub(crate) session: &'a Rc<Session>,
    pub(crate) operation_id: &'a str,
    pub(crate) file: &'a Value,
    /// Bytes.
    pub(crate) size: i64,
    /// In the storage; begins with the user's ID.
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) cause: &'static str,
    pub(crate) watch: &'a dyn Watch,
}

/// A file as the storage wants it.
struct Parts {
    size: i64,
    /// MD5 of each.
    hashes: Vec<String>,
    /// MD5 of those.
    hash: String,
}

/// An upload the storage knows of.
struct Begun {
    row: UploadRow,
    signs: rest::AuthSignParts,
    signed_at: i64,
    is_resumed: bool,
}

impl Upload<'_> {
    /// Uploads; the file's address. Network failures are waited out as long as there is some progress.
    pub(crate) async fn run(&self) -> Result<String> {
        if self.size <= 0 {
            return Err(Error::args("the file is empty"));
        }
        self.watch.step("Open", vec![("size", number(self.size))]);
        let mut refusal = None;
        for _ in 0..BEGINNINGS_MAX {
            let parts = self.hash(self.part_size().await?).await?;
            let mut begun = match self.begin(&parts, refusal.is_some()).await? {
                Ok(begun) => begun,
                Err(url) => {
                    self.watch.sent(self.size);
                    self.complete(&url, 0);
                    return Ok(url);
                }
            };
            if begun.row.part_size != parts.size {
                self.session.part_limit.take();
                continue;
            }
            match self.send(&parts, &mut begun).await {
                Err(error) if is_refusal(&error) => {
                    // What the storage has of it is of no use.
                    self.note(&parts.hash, None).await?;
                    refusal = Some(error);
                }
                done => return done,
            }
        }
        Err(match refusal {
            Some(error) if error.code == EXPIRED => failure(&error.cause),
            Some(error) => error,
            None => failure("the storage has another part size each time"),
        })
    }

    async fn part_size(&self) -> Result<i64> {
        let limit = match self.session.part_limit.take() {
            Some(limit) => limit,
            None => self.call(&rest::GetPartLimit {}).await?,
        };
        let (min, count) = (limit.min_part_size.max(1), limit.max_num_size.max(1));
        if self.size > limit.max_part_size.saturating_mul(count) {
            return Err(failure("the file is larger than the storage takes"));
        }
        self.session.part_limit.set(Some(limit));
        Ok(min.max((self.size + count - 1) / count))
    }

    async fn hash(&self, part_size: i64) -> Result<Parts> {
        let count = (self.size + part_size - 1) / part_size;
        let about = vec![("partSize", number(part_size)), ("num", number(count))];
        self.watch.step("PartSize", about);
        let mut hashes = Vec::new();
        for index in 0..count {
            let end = self.size.min((index + 1) * part_size);
            let mut md5 = Md5::default();
            let mut at = index * part_size;
            while at < end {
                self.check()?;
                let next = end.min(at + SLICE);
                let bytes = self.session.core.files.read(self.file, at..next).await;
                let bytes = bytes.ok_or_else(|| failure("the file cannot be read"))?;
                md5.update(&bytes);
                at = next;
            }
            let hash = md5::hex(md5.finish());
            let about = vec![
                ("index", number(index)),
                ("size", number(end - index * part_size)),
                ("partHash", Value::from(hash.as_str())),
            ];
            self.watch.step("HashPartProgress", about);
            hashes.push(hash);
        }
        let joined = hashes.join(",");
        let hash = md5::hex(md5::hash(joined.as_bytes()));
        let about = vec![
            ("partsHash", Value::from(joined.as_str())),
            ("fileHash", Value::from(hash.as_str())),
        ];
        self.watch.step("HashPartComplete", about);
        Ok(Parts {
            size: part_size,
            hashes,
            hash,
        })
    }

    /// Sends the parts that are missing and ends the upload; the file's address.
    async fn send(&self, parts: &Parts, begun: &mut Begun) -> Result<String> {
        let id = Value::from(begun.row.upload_id.as_str());
        self.watch.step("UploadID", vec![("uploadID", id)]);
        let count = parts.hashes.len();
        let mut sent = (0..count)
            .filter(|index| begun.row.has(*index))
            .map(|index| self.range(parts, index))
            .map(|range| range.end - range.start)
            .sum();
        for index in 0..count {
            let range = self.range(parts, index);
            let size = range.end - range.start;
            if begun.row.has(index) {
                continue;
            }
            self.put_part(begun, index, range, sent).await?;
            sent += size;
            begun.row.add(index);
            if count > 1 {
                self.note(&parts.hash, Some(&begun.row)).await?;
            }
            let about = vec![
                ("index", number(index as i64)),
                ("partSize", number(size)),
                ("partHash", Value::from(parts.hashes[index].as_str())),
            ];
            self.watch.step("UploadPartComplete", about);
        }
        let end = rest::CompleteUpload {
            upload_id: begun.row.upload_id.clone(),
            parts: parts.hashes.clone(),
            name: self.name.clone(),
            content_type: self.content_type.clone(),
            cause: self.cause.into(),
            url_prefix: String::new(),
        };
        let url = self.call(&end).await?.url;
        if count > 1 {
            self.note(&parts.hash, None).await?;
        }
        self.complete(&url, if begun.is_resumed { 2 } else { 1 });
        Ok(url)
    }

    fn complete(&self, url: &str, kind: i64) {
        let about = vec![
            ("size", number(self.size)),
            ("url", Value::from(url)),
            ("typ", number(kind)),
        ];
        self.watch.step("Complete", about);
    }

    /// The unfinished upload of an earlier attempt or a new one; the address if the storage has the file.
    async fn begin(
        &self,
        parts: &Parts,
        afresh: bool,
    ) -> Result<std::result::Result<Begun, String>> {
        let held = self.session.store.row(Table::Uploads, &parts.hash).await?;
        let held = held.and_then(|bytes| UploadRow::decode(&bytes).ok());
        let valid_until = self.session.now() + EXPIRY_MARGIN_MS;
        let held = held.filter(|row| row.part_size == parts.size && row.expires > valid_until);
        if let (Some(row), false) = (held, afresh) {
            return Ok(Ok(Begun {
                row,
                signs: rest::AuthSignParts::default(),
                signed_at: 0,
                is_resumed: true,
            }));
        }
        let initiate = rest::InitiateUpload {
            hash: parts.hash.clone(),
            size: self.size,
            part_size: parts.size,
            // More than there are it refuses.
            max_parts: SIGNED_MAX.min(parts.hashes.len() as i64),
            cause: self.cause.into(),
            name: self.name.clone(),
            content_type: self.content_type.clone(),
            url_prefix: String::new(),
        };
        let answer = self.call(&initiate).await?;
        let Some(upload) = answer.upload else {
            return Ok(Err(answer.url));
        };
        Ok(Ok(Begun {
            row: UploadRow {
                upload_id: upload.upload_id,
                part_size: upload.part_size,
                done: vec![0; parts.hashes.len().div_ceil(8)],
                expires: upload.expire_time,
            },
            signs: upload.sign.unwrap_or_default(),
            signed_at: self.session.now(),
            is_resumed: false,
        }))
    }

    /// Sends one part until the storage has it.
    async fn put_part(
        &self,
        begun: &mut Begun,
        index: usize,
        range: std::ops::Range<i64>,
        before: i64,
    ) -> Result<()> {
        let moved = Cell::new(self.session.now());
        let most = Cell::new(0);
        let mut pause = PAUSE_MS_MIN;
        loop {
            self.sign(begun, index).await?;
            let (url, headers) = signs::place(&begun.signs, index as i64 + 1);
            let put = Put {
                url,
                headers,
                file: self.file,
                bytes: range.clone(),
            };
            let begin = Cell::new(self.session.now());
            let sent = |bytes: i64| {
                begin.set(self.session.now());
                if bytes > most.get() {
                    most.set(bytes);
                    moved.set(self.session.now());
                    self.watch.sent(before + bytes);
                }
                self.watch.goes_on()
            };
            let put = self.session.core.files.put(put, &sent);
            let answer = match select(put, Box::pin(self.stalls(&begin))).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(NetError::Timeout),
            };
            self.check()?;
            let error = match answer {
                Ok(200..=399) => {
                    self.watch.sent(before + range.end - range.start);
                    return Ok(());
                }
                Ok(status) => {
                    let text = [
                        "the object storage answers with HTTP status ",
                        &status.to_string(),
                    ];
                    // It has forgotten the upload, or takes no more what nobody can sign again.
                    if status == 404 || status == 403 && self.is_whole(begun) {
                        return Err(Error::new(EXPIRED, text.concat()));
                    }
                    Error::new(code::NETWORK, text.concat())
                }
                Err(error) => error.into(),
            };
            // A signature may be too old by the storage's clock.
            begun.signed_at = 0;
            if self.session.now() - moved.get() > STALL_MS_MAX {
                return Err(error);
            }
            self.session.core.rt.sleep(pause).await;
            pause = (2 * pause).min(PAUSE_MS_MAX);
        }
    }

    /// Ends when nothing has moved for a while, or when nobody wants the upload any more.
    async fn stalls(&self, moved: &Cell<i64>) {
        while self.watch.goes_on() && self.session.now() - moved.get() < PART_STALL_MS_MAX {
            self.session.core.rt.sleep(LOOK_MS).await;
        }
    }

    /// Whether the file is one part: that is signed once, for days, when the upload begins.
    fn is_whole(&self, begun: &Begun) -> bool {
        self.size <= begun.row.part_size
    }

    /// Makes sure that there is a fresh signature for a part.
    async fn sign(&self, begun: &mut Begun, index: usize) -> Result<()> {
        let wanted = index as i64 + 1;
        let is_signed = begun.signs.parts.iter().any(|p| p.part_number == wanted);
        let is_fresh = self.session.now() - begun.signed_at < SIGNED_MS_MAX;
        if is_signed && (is_fresh || self.is_whole(begun)) {
            return Ok(());
        }
        let last = (self.size + begun.row.part_size - 1) / begun.row.part_size;
        let numbers = (wanted..=last).filter(|n| !begun.row.has(*n as usize - 1));
        let call = rest::AuthSign {
            upload_id: begun.row.upload_id.clone(),
            part_numbers: numbers.take(SIGNED_MAX as usize).collect(),
        };
        begun.signs = self.call(&call).await?;
        begun.signed_at = self.session.now();
        Ok(())
    }

    /// A call of the API; network failures are waited out.
    async fn call<E: rest::Endpoint>(&self, request: &E) -> Result<E::Reply> {
        let body = json::to_text(request);
        let begin = self.session.now();
        let mut pause = PAUSE_MS_MIN;
        loop {
            self.check()?;
            let answer = self
                .session
                .exchange(E::PATH, self.operation_id, body.clone())
                .await;
            match answer {
                Ok(data) => return Ok(rest::reply::<E>(data)?),
                Err(error) if is_off(&error) => {
                    let text = "the server has no object storage";
                    return Err(Error::new(code::NO_OBJECT_STORAGE, text));
                }
                Err(error) => {
                    let waited = self.session.now() - begin;
                    if !is_network(&error) || waited > STALL_MS_MAX {
                        return Err(error);
                    }
                }
            }
            self.session.core.rt.sleep(pause).await;
            pause = (2 * pause).min(PAUSE_MS_MAX);
        }
    }

    fn check(&self) -> Result<()> {
        if self.session.ended.get() {
            let text = "logged out before the file was uploaded";
            return Err(Error::new(code::LOGGED_OUT, text));
        }
        match self.watch.goes_on() {
            true => Ok(()),
            false => Err(failure("the upload was ended")),
        }
    }

    fn range(&self, parts: &Parts, index: usize) -> std::ops::Range<i64> {
        let begin = index as i64 * parts.size;
        begin..self.size.min(begin + parts.size)
    }

    async fn note(&self, hash: &str, row: Option<&UploadRow>) -> Result<()> {
        let mut changes = self.session.changes().await;
        match row {
            Some(row) => changes.put(Table::Uploads, hash, row),
            None => changes.delete(Table::Uploads, hash),
        }
        changes.commit().await
    }
}

impl UploadRow {
    fn has(&self, index: usize) -> bool {
        let byte = self.done.get(index / 8).copied().unwrap_or(0);
        byte & (1 << (index % 8)) != 0
    }

    fn add(&mut self, index: usize) {
        if let Some(byte) = self.done.get_mut(index / 8) {
            *byte |= 1 << (index % 8);
        }
    }
}

/// A whole number as a value.
pub(crate) fn number(number: i64) -> Value {
    json::to_value(&number)
}

/// Whether the server or the storage said no, and not the network or the user.
fn is_refusal(error: &Error) -> bool {
    error.code < code::NETWORK && !errors::is_token(error.code)
}

/// How a server without object storage refuses everything about files.
fn is_off(error: &Error) -> bool {
    error.code == code::SERVER_INTERNAL && error.cause.contains("s3 disabled")
}

fn is_network(error: &Error) -> bool {
    matches!(error.code, code::NETWORK | code::NETWORK_TIMEOUT)
}

fn failure(text: &str) -> Error {
    Error::new(code::UPLOAD, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_bits() {
        let mut row = UploadRow {
            done: vec![0; 2],
            ..Default::default()
        };
        row.add(0);
        row.add(9);
        let done: Vec<usize> = (0..20).filter(|index| row.has(*index)).collect();
        assert_eq!(done, [0, 9]);
    }
}
