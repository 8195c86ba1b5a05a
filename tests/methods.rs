//! Every method is used for real: one story that calls all of them against the server's model, and looks
//! at what each has done. What the method table has and the story has not is printed, and fails.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::cell::RefCell;
use std::collections::BTreeSet;

use openim_web::js::router;
use openim_web::logic::enterprise;
use serde_json::{Value, json};
use world::{Client, TestFile, World};

const AB: &str = "si_alice_bob";
const GARDEN: &str = "sg_garden";

/// A page whose resolved calls are written down.
struct User<'a> {
    page: Client,
    resolved: &'a RefCell<BTreeSet<String>>,
}

impl User<'_> {
    /// Calls a method that must resolve.
    fn ok(&self, method: &str, params: Value) -> Value {
        let reply = self.page.ok(method, params);
        self.resolved.borrow_mut().insert(method.to_owned());
        reply
    }

    /// The same for replies that say nothing.
    fn done(&self, method: &str, params: Value) {
        assert_eq!(self.ok(method, params), "", "{method}");
    }

    fn list(&self, method: &str, params: Value) -> Vec<Value> {
        let reply = self.ok(method, params);
        reply
            .as_array()
            .unwrap_or_else(|| panic!("{method}: {reply}"))
            .clone()
    }

    fn send(&self, method: &str, message: &Value) -> Value {
        let sent = self.ok(
            method,
            json!({"recvID": "bob", "groupID": "", "message": message}),
        );
        assert_eq!(sent["status"], 2, "{method}: {sent}");
        sent
    }

    fn conversation(&self) -> Value {
        self.list("getMultipleConversation", json!([AB]))[0].clone()
    }

    fn until(&self, what: &str, holds: impl FnMut(&Client) -> bool) {
        self.page.until(what, holds);
    }
}

fn names(rows: &[Value], key: &str) -> Vec<String> {
    rows.iter()
        .map(|row| row[key].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_method_is_used() {
    let resolved = RefCell::default();
    let world = World::new(1).quick();
    world.net.with(|model, now| {
        for name in ["eve", "fay", "gus"] {
            model.add_user(now, name, name, "");
        }
    });
    let user = |name: &str| User {
        page: world.page(name, &world.token(name), &world.device()),
        resolved: &resolved,
    };
    let (alice, bob, eve) = (user("alice"), user("bob"), user("eve"));
    session(&world, &alice);
    for other in [&bob, &eve] {
        other.page.login();
        other.page.wait_for("OnSyncServerFinish");
    }
    users(&alice, &bob);
    conversations(&alice);
    messages(&world, &alice, &bob);
    history(&alice, &bob);
    friends(&alice, &eve);
    let group = groups(&alice, &bob, &eve);
    members(&alice, &bob, &eve, &group);
    deleting(&alice, &bob);
    alice.done("logout", json!(null));
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 1);

    for name in enterprise::names() {
        assert_eq!(bob.page.err(name, json!({})).code, 10301, "{name}");
        resolved.borrow_mut().insert(name.to_owned());
    }
    let used = resolved.borrow();
    let all: BTreeSet<String> = router::names().into_iter().map(str::to_owned).collect();
    let unused: Vec<&String> = all.difference(&used).collect();
    println!(
        "{} of {} methods used; not used: {unused:?}",
        used.len(),
        all.len()
    );
    assert!(unused.is_empty(), "{unused:?}");
    assert_eq!(all.len(), 163);
}

fn session(world: &World, alice: &User) {
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 1);
    alice.done("login", alice.page.login_params());
    alice.page.wait_for("OnSyncServerFinish");
    assert_eq!(alice.ok("getLoginUserID", json!(null)), "alice");
    alice.done("setAppBackgroundStatus", json!(true));
    alice.done("setAppBackgroundStatus", json!(false));
    alice.page.forget_events();
    alice.done("networkStatusChanged", json!(null));
    alice.page.wait_for("OnConnectSuccess");
    alice.page.wait_for("OnSyncServerFinish");
    // Files.
    let file = world.file("a.txt", TestFile::new(10, 1));
    alice.ok("fileMapSet", json!(["f", file]));
    let done = alice.ok(
        "uploadFile",
        json!({"name": "a.txt", "contentType": "", "uuid": "f"}),
    );
    assert_eq!(done["url"], "http://server/object/alice/a.txt");
    let pieces = alice.list("exportDB", json!(null));
    assert!(
        pieces[0]
            .as_str()
            .unwrap()
            .starts_with("{\"userID\":\"alice\"}\n")
    );
}

