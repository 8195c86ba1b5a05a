//! The object storage behind the API (S3, MinIO …), as far as uploads ask for it: signed PUTs of whole
//! objects and of parts, signed GETs. What comes is held in memory, or only its hash.
use std::collections::{BTreeMap, VecDeque};

use openim_web::rt::md5::{hash, hex};

/// How far the time in a signed header may be from the storage's clock.
const SKEW_MS: i64 = 15 * 60_000;
/// Whoever knows it can sign.
const SECRET: &str = "storage secret";

/// What happens to a PUT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutFault {
    /// What was sent is lost and the connection cut.
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
pub struct Storage {
    /// Least bytes of a part, but the last.
    pub min_part_size: i64,
    /// Whether bytes are kept, and not only their hashes.
    pub keeps: bool,
    /// The next PUTs, in order.
    pub faults: VecDeque<Option<PutFault>>,
    /// PUTs so far.
    pub puts: u64,
    objects: BTreeMap<String, Object>,
    /// Uploads in parts, by ID.
    multiparts: BTreeMap<String, Multipart>,
    /// Signatures of this time and before are refused.
    refused_until: i64,
}

/// Headers of an answer.
pub type Headers = Vec<(&'static str, String)>;

/// Bytes and what is known of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// MD5 of an object that came as a whole.
    pub etag: String,
    /// Bytes.
    pub size: i64,
    /// Empty if they are not kept.
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, Default)]
struct Multipart {
    key: String,
    parts: BTreeMap<i64, Object>,
}

