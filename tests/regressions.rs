//! What the simulator found, as it came about.
#![allow(clippy::unwrap_used)]

mod world;

use std::cell::RefCell;
use std::rc::Rc;

use openim_web::rt::Runtime;
use openim_web::store::StoreError;
use serde_json::{Value, json};
use world::people::two;
use world::slow::SlowStores;
use world::{Client, World};

const AB: &str = "si_alice_bob";

fn shown(client: &Client, message: &Value) -> Value {
    let id = &message["clientMsgID"];
    let history = client.history(AB);
    history
        .into_iter()
        .find(|m| m["clientMsgID"] == *id)
        .unwrap()
}

/// The fate was known and told, but the disk refused the transaction that notes it: "sending" for ever.
#[test]
fn a_fate_is_noted_as_soon_as_the_disk_takes_it() {
    for refused in 0..5 {
        for fault in ["loseMessage", "noAnswer", ""] {
            let world = World::new(143 + refused);
            let (alice, device) = world.ready("alice");
            world.control(
                "sends",
                json!({"userID": "alice", "faults": match fault {
                    "" => json!([]),
                    fault => json!([fault]),
                }}),
            );
            let message = alice.ok("createTextMessage", json!("what became of it?"));
            let full = StoreError::Quota("full".into());
            device.stores.fail_after(refused as u32, full);
            let params = json!({"recvID": "bob", "groupID": "", "message": message});
            let answer = world.rt.block_on(alice.call("sendMessage", params));
            world.rt.run_for(70_000);
            device.stores.fail_never();
            let held = alice.history(AB);
            let own = held
                .iter()
                .find(|m| m["clientMsgID"] == message["clientMsgID"]);
            match own {
                Some(own) => assert_ne!(own["status"], 1, "{refused} {fault}"),
                None => assert!(answer.is_err(), "it was never noted, and not sent"),
            }
        }
    }
}

/// The notification came while its message was not held, the message then in its older form.
#[test]
fn a_revocation_that_overtakes_its_message_is_kept_for_it() {
    let world = World::new(2351);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    world.control("pushes", json!({"userID": "alice", "reorder": 1}));
    let sent = bob.text("alice", "take me back");
    bob.until("its number", |bob| {
        shown(bob, &sent)["seq"].as_i64() > Some(0)
    });
    bob.ok(
        "revokeMessage",
        json!({"conversationID": AB, "clientMsgID": sent["clientMsgID"]}),
    );
    world.rt.run_for(5_000);
    assert_eq!(shown(&alice, &sent)["contentType"], 2101);
}

/// Pushes came before the first look at the server, the link broke, and what was revoked meanwhile
/// counted as old.
#[test]
fn notifications_count_from_the_first_message_on() {
    let world = World::new(2993);
    let (bob, _) = world.ready("bob");
    let path = "/conversation/get_incremental_conversations";
    let broken = ["broken", "broken", "broken", "broken"];
    world.control("rest", json!({"path": path, "faults": broken}));
    let device = world.device();
    let alice = world.page("alice", &world.token("alice"), &device);
    alice.login();
    alice.wait_for("OnSyncServerStart");
    world.rt.run_for(100);
    let sent = bob.text("alice", "take me back");
    bob.until("its number", |bob| {
        shown(bob, &sent)["seq"].as_i64() > Some(0)
    });
    world.network("alice", false);
    bob.ok(
        "revokeMessage",
        json!({"conversationID": AB, "clientMsgID": sent["clientMsgID"]}),
    );
    world.rt.run_for(1_000);
    world.network("alice", true);
    alice.wait_for("OnSyncServerFinish");
    world.rt.run_for(5_000);
    assert_eq!(shown(&alice, &sent)["contentType"], 2101);
}

