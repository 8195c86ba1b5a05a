//! Clearing, deleting and revoking in the forms that a real server gives them: for both sides, in
//! silence, with positions that go down, after one another.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use openim_web::net::wire::pb::MsgData;
use serde_json::{Value, json};
use world::{Client, World, texts};

const AB: &str = "si_alice_bob";

/// Another device of alice.
fn another(world: &Rc<World>) -> Client {
    world.net.with(|model, _| model.login_policy = 0);
    let stores = world.device().stores;
    let client = world.page_on("other", "alice", 5, &world.token("alice"), stores);
    client.login();
    client.wait_for("OnSyncServerFinish");
    client
}

/// A call of a user as another client would make it.
fn call(world: &Rc<World>, user: &str, path: &str, body: Value) -> Value {
    world.net.with(|model, now| {
        let token = model.issue_token(now, user, 1);
        let done = model.rest(now, path, &token, "op", &body);
        done.unwrap_or_else(|refusal| panic!("{path}: {refusal:?}"))
    })
}

fn clear(world: &Rc<World>, user: &str, self_too: bool, other_too: bool) {
    let sync = json!({"IsSyncSelf": self_too, "IsSyncOther": other_too});
    let body = json!({"conversationIDs": [AB], "userID": user, "deleteSyncOpt": sync});
    call(world, user, "/msg/clear_conversation_msg", body);
}

fn is_empty(client: &Client) {
    client.until("nothing is left", |c| c.history(AB).is_empty());
    let conversation = client.conversation(AB);
    assert_eq!(conversation["latestMsg"], "");
    assert_eq!(conversation["unreadCount"], 0);
}

fn came(client: &Client, text: &str) {
    client.until(text, |c| texts(&c.new_messages()).contains(&text.into()));
}

#[test]
fn what_another_device_cleared_is_gone_here_whatever_it_asked_to_be_told() {
    for self_too in [false, true] {
        let world = World::new(1);
        let (alice, _) = world.ready("alice");
        let other = another(&world);
        assert!(!other.history(AB).is_empty());
        clear(&world, "alice", self_too, false);
        is_empty(&alice);
        is_empty(&other);
        // What comes then is there, and unread.
        world.say("bob", "alice", "after");
        for device in [&alice, &other] {
            came(device, "after");
            assert_eq!(texts(&device.history(AB)), ["after"]);
            assert_eq!(device.conversation(AB)["unreadCount"], 1);
        }
    }
}

#[test]
fn what_the_other_cleared_for_both_is_gone_on_both_sides_and_nothing_more() {
    let world = World::new(2);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    assert!(!alice.history(AB).is_empty());
    // What is said after it comes before the word of it.
    world.control("pushes", json!({"userID": "alice", "reorder": 1}));
    clear(&world, "bob", true, true);
    world.rt.run_for(50);
    world.say("bob", "alice", "after");
    came(&alice, "after");
    for side in [&alice, &bob] {
        side.until("only that is left", |c| texts(&c.history(AB)) == ["after"]);
    }
    assert_eq!(alice.conversation(AB)["unreadCount"], 1);
}

#[test]
fn what_was_cleared_for_both_while_nobody_was_there_is_found_when_it_is_opened() {
    let world = World::new(3);
    let (alice, device) = world.ready("alice");
    assert!(!alice.history(AB).is_empty());
    alice.kill();
    clear(&world, "bob", true, true);
    world.rt.run_for(1_000);
    world.network("alice", true);
    let alice = world.page("alice", &world.token("alice"), &device);
    alice.login();
    alice.wait_for("OnSyncServerFinish");
    is_empty(&alice);
    // A device that was never there does not ask again and again for what it cannot have.
    let fresh = another(&world);
    assert!(fresh.history(AB).is_empty());
    let asked = || world.net.model.borrow().pulls_of("alice", AB);
    let before = asked();
    world.rt.run_for(600_000);
    assert!(asked() < before + 5, "{before} {}", asked());
}

