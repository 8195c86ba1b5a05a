//! What connections ask for: messages by range and by seq, newest seqs, read positions (sync.md §2.3 to
//! §2.8).
use std::collections::BTreeMap;

use openim_web::net::wire::pb;
use pb::{MsgData, PullMsgs};
use serde_json::{Value, json};

use super::Model;
use super::conversations::message_json;
use super::rest::{int, list, text};

/// Status of a placeholder and of a deleted message on the wire.
const GONE: i32 = 4;
/// Status of a message under way, and of one that is stored.
const SENDING: i32 = 1;
const SENT: i32 = 2;
const QUOTE: i64 = 114;
/// Content type of a revoked message.
pub(crate) const REVOKED: i32 = 2101;

/// What a quoted message has when the server writes it, beside what it had.
const QUOTED: [(&str, &str); 22] = [
    ("sendID", "\"\""),
    ("recvID", "\"\""),
    ("groupID", "\"\""),
    ("clientMsgID", "\"\""),
    ("serverMsgID", "\"\""),
    ("senderPlatformID", "0"),
    ("senderNickname", "\"\""),
    ("senderFaceURL", "\"\""),
    ("sessionType", "0"),
    ("msgFrom", "0"),
    ("seq", "0"),
    ("sendTime", "0"),
    ("createTime", "0"),
    ("status", "0"),
    ("isRead", "false"),
    ("offlinePushInfo", "null"),
    ("atUserIDList", "null"),
    ("attachedInfo", "\"\""),
    ("ex", "\"\""),
    ("keyVersion", "0"),
    ("dstUserIDs", "null"),
    ("options", ""),
];

/// Lists of messages by channel: of chats, of notifications.
#[derive(Default)]
struct Lists {
    chats: BTreeMap<String, PullMsgs>,
    notices: BTreeMap<String, PullMsgs>,
}

impl Lists {
    fn of(&mut self, id: &str) -> &mut BTreeMap<String, PullMsgs> {
        match id.starts_with("n_") {
            true => &mut self.notices,
            false => &mut self.chats,
        }
    }
}

impl From<Lists> for pb::PullMessageBySeqsResp {
    fn from(lists: Lists) -> Self {
        Self {
            msgs: lists.chats.into_iter().map(Into::into).collect(),
            notification_msgs: lists.notices.into_iter().map(Into::into).collect(),
        }
    }
}

impl Model {
    /// First and last seq of a channel that a user may see.
    pub(crate) fn bounds(&self, user: &str, id: &str) -> (i64, i64) {
        let channel = self.channels.get(id);
        let (min, max) = channel.map_or((0, 0), |c| (c.min, c.max));
        let Some(row) = self.rows.get(&(user.to_owned(), id.to_owned())) else {
            return (min, max);
        };
        let own_min = row["minSeq"].as_i64().unwrap_or(0);
        let own_max = row["maxSeq"].as_i64().unwrap_or(0);
        let max = if own_max > 0 { max.min(own_max) } else { max };
        (min.max(own_min), max)
    }

    /// 1002 (sync.md §2.4).
    pub fn pull_ranges(
        &self,
        now: i64,
        ask: &pb::PullMessageBySeqsReq,
    ) -> pb::PullMessageBySeqsResp {
        let mut lists = Lists::default();
        for range in &ask.seq_ranges {
            let id = &range.conversation_id;
            let asked = (ask.user_id.clone(), id.clone());
            let is_notice = id.starts_with("n_");
            let has_row = is_notice || self.listed_row(now, &ask.user_id, id).is_some();
            *self.pulls.borrow_mut().entry(asked).or_default() += 1;
            self.newest_seq(now, id);
            let (min, max) = self.bounds(&ask.user_id, id);
            let end = range.end.min(max);
            let begin = match is_notice {
                true => range.begin.max(min).max(1),
                false => range.begin.max(min).max(end - range.num + 1),
            };
            if !has_row || begin > end || self.faults.absent.contains(id) {
                continue;
            }
            let list = PullMsgs {
                msgs: (begin..=end)
                    .map(|seq| self.as_seen(&ask.user_id, id, seq))
                    .collect(),
                is_end: match ask.order {
                    0 => max <= range.end,
                    _ => range.begin <= min,
                },
                end_seq: 0,
            };
            lists.of(id).insert(id.clone(), list);
        }
        lists.into()
    }

