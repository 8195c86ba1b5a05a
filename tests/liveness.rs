//! What is stored is shown soon, without a finger lifted and whatever else goes on: the bounds of SPEC.md §4.
mod world;

use std::rc::Rc;

use openim_web::rt::Runtime;
use serde_json::json;
use world::groups::create;
use world::people::strangers;
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

/// Users who know nobody yet, and a group of the first that has to be applied for.
fn two_and_a_group(world: &Rc<World>) -> (Client, Client, String) {
    strangers(world, &["ann", "zed"]);
    let ((ann, _), (zed, _)) = (world.ready("ann"), world.ready("zed"));
    let group = create(&ann, &[], json!({"needVerification": 1}));
    (ann, zed, group)
}

/// Cuts a client off; `ms` after its next connect `act` happens, and nothing else until all of `events`
/// are told: within the bound, and once.
fn done_after_connect(client: &Client, ms: u32, act: impl Fn(), events: [&str; 2]) {
    let rt = &client.world.rt;
    client.world.network(&client.user, false);
    rt.run_for(2_100);
    client.forget_events();
    client.world.network(&client.user, true);
    client.wait_for("OnConnectSuccess");
    rt.run_for(ms);
    act();
    let begin = rt.now_ms();
    for event in events {
        client.wait_for(event);
    }
    let took = rt.now_ms() - begin;
    assert!(took <= SOON_MS, "{ms} ms after the connect: {took} ms");
    rt.run_for(200_000);
    for event in events {
        assert_eq!(client.heard(event).len(), 1, "{event} at {ms} ms");
    }
}

#[test]
fn applications_are_told_however_young_the_connection_is() {
    for ms in (0..=1_500).step_by(100) {
        let world = World::new(u64::from(ms));
        let (ann, zed, group) = two_and_a_group(&world);
        let apply = || {
            zed.ok("addFriend", json!({"toUserID": "ann", "reqMsg": "hi"}));
            let join = json!({"groupID": group, "reqMsg": "hi", "joinSource": 3});
            zed.ok("joinGroup", join);
        };
        let events = ["OnFriendApplicationAdded", "OnGroupApplicationAdded"];
        done_after_connect(&ann, ms, apply, events);
        let told = &ann.heard("OnGroupApplicationAdded")[0];
        assert_eq!(
            (&told["groupName"], &told["userID"]),
            (&json!("Choir"), &json!("zed"))
        );
        // Applying anew is news.
        zed.ok("addFriend", json!({"toUserID": "ann", "reqMsg": "again"}));
        ann.until("the second one is told", |ann| {
            ann.heard("OnFriendApplicationAdded").len() == 2
        });

        let answer = || {
            ann.ok(
                "refuseFriendApplication",
                json!({"toUserID": "zed", "handleMsg": "no"}),
            );
            let yes = json!({"groupID": group, "fromUserID": "zed", "handleMsg": "yes"});
            ann.ok("acceptGroupApplication", yes);
        };
        let events = ["OnFriendApplicationRejected", "OnGroupApplicationAccepted"];
        done_after_connect(&zed, ms, answer, events);
    }
}

#[test]
fn applications_of_the_time_away_are_told_once() {
    let world = World::new(1);
    let (ann, zed, _) = two_and_a_group(&world);
    ann.kill();
    zed.ok("addFriend", json!({"toUserID": "ann", "reqMsg": "hi"}));
    world.rt.run_for(60_000);
    // Who comes to a new device reads the lists.
    let device = world.device();
    let here = || {
        world.network("ann", true);
        let page = world.page("ann", &world.token("ann"), &device);
        page.login();
        page.wait_for("OnSyncServerFinish");
        world.rt.run_for(10_000);
        page
    };
    let page = here();
    assert!(page.heard("OnFriendApplicationAdded").is_empty());
    page.kill();
    zed.ok(
        "addFriend",
        json!({"toUserID": "ann", "reqMsg": "hi again"}),
    );
    world.rt.run_for(60_000);
    let page = here();
    let told = page.heard("OnFriendApplicationAdded");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["reqMsg"], "hi again");
    page.kill();
    assert!(here().heard("OnFriendApplicationAdded").is_empty());
}

/// The test server is no better than a real one: it pushes nothing to a connection before its next tick.
#[test]
fn a_young_connection_is_pushed_nothing() {
    let world = World::new(12);
    let alice = world.page("alice", &world.token("alice"), &world.device());
    alice.login();
    alice.wait_for("OnConnectSuccess");
    assert!(!world.net.model.borrow().is_online("alice"));
    world.rt.run_for(1_000);
    assert!(world.net.model.borrow().is_online("alice"));
}
