//! Version logs of lists (data.md §4.1, §4.2).
use std::collections::BTreeMap;

use openim_web::rt::md5;
use serde_json::{Value, json};

/// More changes than this are answered with "load everything".
const ENTRIES_MAX: usize = 200;

/// Element that stands for the info of the group.
pub const INFO_CHANGED: &str = "";
/// Element that stands for the order of the list.
pub const ORDER_CHANGED: &str = "____S_O_R_T_I_D____";

/// What became of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It came.
    Insert,
    /// It is other than before.
    Update,
    /// It left.
    Delete,
}

#[derive(Clone, Debug, Default)]
struct Log {
    version: u64,
    entries: BTreeMap<String, (u64, Change)>,
}

/// All logs, by list and owner.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    logs: BTreeMap<(&'static str, String), Log>,
    /// Questions for whole ID lists so far, and how many of them the hash answered.
    pub full_asked: std::cell::Cell<(u32, u32)>,
}

/// Hash of an ID list (data.md §4.3): of its JSON as Go writes it.
fn id_hash(ids: &[String]) -> u64 {
    if ids.is_empty() {
        return 0;
    }
    let text = json!(ids).to_string();
    let text = text
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026");
    let digits = md5::hex(md5::hash(text.as_bytes()));
    u64::from_str_radix(&digits[..16], 16).unwrap_or(0)
}

/// What a client at some version must do.
pub enum Step {
    /// Load everything.
    Full,
    /// Apply these.
    Delta(Vec<(String, Change)>),
}

impl Versions {
    /// Records changes under one new version.
    pub fn bump(&mut self, list: &'static str, owner: &str, elements: &[&str], change: Change) {
        let log = self.logs.entry((list, owner.to_owned())).or_default();
        log.version += 1;
        for element in elements {
            log.entries
                .insert((*element).to_owned(), (log.version, change));
        }
    }

    /// Identity (24 hexadecimal digits) and version of a list.
    pub fn current(&self, list: &'static str, owner: &str) -> (String, u64) {
        let version = self
            .logs
            .get(&(list, owner.to_owned()))
            .map_or(1, |log| log.version + 1);
        let mut id: String = owner
            .bytes()
            .chain(list.bytes())
            .map(|b| format!("{b:02x}"))
            .collect();
        id.truncate(24);
        (format!("{id:0<24}"), version)
    }

    /// What a client with this identity and version must do.
    pub fn since(&self, list: &'static str, owner: &str, id: &str, version: u64) -> Step {
        let (current_id, current) = self.current(list, owner);
        if version == 0 || id != current_id || version > current {
            return Step::Full;
        }
        let Some(log) = self.logs.get(&(list, owner.to_owned())) else {
            return Step::Delta(Vec::new());
        };
        // A client's version is one ahead of the log's, so that a list without changes is at 1.
        let newer = log.entries.iter().filter(|(_, (at, _))| at + 1 > version);
        let newer: Vec<_> = newer
            .map(|(id, (_, change))| (id.clone(), *change))
            .collect();
        if newer.len() > ENTRIES_MAX {
            return Step::Full;
        }
        Step::Delta(newer)
    }

    /// The JSON of a whole ID list, unless the client has it.
    pub fn full_ids(
        &self,
        list: &'static str,
        owner: &str,
        key: &str,
        ids: &[String],
        ask: &Value,
    ) -> Value {
        let (id, version) = self.current(list, owner);
        let equal = ask["idHash"].as_u64() == Some(id_hash(ids));
        let (asked, answered) = self.full_asked.get();
        self.full_asked
            .set((asked + 1, answered + u32::from(equal)));
        let ids = if equal { Value::Null } else { json!(ids) };
        json!({"version": version, "versionID": id, "equal": equal, key: ids})
    }

    /// The JSON of an incremental answer; `row` gives an element's object.
    pub fn answer(
        &self,
        list: &'static str,
        owner: &str,
        id: &str,
        version: u64,
        row: impl Fn(&str) -> Option<Value>,
    ) -> Value {
        let (current_id, current) = self.current(list, owner);
        let mut answer = json!({
            "version": current, "versionID": current_id, "full": false,
            "delete": null, "insert": null, "update": null, "sortVersion": 0,
        });
        match self.since(list, owner, id, version) {
            Step::Full => answer["full"] = json!(true),
            Step::Delta(changes) => {
                for (element, change) in changes {
                    match element.as_str() {
                        INFO_CHANGED => {
                            answer["group"] = json!(true);
                            continue;
                        }
                        ORDER_CHANGED => {
                            answer["sortVersion"] = json!(current);
                            continue;
                        }
                        _ => {}
                    }
                    let (key, value) = match (change, row(&element)) {
                        (Change::Delete, _) => ("delete", json!(element)),
                        (Change::Insert, Some(row)) => ("insert", row),
                        (Change::Update, Some(row)) => ("update", row),
                        // Whose row is gone is passed over, even where a later entry of the log hides
                        // that it was deleted.
                        (_, None) => continue,
                    };
                    match answer[key].as_array_mut() {
                        Some(list) => list.push(value),
                        None => answer[key] = json!([value]),
                    }
                }
            }
        }
        answer
    }
}
