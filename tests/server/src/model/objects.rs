//! Uploads by the real protocol (data.md §6): names, parts, hashes; the bytes are the storage's. A file that
//! fits in one part is sent as a whole to an address signed for days, larger ones in parts that are signed
//! one by one.
use std::collections::BTreeMap;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use openim_web::rt::md5::{hash, hex};
use serde_json::{Value, json};

use super::rest::{int, ints, text, texts};
use super::storage::{Object, Query, Storage, part_headers, presigned};
use super::tokens::Caller;
use super::{Answer, Model, refuse};

/// How long addresses of the storage are good.
const SIGNED_MS: i64 = 7 * 24 * 3_600_000;
/// How long a form is good.
const FORM_MS: i64 = 600_000;
/// Longest name of a file.
const NAME_BYTES_MAX: usize = 1024;
/// Largest picture that gets a thumbnail.
const PICTURE_BYTES_MAX: i64 = 50 << 20;
/// Widest and highest thumbnail; who asks for more gets the picture itself.
const THUMBNAIL_MAX: i64 = 1024;

/// Files by name, and the storage that has their bytes.
#[derive(Clone, Debug)]
pub struct Objects {
    /// Address of the server, as its callers name it.
    pub base: String,
    /// Without object storage every call is refused.
    pub is_off: bool,
    /// Most bytes of a part.
    pub max_part_size: i64,
    /// Most parts.
    pub max_num_size: i64,
    /// Where the bytes are.
    pub storage: Storage,
    names: BTreeMap<String, Named>,
    /// Hash and size of objects that were asked for once, by key: they are not looked at again.
    seen: BTreeMap<String, (String, i64)>,
}

#[derive(Clone, Debug)]
struct Named {
    key: String,
    content_type: String,
}

impl Default for Objects {
    fn default() -> Self {
        Objects {
            base: String::new(),
            is_off: false,
            max_part_size: 5 << 30,
            max_num_size: 10_000,
            storage: Storage::default(),
            names: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }
}

/// What an upload's ID says: the server itself remembers nothing of an upload.
struct UploadId {
    /// Sent as a whole.
    is_whole: bool,
    /// In the storage, of an upload in parts.
    id: String,
    key: String,
    size: i64,
    hash: String,
}

impl UploadId {
    fn print(&self) -> String {
        let kind = if self.is_whole { 2 } else { 1 };
        let mut id = json!({"a": kind, "c": self.key, "d": self.size, "e": self.hash});
        if !self.is_whole {
            id["b"] = json!(self.id);
        }
        STANDARD.encode(id.to_string())
    }

    fn read(given: &str) -> Answer<Self> {
        let bytes = STANDARD.decode(given).ok();
        let id = bytes.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(id) = id else {
            return refuse(500, "invalid multipart upload id");
        };
        Ok(UploadId {
            is_whole: match int(&id, "a") {
                1 => false,
                2 => true,
                _ => return refuse(500, "invalid upload id type"),
            },
            id: text(&id, "b").to_owned(),
            key: text(&id, "c").to_owned(),
            size: int(&id, "d"),
            hash: text(&id, "e").to_owned(),
        })
    }
}

fn key_of(hash: &str) -> String {
    format!("openim/data/hash/{hash}")
}

/// Pairs as the API has them: a list of values for each key; none is `null`.
fn pairs(of: &[(&str, String)]) -> Value {
    let pairs = of
        .iter()
        .map(|(key, value)| json!({"key": key, "values": [value]}));
    or_null(pairs.collect())
}

/// A list; an empty one is `null`.
fn or_null(list: Vec<Value>) -> Value {
    match list.is_empty() {
        true => Value::Null,
        false => Value::Array(list),
    }
}

/// The kind of a picture that thumbnails can be made of.
fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 6] = [
        (b"\x89PNG", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"GIF8", "gif"),
        (b"BM", "bmp"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
    ];
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let found = kinds.iter().find(|(begin, _)| bytes.starts_with(begin));
    found.map(|(_, kind)| *kind).or(is_webp.then_some("webp"))
}