fn users(alice: &User, bob: &User) {
    alice.done("setSelfInfo", json!({"nickname": "Alice A."}));
    assert_eq!(
        alice.ok("getSelfUserInfo", json!(null))["nickname"],
        "Alice A."
    );
    alice.done("SetSelfInfoEx", json!({"ex": "mine"}));
    assert_eq!(bob.list("getUsersInfo", json!(["alice"]))[0]["ex"], "mine");
    alice.done("setGlobalRecvMessageOpt", json!(2));
    assert_eq!(
        alice.ok("getSelfUserInfo", json!(null))["globalRecvMsgOpt"],
        2
    );
    alice.done("setGlobalRecvMessageOpt", json!(0));
    let states = alice.list("subscribeUsersStatus", json!(["bob"]));
    assert_eq!(
        (&states[0]["userID"], &states[0]["status"]),
        (&json!("bob"), &json!(1))
    );
    assert_eq!(
        alice.list("getSubscribeUsersStatus", json!(null))[0]["userID"],
        "bob"
    );
    assert_eq!(alice.list("getUserStatus", json!(null))[0]["userID"], "bob");
    alice.ok("unsubscribeUsersStatus", json!(["bob"]));
    assert!(
        alice
            .list("getSubscribeUsersStatus", json!(null))
            .is_empty()
    );
}

fn conversations(alice: &User) {
    let all = alice.list("getAllConversationList", json!(null));
    assert_eq!(all.len(), 4);
    let page = alice.list("getConversationListSplit", json!({"offset": 1, "count": 2}));
    assert_eq!(page[..], all[1..3]);
    let source = json!({"sourceID": "bob", "sessionType": 1});
    assert_eq!(
        alice.ok("getOneConversation", source.clone())["conversationID"],
        AB
    );
    assert_eq!(alice.ok("getConversationIDBySessionType", source), AB);
    assert!(alice.ok("getTotalUnreadMsgCount", json!(null)).as_i64() > Some(0));
    let set = |method: &str, key: &str, value: Value, field: &str| {
        let mut params = json!({"conversationID": AB});
        params[key] = value.clone();
        alice.done(method, params);
        assert_eq!(alice.conversation()[field], value, "{method}");
    };
    set("setConversation", "ex", json!("one"), "ex");
    set("setConversationEx", "ex", json!("two"), "ex");
    set("pinConversation", "isPinned", json!(true), "isPinned");
    set(
        "setConversationRecvMessageOpt",
        "opt",
        json!(2),
        "recvMsgOpt",
    );
    let opts = alice.list("getConversationRecvMessageOpt", json!([AB]));
    assert_eq!(opts[0]["recvMsgOpt"], 2);
    set(
        "setConversationRecvMessageOpt",
        "opt",
        json!(0),
        "recvMsgOpt",
    );
    set(
        "setConversationBurnDuration",
        "burnDuration",
        json!(5),
        "burnDuration",
    );
    set(
        "setConversationPrivateChat",
        "isPrivate",
        json!(true),
        "isPrivateChat",
    );
    set(
        "setConversationPrivateChat",
        "isPrivate",
        json!(false),
        "isPrivateChat",
    );
    set(
        "setConversationIsMsgDestruct",
        "isMsgDestruct",
        json!(true),
        "isMsgDestruct",
    );
    set(
        "setConversationMsgDestructTime",
        "msgDestructTime",
        json!(60),
        "msgDestructTime",
    );
    set(
        "setConversationDraft",
        "draftText",
        json!("it's"),
        "draftText",
    );
    alice.done("resetConversationGroupAtType", json!(GARDEN));
    for method in ["hideConversation", "deleteConversation"] {
        alice.done(method, json!("si_alice_dave"));
        assert_eq!(
            alice.list("getAllConversationList", json!(null)).len(),
            3,
            "{method}"
        );
    }
    alice.done("markConversationMessageAsRead", json!(AB));
    assert_eq!(alice.conversation()["unreadCount"], 0);
}

