//! HISTORY: pages before or after a message, gaps filled from the server on the way (sync.md §3.8,
//! §10 W14, W15, W18, W33).
//!
//! Messages with a seq stand in seq order. Those without (being sent, failed, local only) are woven in
//! by time: such a message stands behind the last one with a seq that is not younger.
use std::rc::Rc;

use super::burn::is_burnt;
use super::convert::{conversation_of, noted, row_from_api, to_api};
use super::receive::is_shown;
use crate::api::error::{Error, Result, code};
use crate::api::message::Message;
use crate::api::messaging::{
    FetchSurroundingMessages, FindMessageList, GetAdvancedHistoryMessageList,
    GetAdvancedHistoryMessageListReverse, GetHistoryMessageListReverse, History, MessageList,
    SearchResult, SearchResultItem, SurroundingInline,
};
use crate::logic::{Cx, Session, conversation, ids};
use crate::rt::Level;
use crate::rt::order;
use crate::store::MessageRow;

/// Most messages of one page.
const PAGE_MAX: usize = 1_000;
/// Seqs looked at in one step; a page of hidden messages takes several.
const STEP_MIN: i64 = 20;
/// `errCode` of a page that ends at a gap which could not be filled (sync.md §3.8).
const GAP: i32 = 100;

/// Messages strictly older than the start.
pub async fn older(cx: &Cx, p: GetAdvancedHistoryMessageList) -> Result<History> {
    let session = cx.session()?;
    session.view(&p.0.conversation_id);
    if p.0.start_client_msg_id.is_empty() {
        session.ask_about(&p.0.conversation_id);
    }
    let start = session
        .start(&p.0.conversation_id, &p.0.start_client_msg_id)
        .await?;
    session
        .page_older(&p.0.conversation_id, start, page_size(p.0.count)?)
        .await
}

/// Messages strictly newer than the start.
pub async fn newer(cx: &Cx, p: GetAdvancedHistoryMessageListReverse) -> Result<History> {
    let session = cx.session()?;
    session.view(&p.0.conversation_id);
    let start = session
        .start(&p.0.conversation_id, &p.0.start_client_msg_id)
        .await?;
    session
        .page_newer(&p.0.conversation_id, start, page_size(p.0.count)?)
        .await
}

/// The same, by peer or group.
pub async fn newer_of(cx: &Cx, p: GetHistoryMessageListReverse) -> Result<History> {
    let session = cx.session()?;
    let (p, me) = (p.0, &session.me);
    let id = match p.conversation_id.filter(|id| !id.is_empty()) {
        Some(id) => Some(id),
        None if !p.group_id.is_empty() => ids::of_session(me, &p.group_id, ids::GROUP),
        None if !p.user_id.is_empty() => ids::of_session(me, &p.user_id, ids::SINGLE),
        None => None,
    };
    let id = id.ok_or_else(|| Error::args("userID, groupID and conversationID are all empty"))?;
    session.view(&id);
    let start = session.start(&id, &p.start_client_msg_id).await?;
    session.page_newer(&id, start, page_size(p.count)?).await
}

/// A message and those around it.
pub async fn around(cx: &Cx, p: FetchSurroundingMessages) -> Result<SurroundingInline> {
    let session = cx.session()?;
    if p.0.before < 0 || p.0.after < 0 {
        return Err(Error::args("before and after must not be negative"));
    }
    let given = row_from_api(*p.0.start_message);
    let id = conversation_of(&session.me, &given);
    session.view(&id);
    // It may have been found elsewhere and be missing here.
    if given.seq > 0 {
        session.fill(&id, given.seq, given.seq).await?;
    }
    let Start::At(start) = session.start(&id, &given.client_msg_id).await? else {
        return Err(Error::args("startMessage has no clientMsgID"));
    };
    let mut list = Vec::new();
    if p.0.before > 0 {
        let start = Start::At(start.clone());
        let page = session.page_older(&id, start, page_size(p.0.before)?).await;
        list = page?.message_list;
    }
    if is_shown(&start) {
        list.push(to_api(&start));
    }
    if p.0.after > 0 {
        let page = session.page_newer(&id, Start::At(start), page_size(p.0.after)?);
        list.extend(page.await?.message_list);
    }
    Ok(SurroundingInline(MessageList { message_list: list }))
}

