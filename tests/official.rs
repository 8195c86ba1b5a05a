//! What the comparison with the official SDK (`tests/diff/`) found to be different here, and now is not.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use serde_json::{Value, json};
use world::{Client, World};

const AB: &str = "si_ann_ben";

fn strangers(world: &Rc<World>) {
    world.net.with(|model, now| {
        for (id, name) in [("ann", "Ann"), ("ben", "Ben"), ("cat", "Cat")] {
            model.add_user(now, id, name, "");
        }
    });
}

fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    strangers(&world);
    let (ann, _) = world.ready("ann");
    let (ben, _) = world.ready("ben");
    (world, ann, ben)
}

fn group_text(from: &Client, text: &str) {
    let message = from.ok("createTextMessage", json!(text));
    from.ok(
        "sendMessage",
        json!({"recvID": "", "groupID": "g", "message": message}),
    );
}

fn row(client: &Client, id: &str) -> Value {
    client.ok("getMultipleConversation", json!([id]))[0].clone()
}

fn latest(client: &Client, id: &str) -> Value {
    serde_json::from_str(row(client, id)["latestMsg"].as_str().unwrap()).unwrap()
}

#[test]
fn a_stranger_written_to_gets_a_name() {
    let (_world, ann, _) = two(1);
    ann.text("ben", "hello");
    ann.until("the name", |ann| row(ann, AB)["showName"] == "Ben");
}

#[test]
fn every_message_says_what_is_noted_beside_it() {
    let (_world, ann, ben) = two(2);
    ann.text("ben", "hello");
    ben.wait_for("OnRecvNewMessages");
    let elem = &ben.heard("OnRecvNewMessages")[0][0]["attachedInfoElem"];
    assert_eq!(elem["isPrivateChat"], false);
    assert_eq!(elem["groupHasReadInfo"]["hasReadCount"], 0);
    assert_eq!(ben.history(AB)[0]["attachedInfoElem"]["hasReadTime"], 0);
    ben.ok("markConversationMessageAsRead", json!(AB));
    ann.wait_for("OnRecvC2CReadReceipt");
    let elem = &ann.history(AB)[0]["attachedInfoElem"];
    assert!(elem["hasReadTime"].as_i64().unwrap() > 0);
    assert_eq!(elem["isEncryption"], false);
}

#[test]
fn a_groups_message_says_how_many_could_read_it() {
    let (world, ann, ben) = two(3);
    let members = ["ann", "ben", "cat"];
    world
        .net
        .with(|model, now| model.add_group(now, "g", "G", &members));
    for client in [&ann, &ben] {
        client.ok("networkStatusChanged", json!(null));
        client.until("the group", |c| c.ok("isJoinGroup", json!("g")) == true);
    }
    group_text(&ann, "all");
    ben.wait_for("OnRecvNewMessages");
    let message = &ben.heard("OnRecvNewMessages")[0][0];
    let read = &message["attachedInfoElem"]["groupHasReadInfo"];
    assert_eq!(read["groupMemberCount"], 3, "{message}");

    assert_eq!(latest(&ben, "sg_g")["isRead"], false);
    ben.ok("markConversationMessageAsRead", json!("sg_g"));
    assert_eq!(latest(&ben, "sg_g")["isRead"], true);
}

#[test]
fn an_inserted_message_is_under_its_senders_name() {
    let (_world, ann, _) = two(4);
    let made = ann.ok("createTextMessage", json!("as Ben"));
    let inserted = ann.ok(
        "insertSingleMessageToLocalStorage",
        json!({"message": made, "recvID": "ann", "sendID": "ben"}),
    );
    assert_eq!(inserted["senderNickname"], "Ben");
    assert_eq!(ann.history(AB)[0]["senderNickname"], "Ben");
}