    /// The same as a call.
    pub(crate) fn pull_by_call(&self, now: i64, body: &Value) -> Value {
        let ranges = body["seqRanges"].as_array().map(Vec::as_slice);
        let ranges = ranges.unwrap_or_default().iter().map(|range| pb::SeqRange {
            conversation_id: text(range, "conversationID").to_owned(),
            begin: int(range, "begin"),
            end: int(range, "end"),
            num: int(range, "num"),
        });
        let pulled = self.pull_ranges(
            now,
            &pb::PullMessageBySeqsReq {
                user_id: text(body, "userID").to_owned(),
                seq_ranges: ranges.collect(),
                order: int(body, "order") as i32,
            },
        );
        let mut answer = json!({});
        let lists = [
            ("msgs", pulled.msgs),
            ("notificationMsgs", pulled.notification_msgs),
        ];
        for (name, all) in lists {
            for entry in all {
                let (id, pulled) = (entry.key, entry.value);
                let msgs = pulled.msgs.iter().map(message_json).collect();
                answer[name][id] =
                    json!({"Msgs": list(msgs), "isEnd": pulled.is_end, "endSeq": pulled.end_seq});
            }
        }
        answer
    }

    /// 1005 (sync.md §2.5).
    pub fn pull_seqs(&self, now: i64, ask: &pb::GetSeqMessageReq) -> pb::PullMessageBySeqsResp {
        let mut lists = Lists::default();
        for wanted in &ask.conversations {
            let id = &wanted.conversation_id;
            self.newest_seq(now, id);
            let (min, max) = self.bounds(&ask.user_id, id);
            let seqs = wanted.seqs.iter().copied().filter(|seq| *seq > 0);
            let inside = seqs.clone().filter(|seq| (min..=max).contains(seq));
            let list = lists.of(id).entry(id.clone()).or_default();
            list.msgs
                .extend(inside.map(|seq| self.as_seen(&ask.user_id, id, seq)));
            let beyond = match ask.order {
                0 => seqs.clone().any(|seq| seq > max).then_some(max),
                _ => seqs.clone().any(|seq| seq < min).then_some(min),
            };
            (list.is_end, list.end_seq) = (beyond.is_some(), beyond.unwrap_or(0));
        }
        lists.into()
    }

    /// A seq as a user sees it: message, deleted message, or placeholder (sync.md §2.6).
    fn as_seen(&self, user: &str, id: &str, seq: i64) -> MsgData {
        let channel = self.channels.get(id);
        let held = channel.and_then(|channel| channel.messages.get(&seq));
        let (false, Some(stored)) = (self.faults.is_placeholder(id, seq), held) else {
            // It has the time of the message before it.
            let before = channel.and_then(|c| c.messages.range(..seq).next_back());
            return MsgData {
                seq,
                status: GONE,
                send_time: before.map_or(0, |(_, stored)| stored.msg.send_time),
                ..Default::default()
            };
        };
        let mut msg = stored.msg.clone();
        if i64::from(msg.content_type) == QUOTE {
            self.rewrite_quote(id, &mut msg);
        }
        let in_database = stored.in_database || self.from_database;
        // Nobody is told who read what in a group.
        msg.is_read =
            msg.session_type == 1 && (stored.is_read || (in_database && stored.born_read));
        if stored.deleted_by.contains(user) {
            msg.status = GONE;
            if msg.content_type != REVOKED {
                msg.content.clear();
            }
        } else if msg.status == SENDING && in_database {
            msg.status = SENT;
        }
        msg
    }

