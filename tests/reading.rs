//! Reading, as a real server tells of it: messages are named by their seqs, whatever the position.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message as _;
use serde_json::{Value, json};
use world::{Client, World, texts};

const AB: &str = "si_alice_bob";

/// Another device of a user.
fn another(world: &Rc<World>, user: &str) -> Client {
    world.net.with(|model, _| model.login_policy = 0);
    let stores = world.device().stores;
    let name = format!("{user}'s other");
    let client = world.page_on(&name, user, 5, &world.token(user), stores);
    client.login();
    client.wait_for("OnSyncServerFinish");
    client
}

/// Alice and bob, all that is there read by both.
fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    for client in [&alice, &bob] {
        client.history(AB);
        client.ok("markConversationMessageAsRead", json!(AB));
    }
    world.rt.run_for(1_000);
    alice.forget_events();
    bob.forget_events();
    (world, alice, bob)
}

fn came(client: &Client, text: &str) {
    client.until(text, |c| texts(&c.new_messages()).contains(&text.into()));
}

/// Messages of which a client heard that they are read.
fn receipts(client: &Client) -> Vec<Value> {
    let told = client.heard("OnRecvC2CReadReceipt");
    let lists = told
        .iter()
        .flat_map(|list| list.as_array().unwrap().clone());
    lists
        .flat_map(|receipt| receipt["msgIDList"].as_array().unwrap().clone())
        .collect()
}

fn message(client: &Client, id: &Value) -> Value {
    let all = client.history(AB);
    let found = all.into_iter().find(|m| m["clientMsgID"] == *id);
    found.unwrap_or_else(|| panic!("{id} is not held"))
}

fn reads_asked(world: &World) -> u32 {
    world.calls("/msg/mark_conversation_as_read")
}

#[test]
fn who_answers_before_reading_still_tells_that_it_is_read() {
    let (world, alice, bob) = two(1);
    let question = bob.text("alice", "question");
    came(&alice, "question");
    alice.text("bob", "answer");
    came(&bob, "answer");
    alice.until("it has its seq", |c| {
        c.history(AB).last().unwrap()["seq"].as_i64() > Some(0)
    });
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
    assert!(receipts(&bob).is_empty());
    alice.ok("markConversationMessageAsRead", json!(AB));
    bob.wait_for("OnRecvC2CReadReceipt");
    assert_eq!(receipts(&bob), [question["clientMsgID"].clone()]);
    assert_eq!(message(&alice, &question["clientMsgID"])["isRead"], true);
    // Once.
    let asked = reads_asked(&world);
    alice.ok("markConversationMessageAsRead", json!(AB));
    world.rt.run_for(5_000);
    assert_eq!(reads_asked(&world), asked);
    assert_eq!(receipts(&bob).len(), 1);
}

#[test]
fn what_comes_while_an_answer_is_under_way_is_told_as_read_too() {
    let (world, alice, bob) = two(2);
    // Alice hears of it only after her own message, which stands behind it.
    world.control("pushes", json!({"userID": "alice", "reorder": 1}));
    let question = bob.text("alice", "question");
    world.rt.run_for(100);
    alice.text("bob", "answer");
    came(&alice, "question");
    alice.ok("markConversationMessageAsRead", json!(AB));
    bob.wait_for("OnRecvC2CReadReceipt");
    assert_eq!(receipts(&bob), [question["clientMsgID"].clone()]);
}

#[test]
fn a_private_message_burns_after_an_answer() {
    let (_world, alice, bob) = two(3);
    let private = json!({"conversationID": AB, "isPrivate": true});
    alice.ok("setConversationPrivateChat", private);
    let short = json!({"conversationID": AB, "burnDuration": 5});
    bob.ok("setConversationBurnDuration", short);
    bob.until("it is private", |c| {
        c.conversation(AB)["isPrivateChat"] == true
    });
    let secret = bob.text("alice", "secret");
    came(&alice, "secret");
    alice.text("bob", "answer");
    alice.ok("markConversationMessageAsRead", json!(AB));
    for side in [&alice, &bob] {
        side.until("it burns", |c| {
            let gone = c.heard("OnMsgDeleted");
            gone.iter()
                .any(|m| m["clientMsgID"] == secret["clientMsgID"])
        });
        assert!(!texts(&side.history(AB)).contains(&"secret".to_owned()));
    }
}

