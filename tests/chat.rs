//! Two people chat: login, sync, send, receive, history, unread, over the server's model.
mod world;

use serde_json::json;
use world::{World, ids, texts};

const AB: &str = "si_alice_bob";

#[test]
fn a_first_login_shows_everything_and_tells_nothing_as_new() {
    let world = World::new(1);
    let (alice, _) = world.ready("alice");
    let names: Vec<String> = alice
        .events
        .borrow()
        .iter()
        .map(|(n, _)| n.clone())
        .collect();
    assert_eq!(
        names[..3],
        ["OnConnecting", "OnConnectSuccess", "OnSyncServerStart"],
        "{names:?}"
    );
    assert!(alice.new_messages().is_empty());
    assert!(
        !names.contains(&"OnNewConversation".to_owned()),
        "{names:?}"
    );
    let progress = alice.heard("OnSyncServerProgress");
    assert_eq!(progress.last(), Some(&json!(100)), "{progress:?}");
    let list = alice.ok("getAllConversationList", json!(null));
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 4, "bob, carol, dave, the group");
    let bob = alice.conversation(AB);
    assert_eq!(bob["showName"], "Bob");
    assert_eq!(bob["unreadCount"], 4, "{bob}");
    assert!(
        bob["latestMsg"]
            .as_str()
            .unwrap()
            .contains("See you there.")
    );
    let total: i64 = list
        .iter()
        .map(|c| c["unreadCount"].as_i64().unwrap())
        .sum();
    assert_eq!(alice.ok("getTotalUnreadMsgCount", json!(null)), total);
    assert_eq!(
        ids(&alice.history(AB)),
        world
            .log(AB)
            .into_iter()
            .map(|(_, id)| id)
            .collect::<Vec<_>>()
    );
    assert_eq!(
        alice.ok("getSelfUserInfo", json!(null))["nickname"],
        "Alice"
    );
    assert_eq!(
        alice
            .ok("getFriendList", json!(null))
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let members = alice.ok(
        "getGroupMemberList",
        json!({"groupID": "garden", "filter": 0, "offset": 0, "count": 10}),
    );
    assert_eq!(members[0]["userID"], "alice");
    assert_eq!(members.as_array().unwrap().len(), 4);
}

#[test]
fn a_message_reaches_the_other_once_and_becomes_read() {
    let world = World::new(2);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    bob.ok("markConversationMessageAsRead", json!(AB));
    world.rt.run_for(1_000);
    alice.forget_events();
    bob.forget_events();
    let sent = alice.text("bob", "hello");
    assert_eq!(sent["status"], 2);
    bob.until("the message", |bob| !bob.new_messages().is_empty());
    world.rt.run_for(2_000);
    assert_eq!(texts(&bob.new_messages()), ["hello"]);
    // To the user's other tabs: the front keeps it from the one that sent it.
    assert_eq!(texts(&alice.new_messages()), ["hello"]);
    assert_eq!(bob.conversation(AB)["unreadCount"], 1);
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
    assert_eq!(
        alice.history(AB).last().unwrap()["seq"],
        world.log(AB).len() as i64
    );

    bob.ok("markConversationMessageAsRead", json!(AB));
    assert_eq!(bob.conversation(AB)["unreadCount"], 0);
    alice.wait_for("OnRecvC2CReadReceipt");
    let receipt = &alice.heard("OnRecvC2CReadReceipt")[0][0];
    assert_eq!(receipt["userID"], "bob");
    assert!(
        receipt["msgIDList"]
            .as_array()
            .unwrap()
            .contains(&sent["clientMsgID"])
    );
    assert_eq!(alice.history(AB).last().unwrap()["isRead"], true);
}

#[test]
fn what_came_while_away_is_told_in_order_and_counted() {
    let world = World::new(3);
    let (alice, _) = world.ready("alice");
    alice.ok("markConversationMessageAsRead", json!(AB));
    alice.forget_events();
    world.network("alice", false);
    let sent: Vec<String> = (0..30)
        .map(|n| world.say("bob", "alice", &format!("m{n}")))
        .collect();
    world.rt.run_for(5_000);
    world.network("alice", true);
    alice.until("all messages", |alice| alice.new_messages().len() >= 30);
    world.rt.run_for(2_000);
    assert_eq!(ids(&alice.new_messages()), sent);
    assert_eq!(alice.conversation(AB)["unreadCount"], 30);
    alice.wait_for("OnSyncServerFinish");
}

#[test]
fn everything_is_readable_offline_after_a_reload() {
    let world = World::new(4);
    let (alice, device) = world.ready("alice");
    let whole = alice.history(AB);
    alice.kill();
    let again = world.page("alice", &alice.token, &device);
    again.login();
    world.rt.run_for(3_000);
    assert_eq!(
        again
            .ok("getAllConversationList", json!(null))
            .as_array()
            .unwrap()
            .len(),
        4
    );
    assert_eq!(ids(&again.history(AB)), ids(&whole));
    assert!(again.heard("OnSyncServerStart").is_empty());
    world.net.cut.borrow_mut().clear();
    again.wait_for("OnSyncServerFinish");
    assert_eq!(again.heard("OnSyncServerStart"), [json!(false)]);
    assert!(again.new_messages().is_empty());
}