impl Objects {
    fn part_size(&self, size: i64) -> Answer<i64> {
        if size < 1 {
            return refuse(500, "size must be greater than 0");
        }
        if size > self.max_part_size * self.max_num_size {
            return refuse(
                500,
                "MINIO size must be less than the maximum allowed limit",
            );
        }
        let even = (size + self.max_num_size - 1) / self.max_num_size;
        Ok(even.max(self.storage.min_part_size))
    }

    fn at_storage(&self, key: &str) -> String {
        format!("{}/storage/{key}", self.base)
    }

    fn sign(&self, now: i64, key: &str, id: &str, numbers: impl IntoIterator<Item = i64>) -> Value {
        let parts = numbers.into_iter().map(|n| {
            json!({
                "partNumber": n, "url": "", "query": pairs(&[("partNumber", n.to_string())]),
                "header": pairs(&part_headers(now, key, id, n)),
            })
        });
        json!({
            "url": self.at_storage(key), "query": pairs(&[("uploadId", id.to_owned())]),
            "header": null, "parts": or_null(parts.collect()),
        })
    }

    /// Hash and size of an object; what was found once is remembered, also when it is gone.
    fn stat(&mut self, key: &str) -> Option<(String, i64)> {
        if !self.seen.contains_key(key) {
            let object = self.storage.object(key)?;
            self.seen
                .insert(key.to_owned(), (object.etag.clone(), object.size));
        }
        self.seen.get(key).cloned()
    }

    /// Gives a name to an object; its address.
    fn name(&mut self, body: &Value, key: String) -> Value {
        let name = text(body, "name");
        let named = Named {
            key,
            content_type: text(body, "contentType").to_owned(),
        };
        self.names.insert(name.to_owned(), named);
        json!(format!("{}/object/{name}", self.base))
    }

    /// A stored file by its name.
    pub fn named(&self, name: &str) -> Option<&Object> {
        self.storage.object(&self.names.get(name)?.key)
    }

    /// Names of all stored files.
    pub fn list(&self) -> Vec<&String> {
        self.names.keys().collect()
    }

