//! Requests on a connection (wire.md §4, §5).
use std::collections::BTreeMap;

use openim_web::net::wire::envelope::{Request, Response};
use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message;
use serde_json::json;

use super::faults::SendFault;
use super::rows::Rows;
use super::{Answer, ConnId, Effect, Model, Refusal, refuse};

impl Model {
    /// One envelope of a client.
    pub fn frame(&mut self, now: i64, conn: ConnId, request: &Request) {
        let Some(user) = self.conns.get(&conn).map(|c| c.user_id.clone()) else {
            return;
        };
        // Another sender or an unknown number ends the connection silently (wire.md §2.1).
        let known = matches!(request.req_identifier, 1001..=1007 | 2003..=2005);
        if request.send_id != user || !known {
            return self.cut(now, conn);
        }
        if request.req_identifier == req::SEND_MSG
            && let Some(fault) = self.faults.take_send(&user)
        {
            if fault != SendFault::LoseMessage {
                let _ = self.answer(now, conn, &user, request);
            }
            if fault != SendFault::NoAnswer {
                self.cut(now, conn);
            }
            return;
        }
        let answer = self.answer(now, conn, &user, request);
        let mut frame = Response {
            req_identifier: request.req_identifier,
            msg_incr: request.msg_incr.clone(),
            operation_id: request.operation_id.clone(),
            ..Default::default()
        };
        match answer {
            Ok(data) => frame.data = data,
            Err(Refusal { code, message, .. }) => {
                frame.err_code = code;
                frame.err_msg = message.to_owned();
            }
        }
        self.effect(Effect::Send {
            conn,
            frame,
            delay_ms: 0,
        });
        if request.req_identifier == req::LOGOUT {
            self.cut(now, conn);
        }
    }

    /// Closes a connection without a word.
    pub fn cut(&mut self, now: i64, conn: ConnId) {
        self.disconnect(now, conn);
        self.effect(Effect::Close { conn });
    }

    fn answer(&mut self, now: i64, conn: ConnId, user: &str, request: &Request) -> Answer<Vec<u8>> {
        let data = request.data.as_slice();
        Ok(match request.req_identifier {
            req::GET_NEWEST_SEQ => {
                let ask: pb::GetMaxSeqReq = decode(data)?;
                own(user, &ask.user_id)?;
                let max_seqs = self
                    .newest_seqs(now, user)
                    .into_iter()
                    .map(Into::into)
                    .collect();
                pb::GetMaxSeqResp {
                    max_seqs,
                    ..Default::default()
                }
                .encode_to_vec()
            }
            req::PULL_BY_RANGE => {
                let ask: pb::PullMessageBySeqsReq = decode(data)?;
                own(user, &ask.user_id)?;
                self.pull_ranges(now, &ask).encode_to_vec()
            }
            req::SEND_MSG => self.send(now, decode(data)?, user)?.encode_to_vec(),
            req::PULL_BY_SEQS => self.pull_seqs(now, &decode(data)?).encode_to_vec(),
            req::GET_READ_AND_MAX_SEQ => {
                let ask: pb::GetConversationsHasReadAndMaxSeqReq = decode(data)?;
                if ask.user_id.is_empty() {
                    return refuse(1001, "userID is empty");
                }
                own(user, &ask.user_id)?;
                let seqs = self
                    .read_seqs(now, user, &ask.conversation_ids)
                    .into_iter()
                    .map(Into::into)
                    .collect();
                let pinned = if ask.return_pinned {
                    self.pinned(user)
                } else {
                    Vec::new()
                };
                pb::GetConversationsHasReadAndMaxSeqResp {
                    seqs,
                    pinned_conversation_ids: pinned,
                }
                .encode_to_vec()
            }
            req::GET_LAST_MESSAGE => {
                let ask: pb::GetLastMessageReq = decode(data)?;
                let msgs = self
                    .last_messages(&ask.user_id, &ask.conversation_ids)
                    .into_iter()
                    .map(Into::into)
                    .collect();
                pb::GetLastMessageResp { msgs }.encode_to_vec()
            }
            req::SUB_USER_ONLINE => {
                let ask: pb::SubUserOnlineStatus = decode(data)?;
                self.subscribe(conn, &ask).encode_to_vec()
            }
            req::LOGOUT => {
                let _: pb::DelUserPushTokenReq = decode(data)?;
                Vec::new()
            }
            req::SET_BACKGROUND => {
                let ask: pb::SetAppBackgroundStatusReq = decode(data)?;
                if let Some(conn) = self.conns.get_mut(&conn) {
                    conn.is_in_background = ask.is_background;
                }
                Vec::new()
            }
            _ => return refuse(1001, "no such request"),
        })
    }

