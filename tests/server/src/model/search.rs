//! The search for messages that the server's back office offers; whose they are does not matter.
use serde_json::{Value, json};

use super::rest::{int, list, text};
use super::{Answer, Model, Stored, refuse};

const DAY_MS: i64 = 24 * 3_600_000;
const REVOKED: i32 = 2101;

impl Model {
    /// By sender, receiver or group, kind, and day (`sendTime`: `2006-01-02`), in the order of the chats.
    pub(crate) fn search_messages(&self, body: &Value) -> Answer<Value> {
        let (from, to) = (text(body, "sendID"), text(body, "recvID"));
        let (kind, session) = (int(body, "contentType"), int(body, "sessionType"));
        let day = match text(body, "sendTime") {
            "" => None,
            date => match day_start(date) {
                Some(start) => Some(start..start + DAY_MS),
                None => return refuse(1001, "invalid sendTime"),
            },
        };
        let wanted = |stored: &&Stored| {
            let msg = &stored.msg;
            (from.is_empty() || msg.send_id == from)
                && (to.is_empty() || msg.recv_id == to || msg.group_id == to)
                && (kind == 0 || i64::from(msg.content_type) == kind)
                && (session == 0 || i64::from(msg.session_type) == session)
                && day.as_ref().is_none_or(|day| day.contains(&msg.send_time))
        };
        let all = self.channels.values().flat_map(|c| c.messages.values());
        let found: Vec<&Stored> = all.filter(wanted).collect();
        let show = int(&body["pagination"], "showNumber");
        let skip = (int(&body["pagination"], "pageNumber") - 1) * show;
        let page = found
            .iter()
            .skip(skip.max(0) as usize)
            .take(show.max(0) as usize);
        let rows = page.map(|stored| self.chat_log(stored)).collect();
        Ok(json!({"chatLogs": list(rows), "chatLogsNum": found.len()}))
    }

    fn chat_log(&self, stored: &Stored) -> Value {
        let msg = &stored.msg;
        let mut log = json!({
            "serverMsgID": msg.server_msg_id, "clientMsgID": msg.client_msg_id, "sendID": msg.send_id,
            "recvID": msg.recv_id, "groupID": msg.group_id, "recvNickname": "",
            "senderPlatformID": msg.sender_platform_id, "senderNickname": msg.sender_nickname,
            "senderFaceURL": msg.sender_face_url, "groupName": "", "sessionType": msg.session_type,
            "msgFrom": msg.msg_from, "contentType": msg.content_type,
            "content": String::from_utf8_lossy(&msg.content), "status": msg.status,
            "sendTime": msg.send_time, "createTime": msg.create_time, "ex": msg.ex, "groupFaceURL": "",
            "groupMemberCount": 0, "seq": msg.seq, "groupOwner": "", "groupType": 0,
        });
        if msg.sender_nickname.is_empty() {
            log["senderNickname"] = json!(self.profile(&msg.send_id).0);
        }
        match self.groups.get(&msg.group_id) {
            Some(group) => {
                // The face of the group stands in the sender's place.
                log["senderFaceURL"] = group.info["faceURL"].clone();
                log["recvID"] = json!(msg.group_id);
                log["groupMemberCount"] = json!(group.members.len());
                log["groupName"] = group.info["groupName"].clone();
                log["groupOwner"] = group.info["ownerUserID"].clone();
                log["groupType"] = group.info["groupType"].clone();
            }
            None => log["recvNickname"] = json!(self.profile(&msg.recv_id).0),
        }
        json!({"chatLog": log, "isRevoked": msg.content_type == REVOKED})
    }
}

/// When a day of the Gregorian calendar begins, Unix milliseconds.
fn day_start(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March here, so that the leap day is their last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1;
    Some((days - 719_468) * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_when_they_begin() {
        assert_eq!(day_start("1970-01-01"), Some(0));
        assert_eq!(day_start("2024-02-29"), Some(1_709_164_800_000));
        assert_eq!(day_start("2026-11-28"), Some(1_795_824_000_000));
        assert_eq!(day_start("2026-13-01"), None);
        assert_eq!(day_start("yesterday"), None);
    }
}
