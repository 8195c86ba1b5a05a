//! Marks of group chats: they follow from unread messages, and from the server where it sets them.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use serde_json::{Value, json};
use world::{Client, World};

const GARDEN: &str = "sg_garden";

fn mark(client: &Client) -> Value {
    client.conversation(GARDEN)["groupAtType"].clone()
}

/// Alice and bob, the group's messages read by both.
fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    for client in [&alice, &bob] {
        client.ok("markConversationMessageAsRead", json!(GARDEN));
        client.forget_events();
    }
    (world, alice, bob)
}

/// Bob names people in the group.
fn name(bob: &Client, ids: &[&str]) {
    let users: Vec<Value> = ids
        .iter()
        .map(|id| json!({"atUserID": id, "groupNickname": id}))
        .collect();
    let params = json!({"text": "look", "atUserIDList": ids, "atUsersInfo": users});
    let message = bob.ok("createTextAtMessage", params);
    bob.ok(
        "sendMessage",
        json!({"recvID": "", "groupID": "garden", "message": message}),
    );
}

fn marked(client: &Client, expected: i64) {
    client.until("the mark", |c| mark(c) == expected);
}

#[test]
fn who_is_named_is_marked_until_he_reads() {
    let (world, alice, bob) = two(1);
    name(&bob, &["alice"]);
    marked(&alice, 1);
    let told = alice.heard("OnConversationChanged");
    assert!(told.iter().any(|list| list[0]["groupAtType"] == 1));
    assert_eq!(mark(&bob), 0, "not who names");
    let (carol, _) = world.ready("carol");
    assert_eq!(mark(&carol), 0, "nor who is not named");
    alice.ok("markConversationMessageAsRead", json!(GARDEN));
    assert_eq!(mark(&alice), 0);
    // Everybody, and then the user too.
    name(&bob, &["AtAllTag"]);
    marked(&alice, 2);
    name(&bob, &["alice"]);
    marked(&alice, 3);
    alice.ok("resetConversationGroupAtType", json!(GARDEN));
    assert_eq!(mark(&alice), 0);
    name(&bob, &["AtAllTag", "alice"]);
    marked(&alice, 3);
}

#[test]
fn the_mark_outlives_the_page_and_settings_of_the_server() {
    let (world, alice, bob) = two(2);
    alice.kill();
    name(&bob, &["alice"]);
    world.rt.run_for(500);
    world.network("alice", true);
    // A fresh device sees it as well: it is unread there too.
    let (fresh, device) = world.ready("alice");
    marked(&fresh, 1);
    let pin = json!({"conversationID": GARDEN, "isPinned": true});
    fresh.ok("pinConversation", pin);
    world.rt.run_for(1_000);
    assert_eq!(mark(&fresh), 1, "the server's row says 0");
    fresh.kill();
    world.network("alice", true);
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    again.wait_for("OnSyncServerFinish");
    assert_eq!(mark(&again), 1);
}

#[test]
fn an_announcement_is_marked_and_naming_is_more() {
    let (world, alice, bob) = two(3);
    let owner = world.net.with(|model, _| {
        let state = model.snapshot();
        assert!(state["groups"]["garden"].is_array());
        "alice"
    });
    assert_eq!(owner, "alice");
    let notice = json!({"groupID": "garden", "notification": "Harvest on Sunday"});
    alice.ok("setGroupInfo", notice.clone());
    marked(&bob, 4);
    assert_eq!(mark(&alice), 0, "not who announces");
    // Named after it, and announced after being named: named.
    let message = alice.ok(
        "createTextAtMessage",
        json!({"text": "look", "atUserIDList": ["bob"], "atUsersInfo": []}),
    );
    alice.ok(
        "sendMessage",
        json!({"recvID": "", "groupID": "garden", "message": message}),
    );
    marked(&bob, 1);
    let again = json!({"groupID": "garden", "notification": "Harvest on Monday"});
    alice.ok("setGroupInfo", again);
    bob.until("three lines", |c| {
        c.conversation(GARDEN)["unreadCount"] == 3
    });
    assert_eq!(mark(&bob), 1);
}

#[test]
fn a_server_that_marks_is_believed_and_doubles_nothing() {
    let (world, alice, bob) = two(4);
    world.control("config", json!({"marks": true}));
    name(&bob, &["alice"]);
    marked(&alice, 1);
    world.rt.run_for(1_000);
    let row = |world: &World| {
        let state = world.net.with(|model, _| model.snapshot());
        let rows = state["rows"].as_array().unwrap().clone();
        let own = |r: &Value| r["ownerUserID"] == "alice" && r["conversationID"] == GARDEN;
        rows.into_iter().find(own).unwrap()["groupAtType"].clone()
    };
    assert_eq!(row(&world), 1);
    alice.ok("resetConversationGroupAtType", json!(GARDEN));
    world.rt.run_for(1_000);
    assert_eq!((mark(&alice), row(&world)), (json!(0), json!(0)));
    // It stays away although the message is still unread.
    alice.ok(
        "pinConversation",
        json!({"conversationID": GARDEN, "isPinned": true}),
    );
    world.rt.run_for(1_000);
    assert_eq!(mark(&alice), 0);
}