fn messages(world: &World, alice: &User, bob: &User) {
    let text = alice.ok("createTextMessage", json!("hello"));
    let sent = alice.send("sendMessage", &text);
    let picture = json!({"uuid": "p", "type": "image/png", "size": 10, "width": 4, "height": 3, "url": "http://p"});
    let pictures = json!({"sourcePicture": picture, "bigPicture": picture, "snapshotPicture": picture, "sourcePath": ""});
    let sound = json!({"uuid": "s", "soundPath": "", "sourceUrl": "http://s", "dataSize": 1, "duration": 1});
    let video = json!({
        "videoPath": "", "videoType": "", "snapshotPath": "", "videoUUID": "v", "videoUrl": "http://v",
        "snapshotUUID": "w", "snapshotUrl": "http://w", "duration": 1, "videoSize": 1, "snapshotSize": 1,
        "snapshotWidth": 1, "snapshotHeight": 1,
    });
    let file = json!({"filePath": "", "fileName": "f", "uuid": "f", "sourceUrl": "http://f", "fileSize": 1});
    let quoted = serde_json::to_string(&sent).unwrap();
    let made = [
        ("createImageMessageByURL", pictures.clone(), 102),
        ("createSoundMessageByURL", sound.clone(), 103),
        ("createVideoMessageByURL", video.clone(), 104),
        ("createFileMessageByURL", file.clone(), 105),
        (
            "createTextAtMessage",
            json!({"text": "@Bob", "atUserIDList": ["bob"]}),
            106,
        ),
        (
            "createMergerMessage",
            json!({"messageList": [sent], "title": "t", "summaryList": ["s"]}),
            107,
        ),
        (
            "createCardMessage",
            json!({"userID": "bob", "nickname": "B", "faceURL": "", "ex": ""}),
            108,
        ),
        (
            "createLocationMessage",
            json!({"description": "d", "longitude": 1.5, "latitude": 2.5}),
            109,
        ),
        (
            "createCustomMessage",
            json!({"data": "d", "extension": "", "description": ""}),
            110,
        ),
        (
            "createQuoteMessage",
            json!({"text": "q", "message": quoted}),
            114,
        ),
        (
            "createAdvancedQuoteMessage",
            json!({"text": "q", "message": sent}),
            114,
        ),
        ("createFaceMessage", json!({"index": 1, "data": "f"}), 115),
        ("createAdvancedTextMessage", json!({"text": "a"}), 117),
        ("createMarkdownMessage", json!("# m"), 118),
        ("createForwardMessage", sent.clone(), 101),
    ];
    for (method, params, content_type) in made {
        let message = alice.ok(method, params);
        assert_eq!(message["contentType"], content_type, "{method}");
        alice.send("sendMessageNotOss", &message);
    }
    let held = |n: u8| world.file("a.bin", TestFile::new(10, n));
    let with = |params: &Value, files: Value| {
        let mut params = params.clone();
        params
            .as_object_mut()
            .unwrap()
            .extend(files.as_object().unwrap().clone());
        params
    };
    for (method, params) in [
        (
            "createImageMessageByFile",
            with(&pictures, json!({"file": held(1)})),
        ),
        (
            "createSoundMessageByFile",
            with(&sound, json!({"file": held(2)})),
        ),
        (
            "createVideoMessageByFile",
            with(
                &video,
                json!({"videoFile": held(3), "snapshotFile": held(4)}),
            ),
        ),
        (
            "createFileMessageByFile",
            with(&file, json!({"file": held(5)})),
        ),
    ] {
        let message = alice.ok(method, params);
        let sent = alice.send("sendMessage", &message);
        assert!(
            sent.to_string().contains("http://server/object/alice/msg_"),
            "{method}: {sent}"
        );
    }
    bob.until("all came", |c| c.new_messages().len() >= 20);
    let message = json!({"conversationID": AB, "clientMsgID": sent["clientMsgID"]});
    let local = with(&message, json!({"localEx": "note"}));
    alice.done("setMessageLocalEx", local);
    let find = json!([{"conversationID": AB, "clientMsgIDList": [sent["clientMsgID"]]}]);
    let found = alice.ok("findMessageList", find);
    assert_eq!(
        found["findResultItems"][0]["messageList"][0]["localEx"],
        "note"
    );
    let mut changed = sent.clone();
    changed["textElem"]["content"] = json!("changed");
    alice.done(
        "setMessageLocalContent",
        json!({"conversationID": AB, "message": changed}),
    );
    let search = json!({"conversationID": "", "keywordList": ["changed"]});
    assert_eq!(alice.ok("searchLocalMessages", search)["totalCount"], 1);
    alice.done("revokeMessage", message);
    bob.page.wait_for("OnNewRecvMessageRevoked");
    // Typing.
    alice.done(
        "changeInputStates",
        json!({"conversationID": AB, "focus": true}),
    );
    bob.page.wait_for("OnConversationUserInputStatusChanged");
    let typing = json!({"conversationID": AB, "userID": "alice"});
    assert_eq!(bob.ok("getInputstates", typing), json!([5]));
    alice.done(
        "typingStatusUpdate",
        json!({"recvID": "bob", "msgTip": "no"}),
    );
}