#[test]
fn a_read_position_goes_down_where_the_server_sets_it_back() {
    let world = World::new(4);
    let (alice, _) = world.ready("alice");
    // Another client of hers said that it read more than there is.
    let last = world.log(AB).len() as i64;
    let body =
        json!({"conversationID": AB, "userID": "alice", "hasReadSeq": last + 50, "seqs": []});
    call(&world, "alice", "/msg/mark_conversation_as_read", body);
    world.rt.run_for(1_000);
    world.say("bob", "alice", "read already");
    came(&alice, "read already");
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
    clear(&world, "alice", true, false);
    is_empty(&alice);
    world.say("bob", "alice", "one");
    world.say("bob", "alice", "two");
    came(&alice, "two");
    alice.until("both count", |c| c.conversation(AB)["unreadCount"] == 2);
}

#[test]
fn what_is_cleared_here_stays_clear_of_what_comes_meanwhile() {
    let world = World::new(5);
    let (alice, _) = world.ready("alice");
    // The server has one more than this device knows of.
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    let before = world.log(AB).len();
    world.say("bob", "alice", "lost on the way");
    while world.log(AB).len() == before {
        world.rt.run_for(1);
    }
    alice.ok("clearConversationAndDeleteAllMsg", json!(AB));
    is_empty(&alice);
    world.rt.run_for(1_000);
    world.say("bob", "alice", "after");
    came(&alice, "after");
    world.rt.run_for(1_000);
    assert_eq!(texts(&alice.history(AB)), ["after"]);
    assert_eq!(alice.conversation(AB)["unreadCount"], 1);
}

#[test]
fn a_message_that_was_deleted_and_then_revoked_is_not_shown() {
    let world = World::new(6);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let sent = bob.text("alice", "never mind");
    came(&alice, "never mind");
    let id = json!({"conversationID": AB, "clientMsgID": sent["clientMsgID"]});
    alice.ok("deleteMessage", id.clone());
    bob.ok("revokeMessage", id);
    world.rt.run_for(1_000);
    let other = another(&world);
    for device in [&alice, &other] {
        let history = device.history(AB);
        let shown = |m: &&Value| m["clientMsgID"] == sent["clientMsgID"];
        assert!(!history.iter().any(|m| shown(&m)), "{history:?}");
    }
    assert_eq!(bob.history(AB).last().unwrap()["contentType"], 2101);
}

#[test]
fn what_was_deleted_for_all_leaves_no_gap() {
    let world = World::new(7);
    let (bob, _) = world.ready("bob");
    for text in ["one", "two", "three"] {
        world.say("alice", "bob", text);
    }
    came(&bob, "three");
    let two = bob.history(AB).iter().rev().nth(1).unwrap().clone();
    let params =
        json!({"conversationID": AB, "clientMsgIDs": [two["clientMsgID"]], "isSync": true});
    bob.ok("deleteMessages", params);
    // A fresh device is answered with a placeholder that has a time.
    let (alice, _) = world.ready("alice");
    let held = world.net.with(|model, now| {
        let ask = openim_web::net::wire::pb::GetSeqMessageReq {
            user_id: "alice".into(),
            conversations: vec![openim_web::net::wire::pb::ConversationSeqs {
                conversation_id: AB.into(),
                seqs: vec![two["seq"].as_i64().unwrap()],
            }],
            order: 0,
        };
        model.pull_seqs(now, &ask).msgs[0].value.msgs[0].clone()
    });
    let placeholder = MsgData {
        seq: held.seq,
        status: 4,
        send_time: held.send_time,
        ..Default::default()
    };
    assert!(held.send_time > 0);
    assert_eq!(held, placeholder);
    let all = texts(&alice.history(AB));
    assert_eq!(all[all.len() - 2..], ["one", "three"]);
}