/// Local messages by ID.
pub async fn find(cx: &Cx, p: FindMessageList) -> Result<SearchResult> {
    let session = cx.session()?;
    let mut items = Vec::new();
    let mut total = 0;
    for wanted in p.0 {
        let mut rows = session
            .store
            .messages_by_id(&wanted.client_msg_id_list)
            .await?;
        order::sort_by_key(&mut rows, |(_, row)| -row.send_time);
        let messages: Vec<Message> = rows
            .iter()
            .filter(|(id, row)| *id == wanted.conversation_id && is_shown(row))
            .filter(|(_, row)| !is_burnt(row, session.now()))
            .map(|(_, row)| to_api(row))
            .collect();
        if messages.is_empty() {
            continue;
        }
        let count = messages.len() as i64;
        if let Some(item) = session.found_in(&wanted.conversation_id, count, messages) {
            total += count;
            items.push(item);
        }
    }
    Ok(SearchResult {
        total_count: total,
        find_result_items: Some(items),
        search_result_items: None,
    })
}

fn page_size(count: i64) -> Result<usize> {
    match usize::try_from(count) {
        Ok(count) if count > 0 => Ok(count.min(PAGE_MAX)),
        _ => Err(Error::new(code::ARGS, "count must be greater than 0")),
    }
}

/// Where a page begins.
enum Start {
    /// At the end that the direction comes from.
    Edge,
    /// At this message.
    At(Box<MessageRow>),
}

impl Start {
    /// The message that is on no page: one without seq may get it while the page is read, and then lies
    /// within it. "" if there is none.
    fn client_msg_id(&self) -> &str {
        match self {
            Self::At(row) => &row.client_msg_id,
            Self::Edge => "",
        }
    }
}

/// What a page has gathered.
struct Page {
    rows: Vec<MessageRow>,
    is_end: bool,
    gap: Option<Error>,
}

impl Session {
    /// Messages found, with what an application shows of their conversation. `None` if it is unknown.
    pub(super) fn found_in(
        &self,
        conversation_id: &str,
        message_count: i64,
        message_list: Vec<Message>,
    ) -> Option<SearchResultItem> {
        let state = self.state.borrow();
        let listed = conversation::to_api(&state, state.conversations.get(conversation_id)?);
        Some(SearchResultItem {
            conversation_id: listed.conversation_id,
            message_count,
            conversation_type: listed.conversation_type,
            show_name: listed.show_name,
            face_url: listed.face_url,
            message_list,
        })
    }

    /// A conversation is opened: the server is asked whether there is more than is known, and whether what
    /// is held was cleared for everybody. The page does not wait for it; what comes is told as new.
    fn ask_about(self: &Rc<Self>, id: &str) {
        if !self.conn.is_connected() || !self.asking.borrow_mut().insert(id.to_owned()) {
            return;
        }
        let (session, id) = (self.clone(), id.to_owned());
        self.core.rt.spawn(Box::pin(async move {
            let asked = async {
                session.refresh_seqs(std::slice::from_ref(&id)).await?;
                session.signals.pull();
                session.learn_minimum(&id).await
            };
            match asked.await {
                Ok(()) => {}
                // The next look at the server finds it.
                Err(error) => session.log(Level::Debug, &error.message),
            }
            session.asking.borrow_mut().remove(&id);
        }));
    }

    async fn start(&self, conversation_id: &str, client_msg_id: &str) -> Result<Start> {
        if client_msg_id.is_empty() {
            return Ok(Start::Edge);
        }
        let found = self
            .store
            .messages_by_id(&[client_msg_id.to_owned()])
            .await?;
        let found = found.into_iter().find(|(id, _)| id == conversation_id);
        let (_, row) = found
            .ok_or_else(|| Error::new(code::RECORD_NOT_FOUND, "the start message is not known"))?;
        Ok(Start::At(Box::new(row)))
    }

