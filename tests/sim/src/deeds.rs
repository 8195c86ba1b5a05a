//! What users do in the simulation: every method that changes state, at random, with whatever is there
//! to be changed. A refusal (no friend, no administrator, blocked, …) is an answer like any other.
use std::collections::BTreeSet;

use openim_web::api::error::Error;
use serde_json::{Value, json};

use crate::sim::{GROUP, Page, USERS};

/// What the oracles have to know of a deed.
pub(crate) enum Deed {
    /// A message may be there or not.
    Unsure(String),
    /// At everybody.
    UnsureForAll(String),
    /// All messages of a conversation.
    UnsureOf(String),
    /// All messages of all conversations.
    UnsureOfAll,
    /// Messages of a conversation burn from now on.
    Private(String),
    /// A conversation counts as read here, and not at the server.
    ReadHere(String),
    /// All conversations do, listed or not.
    AllReadHere,
    /// A send begins.
    Sending(String),
    /// A send ended, well or not.
    Sent(String, bool),
    /// The user asked not to be told of messages.
    Quiet,
    /// Members of a group come and go.
    Members(String),
}

/// Kinds of deeds that [`act`] knows.
pub(crate) const KINDS: usize = 38;

/// Who does something, and to what.
struct Actor {
    me: String,
    /// Some other user.
    other: &'static str,
    conversation: String,
    /// A group the user is in, if there is one.
    group: String,
    pick: usize,
}

impl Actor {
    fn text(&self) -> String {
        format!("{} {}", self.me, self.pick % 9)
    }

    fn yes(&self) -> bool {
        self.pick.is_multiple_of(2)
    }

    fn opt(&self) -> i32 {
        [0, 0, 2, 1][self.pick / 2 % 4]
    }

    /// A setting of the conversation.
    fn set(&self, key: &str, value: impl Into<Value>) -> Value {
        json!({"conversationID": self.conversation, key: value.into()})
    }

    /// Something about the group.
    fn of_group(&self, key: &str, value: impl Into<Value>) -> Value {
        json!({"groupID": self.group, key: value.into()})
    }

    /// Something about a member of the group.
    fn of_member(&self, key: &str, value: impl Into<Value>) -> Value {
        json!({"groupID": self.group, "userID": self.other, key: value.into()})
    }
}