#[test]
fn a_quote_that_the_server_rewrote_reads_like_one_of_ours() {
    let world = World::new(8);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let first = bob.text("alice", "taken back");
    came(&alice, "taken back");
    let quoted = alice.history(AB).last().unwrap().to_string();
    let quote = alice.ok(
        "createQuoteMessage",
        json!({"text": "re", "message": quoted}),
    );
    alice.ok(
        "sendMessage",
        json!({"recvID": "bob", "groupID": "", "message": quote}),
    );
    bob.wait_for("OnRecvNewMessages");
    let id = json!({"conversationID": AB, "clientMsgID": first["clientMsgID"]});
    bob.ok("revokeMessage", id);
    alice.until("it is rewritten here", |c| {
        c.history(AB).last().unwrap()["quoteElem"]["quoteMessage"]["contentType"] == 2101
    });
    let other = another(&world);
    let elem = |c: &Client| c.history(AB).last().unwrap()["quoteElem"].clone();
    let (here, pulled) = (elem(&alice), elem(&other));
    assert!(!pulled.to_string().contains("taken back"), "{pulled}");
    assert_eq!(pulled["text"], "re");
    for key in ["clientMsgID", "contentType", "sendID", "seq"] {
        assert_eq!(
            pulled["quoteMessage"][key], here["quoteMessage"][key],
            "{key}"
        );
    }
    let detail = |elem: &Value| {
        let text = elem["quoteMessage"]["notificationElem"]["detail"].clone();
        serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap()
    };
    assert_eq!(detail(&pulled)["revokerID"], detail(&here)["revokerID"]);
}

#[test]
fn a_message_just_sent_is_quoted_under_its_number() {
    let world = World::new(10);
    let (alice, _) = world.ready("alice");
    // What the send answers with has no number yet; the quote is written later.
    let sent = alice.text("bob", "my own words");
    assert_eq!(sent["seq"], 0);
    let stored = |c: &Client| c.history(AB).last().unwrap()["seq"].as_i64() > Some(0);
    alice.until("it is stored", stored);
    let quote = alice.ok(
        "createQuoteMessage",
        json!({"text": "re", "message": sent.to_string()}),
    );
    alice.ok(
        "sendMessage",
        json!({"recvID": "bob", "groupID": "", "message": quote}),
    );
    alice.until("it is stored", stored);
    let other = another(&world);
    let pulled = other.history(AB).last().unwrap()["quoteElem"].clone();
    assert_eq!(pulled["quoteMessage"]["contentType"], 101, "{pulled}");
    assert!(pulled.to_string().contains("my own words"), "{pulled}");
}

#[test]
fn a_notification_that_a_user_sent_is_one_message() {
    let world = World::new(9);
    let (alice, _) = world.ready("alice");
    world.net.with(|model, now| {
        let mut msg = MsgData {
            send_id: "bob".into(),
            recv_id: "alice".into(),
            client_msg_id: "twice".into(),
            session_type: 1,
            content_type: 101,
            content: br#"{"content":"stored twice"}"#.to_vec(),
            create_time: now,
            status: 1,
            ..Default::default()
        };
        msg.set_option("isNotNotification", false);
        model.send(now, msg, "bob").unwrap();
    });
    came(&alice, "stored twice");
    world.rt.run_for(1_000);
    let found = texts(&alice.history(AB));
    assert_eq!(found.iter().filter(|t| *t == "stored twice").count(), 1);
    assert_eq!(alice.new_messages().len(), 1);
}

/// What was sent just before, and whose number was not known yet, is gone as well.
#[test]
fn what_was_sent_just_before_is_cleared_with_the_rest() {
    for both in [false, true] {
        let world = World::new(5);
        let (alice, _) = world.ready("alice");
        world.control("pushes", json!({"userID": "alice", "drop": 5}));
        alice.text("bob", "to be forgotten");
        world.rt.run_for(500);
        clear(&world, "alice", true, both);
        if both {
            alice.history(AB);
        }
        world.rt.run_for(20_000);
        alice.text("bob", "to be kept");
        world.rt.run_for(400_000);
        assert_eq!(texts(&alice.history(AB)), ["to be kept"], "{both}");
    }
}
