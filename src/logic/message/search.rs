//! SEARCH in the messages that are on this device (api.md §6, row 73): a walk over them from the newest
//! on, as there is no index over words.
use super::burn::is_burnt;
use super::convert::to_api;
use super::receive::is_shown;
use crate::api::error::{Error, Result};
use crate::api::message::content_type as kind;
use crate::api::messaging::{SearchLocal, SearchLocalMessages, SearchResult, SearchResultItem};
use crate::logic::{Cx, Session};
use crate::rt::json;
use crate::rt::order;
use crate::store::MessageRow;

/// Messages read in one step.
const STEP: usize = 500;
/// Content types that are searched where none are named.
const DEFAULT_TYPES: [i32; 3] = [kind::TEXT, kind::AT_TEXT, kind::FILE];

/// Where the words of a message are, by content type; of other types all of the element is searched.
const WORDS: &[(i32, &[&str])] = &[
    (kind::TEXT, &["content"]),
    (kind::FILE, &["fileName"]),
    (kind::AT_TEXT, &["text"]),
    (kind::MERGER, &["title", "abstractList"]),
    (kind::CARD, &["nickname"]),
    (kind::LOCATION, &["description"]),
    (kind::CUSTOM, &["description", "data"]),
    (kind::QUOTE, &["text"]),
    (kind::ADVANCED_TEXT, &["text"]),
    (kind::MARKDOWN, &["content"]),
];

/// Looks for messages.
pub async fn search(cx: &Cx, p: SearchLocalMessages) -> Result<SearchResult> {
    let session = cx.session()?;
    let wanted = Wanted::new(p.0, session.now())?;
    let mut ids = vec![wanted.p.conversation_id.clone()];
    if ids[0].is_empty() {
        let state = session.state.borrow();
        let mut rows: Vec<_> = state.conversations.values().collect();
        order::sort_by_key(&mut rows, |row| -row.latest_send_time);
        ids = rows.iter().map(|row| row.conversation_id.clone()).collect();
    }
    let mut items: Vec<SearchResultItem> = Vec::new();
    let mut total = 0;
    for id in ids {
        let found = session.matches(&id, &wanted).await?;
        if found.is_empty() {
            continue;
        }
        let page = found.iter().skip(wanted.skip).take(wanted.take);
        let page = page.map(to_api).collect();
        total += found.len() as i64;
        items.extend(session.found_in(&id, found.len() as i64, page));
    }
    Ok(SearchResult {
        total_count: total,
        search_result_items: Some(items),
        find_result_items: None,
    })
}

/// A search, its parameters checked.
struct Wanted {
    p: SearchLocal,
    types: Vec<i32>,
    /// Unix milliseconds, both included.
    times: (i64, i64),
    now: i64,
    skip: usize,
    take: usize,
}

impl Wanted {
    fn new(mut p: SearchLocal, now: i64) -> Result<Self> {
        p.keyword_list.retain(|word| !word.is_empty());
        p.keyword_list
            .iter_mut()
            .for_each(|word| word.make_ascii_lowercase());
        let types = p.message_type_list.clone().unwrap_or_default();
        if p.keyword_list.is_empty() && types.is_empty() {
            return Err(Error::args(
                "keywordList and messageTypeList are both empty",
            ));
        }
        let (mut skip, mut take) = (0, usize::MAX);
        if !p.conversation_id.is_empty() {
            let (index, count) = (p.page_index.unwrap_or(0), p.count.unwrap_or(0));
            if index < 1 || count < 1 {
                return Err(Error::args("pageIndex and count must be greater than 0"));
            }
            take = count as usize;
            skip = (index as usize - 1).saturating_mul(take);
        }
        let newest = match p.search_time_position.unwrap_or(0) {
            0 => now,
            seconds => seconds.saturating_mul(1_000),
        };
        let oldest = match p.search_time_period.unwrap_or(0) {
            0 => 0,
            seconds => newest.saturating_sub(seconds.saturating_mul(1_000)),
        };
        Ok(Self {
            types: if types.is_empty() {
                DEFAULT_TYPES.to_vec()
            } else {
                types
            },
            times: (oldest, newest),
            now,
            skip,
            take,
            p,
        })
    }

    fn holds(&self, row: &MessageRow) -> bool {
        let senders = self.p.sender_user_id_list.as_deref().unwrap_or_default();
        is_shown(row)
            && !is_burnt(row, self.now)
            && self.types.contains(&row.content_type)
            && (senders.is_empty() || senders.contains(&row.send_id))
            && (self.times.0..=self.times.1).contains(&row.send_time)
            && (self.p.keyword_list.is_empty() || self.has_words(row))
    }

    fn has_words(&self, row: &MessageRow) -> bool {
        let text = words(row).to_ascii_lowercase();
        let mut keywords = self.p.keyword_list.iter();
        match self.p.keyword_list_match_type {
            Some(1) => keywords.all(|word| text.contains(word.as_str())),
            _ => keywords.any(|word| text.contains(word.as_str())),
        }
    }
}

/// The text of a message that people read.
fn words(row: &MessageRow) -> String {
    let places = WORDS.iter().find(|(kind, _)| *kind == row.content_type);
    let (Some((_, names)), Ok(element)) = (places, json::parse(&row.content)) else {
        return row.content.clone();
    };
    let mut text = String::new();
    for name in *names {
        let Some(value) = json::field(&element, name) else {
            continue;
        };
        let list = json::items(&value);
        for value in list.iter().chain([&value]) {
            text += &json::from_value::<String>(value).unwrap_or_default();
            text.push('\n');
        }
    }
    text
}

impl Session {
    /// Held messages of a conversation that are wanted, newest first.
    async fn matches(&self, id: &str, wanted: &Wanted) -> Result<Vec<MessageRow>> {
        let mut found = self.store.loose(id).await?;
        found.retain(|row| wanted.holds(row));
        let mut high = i64::MAX;
        loop {
            let mut rows = self.store.messages(id, 1..=high, STEP, true).await?;
            let Some(first) = rows.first().map(|row| row.seq) else {
                break;
            };
            rows.retain(|row| wanted.holds(row));
            found.append(&mut rows);
            if first <= 1 {
                break;
            }
            high = first - 1;
        }
        order::sort_by_key(&mut found, |row| (-row.send_time, -row.seq));
        Ok(found)
    }
}