    /// Where a file can be fetched for a while; `option` reads what was asked for besides.
    pub fn access<'q>(
        &self,
        now: i64,
        name: &str,
        option: impl Fn(&str) -> &'q str,
    ) -> Answer<String> {
        if self.is_off {
            return refuse(500, "s3 disabled");
        }
        let number = |key| option(key).parse::<i64>().unwrap_or(0);
        let is_picture = match option("type") {
            "" => false,
            "image" => number("width") <= THUMBNAIL_MAX && number("height") <= THUMBNAIL_MAX,
            _ => return refuse(1001, "invalid query type"),
        };
        let (Some(named), Some(object)) = (self.names.get(name), self.named(name)) else {
            return refuse(1004, "no such object");
        };
        let mut query = presigned("GET", now, &named.key, SIGNED_MS);
        let mut add = |key: &str, value: String| {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            query += &format!("&{key}={value}");
        };
        if is_picture {
            if object.size > PICTURE_BYTES_MAX {
                return refuse(500, "file size too large");
            }
            // Thumbnails are as large as the picture here.
            match picture_kind(&object.bytes) {
                Some(kind) => add("response-content-type", format!("image/{kind}")),
                None => return refuse(500, "object not image"),
            }
        } else {
            let base = name.rsplit('/').next().unwrap_or(name);
            let base: String = form_urlencoded::byte_serialize(base.as_bytes()).collect();
            let base = base.replace('+', "%20");
            let disposition = format!("attachment; filename*=UTF-8''{base}");
            add("response-content-type", named.content_type.clone());
            add("response-content-disposition", disposition);
        }
        Ok(format!("{}?{query}", self.at_storage(&named.key)))
    }

    /// What the API says of a file's address: where to, or HTTP status and text.
    pub fn redirect(&self, now: i64, name: &str, query: &str) -> Result<String, (u16, String)> {
        let query = Query::new(query);
        self.access(now, name, |key| query.text(key))
            .map_err(|refusal| match refusal.code {
                1001 => (400, refusal.detail),
                1004 => (404, refusal.detail),
                _ => (500, refusal.detail),
            })
    }

    fn auth_sign(&self, now: i64, body: &Value) -> Answer<Value> {
        let upload = UploadId::read(text(body, "uploadID"))?;
        if upload.is_whole {
            return refuse(500, "presigned id not support auth sign");
        }
        // Whether there is such an upload nobody looks.
        Ok(self.sign(now, &upload.key, &upload.id, ints(body, "partNumbers")))
    }

    fn complete_whole(&mut self, upload: &UploadId, key: &str) -> Answer<()> {
        let Some((etag, size)) = self.stat(&upload.key) else {
            return refuse(500, "The specified key does not exist.");
        };
        let found = hex(hash(etag.as_bytes()));
        if size == upload.size && found == upload.hash {
            return match self.storage.rename(&upload.key, key) {
                true => Ok(()),
                false => refuse(500, "The specified key does not exist."),
            };
        }
        self.storage.remove(&upload.key);
        match size == upload.size {
            true => refuse(1001, format!("md5 mismatching {found} != {}", upload.hash)),
            false => refuse(500, "upload size mismatching"),
        }
    }

    fn complete_form(&mut self, caller: &Caller, body: &Value) -> Answer<Value> {
        let bytes = STANDARD_NO_PAD.decode(text(body, "id")).ok();
        let form = bytes.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(form) = form else {
            return refuse(1001, "invalid id");
        };
        check_name(caller, text(&form, "name"))?;
        let key = text(&form, "key").to_owned();
        if self.stat(&key).is_none() {
            return refuse(500, "The specified key does not exist.");
        }
        Ok(json!({"url": self.name(&form, key)}))
    }

    fn complete(&mut self, body: &Value) -> Answer<Value> {
        let upload = UploadId::read(text(body, "uploadID"))?;
        let hashes = texts(body, "parts");
        if hex(hash(hashes.join(",").as_bytes())) != upload.hash {
            return refuse(500, "md5 mismatching");
        }
        let key = key_of(&upload.hash);
        if self.stat(&key).is_some() {
            return Ok(json!({"url": self.name(body, key)}));
        }
        if upload.is_whole {
            self.complete_whole(&upload, &key)?;
        } else if let Err(why) = self.storage.complete(&upload.id, &hashes) {
            return refuse(500, why);
        }
        self.seen.remove(&key);
        Ok(json!({"url": self.name(body, key)}))
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
        if self.objects.is_off {
            return refuse(500, "s3 disabled");
        }
        match path {
            "/object/part_limit" => Ok(json!({
                "minPartSize": self.objects.storage.min_part_size,
                "maxPartSize": self.objects.max_part_size, "maxNumSize": self.objects.max_num_size,
            })),
            "/object/part_size" => Ok(json!({"size": self.objects.part_size(int(body, "size"))?})),
            "/object/initiate_multipart_upload" => {
                check_name(caller, text(body, "name"))?;
                self.initiate(now, body)
            }
            "/object/auth_sign" => self.objects.auth_sign(now, body),
            "/object/complete_multipart_upload" => {
                check_name(caller, text(body, "name"))?;
                self.objects.complete(body)
            }
            "/object/initiate_form_data" => self.begin_form(now, caller, body),
            "/object/complete_form_data" => self.objects.complete_form(caller, body),
            "/object/access_url" => {
                let option = |key: &str| text(&body["query"], key);
                let url = self.objects.access(now, text(body, "name"), option)?;
                Ok(json!({"url": url, "expireTime": now + SIGNED_MS}))
            }
            _ => refuse(404, path),
        }
    }

    /// A form that sends a file as a whole. The storage here takes none.
    fn begin_form(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let (name, size) = (text(body, "name"), int(body, "size"));
        if name.is_empty() || size < 1 {
            return refuse(1001, "name is empty, or size is below 1");
        }
        check_name(caller, name)?;
        let lasts = match int(body, "millisecond") {
            asked if caller.is_admin && asked > 0 => asked,
            _ => FORM_MS,
        };
        let key = match caller.is_admin && body["absolute"] == true {
            true => name.to_owned(),
            false => format!("openim/direct/{}/{}", caller.user_id, self.number()),
        };
        let kind = text(body, "contentType");
        let id = json!({
            "name": name, "size": size, "contentType": kind, "group": text(body, "group"), "key": key,
        });
        let mut form = json!({
            "bucket": "openim", "key": key, "policy": "policy", "success_action_status": "200",
            "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-credential": "openim",
            "x-amz-date": now.to_string(), "x-amz-signature": "signature",
        });
        if !kind.is_empty() {
            form["Content-Type"] = json!(kind);
        }
        Ok(json!({
            "id": STANDARD_NO_PAD.encode(id.to_string()), "url": self.objects.at_storage(""), "file": "file",
            "header": null, "formData": form, "expires": now + lasts, "successCodes": [200],
        }))
    }

    fn initiate(&mut self, now: i64, body: &Value) -> Answer<Value> {
        let (hash, size) = (text(body, "hash").to_owned(), int(body, "size"));
        if size < 0 {
            return refuse(500, "invalid size");
        }
        if hash.len() != 32 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return refuse(500, "invalid md5");
        }
        // The caller's partSize is nobody's business.
        let part_size = self.objects.part_size(size)?;
        let count = (size + part_size - 1) / part_size;
        let signed = int(body, "maxParts");
        if signed > count {
            return refuse(500, format!("too many parts: {count}"));
        }
        let key = key_of(&hash);
        if self.objects.stat(&key).is_some() {
            return Ok(json!({"url": self.objects.name(body, key), "upload": null}));
        }
        let number = self.number();
        let objects = &mut self.objects;
        let is_whole = count == 1;
        let upload = UploadId {
            is_whole,
            id: if is_whole {
                String::new()
            } else {
                format!("upload-{number}")
            },
            key: if is_whole {
                format!("openim/temp/{hash}_{size}_{number}.presigned")
            } else {
                key
            },
            size,
            hash,
        };
        let sign = if is_whole {
            let query = presigned("PUT", now, &upload.key, SIGNED_MS);
            let url = format!("{}?{query}", objects.at_storage(&upload.key));
            json!({"url": "", "query": null, "header": null,
                   "parts": [{"partNumber": 1, "url": url, "query": null, "header": null}]})
        } else {
            objects.storage.begin(&upload.id, &upload.key);
            match signed {
                0 => Value::Null,
                signed => {
                    let last = if signed < 0 { count } else { signed };
                    objects.sign(now, &upload.key, &upload.id, 1..=last)
                }
            }
        };
        Ok(json!({"url": "", "upload": {
            "uploadID": upload.print(), "partSize": part_size, "sign": sign, "expireTime": now + SIGNED_MS,
        }}))
    }

    /// The storage has forgotten the uploads that have begun, and takes nothing that was signed so far.
    pub fn expire_uploads(&mut self, now: i64) {
        self.objects.storage.forget_uploads(now);
    }
}

fn check_name(caller: &Caller, name: &str) -> Answer<()> {
    if name.trim().is_empty() || name.starts_with('/') || name.len() > NAME_BYTES_MAX {
        return refuse(1001, "the name is empty, too long, or begins with a slash");
    }
    if !caller.is_admin && !name.starts_with(&format!("{}/", caller.user_id)) {
        return refuse(1002, "name must start with the user's ID");
    }
    Ok(())
}