#[test]
fn what_is_read_on_one_device_is_read_on_the_others_and_told_once() {
    let (world, alice, bob) = two(4);
    let other = another(&world, "alice");
    let sent = bob.text("alice", "hello");
    for device in [&alice, &other] {
        came(device, "hello");
    }
    alice.ok("markConversationMessageAsRead", json!(AB));
    bob.wait_for("OnRecvC2CReadReceipt");
    other.until("it is read", |c| c.conversation(AB)["unreadCount"] == 0);
    assert_eq!(message(&other, &sent["clientMsgID"])["isRead"], true);
    let latest: Value =
        serde_json::from_str(other.conversation(AB)["latestMsg"].as_str().unwrap()).unwrap();
    assert_eq!(latest["isRead"], true, "in the preview too");
    let asked = reads_asked(&world);
    other.ok("markConversationMessageAsRead", json!(AB));
    world.rt.run_for(5_000);
    assert_eq!(reads_asked(&world), asked, "no second receipt");
    assert_eq!(receipts(&bob).len(), 1);
}

#[test]
fn the_peers_reading_says_nothing_of_his_own_messages() {
    let (world, alice, bob) = two(5);
    alice.text("bob", "mine");
    came(&bob, "mine");
    // Bob's own message is named among what he reads; alice hears of the reading first.
    world.control("pushes", json!({"userID": "alice", "reorder": 1}));
    let his = bob.text("alice", "his");
    bob.until("it has its seq", |c| {
        c.history(AB).last().unwrap()["seq"].as_i64() > Some(0)
    });
    world.net.with(|model, now| {
        let token = model.issue_token(now, "bob", 1);
        let last = model.messages_of(AB).last().unwrap().seq;
        let body =
            json!({"conversationID": AB, "userID": "bob", "hasReadSeq": last, "seqs": [last]});
        let path = "/msg/mark_conversation_as_read";
        model.rest(now, path, &token, "op", &body).unwrap();
    });
    came(&alice, "his");
    assert_eq!(message(&alice, &his["clientMsgID"])["isRead"], false);
    assert_eq!(alice.conversation(AB)["unreadCount"], 1);
}

/// What comes while the server is told what was read is not named there: it is not read yet.
#[test]
fn what_comes_while_reading_is_told_is_told_as_read_the_next_time() {
    let (world, alice, bob) = two(6);
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    world.control("absent", json!({"conversationIDs": [AB]}));
    let late = bob.text("alice", "late");
    world.rt.run_for(500);
    // Her own message moves the position over it.
    alice.text("bob", "answer");
    world.rt.run_for(500);
    let seen = bob.text("alice", "seen");
    came(&alice, "seen");
    assert_eq!(texts(&alice.new_messages()), ["answer", "seen"]);
    let push = world.net.with(|model, _| {
        let all = model.messages_of(AB);
        let msg = all.iter().rev().nth(2).unwrap();
        pb::PushMessages {
            msgs: vec![pb::Entry {
                key: AB.into(),
                value: pb::PullMsgs {
                    msgs: vec![(*msg).clone()],
                    ..Default::default()
                },
            }],
            ..Default::default()
        }
    });
    let arrives = async {
        world.push("alice", req::PUSH_MSG, push.encode_to_vec());
    };
    let reading = alice.call("markConversationMessageAsRead", json!(AB));
    let (read, ()) = world
        .rt
        .block_on(async { futures_util::join!(reading, arrives) });
    read.unwrap();
    bob.wait_for("OnRecvC2CReadReceipt");
    world.rt.run_for(5_000);
    assert_eq!(receipts(&bob), [seen["clientMsgID"].clone()]);
    world.control("absent", json!({"conversationIDs": []}));
    came(&alice, "late");
    alice.ok("markConversationMessageAsRead", json!(AB));
    bob.until("both are told", |c| receipts(c).len() == 2);
    assert!(receipts(&bob).contains(&late["clientMsgID"]));
}
