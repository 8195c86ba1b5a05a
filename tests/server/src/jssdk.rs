//! `/jssdk/…` with protobuf bodies, as the pure-JS client asks for its conversations (data.md §3.7):
//! protobuf in, and in the usual JSON envelope base64 of protobuf out.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openim_web::net::wire::pb::MsgData;
use openim_web::rt::proto::Message;
use serde_json::{Value, json};

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct Ask {
    #[prost(string, tag = "1")]
    owner_user_id: String,
    #[prost(int64, tag = "2")]
    count: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct AskSome {
    #[prost(string, tag = "1")]
    owner_user_id: String,
    #[prost(string, repeated, tag = "2")]
    conversation_ids: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct Reply {
    #[prost(int64, tag = "1")]
    unread_count: i64,
    #[prost(message, repeated, tag = "2")]
    conversations: Vec<ConversationMsg>,
}

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct ConversationMsg {
    #[prost(message, optional, tag = "1")]
    conversation: Option<Conversation>,
    #[prost(message, optional, tag = "2")]
    last_msg: Option<MsgData>,
    #[prost(message, optional, tag = "3")]
    user: Option<User>,
    #[prost(message, optional, tag = "5")]
    group: Option<Group>,
    #[prost(int64, tag = "6")]
    max_seq: i64,
    #[prost(int64, tag = "7")]
    read_seq: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct Conversation {
    #[prost(string, tag = "1")]
    owner_user_id: String,
    #[prost(string, tag = "2")]
    conversation_id: String,
    #[prost(int32, tag = "3")]
    recv_msg_opt: i32,
    #[prost(int32, tag = "4")]
    conversation_type: i32,
    #[prost(string, tag = "5")]
    user_id: String,
    #[prost(string, tag = "6")]
    group_id: String,
    #[prost(bool, tag = "7")]
    is_pinned: bool,
    #[prost(int32, tag = "10")]
    group_at_type: i32,
    #[prost(string, tag = "11")]
    ex: String,
}

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct User {
    #[prost(string, tag = "1")]
    user_id: String,
    #[prost(string, tag = "2")]
    nickname: String,
    #[prost(string, tag = "3")]
    face_url: String,
}

#[derive(Clone, Debug, Default, PartialEq, Message)]
struct Group {
    #[prost(string, tag = "1")]
    group_id: String,
    #[prost(string, tag = "2")]
    group_name: String,
    #[prost(string, tag = "5")]
    face_url: String,
    #[prost(string, tag = "6")]
    owner_user_id: String,
    #[prost(uint32, tag = "8")]
    member_count: u32,
    #[prost(int32, tag = "12")]
    group_type: i32,
}

/// The JSON arguments that a protobuf body stands for.
pub fn arguments(path: &str, body: &[u8]) -> Option<Value> {
    if path.ends_with("get_active_conversations") {
        let ask = Ask::decode(body).ok()?;
        return Some(json!({"ownerUserID": ask.owner_user_id, "count": ask.count}));
    }
    let ask = AskSome::decode(body).ok()?;
    Some(json!({"ownerUserID": ask.owner_user_id, "conversationIDs": ask.conversation_ids}))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn int<T: TryFrom<i64> + Default>(value: &Value, key: &str) -> T {
    value[key]
        .as_i64()
        .and_then(|n| T::try_from(n).ok())
        .unwrap_or_default()
}

/// The answer's data as base64 of protobuf. `last` gives a conversation's last message.
pub fn reply(data: &Value, last: impl Fn(&str) -> Option<MsgData>) -> Value {
    let rows = data["conversations"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let conversations = rows.iter().map(|row| {
        let c = &row["conversation"];
        let id = text(c, "conversationID");
        let user = row["user"].is_object().then(|| User {
            user_id: text(&row["user"], "userID"),
            nickname: text(&row["user"], "nickname"),
            face_url: text(&row["user"], "faceURL"),
        });
        let group = row["group"].is_object().then(|| Group {
            group_id: text(&row["group"], "groupID"),
            group_name: text(&row["group"], "groupName"),
            face_url: text(&row["group"], "faceURL"),
            owner_user_id: text(&row["group"], "ownerUserID"),
            member_count: int(&row["group"], "memberCount"),
            group_type: int(&row["group"], "groupType"),
        });
        ConversationMsg {
            last_msg: last(&id),
            conversation: Some(Conversation {
                owner_user_id: text(c, "ownerUserID"),
                recv_msg_opt: int(c, "recvMsgOpt"),
                conversation_type: int(c, "conversationType"),
                user_id: text(c, "userID"),
                group_id: text(c, "groupID"),
                is_pinned: c["isPinned"] == true,
                group_at_type: int(c, "groupAtType"),
                ex: text(c, "ex"),
                conversation_id: id,
            }),
            user,
            group,
            max_seq: int(row, "maxSeq"),
            read_seq: int(row, "readSeq"),
        }
    });
    let reply = Reply {
        unread_count: int(data, "unreadCount"),
        conversations: conversations.collect(),
    };
    json!(STANDARD.encode(reply.encode_to_vec()))
}