    async fn page_older(self: &Rc<Self>, id: &str, start: Start, count: usize) -> Result<History> {
        let first_page = matches!(start, Start::Edge);
        let mut loose = self.store.loose(id).await?;
        self.retain_shown(id, &mut loose);
        let align = self.alignment(id);
        let (mut below, before_time) = match &start {
            Start::Edge if self.conn.is_connected() => (align.last() + 1, i64::MAX),
            // Offline the page begins at the newest that is held.
            Start::Edge => (
                align.covered.last().unwrap_or(0).min(align.last()) + 1,
                i64::MAX,
            ),
            Start::At(row) if row.seq > 0 => (row.seq, row.send_time),
            Start::At(row) => (
                self.seq_at(id, row.send_time, align.last()).await? + 1,
                row.send_time,
            ),
        };
        let start_id = start.client_msg_id();
        let mut page = Page {
            rows: Vec::new(),
            is_end: false,
            gap: None,
        };
        while page.rows.len() < count {
            let first = self.alignment(id).first();
            if below <= first {
                page.is_end = true;
                break;
            }
            let step = STEP_MIN.max((count - page.rows.len()) as i64);
            let low = (below - step).max(first);
            if let Err(error) = self.fill(id, low, below - 1).await {
                page.gap = Some(error);
            }
            let (reach, mut rows) = self.contiguous_older(id, low, below - 1).await?;
            rows.retain(|row| row.client_msg_id != start_id);
            page.rows.splice(0..0, rows);
            below = reach;
            if page.gap.is_some() && reach > low {
                break;
            }
        }
        if page.rows.len() > count {
            page.rows.drain(..page.rows.len() - count);
            page.is_end = false;
        }
        let low_time = match (page.is_end, page.rows.first()) {
            (true, _) | (_, None) => i64::MIN,
            (false, Some(row)) => row.send_time,
        };
        let loose = between(loose, low_time, before_time, start_id);
        weave(&mut page.rows, loose);
        if page.rows.len() > count {
            page.rows.drain(..page.rows.len() - count);
            page.is_end = false;
        }
        Ok(page.into_result(first_page && !self.conn.is_connected()))
    }

    async fn page_newer(self: &Rc<Self>, id: &str, start: Start, count: usize) -> Result<History> {
        let mut loose = self.store.loose(id).await?;
        self.retain_shown(id, &mut loose);
        let align = self.alignment(id);
        let last = align.last();
        let (mut above, after_time) = match &start {
            Start::Edge => (
                align
                    .covered
                    .gaps(1, align.first() - 1)
                    .last()
                    .unwrap_or(align.first() - 1),
                i64::MIN,
            ),
            Start::At(row) if row.seq > 0 => (row.seq, row.send_time),
            Start::At(row) => (self.seq_at(id, row.send_time, last).await?, row.send_time),
        };
        let start_id = start.client_msg_id();
        let mut page = Page {
            rows: Vec::new(),
            is_end: false,
            gap: None,
        };
        while page.rows.len() < count {
            if above >= last {
                page.is_end = true;
                break;
            }
            let step = STEP_MIN.max((count - page.rows.len()) as i64);
            let high = (above + step).min(last);
            if let Err(error) = self.fill(id, above + 1, high).await {
                page.gap = Some(error);
            }
            let (reach, mut rows) = self.contiguous_newer(id, above + 1, high).await?;
            rows.retain(|row| row.client_msg_id != start_id);
            page.rows.extend(rows);
            above = reach;
            if page.gap.is_some() && reach < high {
                break;
            }
        }
        if page.rows.len() > count {
            page.rows.truncate(count);
            page.is_end = false;
        }
        let high_time = match (page.is_end, page.rows.last()) {
            (true, _) => i64::MAX,
            (false, Some(row)) => row.send_time,
            (false, None) => after_time,
        };
        let loose = between(loose, after_time, high_time, start_id);
        weave(&mut page.rows, loose);
        if page.rows.len() > count {
            page.rows.truncate(count);
            page.is_end = false;
        }
        Ok(page.into_result(false))
    }

    fn alignment(&self, id: &str) -> crate::logic::sync::seq::Alignment {
        let state = self.state.borrow();
        state
            .channels
            .get(id)
            .map(|c| c.align.clone())
            .unwrap_or_default()
    }