fn history(alice: &User, bob: &User) {
    let page = json!({"conversationID": AB, "startClientMsgID": "", "count": 5, "viewType": 0});
    let newest = alice.ok("getAdvancedHistoryMessageList", page.clone())["messageList"].clone();
    let newest = newest.as_array().unwrap();
    assert_eq!(newest.len(), 5);
    let mut after = page;
    after["startClientMsgID"] = newest[1]["clientMsgID"].clone();
    after["count"] = json!(2);
    let newer = alice.ok("getAdvancedHistoryMessageListReverse", after);
    assert_eq!(newer["messageList"], json!(newest[2..4]));
    let old = json!({"userID": "bob", "groupID": "", "startClientMsgID": newest[1]["clientMsgID"], "count": 2});
    assert_eq!(
        alice.ok("getHistoryMessageListReverse", old)["messageList"],
        json!(newest[2..4])
    );
    let around = json!({"startMessage": newest[2], "viewType": 0, "before": 1, "after": 1});
    assert_eq!(
        alice.ok("fetchSurroundingMessages", around)["messageList"],
        json!(newest[1..4])
    );
    let text = alice.ok("createTextMessage", json!("local"));
    let single = json!({"message": text, "recvID": "bob", "sendID": "alice"});
    alice.ok("insertSingleMessageToLocalStorage", single);
    assert!(
        alice.conversation()["latestMsg"]
            .as_str()
            .unwrap()
            .contains("local")
    );
    let group = json!({"message": text, "groupID": "garden", "sendID": "bob"});
    let inserted = alice.ok("insertGroupMessageToLocalStorage", group);
    let local = json!({"conversationID": GARDEN, "clientMsgID": inserted["clientMsgID"]});
    alice.done("deleteMessageFromLocalStorage", local);
    bob.done("markConversationMessageAsRead", json!(AB));
    alice.page.wait_for("OnRecvC2CReadReceipt");
}

fn friends(alice: &User, eve: &User) {
    let is_friend = |user: &User, of: &str| {
        names(&user.list("getFriendList", json!(false)), "userID").contains(&of.to_owned())
    };
    for (answer, expected) in [
        ("refuseFriendApplication", false),
        ("acceptFriendApplication", true),
    ] {
        alice.done("addFriend", json!({"toUserID": "eve", "reqMsg": "hi"}));
        let count = eve.ok("getFriendApplicationUnhandledCount", json!({"time": 0}));
        assert_eq!(count, 1);
        let got = eve.list("getFriendApplicationListAsRecipient", json!(null));
        assert_eq!(got[0]["fromUserID"], "alice");
        let made = alice.list("getFriendApplicationListAsApplicant", json!(null));
        assert_eq!(made[0]["toUserID"], "eve");
        eve.done(answer, json!({"toUserID": "alice", "handleMsg": ""}));
        assert_eq!(is_friend(eve, "alice"), expected);
    }
    alice.until("eve is a friend", |_| is_friend(alice, "eve"));
    let page = json!({"offset": 0, "count": 2});
    assert_eq!(alice.list("getFriendListPage", page).len(), 2);
    let eve_is = |key: &str| {
        let found = alice.list(
            "getSpecifiedFriendsInfo",
            json!({"friendUserIDList": ["eve"]}),
        );
        found[0][key].clone()
    };
    alice.done(
        "updateFriends",
        json!({"friendUserIDs": ["eve"], "remark": "E"}),
    );
    assert_eq!(eve_is("remark"), "E");
    alice.done(
        "setFriendRemark",
        json!({"toUserID": "eve", "remark": "Evie"}),
    );
    assert_eq!(eve_is("remark"), "Evie");
    alice.done(
        "pinFriends",
        json!({"toUserIDs": ["eve"], "isPinned": true}),
    );
    assert_eq!(eve_is("isPinned"), true);
    alice.done("setFriendsEx", json!({"toUserIDs": ["eve"], "ex": "x"}));
    assert_eq!(eve_is("ex"), "x");
    let search = json!({"keywordList": ["Evie"], "isSearchUserID": false, "isSearchNickname": false, "isSearchRemark": true});
    assert_eq!(alice.list("searchFriends", search)[0]["userID"], "eve");
    assert_eq!(alice.list("checkFriend", json!(["eve"]))[0]["result"], 1);
    alice.done("addBlack", json!({"toUserID": "eve"}));
    assert_eq!(
        names(&alice.list("getBlackList", json!(null)), "userID"),
        ["eve"]
    );
    alice.done("removeBlack", json!("eve"));
    assert!(alice.list("getBlackList", json!(null)).is_empty());
    alice.done("deleteFriend", json!("eve"));
    assert!(!is_friend(alice, "eve"));
}