/// The first sync was cut off after messages had come; the notifications of the time until it went on
/// are not of the past.
#[test]
fn notifications_count_between_two_attempts_of_the_first_sync() {
    let world = World::new(2994);
    let (bob, _) = world.ready("bob");
    let sent = bob.text("alice", "take me back");
    bob.until("its number", |bob| {
        shown(bob, &sent)["seq"].as_i64() > Some(0)
    });
    world.control("absent", json!({"conversationIDs": ["sg_garden"]}));
    let device = world.device();
    let alice = world.page("alice", &world.token("alice"), &device);
    alice.login();
    world.rt.run_for(1_000);
    assert!(alice.heard("OnSyncServerFinish").is_empty());
    assert_eq!(shown(&alice, &sent)["contentType"], 101);
    world.network("alice", false);
    bob.ok(
        "revokeMessage",
        json!({"conversationID": AB, "clientMsgID": sent["clientMsgID"]}),
    );
    world.control("absent", json!({"conversationIDs": []}));
    world.network("alice", true);
    alice.wait_for("OnSyncServerFinish");
    world.rt.run_for(5_000);
    assert_eq!(shown(&alice, &sent)["contentType"], 2101);
}

#[test]
fn a_chat_that_is_opened_before_it_is_pulled_is_listed_with_its_newest_message() {
    let world = World::new(1);
    let last = world.say("bob", "alice", "the newest");
    world.rt.run_for(1_000);
    world.control("absent", json!({"conversationIDs": [AB]}));
    let alice = world.page("alice", &world.token("alice"), &world.device());
    alice.login();
    alice.wait_for("OnSyncServerFinish");
    world.control("absent", json!({"conversationIDs": []}));
    assert_eq!(alice.history(AB).last().unwrap()["clientMsgID"], last);
    let listed = alice.ok("getAllConversationList", json!(null));
    let row = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["conversationID"] == AB);
    let latest = row.expect("it is listed")["latestMsg"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(latest.contains(&last), "{latest}");
}

/// The server remembers for a minute that a row is not there. Made in that minute, by another device or by
/// a page that died, no list tells it, and its version log never again.
#[test]
fn settings_that_no_list_tells_are_asked_for() {
    let (world, ann, _) = two(11_932);
    let chat = "si_ann_ben";
    let set = json!({"conversationID": chat, "conversationType": 1, "userID": "ben", "isMsgDestruct": true});
    world.admin(
        "/conversation/set_conversations",
        json!({"userIDs": ["ann"], "conversation": set}),
    );
    world.say("ben", "ann", "the row is there by now");
    ann.until("the message", |ann| ann.new_messages().len() == 1);
    assert_eq!(ann.conversation(chat)["isMsgDestruct"], false);
    ann.until("the setting", |ann| {
        ann.conversation(chat)["isMsgDestruct"] == true
    });
}

/// The logout came while the disk took the note of a send: its promise never settled.
#[test]
fn a_send_that_a_logout_overtakes_is_settled() {
    let world = World::new(3481).quick();
    let device = world.device();
    let stores = Rc::new(SlowStores {
        stores: device.stores.clone(),
        rt: world.rt.clone(),
        slowest_ms: 10,
    });
    let alice = Rc::new(world.page_on("alice", "alice", 5, &world.token("alice"), stores));
    alice.login();
    alice.wait_for("OnSyncServerFinish");
    for pause in 0..40 {
        let message = alice.ok("createTextMessage", json!("and good night"));
        let fate: Rc<RefCell<Option<_>>> = Rc::default();
        let (sender, told) = (alice.clone(), fate.clone());
        world.rt.spawn(Box::pin(async move {
            let params = json!({"recvID": "bob", "groupID": "", "message": message});
            *told.borrow_mut() = Some(sender.call("sendMessage", params).await);
        }));
        world.rt.run_for(pause);
        alice.ok("logout", json!(null));
        world.rt.run_for(60_000);
        assert!(fate.borrow().is_some(), "{pause} ms");
        alice.login();
        alice.wait_for("OnSyncServerFinish");
    }
}
