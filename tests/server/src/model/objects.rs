//! Object storage: uploads in parts by the real protocol (data.md §6), kept in memory or, for large
//! ones, only hashed. The storage behind the API (S3, MinIO …) is played too: parts come by PUT to
//! addresses that are signed for a while.
use std::collections::{BTreeMap, VecDeque};

use openim_web::rt::md5::{hash, hex};
use serde_json::{Value, json};

use super::rest::{int, ints, text, texts};
use super::tokens::Caller;
use super::{Answer, Model, refuse};

/// How long signatures of parts are good.
const SIGNED_MS: i64 = 10 * 60_000;
/// How long an upload may take.
const UPLOAD_MS: i64 = 24 * 3_600_000;

/// What happens to a PUT of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutFault {
    /// The part is lost and the connection cut.
    Cut,
    /// HTTP 503.
    Broken,
    /// HTTP 403, as for a signature that is too old.
    Refused,
    /// One byte is stored wrongly.
    Corrupt,
}

/// The storage.
#[derive(Clone, Debug)]
pub struct Objects {
    /// Address of the server, as its callers name it.
    pub base: String,
    /// Least bytes of a part, but the last.
    pub min_part_size: i64,
    /// Most bytes of a part.
    pub max_part_size: i64,
    /// Most parts.
    pub max_num_size: i64,
    /// Whether bytes are kept, and not only their hashes.
    pub keeps: bool,
    /// The next PUTs, in order.
    pub faults: VecDeque<Option<PutFault>>,
    /// PUTs of parts so far.
    pub puts: u64,
    uploads: BTreeMap<String, Upload>,
    /// By hash.
    blobs: BTreeMap<String, Blob>,
    /// Hashes by name.
    names: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default)]
struct Upload {
    hash: String,
    size: i64,
    part_size: i64,
    name: String,
    expires: i64,
    parts: BTreeMap<i64, Part>,
}

#[derive(Clone, Debug, Default)]
struct Part {
    md5: String,
    size: i64,
    bytes: Vec<u8>,
}

/// A stored file.
#[derive(Clone, Debug, Default)]
pub struct Blob {
    /// Bytes.
    pub size: i64,
    /// As it was uploaded.
    pub content_type: String,
    /// Empty if they are not kept.
    pub bytes: Vec<u8>,
}

impl Default for Objects {
    fn default() -> Self {
        Objects {
            base: String::new(),
            min_part_size: 5 << 20,
            max_part_size: 5 << 30,
            max_num_size: 10_000,
            keeps: true,
            faults: VecDeque::new(),
            puts: 0,
            uploads: BTreeMap::new(),
            blobs: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }
}

impl Objects {
    fn part_size(&self, size: i64) -> Option<i64> {
        if size < 1 || size > self.max_part_size * self.max_num_size {
            return None;
        }
        let even = (size + self.max_num_size - 1) / self.max_num_size;
        Some(even.max(self.min_part_size))
    }

    fn sign(&self, id: &str, now: i64, numbers: impl IntoIterator<Item = i64>) -> Value {
        let parts = numbers.into_iter().map(|n| {
            json!({"partNumber": n, "url": "", "header": null,
                   "query": [{"key": "partNumber", "values": [n.to_string()]}]})
        });
        json!({
            "url": format!("{}/storage/{id}?x-id=UploadPart", self.base),
            "query": [{"key": "X-Expires", "values": [(now + SIGNED_MS).to_string()]}],
            "header": [{"key": "X-Amz-Part", "values": ["1"]}],
            "parts": parts.collect::<Vec<_>>(),
        })
    }

    /// A stored file by its name.
    pub fn named(&self, name: &str) -> Option<&Blob> {
        self.names.get(name).and_then(|hash| self.blobs.get(hash))
    }

    /// Names of all stored files.
    pub fn list(&self) -> Vec<&String> {
        self.names.keys().collect()
    }

    /// A PUT of a part; `target` is what follows `/storage/`. HTTP status; `None`: the connection breaks.
    pub fn put(&mut self, now: i64, target: &str, bytes: &[u8]) -> Option<u16> {
        self.puts += 1;
        let fault = self.faults.pop_front().flatten();
        match fault {
            Some(PutFault::Cut) => return None,
            Some(PutFault::Broken) => return Some(503),
            Some(PutFault::Refused) => return Some(403),
            Some(PutFault::Corrupt) | None => {}
        }
        let (id, query) = target.split_once('?').unwrap_or((target, ""));
        let value = |key: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let mut own = pairs
                .filter(|(k, _)| *k == key)
                .map(|(_, v)| v.parse::<i64>());
            own.next().and_then(Result::ok).unwrap_or(0)
        };
        let number = value("partNumber");
        if value("X-Expires") < now {
            return Some(403);
        }
        let Some(upload) = self.uploads.get_mut(id) else {
            return Some(404);
        };
        let count = (upload.size + upload.part_size - 1) / upload.part_size;
        let begin = (number - 1) * upload.part_size;
        let size = upload.part_size.min(upload.size - begin);
        if number < 1 || number > count || bytes.len() as i64 != size {
            return Some(400);
        }
        let mut stored = bytes.to_vec();
        if fault == Some(PutFault::Corrupt) {
            stored[0] ^= 1;
        }
        let part = Part {
            md5: hex(hash(&stored)),
            size,
            bytes: if self.keeps { stored } else { Vec::new() },
        };
        upload.parts.insert(number, part);
        Some(200)
    }
}