fn groups(alice: &User, bob: &User, eve: &User) -> String {
    let info = json!({"groupName": "Club", "groupType": 2, "needVerification": 1});
    let params = json!({"memberUserIDs": ["bob"], "groupInfo": info, "adminUserIDs": [], "ownerUserID": "alice"});
    let group = alice.ok("createGroup", params);
    let id = group["groupID"].as_str().unwrap().to_owned();
    assert_eq!(alice.ok("isJoinGroup", json!(id)), true);
    assert_eq!(alice.list("getJoinedGroupList", json!(null)).len(), 2);
    assert_eq!(
        alice
            .list("getJoinedGroupListPage", json!({"offset": 1, "count": 5}))
            .len(),
        1
    );
    let search =
        json!({"keywordList": ["Club"], "isSearchGroupID": false, "isSearchGroupName": true});
    assert_eq!(
        alice.list("searchGroups", search)[0]["groupID"],
        id.as_str()
    );
    let is = |key: &str| alice.list("getSpecifiedGroupsInfo", json!([id]))[0][key].clone();
    alice.done(
        "setGroupInfo",
        json!({"groupID": id, "introduction": "about"}),
    );
    assert_eq!(is("introduction"), "about");
    alice.done(
        "setGroupApplyMemberFriend",
        json!({"groupID": id, "rule": 1}),
    );
    assert_eq!(is("applyMemberFriend"), 1);
    alice.done("setGroupLookMemberInfo", json!({"groupID": id, "rule": 1}));
    assert_eq!(is("lookMemberInfo"), 1);
    alice.done("changeGroupMute", json!({"groupID": id, "isMute": true}));
    assert_eq!(is("status"), 3);
    alice.done("changeGroupMute", json!({"groupID": id, "isMute": false}));
    assert_eq!(is("status"), 0);
    for answer in ["refuseGroupApplication", "acceptGroupApplication"] {
        eve.done(
            "joinGroup",
            json!({"groupID": id, "reqMsg": "me too", "joinSource": 3}),
        );
        assert_eq!(
            alice.ok("getGroupApplicationUnhandledCount", json!({"time": 0})),
            1
        );
        let got = alice.list("getGroupApplicationListAsRecipient", json!(null));
        assert_eq!(got[0]["userID"], "eve");
        let made = eve.list("getGroupApplicationListAsApplicant", json!(null));
        assert_eq!(made[0]["groupID"], id.as_str());
        alice.done(
            answer,
            json!({"groupID": id, "fromUserID": "eve", "handleMsg": ""}),
        );
    }
    eve.until("eve is in", |c| c.ok("isJoinGroup", json!(id)) == true);
    alice.done(
        "setGroupVerification",
        json!({"groupID": id, "verification": 2}),
    );
    assert_eq!(is("needVerification"), 2);
    bob.until("bob knows", |c| c.ok("isJoinGroup", json!(id)) == true);
    id
}