/// Methods that need no more than their parameters.
type Plain = (&'static str, fn(&Actor) -> Value);

/// Profile, settings, presence.
const SETTINGS: &[Plain] = &[
    ("setSelfInfo", |a| json!({"nickname": a.text()})),
    ("SetSelfInfoEx", |a| json!({"ex": a.text()})),
    ("setGlobalRecvMessageOpt", |a| json!(a.opt())),
    ("subscribeUsersStatus", |a| json!([a.other])),
    ("unsubscribeUsersStatus", |a| json!([a.other])),
    ("networkStatusChanged", |_| json!(null)),
    (
        "typingStatusUpdate",
        |a| json!({"recvID": a.other, "msgTip": "yes"}),
    ),
    ("changeInputStates", |a| a.set("focus", a.yes())),
    ("setConversation", |a| a.set("attachedInfo", a.text())),
    ("setConversationEx", |a| a.set("ex", a.text())),
    ("setConversationPrivateChat", |a| {
        a.set("isPrivate", a.yes())
    }),
    ("setConversationBurnDuration", |a| {
        a.set("burnDuration", 10 + a.pick % 90)
    }),
    ("setConversationRecvMessageOpt", |a| a.set("opt", a.opt())),
    ("setConversationIsMsgDestruct", |a| {
        a.set("isMsgDestruct", a.yes())
    }),
    ("setConversationMsgDestructTime", |a| {
        a.set("msgDestructTime", 86_400)
    }),
    ("resetConversationGroupAtType", |a| json!(a.conversation)),
    ("setConversationDraft", |a| a.set("draftText", a.text())),
];

/// Friends and the black list.
const RELATIONS: &[Plain] = &[
    (
        "addFriend",
        |a| json!({"toUserID": a.other, "reqMsg": "hello"}),
    ),
    (
        "acceptFriendApplication",
        |a| json!({"toUserID": a.other, "handleMsg": "yes"}),
    ),
    (
        "refuseFriendApplication",
        |a| json!({"toUserID": a.other, "handleMsg": "no"}),
    ),
    ("deleteFriend", |a| json!(a.other)),
    (
        "updateFriends",
        |a| json!({"friendUserIDs": [a.other], "remark": a.text()}),
    ),
    (
        "setFriendRemark",
        |a| json!({"toUserID": a.other, "remark": a.text()}),
    ),
    (
        "pinFriends",
        |a| json!({"toUserIDs": [a.other], "isPinned": a.yes()}),
    ),
    (
        "setFriendsEx",
        |a| json!({"toUserIDs": [a.other], "ex": a.text()}),
    ),
    ("addBlack", |a| json!({"toUserID": a.other, "ex": ""})),
    // So that few are blocked for long.
    ("removeBlack", |a| json!(a.other)),
    ("removeBlack", |a| json!(a.other)),
];

/// Groups and their members.
const GROUPS: &[Plain] = &[
    (
        "createGroup",
        |a| json!({"memberUserIDs": [a.other], "groupInfo": {"groupType": 2, "groupName": a.text()}}),
    ),
    (
        "joinGroup",
        |a| json!({"groupID": GROUP, "reqMsg": "hello", "joinSource": 3, "ex": a.text()}),
    ),
    ("quitGroup", |a| json!(a.group)),
    // The garden is for everybody.
    ("dismissGroup", |a| {
        json!(if a.group == GROUP { "" } else { &a.group })
    }),
    (
        "inviteUserToGroup",
        |a| json!({"groupID": a.group, "reason": "", "userIDList": [a.other]}),
    ),
    (
        "kickGroupMember",
        |a| json!({"groupID": a.group, "reason": "", "userIDList": [a.other]}),
    ),
    ("transferGroupOwner", |a| {
        a.of_group("newOwnerUserID", a.other)
    }),
    ("changeGroupMute", |a| {
        a.of_group("isMute", a.pick.is_multiple_of(5))
    }),
    ("changeGroupMemberMute", |a| {
        a.of_member("mutedSeconds", a.pick % 30)
    }),
    ("setGroupInfo", |a| a.of_group("groupName", a.text())),
    ("setGroupApplyMemberFriend", |a| {
        a.of_group("rule", a.pick % 2)
    }),
    ("setGroupLookMemberInfo", |a| a.of_group("rule", a.pick % 2)),
    ("setGroupVerification", |a| {
        a.of_group("verification", a.pick % 3)
    }),
    ("setGroupMemberInfo", |a| a.of_member("nickname", a.text())),
    ("setGroupMemberNickname", |a| {
        a.of_member("groupMemberNickname", a.text())
    }),
    ("setGroupMemberRoleLevel", |a| {
        a.of_member("roleLevel", [20, 60][a.pick % 2])
    }),
    (
        "acceptGroupApplication",
        |a| json!({"groupID": a.group, "fromUserID": a.other, "handleMsg": "yes"}),
    ),
    (
        "refuseGroupApplication",
        |a| json!({"groupID": a.group, "fromUserID": a.other, "handleMsg": "no"}),
    ),
];

fn id_of(message: &Value) -> String {
    message["clientMsgID"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

impl Page {
    /// Calls a method, and notes the answer.
    async fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        let answer = self.client.call(method, params).await;
        if self.client.is_alive() {
            let shown = shown(&answer);
            self.log
                .note(&format!("{}: {method} {shown}", self.client.name));
        }
        answer
    }

    async fn page_of(&self, conversation: &str, start: &str, method: &str) -> Vec<Value> {
        let params = json!({
            "conversationID": conversation, "startClientMsgID": start, "count": 12, "viewType": 0,
        });
        let found = self.call(method, params).await.unwrap_or_default();
        found["messageList"].as_array().cloned().unwrap_or_default()
    }

    /// A message of the newest page; one's own, if that is asked for.
    async fn some_message(&self, actor: &Actor, own: bool) -> Option<Value> {
        let method = "getAdvancedHistoryMessageList";
        let mut list = self.page_of(&actor.conversation, "", method).await;
        list.retain(|message| !own || message["sendID"] == actor.me.as_str());
        let at = actor.pick % list.len().max(1);
        list.get(at).cloned()
    }

    async fn some_group(&self, pick: usize) -> String {
        let list = self.call("getJoinedGroupList", json!(null)).await;
        let list = list.unwrap_or_default();
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let group = list.get(pick % list.len().max(1));
        let id = group.and_then(|group| group["groupID"].as_str());
        id.unwrap_or(GROUP).to_owned()
    }

    fn note(&self, deed: Deed) {
        if let Deed::Sending(id) = &deed {
            self.sends.borrow_mut().insert(id.clone());
        }
        self.deeds.borrow_mut().push(deed);
    }
}

/// The answer's kind.
pub(crate) fn shown(answer: &Result<Value, Error>) -> String {
    match answer {
        Ok(value) => format!("ok {}", value.to_string().len()),
        Err(error) => format!("error {}", error.code),
    }
}

/// What a user does; the calls one after the other.
pub(crate) async fn act(page: &Page, kind: usize, conversation: &str, pick: u64) {
    let me = page.client.user.clone();
    let pick = (pick >> 8) as usize;
    let is_group = conversation.starts_with("sg_");
    let users = || conversation.split('_').skip(1);
    if !is_group && users().all(|user| user != me) {
        return;
    }
    let others: Vec<&str> = USERS.into_iter().filter(|user| *user != me).collect();
    let mut actor = Actor {
        other: others[pick / 7 % others.len()],
        conversation: conversation.to_owned(),
        group: GROUP.to_owned(),
        me,
        pick,
    };
    if is_group || kind >= 35 {
        actor.group = page.some_group(pick / 3).await;
    }
    if is_group {
        actor.conversation = format!("sg_{}", actor.group);
    }
    let peer = users().find(|user| *user != actor.me).unwrap_or_default();
    let (recv, group) = match is_group {
        true => ("", actor.group.as_str()),
        false => (peer, ""),
    };
    let conversation = actor.conversation.as_str();
    let plain = async |table: &[Plain]| {
        let (method, params) = table[pick / 5 % table.len()];
        match method {
            "setGlobalRecvMessageOpt" | "setConversationRecvMessageOpt" => page.note(Deed::Quiet),
            "setConversationPrivateChat" => page.note(Deed::Private(actor.conversation.clone())),
            "createGroup" => {}
            "joinGroup" => page.note(Deed::Members(GROUP.to_owned())),
            _ if method.contains("Group") => page.note(Deed::Members(actor.group.clone())),
            _ => {}
        }
        drop(page.call(method, params(&actor)).await);
    };
    match kind {
        0..=8 => {
            let text = json!(format!("text {}", pick % 1000));
            let held = page.some_message(&actor, false).await;
            let (make, of) = match (pick / 2 % 12, held) {
                (0, _) => (
                    "createTextAtMessage",
                    json!({"text": "@", "atUserIDList": ["bob"]}),
                ),
                (1, _) => (
                    "createCustomMessage",
                    json!({"data": "d", "extension": "", "description": ""}),
                ),
                (2, _) => (
                    "createLocationMessage",
                    json!({"description": "d", "longitude": 1.5, "latitude": 2.5}),
                ),
                (3, _) => ("createFaceMessage", json!({"index": 1, "data": "f"})),
                (4, _) => (
                    "createCardMessage",
                    json!({"userID": "bob", "nickname": "B", "faceURL": "", "ex": ""}),
                ),
                (5, Some(held)) => (
                    "createQuoteMessage",
                    json!({"text": "q", "message": held.to_string()}),
                ),
                (6, Some(held)) => (
                    "createMergerMessage",
                    json!({"messageList": [held], "title": "t", "summaryList": ["s"]}),
                ),
                _ => ("createTextMessage", text),
            };
            let Ok(message) = page.call(make, of).await else {
                return;
            };
            let id = id_of(&message);
            page.note(Deed::Sending(id.clone()));
            let params = json!({"recvID": recv, "groupID": group, "message": message});
            let method = ["sendMessage", "sendMessageNotOss"][pick % 2];
            let ok = page.call(method, params).await.is_ok();
            page.note(Deed::Sent(id, ok));
        }
        9..=11 => {
            let method = "markConversationMessageAsRead";
            drop(page.call(method, json!(conversation)).await);
        }
        12 | 13 => {
            if let Some(message) = page.some_message(&actor, true).await {
                let params = actor.set("clientMsgID", id_of(&message));
                drop(page.call("revokeMessage", params).await);
            }
        }
        14 | 15 => {
            if let Some(message) = page.some_message(&actor, false).await {
                let id = id_of(&message);
                page.note(Deed::Unsure(id.clone()));
                let (method, params) = match (kind, pick % 4) {
                    (_, 0) => {
                        page.note(Deed::UnsureForAll(id.clone()));
                        let mut params = actor.set("clientMsgIDs", vec![id]);
                        params["isSync"] = json!(kind == 14);
                        ("deleteMessages", params)
                    }
                    (14, _) => ("deleteMessage", actor.set("clientMsgID", id)),
                    _ => (
                        "deleteMessageFromLocalStorage",
                        actor.set("clientMsgID", id),
                    ),
                };
                drop(page.call(method, params).await);
            }
        }
        16 if pick.is_multiple_of(29) => {
            page.note(Deed::UnsureOfAll);
            let method = ["deleteAllMsgFromLocal", "deleteAllMsgFromLocalAndSvr"][pick % 2];
            drop(page.call(method, json!(null)).await);
        }
        16 if pick.is_multiple_of(3) => {
            page.note(Deed::UnsureOf(conversation.to_owned()));
            let method = [
                "clearConversationAndDeleteAllMsg",
                "deleteConversationAndDeleteAllMsg",
            ][pick % 2];
            drop(page.call(method, json!(conversation)).await);
        }
        17 => {
            let params = actor.set("isPinned", actor.yes());
            drop(page.call("pinConversation", params).await);
        }
        18 | 19 => {
            let older = "getAdvancedHistoryMessageList";
            let Some(start) = page.some_message(&actor, false).await else {
                return;
            };
            let method = [older, "getAdvancedHistoryMessageListReverse"][kind - 18];
            let next = page.page_of(conversation, &id_of(&start), method).await;
            let ids: BTreeSet<String> = next.iter().map(id_of).collect();
            assert_eq!(ids.len(), next.len(), "a page holds a message twice");
            assert!(
                !ids.contains(&id_of(&start)),
                "a page holds the message it begins at"
            );
        }
        20 => {
            // Counts as read, here only.
            page.note(Deed::ReadHere(conversation.to_owned()));
            let method = ["hideConversation", "deleteConversation"][pick % 2];
            drop(page.call(method, json!(conversation)).await);
        }
        21 if pick.is_multiple_of(4) => {
            page.note(Deed::AllReadHere);
            let method = "deleteAllConversationFromLocal";
            drop(page.call(method, json!(null)).await);
        }
        22 => {
            let Ok(message) = page.call("createTextMessage", json!("only here")).await else {
                return;
            };
            let mut params = json!({"message": message, "sendID": actor.me});
            let method = if is_group {
                params["groupID"] = json!(group);
                "insertGroupMessageToLocalStorage"
            } else {
                params["recvID"] = json!(recv);
                "insertSingleMessageToLocalStorage"
            };
            drop(page.call(method, params).await);
        }
        23 => {
            if let Some(message) = page.some_message(&actor, false).await {
                let (method, params) = if pick.is_multiple_of(2) {
                    let mut params = actor.set("clientMsgID", id_of(&message));
                    params["localEx"] = json!("mark");
                    ("setMessageLocalEx", params)
                } else {
                    ("setMessageLocalContent", actor.set("message", message))
                };
                drop(page.call(method, params).await);
            }
        }
        24 if pick.is_multiple_of(3) => {
            page.interrupted.set(true);
            drop(page.call("logout", json!(null)).await);
            if !page.client.is_alive() {
                return;
            }
            let params = page.client.login_params();
            drop(page.call("login", params).await);
        }
        25..=30 => plain(SETTINGS).await,
        31..=33 => plain(RELATIONS).await,
        34..=36 => plain(GROUPS).await,
        _ => drop(page.call("getAllConversationList", json!(null)).await),
    }
}

/// A method that changes state has a place here: this goes through what the package declares.
#[test]
fn every_method_that_changes_state_is_done() {
    const API: &str = include_str!("../../../pkg-template/src/api.ts");
    const DONE: [&str; 2] = [include_str!("deeds.rs"), include_str!("sim.rs")];
    let methods = API.split("export interface Methods {").nth(1);
    let names = methods.into_iter().flat_map(str::lines).filter_map(|line| {
        let (name, rest) = line.strip_prefix("  ")?.split_once(':')?;
        (rest.contains("=>") && name.chars().all(char::is_alphanumeric)).then_some(name)
    });
    let reads = ["get", "search", "find", "fetch", "is", "check", "create"];
    // Files, and a copy of the database: `tests/files.rs`.
    let elsewhere = ["uploadFile", "fileMapSet", "exportDB"];
    let refused: Vec<&str> = openim_web::logic::enterprise::names().collect();
    let names = names.filter(|name| !refused.contains(name) && !elsewhere.contains(name));
    let changes = names.filter(|name| {
        *name == "createGroup" || reads.iter().all(|prefix| !name.starts_with(prefix))
    });
    let changes: Vec<&str> = changes.collect();
    assert!(changes.len() > 60, "{changes:?}");
    let is_done = |name: &&str| {
        DONE.iter()
            .any(|text| text.contains(&format!("\"{name}\"")))
    };
    let missing: Vec<&&str> = changes.iter().filter(|name| !is_done(name)).collect();
    assert!(missing.is_empty(), "nobody does {missing:?}");
}