    fn subscribe(
        &mut self,
        conn: ConnId,
        ask: &pb::SubUserOnlineStatus,
    ) -> pb::SubUserOnlineStatusTips {
        if let Some(conn) = self.conns.get_mut(&conn) {
            conn.subscribed
                .retain(|id| !ask.unsubscribe_user_id.contains(id));
            conn.subscribed
                .extend(ask.subscribe_user_id.iter().cloned());
        }
        let subscribers = ask
            .subscribe_user_id
            .iter()
            .map(|id| self.presence(id))
            .collect();
        pb::SubUserOnlineStatusTips { subscribers }
    }

    /// A system event for the log of tests: what every channel holds.
    pub fn snapshot(&self) -> serde_json::Value {
        let channels: serde_json::Map<String, serde_json::Value> = self
            .channels
            .iter()
            .map(|(id, channel)| {
                let messages = channel.messages.values().map(|stored| {
                    let m = &stored.msg;
                    json!({"seq": m.seq, "clientMsgID": m.client_msg_id, "contentType": m.content_type,
                           "sendID": m.send_id, "isRead": stored.is_read, "deletedBy": stored.deleted_by,
                           "counts": m.option("unreadCount"),
                           "previews": m.option("conversationUpdate")})
                });
                let messages: Vec<_> = messages.collect();
                (id.clone(), json!({"maxSeq": channel.max, "minSeq": channel.min, "messages": messages}))
            })
            .collect();
        let read: Vec<_> = self
            .has_read
            .iter()
            .map(|((user, id), seq)| json!({"userID": user, "conversationID": id, "hasReadSeq": seq}))
            .collect();
        let mut connections = serde_json::Map::new();
        for conn in self.conns.values() {
            let count = connections
                .get(&conn.user_id)
                .and_then(|n| n.as_i64())
                .unwrap_or(0);
            connections.insert(conn.user_id.clone(), json!(count + 1));
        }
        let rows: Vec<_> = self.rows.values().collect();
        let groups: serde_json::Map<String, serde_json::Value> = self
            .groups
            .iter()
            .filter(|(_, group)| group.info["status"] != 2)
            .map(|(id, group)| (id.clone(), json!(group.members.keys().collect::<Vec<_>>())))
            .collect();
        json!({"channels": channels, "hasRead": read, "connections": connections, "rows": rows, "groups": groups,
               "friends": users_of(&self.friends), "blacks": users_of(&self.blacks)})
    }
}

/// Who is in whose list.
fn users_of(lists: &BTreeMap<String, Rows<serde_json::Value>>) -> serde_json::Value {
    let lists = lists.iter().map(|(user, rows)| {
        let mut users: Vec<&String> = rows.ids().collect();
        users.sort();
        (user.clone(), json!(users))
    });
    lists.collect::<serde_json::Map<_, _>>().into()
}

fn decode<T: Message + Default>(data: &[u8]) -> Answer<T> {
    T::decode(data).or_else(|_| refuse(500, "data cannot be read"))
}

fn own(user: &str, claimed: &str) -> Answer<()> {
    if user == claimed {
        Ok(())
    } else {
        refuse(1002, "userID is not the connected user")
    }
}