#[test]
fn messages_follow_their_senders_name() {
    let world = World::new(5);
    strangers(&world);
    let members = ["ann", "ben", "cat"];
    world.net.with(|model, now| {
        model.add_group(now, "g", "G", &members);
        model.befriend(now, "ann", "ben");
    });
    let (ann, device) = world.ready("ann");
    let (ben, _) = world.ready("ben");
    ben.text("ann", "alone");
    group_text(&ben, "together");
    ann.until("both", |ann| ann.new_messages().len() == 2);
    let page = json!({"groupID": "g", "filter": 0, "offset": 0, "count": 10});
    ann.ok("getGroupMemberList", page);

    ann.ok(
        "updateFriends",
        json!({"friendUserIDs": ["ben"], "remark": "Benny"}),
    );
    ann.until("the remark", |ann| {
        ann.history(AB)[0]["senderNickname"] == "Benny"
            && latest(ann, AB)["senderNickname"] == "Benny"
    });
    let nickname = json!({"groupID": "g", "userID": "ben", "groupMemberNickname": "B"});
    ben.ok("setGroupMemberNickname", nickname);
    ann.until("the nickname", |ann| {
        let history = ann.history("sg_g");
        history.last().unwrap()["senderNickname"] == "B"
            && latest(ann, "sg_g")["senderNickname"] == "B"
    });
    ann.kill();
    let again = world.page("ann", &ann.token, &device);
    again.login();
    assert_eq!(again.history(AB)[0]["senderNickname"], "Benny", "kept");
}

#[test]
fn who_was_blacked_before_is_no_news() {
    let world = World::new(6);
    strangers(&world);
    let (first, _) = world.ready("ann");
    first.ok("addBlack", json!({"toUserID": "cat"}));
    assert_eq!(first.heard("OnBlackAdded").len(), 1);
    world.net.with(|model, _| model.login_policy = 0);
    let stores = world.device().stores;
    let fresh = world.page_on("fresh", "ann", 5, &world.token("ann"), stores);
    fresh.login();
    fresh.wait_for("OnSyncServerFinish");
    fresh.until("the list", |c| {
        c.ok("getBlackList", json!(null))[0]["userID"] == "cat"
    });
    assert!(fresh.heard("OnBlackAdded").is_empty());
    // From then on it is.
    first.ok("addBlack", json!({"toUserID": "ben"}));
    fresh.wait_for("OnBlackAdded");
}

#[test]
fn what_is_cleared_is_read_on_other_devices() {
    let (world, ann, ben) = two(7);
    world.net.with(|model, _| model.login_policy = 0);
    let stores = world.device().stores;
    let other = world.page_on("other", "ann", 5, &world.token("ann"), stores);
    other.login();
    other.wait_for("OnSyncServerFinish");
    ben.text("ann", "hello");
    for device in [&ann, &other] {
        device.until("unread", |c| {
            c.ok("getTotalUnreadMsgCount", json!(null)) == 1
        });
    }
    ann.ok("clearConversationAndDeleteAllMsg", json!(AB));
    other.until("read", |c| c.ok("getTotalUnreadMsgCount", json!(null)) == 0);
}

#[test]
fn a_message_is_in_the_history_while_its_number_comes() {
    for delay in 0..12 {
        let world = World::new(8);
        strangers(&world);
        for n in 0..40 {
            world.say("ben", "ann", &n.to_string());
        }
        let (ann, _) = world.ready("ann");
        world.control("pushes", json!({"userID": "ann", "delayMs": delay}));
        let sent = ann.text("ben", "here");
        // Older messages are fetched meanwhile.
        let params =
            json!({"conversationID": AB, "startClientMsgID": "", "count": 30, "viewType": 0});
        let page = ann.ok("getAdvancedHistoryMessageList", params);
        let list = page["messageList"].as_array().unwrap();
        let found = list
            .iter()
            .filter(|m| m["clientMsgID"] == sent["clientMsgID"]);
        assert_eq!(found.count(), 1, "delay {delay}");
    }
}