fn members(alice: &User, bob: &User, eve: &User, id: &str) {
    let page = json!({"groupID": id, "filter": 0, "offset": 0, "count": 0});
    let all = || names(&alice.list("getGroupMemberList", page.clone()), "userID");
    alice.until("three", |_| all().len() == 3);
    let member = |user: &str| {
        let params = json!({"groupID": id, "userIDList": [user]});
        alice.list("getSpecifiedGroupMembersInfo", params)[0].clone()
    };
    let in_group = json!({"groupID": id, "userIDList": ["eve", "gus"]});
    assert_eq!(alice.ok("getUsersInGroup", in_group), json!(["eve"]));
    let joined = json!({"groupID": id, "filterUserIDList": ["bob"], "offset": 0, "count": 9, "joinTimeBegin": 0, "joinTimeEnd": 0});
    assert_eq!(
        alice
            .list("getGroupMemberListByJoinTimeFilter", joined)
            .len(),
        2
    );
    let search = json!({
        "groupID": id, "keywordList": ["eve"], "isSearchUserID": true, "isSearchMemberNickname": false,
        "offset": 0, "count": 9,
    });
    assert_eq!(alice.list("searchGroupMembers", search)[0]["userID"], "eve");
    let set = |method: &str, key: &str, value: Value, field: &str| {
        let mut params = json!({"groupID": id, "userID": "bob"});
        params[key] = value.clone();
        alice.done(method, params);
        assert_eq!(member("bob")[field], value, "{method}");
    };
    set("setGroupMemberInfo", "ex", json!("x"), "ex");
    set(
        "setGroupMemberNickname",
        "groupMemberNickname",
        json!("Bobby"),
        "nickname",
    );
    set(
        "setGroupMemberRoleLevel",
        "roleLevel",
        json!(60),
        "roleLevel",
    );
    let leaders = alice.list("getGroupMemberOwnerAndAdmin", json!(id));
    assert_eq!(names(&leaders, "userID"), ["alice", "bob"]);
    alice.done(
        "changeGroupMemberMute",
        json!({"groupID": id, "userID": "eve", "mutedSeconds": 60}),
    );
    assert!(member("eve")["muteEndTime"].as_i64() > Some(0));
    let some = |users: &[&str]| json!({"groupID": id, "reason": "", "userIDList": users});
    alice.done("inviteUserToGroup", some(&["fay"]));
    assert!(all().contains(&"fay".to_owned()));
    alice.done("kickGroupMember", some(&["fay"]));
    assert!(!all().contains(&"fay".to_owned()));
    alice.done(
        "transferGroupOwner",
        json!({"groupID": id, "newOwnerUserID": "bob"}),
    );
    assert_eq!(member("bob")["roleLevel"], 100);
    eve.done("quitGroup", json!(id));
    assert_eq!(eve.ok("isJoinGroup", json!(id)), false);
    bob.done("dismissGroup", json!(id));
    alice.until("it is gone", |c| c.ok("isJoinGroup", json!(id)) == false);
}

fn deleting(alice: &User, bob: &User) {
    let mut sent = Vec::new();
    for n in 0..3 {
        let text = alice.ok("createTextMessage", json!(format!("last {n}")));
        sent.push(alice.send("sendMessage", &text)["clientMsgID"].clone());
    }
    let has = |id: &Value| {
        alice
            .page
            .history(AB)
            .iter()
            .any(|m| m["clientMsgID"] == *id)
    };
    alice.done(
        "deleteMessage",
        json!({"conversationID": AB, "clientMsgID": sent[0]}),
    );
    let several = json!({"conversationID": AB, "clientMsgIDs": [sent[1]], "isSync": true});
    alice.done("deleteMessages", several);
    assert_eq!(
        [has(&sent[0]), has(&sent[1]), has(&sent[2])],
        [false, false, true]
    );
    bob.page.wait_for("OnMsgDeleted");
    let held = |id: &str| !alice.page.history(id).is_empty();
    alice.done("clearConversationAndDeleteAllMsg", json!(AB));
    assert!(!held(AB));
    alice.done("deleteConversationAndDeleteAllMsg", json!("si_alice_carol"));
    assert!(!held("si_alice_carol") && held(GARDEN));
    alice.done("deleteAllMsgFromLocal", json!(null));
    assert!(!held(GARDEN));
    alice.done("deleteAllMsgFromLocalAndSvr", json!(null));
    alice.done("deleteAllConversationFromLocal", json!(null));
    assert!(alice.list("getAllConversationList", json!(null)).is_empty());
}