/// The query of an address, decoded.
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    pub(crate) fn new(text: &str) -> Self {
        Query(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// A value, "" if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }
}

impl Default for Storage {
    fn default() -> Self {
        Storage {
            min_part_size: 5 << 20,
            keeps: true,
            faults: VecDeque::new(),
            puts: 0,
            objects: BTreeMap::new(),
            multiparts: BTreeMap::new(),
            refused_until: 0,
        }
    }
}

/// The signature of a request at a time.
fn signature(what: &str, date: i64) -> String {
    hex(hash(format!("{what} {date} {SECRET}").as_bytes()))
}

/// What a PUT of a part is signed as.
fn part(key: &str, id: &str, number: i64) -> String {
    format!("PUT {key} {id} {number}")
}

/// Headers that let a part be sent.
pub(crate) fn part_headers(
    now: i64,
    key: &str,
    id: &str,
    number: i64,
) -> [(&'static str, String); 3] {
    [
        ("Authorization", signature(&part(key, id, number), now)),
        ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD".into()),
        ("X-Amz-Date", now.to_string()),
    ]
}

/// Query that lets an object be sent or fetched for a while.
pub(crate) fn presigned(method: &str, now: i64, key: &str, lasts_ms: i64) -> String {
    let signature = signature(&format!("{method} {key}"), now);
    let seconds = lasts_ms / 1000;
    format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=openim&X-Amz-Date={now}&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
    )
}

impl Storage {
    fn is_good(&self, now: i64, what: &str, date: i64, lasts_ms: i64, given: &str) -> bool {
        given == signature(what, date)
            && (now - date).abs() <= lasts_ms
            && date > self.refused_until
    }

    fn is_presigned(&self, now: i64, method: &str, key: &str, query: &Query) -> bool {
        let lasts_ms = query.number("X-Amz-Expires") * 1000;
        let (date, given) = (query.number("X-Amz-Date"), query.text("X-Amz-Signature"));
        self.is_good(now, &format!("{method} {key}"), date, lasts_ms, given)
    }

    /// A PUT; `target` is the object's key and the query. HTTP status; `None`: the connection breaks.
    pub fn put(
        &mut self,
        now: i64,
        target: &str,
        headers: &[(String, String)],
        bytes: &[u8],
    ) -> Option<u16> {
        self.puts += 1;
        let fault = self.faults.pop_front().flatten();
        match fault {
            Some(PutFault::Cut) => return None,
            Some(PutFault::Broken) => return Some(503),
            Some(PutFault::Refused) => return Some(403),
            Some(PutFault::Corrupt) | None => {}
        }
        let (key, query) = target.split_once('?').unwrap_or((target, ""));
        let query = Query::new(query);
        let (id, number) = (query.text("uploadId"), query.number("partNumber"));
        let is_signed = if id.is_empty() {
            self.is_presigned(now, "PUT", key, &query)
        } else {
            let header = |name: &str| {
                let found = headers
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map_or("", |(_, value)| value.as_str())
            };
            let date = header("X-Amz-Date").parse().unwrap_or(0);
            let what = part(key, id, number);
            self.is_good(now, &what, date, SKEW_MS, header("Authorization"))
        };
        if !is_signed {
            return Some(403);
        }
        let mut stored = bytes.to_vec();
        if let (Some(PutFault::Corrupt), Some(first)) = (fault, stored.first_mut()) {
            *first ^= 1;
        }
        let object = Object {
            etag: hex(hash(&stored)),
            size: stored.len() as i64,
            bytes: if self.keeps { stored } else { Vec::new() },
        };
        if id.is_empty() {
            self.objects.insert(key.to_owned(), object);
            return Some(200);
        }
        let Some(upload) = self
            .multiparts
            .get_mut(id)
            .filter(|upload| upload.key == key)
        else {
            return Some(404);
        };
        upload.parts.insert(number, object);
        Some(200)
    }

    /// A GET; `target` is the object's key and the query. Headers and object, or the HTTP status.
    pub fn get(&self, now: i64, target: &str) -> Result<(Headers, Object), u16> {
        let (key, query) = target.split_once('?').unwrap_or((target, ""));
        let query = Query::new(query);
        if !self.is_presigned(now, "GET", key, &query) {
            return Err(403);
        }
        let object = self.objects.get(key).ok_or(404_u16)?;
        let asked = [
            ("content-type", "response-content-type"),
            ("content-disposition", "response-content-disposition"),
        ];
        let headers = asked
            .into_iter()
            .map(|(name, key)| (name, query.text(key).to_owned()));
        Ok((
            headers.filter(|(_, value)| !value.is_empty()).collect(),
            object.clone(),
        ))
    }

    /// An object by its key.
    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.get(key)
    }

    pub(crate) fn begin(&mut self, id: &str, key: &str) {
        let upload = Multipart {
            key: key.to_owned(),
            parts: BTreeMap::new(),
        };
        self.multiparts.insert(id.to_owned(), upload);
    }

    /// Makes an object of the parts whose hashes are given, or says why not.
    pub(crate) fn complete(&mut self, id: &str, hashes: &[String]) -> Result<(), &'static str> {
        let upload = self
            .multiparts
            .get(id)
            .ok_or("The specified multipart upload does not exist.")?;
        let named = (1..).zip(hashes);
        let parts = named.map(|(n, hash)| upload.parts.get(&n).filter(|part| part.etag == *hash));
        let parts: Option<Vec<&Object>> = parts.collect();
        let parts = parts.ok_or("One or more of the specified parts could not be found.")?;
        let (_, but_last) = parts
            .split_last()
            .ok_or("The XML you provided was not well-formed.")?;
        if but_last.iter().any(|part| part.size < self.min_part_size) {
            return Err("Your proposed upload is smaller than the minimum allowed object size.");
        }
        let object = Object {
            etag: format!("{}-{}", hex(hash(hashes.concat().as_bytes())), hashes.len()),
            size: parts.iter().map(|part| part.size).sum(),
            bytes: parts
                .iter()
                .flat_map(|part| part.bytes.iter().copied())
                .collect(),
        };
        let key = upload.key.clone();
        self.multiparts.remove(id);
        self.objects.insert(key, object);
        Ok(())
    }

    /// Gives an object another key; whether it was there.
    pub(crate) fn rename(&mut self, from: &str, to: &str) -> bool {
        let object = self.objects.remove(from);
        object.is_some_and(|object| self.objects.insert(to.to_owned(), object).is_none())
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.objects.remove(key);
    }

    /// Forgets the uploads that have begun; what was signed for them is no good any more.
    pub(crate) fn forget_uploads(&mut self, now: i64) {
        self.multiparts.clear();
        self.refused_until = now;
    }
}