#[test]
fn a_group_chat_reaches_everybody() {
    let world = World::new(5);
    let (alice, _) = world.ready("alice");
    let (carol, _) = world.ready("carol");
    let message = alice.ok("createTextMessage", json!("to all"));
    alice.ok(
        "sendMessage",
        json!({"recvID": "", "groupID": "garden", "message": message}),
    );
    carol.until("the message", |carol| !carol.new_messages().is_empty());
    assert_eq!(texts(&carol.new_messages()), ["to all"]);
    assert_eq!(carol.conversation("sg_garden")["showName"], "Garden club");
}

#[test]
fn a_revoked_message_is_revoked_everywhere() {
    let world = World::new(6);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let sent = alice.text("bob", "oops");
    let id = &sent["clientMsgID"];
    alice.ok(
        "revokeMessage",
        json!({"conversationID": AB, "clientMsgID": id}),
    );
    bob.wait_for("OnNewRecvMessageRevoked");
    world.rt.run_for(2_000);
    for client in [&alice, &bob] {
        assert_eq!(client.heard("OnNewRecvMessageRevoked").len(), 1);
        assert_eq!(
            client.heard("OnNewRecvMessageRevoked")[0]["clientMsgID"],
            *id
        );
        let last = client.history(AB).last().unwrap().clone();
        assert_eq!(
            (&last["contentType"], &last["clientMsgID"]),
            (&json!(2101), id)
        );
    }
    // What the server keeps of it says less than the notification did.
    let detail = |client: &world::Client| {
        let last = client.history(AB).last().unwrap().clone();
        let detail = last["notificationElem"]["detail"].as_str().unwrap();
        serde_json::from_str::<serde_json::Value>(detail).unwrap()
    };
    let here = detail(&bob);
    let (fresh, _) = world.ready("bob");
    let there = detail(&fresh);
    assert_eq!(there["isAdminRevoke"], false);
    for key in [
        "clientMsgID",
        "revokerID",
        "revokerNickname",
        "isAdminRevoke",
        "seq",
        "sourceMessageSendID",
    ] {
        assert_eq!(here[key], there[key], "{key}");
    }
    assert_eq!(
        alice
            .err(
                "revokeMessage",
                json!({"conversationID": AB, "clientMsgID": id})
            )
            .code,
        1404
    );
}

#[test]
fn deleting_clearing_and_hiding() {
    let world = World::new(7);
    let (alice, _) = world.ready("alice");
    let before = alice.history(AB);
    let last = before.last().unwrap();
    alice.ok(
        "deleteMessage",
        json!({"conversationID": AB, "clientMsgID": last["clientMsgID"]}),
    );
    assert_eq!(alice.history(AB).len(), before.len() - 1);
    assert_eq!(alice.heard("OnMsgDeleted").len(), 1);
    assert!(
        !alice.conversation(AB)["latestMsg"]
            .as_str()
            .unwrap()
            .contains("See you there.")
    );

    alice.ok("hideConversation", json!("si_alice_carol"));
    assert_eq!(
        alice
            .ok("getAllConversationList", json!(null))
            .as_array()
            .unwrap()
            .len(),
        3
    );
    alice.ok("clearConversationAndDeleteAllMsg", json!(AB));
    assert!(alice.history(AB).is_empty());
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
    world.say("bob", "alice", "new life");
    alice.until("the message", |alice| !alice.new_messages().is_empty());
    assert_eq!(texts(&alice.history(AB)), ["new life"]);
    assert_eq!(alice.conversation(AB)["unreadCount"], 1);

    let (fresh, _) = world.ready("alice");
    assert_eq!(
        texts(&fresh.history(AB)),
        ["new life"],
        "the server cleared it too"
    );
}

#[test]
fn settings_drafts_and_typing() {
    let world = World::new(8);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    alice.ok(
        "pinConversation",
        json!({"conversationID": "si_alice_dave", "isPinned": true}),
    );
    let list = alice.ok("getAllConversationList", json!(null));
    assert_eq!(list[0]["conversationID"], "si_alice_dave");
    alice.ok(
        "setConversationDraft",
        json!({"conversationID": AB, "draftText": "it's \"ok\""}),
    );
    assert_eq!(alice.conversation(AB)["draftText"], "it's \"ok\"");
    alice.ok(
        "changeInputStates",
        json!({"conversationID": AB, "focus": true}),
    );
    bob.wait_for("OnConversationUserInputStatusChanged");
    assert_eq!(
        bob.ok(
            "getInputstates",
            json!({"conversationID": AB, "userID": "alice"})
        ),
        json!([5])
    );
    alice.ok(
        "changeInputStates",
        json!({"conversationID": AB, "focus": false}),
    );
    bob.until("the end of typing", |bob| {
        bob.heard("OnConversationUserInputStatusChanged").len() == 2
    });
}

#[test]
fn sessions_begin_and_end_cleanly() {
    let world = World::new(9);
    let (alice, _) = world.ready("alice");
    let again = alice.err("login", json!({
        "userID": "alice", "token": alice.token, "platformID": 5, "apiAddr": "http://server", "wsAddr": "ws://server",
    }));
    assert_eq!(again.code, 10102);
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 3);
    alice.ok("logout", json!(null));
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 1);
    assert_eq!(alice.err("getAllConversationList", json!(null)).code, 10009);
    alice.login();
    alice.until("a second sync", |alice| {
        alice.heard("OnSyncServerFinish").len() == 2
    });

    world.control("kick", json!({"userID": "alice"}));
    alice.wait_for("OnKickedOffline");
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 1);
    alice.login();
    alice.until("the refusal", |alice| {
        alice.heard("OnKickedOffline").len() == 2
    });
}