    /// A quote of a revoked message, or of one without a seq, says so and nothing of the message.
    fn rewrite_quote(&self, id: &str, msg: &mut MsgData) {
        let Ok(content) = serde_json::from_slice::<Value>(&msg.content) else {
            return;
        };
        let quoted = &content["quoteMessage"];
        let seq = quoted["seq"].as_i64().unwrap_or(0);
        let is_revoked = quoted["contentType"] == REVOKED;
        if !quoted.is_object() || (seq <= 0 && is_revoked) {
            return;
        }
        let channel = self.channels.get(id);
        let source = channel.and_then(|channel| channel.messages.get(&seq));
        let now = match source {
            Some(stored) if stored.msg.content_type == REVOKED => {
                String::from_utf8_lossy(&stored.msg.content).into_owned()
            }
            None if seq <= 0 => "{}".to_owned(),
            _ => return,
        };
        let mut quote = serde_json::Map::new();
        for (key, default) in QUOTED {
            let value = match &quoted[key] {
                Value::Null => serde_json::from_str(default).ok(),
                value => Some(value.clone()),
            };
            quote.extend(value.map(|value| (key.to_owned(), value)));
        }
        quote.insert("contentType".into(), json!(REVOKED));
        quote.insert("content".into(), json!(now));
        let mut rewritten = json!({ "quoteMessage": quote });
        for key in ["text", "messageEntityList"] {
            if !content[key].is_null() {
                rewritten[key] = content[key].clone();
            }
        }
        msg.content = rewritten.to_string().into_bytes();
    }

    /// 1001: the newest seq of everything the user has, notification channels included.
    pub fn newest_seqs(&self, now: i64, user: &str) -> BTreeMap<String, i64> {
        let mut ids = vec![format!("n_{user}_{user}")];
        for (_, id) in self.rows.keys().filter(|(owner, _)| owner == user) {
            ids.push(id.clone());
            if let Some((_, rest)) = id.split_once('_') {
                ids.push(format!("n_{rest}"));
            }
        }
        ids.into_iter()
            .map(|id| (id.clone(), self.newest_seq(now, &id)))
            .filter(|(_, max)| *max > 0)
            .collect()
    }

    /// The last seq given; that it was asked for is remembered where there is none.
    pub(crate) fn newest_seq(&self, now: i64, id: &str) -> i64 {
        let channel = self.channels.get(id);
        if channel.is_none() {
            self.first_asked(now, id);
        }
        channel.map_or(0, |channel| channel.max)
    }

    /// When a conversation without messages was asked for first; 0 if it is only now.
    fn first_asked(&self, now: i64, id: &str) -> i64 {
        let mut asked = self.asked_empty.borrow_mut();
        let before = asked.get(id).copied();
        asked.entry(id.to_owned()).or_insert(now);
        before.unwrap_or(0)
    }

    /// 1006: read position and newest seq, of IDs that nobody knows too.
    pub fn read_seqs(&self, now: i64, user: &str, wanted: &[String]) -> BTreeMap<String, pb::Seqs> {
        let own = self.rows.keys().filter(|(owner, _)| owner == user);
        let ids: Vec<String> = match wanted.is_empty() {
            true => own.map(|(_, id)| id.clone()).collect(),
            false => wanted.to_vec(),
        };
        let seqs = ids.into_iter().map(|id| {
            let key = (user.to_owned(), id.clone());
            let row = self.rows.get(&key);
            let channel = self.channels.get(&id);
            let max = channel.map_or(0, |c| c.max);
            let own_max = row.and_then(|row| row["maxSeq"].as_i64()).unwrap_or(0);
            let seqs = pb::Seqs {
                max_seq: if own_max > 0 { own_max } else { max },
                has_read_seq: self.has_read.get(&key).copied().unwrap_or(0),
                max_seq_time: channel.map_or_else(|| self.first_asked(now, &id), |c| c.given_at),
            };
            (id, seqs)
        });
        seqs.collect()
    }

    /// 1007: the newest kept message, from the database.
    pub fn last_messages(&self, user: &str, wanted: &[String]) -> BTreeMap<String, MsgData> {
        let last = |id: &String| {
            let seq = *self.channels.get(id)?.messages.keys().next_back()?;
            let mut msg = self.as_seen(user, id, seq);
            if msg.status == SENDING {
                msg.status = SENT;
                let is_born_read = self.channels[id].messages[&seq].born_read;
                msg.is_read |= msg.session_type == 1 && is_born_read;
            }
            Some((id.clone(), msg))
        };
        wanted.iter().filter_map(last).collect()
    }
}