#[test]
fn what_is_revoked_is_not_read_in_quotes() {
    let (_world, ann, ben) = two(9);
    let first = ben.text("ann", "taken back");
    ann.wait_for("OnRecvNewMessages");
    let quoted = ann.history(AB)[0].to_string();
    let quote = ann.ok(
        "createQuoteMessage",
        json!({"text": "re", "message": quoted}),
    );
    ann.ok(
        "sendMessage",
        json!({"recvID": "ben", "groupID": "", "message": quote}),
    );
    ben.until("the quote", |ben| {
        let heard = ben.new_messages();
        heard.iter().any(|m| m["quoteElem"]["text"] == "re")
    });
    let id = first["clientMsgID"].clone();
    ben.ok(
        "revokeMessage",
        json!({"conversationID": AB, "clientMsgID": id}),
    );
    for client in [&ann, &ben] {
        client.until("the revocation", |c| {
            c.history(AB)[0]["contentType"] == 2101
        });
        for message in [client.history(AB)[1].clone(), latest(client, AB)] {
            let elem = &message["quoteElem"];
            assert_eq!(elem["text"], "re");
            assert_eq!(elem["quoteMessage"]["contentType"], 2101, "{elem}");
            assert!(!elem.to_string().contains("taken back"), "{elem}");
        }
    }
}

#[test]
fn a_receipt_tells_when_of_a_message_that_was_read_before_it_was_pulled() {
    let (world, ann, ben) = two(10);
    ann.text("ben", "first");
    ben.wait_for("OnRecvNewMessages");
    world.network("ann", false);
    world.say("ann", "ben", "from another device");
    ben.until("both", |ben| ben.new_messages().len() == 2);
    ben.ok("markConversationMessageAsRead", json!(AB));
    world.network("ann", true);
    ann.until("its receipt", |ann| {
        let history = ann.history(AB);
        history.len() == 2 && history[1]["attachedInfoElem"]["hasReadTime"].as_i64() > Some(0)
    });
    let told: Vec<Value> = ann.heard("OnRecvC2CReadReceipt");
    let ids: Vec<Value> = told
        .iter()
        .flat_map(|t| t[0]["msgIDList"].as_array().unwrap().clone())
        .collect();
    assert_eq!(ids.len(), 2, "{told:?}");
}

#[test]
fn who_took_a_groups_message_back_has_a_name() {
    let world = World::new(11);
    strangers(&world);
    world
        .net
        .with(|model, now| model.add_group(now, "g", "G", &["ann", "ben", "cat"]));
    let (ann, _) = world.ready("ann");
    let (ben, _) = world.ready("ben");
    group_text(&ben, "of ben");
    ann.until("it", |ann| ann.new_messages().len() == 1);
    let id = ann.new_messages()[0]["clientMsgID"].clone();
    let (cat, _) = world.ready("cat");
    ann.ok(
        "revokeMessage",
        json!({"conversationID": "sg_g", "clientMsgID": id}),
    );
    cat.wait_for("OnNewRecvMessageRevoked");
    let told = cat.heard("OnNewRecvMessageRevoked")[0].clone();
    assert_eq!(
        (&told["revokerNickname"], &told["isAdminRevoke"]),
        (&json!("Ann"), &json!(false))
    );
}

/// The server names it `Content` in what it sends for an application; the official core reads names in any case.
#[test]
fn an_answer_that_the_server_wrote_has_its_text() {
    let (world, ann, _ben) = two(118);
    // {"sendID":"ann","recvID":"ben"}
    let key = "eyJzZW5kSUQiOiJhbm4iLCJyZWN2SUQiOiJiZW4ifQ==";
    let path = format!("/msg/send_simple_msg?key={key}");
    world.admin(&path, json!({"content": "**yes**"}));
    ann.until("it", |ann| ann.new_messages().len() == 1);
    let elem = &ann.new_messages()[0]["markdownTextElem"];
    assert_eq!(*elem, json!({"content": "**yes**"}));
}
