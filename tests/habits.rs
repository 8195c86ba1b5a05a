//! What real servers do by version, by what is in their caches, or otherwise than one would think: the
//! application sees the same.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use serde_json::json;
use world::{World, texts};

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
