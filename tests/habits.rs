//! What real servers do by version, by what is in their caches, or otherwise than one would think: the
//! application sees the same.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use serde_json::json;
use world::people::two;
use world::{Client, World, texts};

const AB: &str = "si_alice_bob";

/// A member who is put out learns it from another code while the server still has the members in mind.
#[test]
fn who_is_not_a_member_is_told_so_whichever_code_comes() {
    for (is_warm, code) in [(false, 1002), (true, 1203)] {
        let world = World::new(1);
        world.control("config", json!({"warmMembers": is_warm}));
        world
            .net
            .with(|model, now| model.add_user(now, "ann", "Ann", ""));
        let (ann, _) = world.ready("ann");
        let message = ann.ok("createTextMessage", json!("let me in"));
        let params = json!({"recvID": "", "groupID": "garden", "message": message});
        let error = ann.err("sendMessage", params);
        assert_eq!((error.code, error.name), (code, "notInGroup"));
    }
}

/// What the server still has in its cache is answered with another status than what is in its database.
#[test]
fn a_message_is_sent_wherever_the_server_has_it_from() {
    for from_database in [false, true] {
        let world = World::new(2);
        world.control("config", json!({"fromDatabase": from_database}));
        world.say("bob", "alice", "hello");
        world.rt.run_for(1_000);
        let (alice, _) = world.ready("alice");
        let last = alice.history(AB).pop().unwrap();
        assert_eq!(texts(std::slice::from_ref(&last)), ["hello"]);
        assert_eq!(
            (&last["status"], &last["isRead"]),
            (&json!(2), &json!(false))
        );
    }
}

/// A notification of the application's to a group has no pair of users in its channel's name.
#[test]
fn a_business_notification_to_a_group_reaches_its_members() {
    for level in [1, 2] {
        let world = World::new(3);
        let (alice, _) = world.ready("alice");
        let (bob, _) = world.ready("bob");
        let (carol, _) = world.ready("carol");
        world
            .net
            .with(|model, now| model.add_user(now, "ann", "Ann", ""));
        let (ann, _) = world.ready("ann");
        let body = json!({"key": "k", "data": "d", "sendUserID": "alice", "recvGroupID": "garden",
            "sendMsg": false, "reliabilityLevel": level});
        world.admin("/msg/send_business_notification", body);
        for member in [&alice, &bob, &carol] {
            member.wait_for("OnRecvCustomBusinessMessage");
            let told = member.heard("OnRecvCustomBusinessMessage");
            assert_eq!(told, [json!({"key": "k", "data": "d"})]);
        }
        world.rt.run_for(10_000);
        assert!(ann.heard("OnRecvCustomBusinessMessage").is_empty());
        assert_eq!(bob.heard("OnRecvCustomBusinessMessage").len(), 1);
    }
}

/// Of a chat in which nobody has said anything yet the server has no row and no number; it answers all the same.
#[test]
fn a_chat_that_nobody_has_written_in_is_empty_and_complete() {
    let (_world, ann, _) = two(4);
    let chat = ann.ok(
        "getOneConversation",
        json!({"sourceID": "ben", "sessionType": 1}),
    );
    assert_eq!(chat["conversationID"], "si_ann_ben");
    let page = ann.ok(
        "getAdvancedHistoryMessageList",
        json!({"conversationID": "si_ann_ben", "startClientMsgID": "", "count": 20}),
    );
    assert_eq!(
        (&page["messageList"], &page["isEnd"]),
        (&json!([]), &json!(true))
    );
    assert_eq!(ann.ok("getAllConversationList", json!(null)), json!([]));
    assert_eq!(ann.ok("getTotalUnreadMsgCount", json!(null)), 0);
}

/// The notification goes to who got the message. Who sent it sees it where it is pulled anew.
#[test]
fn what_an_administrator_takes_back_as_himself_is_taken_back() {
    let (world, ann, ben) = two(5);
    let sent = ann.text("ben", "not allowed here");
    ben.until("the message", |ben| ben.new_messages().len() == 1);
    let seq = &ben.new_messages()[0]["seq"];
    world.admin(
        "/msg/revoke_msg",
        json!({"userID": "imAdmin", "conversationID": "si_ann_ben", "seq": seq}),
    );
    ben.wait_for("OnNewRecvMessageRevoked");
    let told = ben.heard("OnNewRecvMessageRevoked");
    assert_eq!(
        (&told[0]["revokerID"], &told[0]["isAdminRevoke"]),
        (&json!("imAdmin"), &json!(true))
    );
    assert_eq!(told[0]["clientMsgID"], sent["clientMsgID"]);
    world.rt.run_for(5_000);
    assert_eq!(ben.heard("OnNewRecvMessageRevoked").len(), 1);
    let kind =
        |client: &Client| client.history("si_ann_ben").last().unwrap()["contentType"].clone();
    assert_eq!(kind(&ben), 2101);
    let (fresh, _) = world.ready("ann");
    assert_eq!(kind(&fresh), 2101);
}
