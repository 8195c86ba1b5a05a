//! What is stored is shown soon, without a finger lifted and whatever else goes on: the bounds of SPEC.md §4.
mod world;

use openim_web::rt::Runtime;
use serde_json::json;
use world::{Client, World, ids};

/// From storing to being told, at most.
const SOON_MS: i64 = 10_000;

/// Waits until a message is told; how long it took, milliseconds.
fn told_after(client: &Client, id: &str) -> i64 {
    let rt = &client.world.rt;
    let begin = rt.now_ms();
    client.until("the message is told", |client| {
        ids(&client.new_messages()).contains(&id.to_owned())
    });
    rt.now_ms() - begin
}

/// Lets `ms` pass after the next connect, then has dave say something; nothing else happens until it is told.
fn said_after_connect(client: &Client, ms: u32) {
    client.wait_for("OnConnectSuccess");
    client.world.rt.run_for(ms);
    let id = client.world.say("dave", &client.user, "are you there?");
    let took = told_after(client, &id);
    assert!(took <= SOON_MS, "{ms} ms after the connect: {took} ms");
    let told = ids(&client.new_messages());
    assert_eq!(told.iter().filter(|told| **told == id).count(), 1, "once");
}

#[test]
fn what_is_stored_before_the_server_pushes_is_told_after_a_login() {
    for ms in (0..=1_500).step_by(100) {
        let world = World::new(u64::from(ms));
        let device = world.device();
        // The first sync tells nothing as new: the device has been here before.
        let before = world.page("alice", &world.token("alice"), &device);
        before.login();
        before.wait_for("OnSyncServerFinish");
        before.kill();
        world.network("alice", true);
        let alice = world.page("alice", &world.token("alice"), &device);
        alice.login();
        said_after_connect(&alice, ms);
    }
}

#[test]
fn what_is_stored_before_the_server_pushes_is_told_after_a_cut() {
    for ms in (0..=1_500).step_by(100) {
        let world = World::new(u64::from(ms));
        let (alice, _device) = world.ready("alice");
        for _ in 0..3 {
            world.network("alice", false);
            // The server notices that she is gone.
            world.rt.run_for(2_100);
            alice.forget_events();
            world.network("alice", true);
            said_after_connect(&alice, ms);
        }
    }
}

#[test]
fn a_server_that_is_slow_to_push_is_no_worse() {
    for ms in (0..=7_000).step_by(500) {
        let world = World::new(u64::from(ms));
        world.control("config", json!({"onlineTickMs": 7_000}));
        let (alice, _device) = world.ready("alice");
        world.network("alice", false);
        world.rt.run_for(15_000);
        alice.forget_events();
        world.network("alice", true);
        said_after_connect(&alice, ms);
    }
}

#[test]
fn other_work_does_not_put_the_look_at_the_server_off() {
    let world = World::new(1);
    let (alice, _device) = world.ready("alice");
    // Past the looks of a young connection.
    world.rt.run_for(200_000);
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    let id = world.say("dave", "alice", "the push of this is lost");
    let begin = world.rt.now_ms();
    while !ids(&alice.new_messages()).contains(&id) {
        let took = world.rt.now_ms() - begin;
        assert!(took <= 330_000, "{took} ms");
        let path = match took / 30_000 % 2 {
            0 => "/group/kick_group",
            _ => "/group/invite_user_to_group",
        };
        let key = match took / 30_000 % 2 {
            0 => "kickedUserIDs",
            _ => "invitedUserIDs",
        };
        world.admin(path, json!({"groupID": "garden", key: ["bob"]}));
        world.rt.run_for(30_000);
    }
}

#[test]
fn a_conversation_that_is_opened_asks_whether_there_is_more() {
    let world = World::new(1);
    let (alice, _device) = world.ready("alice");
    world.rt.run_for(200_000);
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    let id = world.say("dave", "alice", "the push of this is lost");
    world.rt.run_for(5_000);
    assert!(!ids(&alice.new_messages()).contains(&id), "it is hidden");
    let page = json!({"conversationID": "si_alice_dave", "startClientMsgID": "", "count": 20, "viewType": 0});
    alice.ok("getAdvancedHistoryMessageList", page);
    let took = told_after(&alice, &id);
    assert!(took <= 1_000, "{took} ms");
}