impl Model {
    pub(crate) fn rest_object(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        match path {
            "/object/part_limit" => Ok(json!({
                "minPartSize": self.objects.min_part_size, "maxPartSize": self.objects.max_part_size,
                "maxNumSize": self.objects.max_num_size,
            })),
            "/object/part_size" => match self.objects.part_size(int(body, "size")) {
                Some(size) => Ok(json!({ "size": size })),
                None => refuse(1001, "size is invalid"),
            },
            "/object/initiate_multipart_upload" => self.initiate(now, caller, body),
            "/object/auth_sign" => {
                let id = text(body, "uploadID");
                match self.objects.uploads.get(id) {
                    Some(upload) if upload.expires > now => {
                        Ok(self.objects.sign(id, now, ints(body, "partNumbers")))
                    }
                    _ => refuse(1701, "the upload has expired"),
                }
            }
            "/object/complete_multipart_upload" => self.complete_upload(now, body),
            "/object/access_url" => match self.objects.named(text(body, "name")) {
                Some(_) => Ok(json!({"url": self.object_url(text(body, "name")),
                                     "expireTime": now + SIGNED_MS})),
                None => refuse(1004, "no such object"),
            },
            _ => refuse(404, path),
        }
    }

    fn object_url(&self, name: &str) -> String {
        format!("{}/object/{name}", self.objects.base)
    }

    fn initiate(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let name = text(body, "name").to_owned();
        if !caller.is_admin && !name.starts_with(&format!("{}/", caller.user_id)) {
            return refuse(1002, "name must begin with the userID");
        }
        let (hash, size) = (text(body, "hash").to_owned(), int(body, "size"));
        let part_size = int(body, "partSize");
        if hash.len() != 32 || self.objects.part_size(size) != Some(part_size) {
            return refuse(1001, "hash, size or partSize is invalid");
        }
        if self.objects.blobs.contains_key(&hash) {
            self.objects.names.insert(name.clone(), hash);
            return Ok(json!({"url": self.object_url(&name), "upload": null}));
        }
        let id = format!("upload-{}", self.number());
        let count = (size + part_size - 1) / part_size;
        let sign = self
            .objects
            .sign(&id, now, 1..=count.min(int(body, "maxParts")));
        let upload = Upload {
            hash,
            size,
            part_size,
            name,
            expires: now + UPLOAD_MS,
            parts: BTreeMap::new(),
        };
        self.objects.uploads.insert(id.clone(), upload);
        Ok(json!({"url": "", "upload": {
            "uploadID": id, "partSize": part_size, "sign": sign, "expireTime": now + UPLOAD_MS,
        }}))
    }

    fn complete_upload(&mut self, now: i64, body: &Value) -> Answer<Value> {
        let id = text(body, "uploadID");
        let Some(upload) = self.objects.uploads.get(id).filter(|u| u.expires > now) else {
            return refuse(1701, "the upload has expired");
        };
        let hashes = texts(body, "parts");
        if hex(hash(hashes.join(",").as_bytes())) != upload.hash {
            return refuse(1001, "hash of the parts is another");
        }
        let stored: Vec<&String> = upload.parts.values().map(|part| &part.md5).collect();
        if !hashes.iter().eq(stored) {
            return refuse(
                500,
                "one or more of the parts could not be found or match no ETag",
            );
        }
        let upload = self.objects.uploads.remove(id).unwrap_or_default();
        let blob = Blob {
            size: upload.parts.values().map(|part| part.size).sum(),
            content_type: text(body, "contentType").to_owned(),
            bytes: upload
                .parts
                .into_values()
                .flat_map(|part| part.bytes)
                .collect(),
        };
        self.objects.blobs.insert(upload.hash.clone(), blob);
        self.objects.names.insert(upload.name.clone(), upload.hash);
        Ok(json!({"url": self.object_url(&upload.name)}))
    }

    /// Uploads that have begun are too old from now on.
    pub fn expire_uploads(&mut self) {
        self.objects
            .uploads
            .values_mut()
            .for_each(|u| u.expires = 0);
    }
}
