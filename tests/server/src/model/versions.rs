//! Version logs of lists (data.md §4.1, §4.2).
use std::cell::{Cell, RefCell};
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

#[derive(Clone, Debug)]
struct Entry {
    at: u64,
    /// Its place among the entries.
    place: u64,
    change: Change,
}

#[derive(Clone, Debug, Default)]
struct Log {
    version: u64,
    entries: BTreeMap<String, Entry>,
    places: u64,
    /// The version that answers begin with, until a change that is seen.
    cached: Option<u64>,
}

impl Log {
    fn record(&mut self, elements: &[&str], change: Change) {
        self.version += 1;
        for element in elements {
            self.places += 1;
            let entry = Entry {
                at: self.version,
                place: self.places,
                change,
            };
            self.entries.insert((*element).to_owned(), entry);
        }
    }
}

/// All logs, by list and owner. A log begins at version 1: with its first change, or when it is first
/// asked for.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    logs: RefCell<BTreeMap<(&'static str, String), Log>>,
    /// Questions for whole ID lists so far, and how many of them the hash answered.
    pub full_asked: Cell<(u32, u32)>,
}

/// Hash of an ID list (data.md §4.3): of its JSON as Go writes it.
pub(crate) fn id_hash(ids: &[String]) -> u64 {
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
    /// Apply these: element, version of the change, change.
    Delta(Vec<(String, u64, Change)>),
}

impl Versions {
    /// Records changes under one new version.
    pub fn bump(&mut self, list: &'static str, owner: &str, elements: &[&str], change: Change) {
        self.bump_unseen(list, owner, elements, change);
        self.log(list, owner, |log| log.cached = None);
    }

    /// Records changes that no answer tells until another change follows: the server forgets to clear
    /// the newest version from its cache.
    pub fn bump_unseen(
        &mut self,
        list: &'static str,
        owner: &str,
        elements: &[&str],
        change: Change,
    ) {
        self.log(list, owner, |log| log.record(elements, change));
    }

    /// Forgets a log.
    pub fn forget(&mut self, list: &'static str, owner: &str) {
        self.logs.get_mut().remove(&(list, owner.to_owned()));
    }

    fn log<T>(&self, list: &'static str, owner: &str, act: impl FnOnce(&mut Log) -> T) -> T {
        let mut logs = self.logs.borrow_mut();
        act(logs.entry((list, owner.to_owned())).or_default())
    }

    /// Identity of a list: 24 hexadecimal digits.
    pub fn id(&self, list: &'static str, owner: &str) -> String {
        let mut id: String = owner
            .bytes()
            .chain(list.bytes())
            .map(|b| format!("{b:02x}"))
            .collect();
        id.truncate(24);
        format!("{id:0<24}")
    }

    /// The version after the last change.
    pub fn newest(&self, list: &'static str, owner: &str) -> u64 {
        self.log(list, owner, |log| log.version)
    }

    /// The version that answers tell.
    fn current(&self, list: &'static str, owner: &str) -> u64 {
        self.log(list, owner, |log| {
            if log.version == 0 {
                log.record(&[], Change::Update);
            }
            *log.cached.get_or_insert(log.version)
        })
    }

    /// Whether the group's info changed since a version.
    pub fn has_info(&self, list: &'static str, owner: &str, version: u64) -> bool {
        self.log(list, owner, |log| {
            let entry = log.entries.get(INFO_CHANGED);
            entry.is_some_and(|entry| entry.at > version)
        })
    }

    /// What a client with this identity and version must do, and the version it then has.
    pub fn since(&self, list: &'static str, owner: &str, id: &str, version: u64) -> (u64, Step) {
        let current = self.current(list, owner);
        if version == 0 || id != self.id(list, owner) {
            return (current, Step::Full);
        }
        if version == current {
            return (current, Step::Delta(Vec::new()));
        }
        self.log(list, owner, |log| {
            let newer = log.entries.iter().filter(|(_, entry)| entry.at > version);
            let mut newer: Vec<_> = newer.collect();
            if version > log.version || newer.len() > ENTRIES_MAX {
                return (log.version, Step::Full);
            }
            newer.sort_by_key(|(_, entry)| entry.place);
            let told = |(id, entry): (&String, &Entry)| (id.clone(), entry.at, entry.change);
            (
                log.version,
                Step::Delta(newer.into_iter().map(told).collect()),
            )
        })
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
        let (id, version) = (self.id(list, owner), self.current(list, owner));
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
        let (current, step) = self.since(list, owner, id, version);
        let mut answer = json!({
            "version": current, "versionID": self.id(list, owner), "full": false,
            "delete": null, "insert": null, "update": null,
        });
        if list != "conversations" {
            answer["sortVersion"] = json!(0);
        }
        if list == "conversations" {
            // A list without an order of its own.
            answer
                .as_object_mut()
                .map(|answer| answer.remove("sortVersion"));
        }
        let changes = match step {
            Step::Full => {
                answer["full"] = json!(true);
                return answer;
            }
            Step::Delta(changes) => changes,
        };
        for (element, at, change) in changes {
            match element.as_str() {
                INFO_CHANGED => continue,
                ORDER_CHANGED => {
                    answer["sortVersion"] = json!(at);
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
        answer
    }
}
