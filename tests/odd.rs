//! What a server should not say, says too late or too often: nothing hangs, nothing is told twice, nobody is
//! asked without end.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message as _;
use serde_json::{Value, json};
use world::people::strangers;
use world::{World, ids};

/// The server pushes notifications in a channel of alice's, whatever they say; their seqs begin at 1.
fn notify(world: &Rc<World>, channel: &str, tips: &[(i32, Value)]) {
    let msgs = tips.iter().zip(1..).map(|((kind, tips), seq)| pb::MsgData {
        send_id: "bob".into(),
        recv_id: "alice".into(),
        client_msg_id: format!("odd{seq}"),
        session_type: 1,
        content_type: *kind,
        content: json!({"detail": tips.to_string()}).to_string().into_bytes(),
        seq,
        ..Default::default()
    });
    let push = pb::PushMessages {
        notification_msgs: vec![pb::Entry {
            key: channel.into(),
            value: pb::PullMsgs {
                msgs: msgs.collect(),
                ..Default::default()
            },
        }],
        ..Default::default()
    };
    world.push("alice", req::PUSH_MSG, push.encode_to_vec());
}

/// Anybody can send what looks like a notification; what cannot be read must not hold up what follows.
#[test]
fn an_application_that_cannot_be_read_holds_nothing_up() {
    for kind in [1201, 1202, 1203, 1503, 1505, 1506] {
        let world = World::new(1);
        let (alice, _) = world.ready("alice");
        let odd = json!({"request": {"createTime": "soon", "reqTime": "soon", "handleResult": []}});
        let next = json!({"key": "k", "data": "d"});
        notify(&world, "n_odd", &[(kind, odd), (2001, next)]);
        world.rt.run_for(1_000);
        assert_eq!(
            alice.heard("OnRecvCustomBusinessMessage").len(),
            1,
            "{kind}"
        );
    }
}

#[test]
fn seqs_that_nobody_counts_to_are_no_harm() {
    let world = World::new(2);
    let (alice, _) = world.ready("alice");
    let before = alice.conversation("si_alice_bob")["unreadCount"].clone();
    let read = |by: &str, seqs: &[i64], position: i64| json!({"markAsReadUserID": by, "conversationID": "si_alice_bob", "seqs": seqs, "hasReadSeq": position});
    let tips = [
        (2200, read("bob", &[i64::MIN, 0, i64::MAX], 0)),
        (2200, read("alice", &[-1], -5)),
        (2001, json!({"key": "k", "data": "d"})),
    ];
    notify(&world, "n_odd", &tips);
    world.rt.run_for(1_000);
    assert_eq!(alice.heard("OnRecvCustomBusinessMessage").len(), 1);
    assert_eq!(alice.conversation("si_alice_bob")["unreadCount"], before);
}

/// The server tells both sides that messages are deleted, also of seqs that it has not given out yet.
#[test]
fn what_is_deleted_before_it_is_written_is_not() {
    let world = World::new(5);
    let (alice, _) = world.ready("alice");
    let next = world
        .log("si_alice_bob")
        .last()
        .map_or(1, |(seq, _)| seq + 1);
    let seqs: Vec<i64> = (next..next + 5).collect();
    let tips = json!({"userID": "bob", "conversationID": "si_alice_bob", "seqs": seqs});
    notify(&world, "n_odd", &[(2102, tips)]);
    world.rt.run_for(1_000);
    let id = world.say("bob", "alice", "here I am");
    alice.until("the message is told", |alice| {
        ids(&alice.new_messages()).contains(&id)
    });
    assert!(ids(&alice.history("si_alice_bob")).contains(&id));
}

/// Whatever asks for the lists while they cannot be had, they are asked for again at one pace.
#[test]
fn lists_that_fail_are_asked_for_again_at_one_pace() {
    let world = World::new(3);
    let (alice, _) = world.ready("alice");
    world.rt.run_for(200_000);
    let path = "/friend/get_black_list";
    world.control(
        "rest",
        json!({"path": path, "faults": vec!["broken"; 2_000]}),
    );
    for _ in 0..12 {
        alice.ok("setAppBackgroundStatus", json!(false));
        world.rt.run_for(700);
    }
    let before = world.calls(path);
    world.rt.run_for(60_000);
    let asked = world.calls(path) - before;
    assert!((4..=8).contains(&asked), "{asked} times in a minute");
}

/// Of an application that stays open it is kept that it was told, however many come after it.
#[test]
fn an_old_application_is_not_told_again_behind_many_others() {
    let world = World::new(4);
    strangers(&world, &["ann", "zed"]);
    let ((ann, _), (zed, _)) = (world.ready("ann"), world.ready("zed"));
    let group = ann.ok(
        "createGroup",
        json!({"groupInfo": {"groupName": "g", "groupType": 2, "needVerification": 1}, "memberUserIDs": []}),
    );
    zed.ok("addFriend", json!({"toUserID": "ann", "reqMsg": "hi"}));
    ann.wait_for("OnFriendApplicationAdded");
    for n in 0..260 {
        world.net.with(|model, now| {
            let name = format!("user{n}");
            model.add_user(now, &name, &name, "");
            let token = model.issue_token(now, &name, 5);
            let join = json!({"groupID": group["groupID"], "reqMessage": "", "joinSource": 3, "inviterUserID": name});
            model
                .rest(now, "/group/join_group", &token, "op", &join)
                .unwrap();
        });
        world.rt.run_for(10_000);
    }
    world.rt.run_for(700_000);
    assert_eq!(ann.heard("OnGroupApplicationAdded").len(), 260);
    assert_eq!(ann.heard("OnFriendApplicationAdded").len(), 1);
}