    /// Shown messages of `low..=high` down to the first seq that is missing; returns also the lowest
    /// seq reached. A seq that waits as a placeholder does not stop the page.
    async fn contiguous_older(
        self: &Rc<Self>,
        id: &str,
        low: i64,
        high: i64,
    ) -> Result<(i64, Vec<MessageRow>)> {
        let missing = self.still_missing(id, low, high);
        let reach = missing.last().map_or(low, |seq| seq + 1);
        let rows = self.shown(id, reach, high).await?;
        Ok((reach, rows))
    }

    async fn contiguous_newer(
        self: &Rc<Self>,
        id: &str,
        low: i64,
        high: i64,
    ) -> Result<(i64, Vec<MessageRow>)> {
        let missing = self.still_missing(id, low, high);
        let reach = missing.first().map_or(high, |seq| seq - 1);
        let rows = self.shown(id, low, reach).await?;
        Ok((reach, rows))
    }

    fn still_missing(&self, id: &str, low: i64, high: i64) -> crate::logic::sync::ranges::RangeSet {
        let align = self.alignment(id);
        let mut missing = align.missing().within(low, high);
        for p in align.provisional() {
            missing.remove(p.seq, p.seq);
        }
        missing
    }

    async fn shown(self: &Rc<Self>, id: &str, low: i64, high: i64) -> Result<Vec<MessageRow>> {
        if low > high {
            return Ok(Vec::new());
        }
        let limit = (high - low + 1) as usize;
        let mut rows = self.store.messages(id, low..=high, limit, true).await?;
        self.retain_shown(id, &mut rows);
        Ok(rows)
    }

    /// Keeps what is for the user's eyes.
    fn retain_shown(self: &Rc<Self>, id: &str, rows: &mut Vec<MessageRow>) {
        self.burn_in_time(id, rows);
        let now = self.now();
        rows.retain(|row| is_shown(row) && !is_burnt(row, now));
    }

    /// The last seq whose message is not younger than `time`.
    async fn seq_at(&self, id: &str, time: i64, last: i64) -> Result<i64> {
        let mut high = last;
        while high > 0 {
            let rows = self
                .store
                .messages(id, 1..=high, STEP_MIN as usize, true)
                .await?;
            if let Some(row) = rows.iter().rev().find(|row| row.send_time <= time) {
                return Ok(row.seq);
            }
            match rows.first() {
                Some(row) => high = row.seq - 1,
                None => return Ok(0),
            }
        }
        Ok(0)
    }
}

/// Messages without seq whose time lies between, ascending; the start message excluded. They are read before
/// the end of the page is looked up: one that gets its seq meanwhile stands above that end, or in both
/// readings, but never in neither.
fn between(mut loose: Vec<MessageRow>, after: i64, before: i64, start_id: &str) -> Vec<MessageRow> {
    loose.retain(|row| row.client_msg_id != start_id);
    loose.retain(|row| row.send_time >= after && row.send_time <= before);
    order::sort_by_key(&mut loose, |row| (row.send_time, row.create_time));
    loose
}

/// Puts each loose message behind the last one that is not younger, unless it has its seq by now.
fn weave(rows: &mut Vec<MessageRow>, loose: Vec<MessageRow>) {
    for row in loose {
        if rows
            .iter()
            .any(|other| other.client_msg_id == row.client_msg_id)
        {
            continue;
        }
        let at = rows
            .iter()
            .rposition(|other| other.send_time <= row.send_time)
            .map_or(0, |at| at + 1);
        rows.insert(at, row);
    }
}

impl Page {
    /// A first page without connection is the local one, without complaint (sync.md §3.8).
    fn into_result(self, local_only: bool) -> History {
        let gap = self.gap.filter(|_| !local_only || self.rows.is_empty());
        History {
            is_end: self.is_end,
            err_code: gap.as_ref().map_or(0, |_| GAP),
            err_msg: gap.map(|error| error.message).unwrap_or_default(),
            message_list: self.rows.iter().map(to_api).map(noted).collect(),
        }
    }
}
