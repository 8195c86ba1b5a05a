//! The weaknesses of the official client, by their numbers (sync.md §10): each test is what befalls its
//! users, and does not befall ours. Those that are not here are in SPEC.md §8.
#![allow(clippy::unwrap_used)]

mod world;

use std::rc::Rc;

use openim_web::logic::sync::channel::Channel;
use openim_web::logic::sync::planner::{Planner, Rank};
use openim_web::net::wire::pb::MsgData;
use openim_web::rt::map::Map;
use openim_web::store::StoreError;
use serde_json::{Value, json};
use world::{Client, World, ids, texts};

const AB: &str = "si_alice_bob";
const GARDEN: &str = "sg_garden";

fn log_of(world: &Rc<World>, id: &str) -> Vec<String> {
    world.log(id).into_iter().map(|(_, id)| id).collect()
}

fn equal(world: &Rc<World>, client: &Client, id: &str) {
    assert_eq!(ids(&client.history(id)), log_of(world, id));
}

/// The newest messages of alice and bob in one page.
fn newest(client: &Client, count: usize) -> Vec<String> {
    let page = client.ok(
        "getAdvancedHistoryMessageList",
        json!({"conversationID": AB, "startClientMsgID": "", "count": count, "viewType": 0}),
    );
    ids(page["messageList"].as_array().unwrap())
}

/// A message from bob to alice, with changes.
fn from_bob(world: &Rc<World>, change: impl FnOnce(&mut MsgData)) {
    world.net.with(|model, now| {
        let mut msg = MsgData {
            send_id: "bob".into(),
            recv_id: "alice".into(),
            client_msg_id: format!("special{}", now),
            session_type: 1,
            msg_from: 100,
            content_type: 101,
            content: br#"{"content":"special"}"#.to_vec(),
            ..Default::default()
        };
        change(&mut msg);
        model.send(now, msg, "bob").unwrap();
    });
}

fn second_device(world: &Rc<World>, user: &str) -> Client {
    let now = openim_web::rt::Runtime::now_ms(&*world.rt);
    let token = world.net.model.borrow_mut().issue_token(now, user, 1);
    let stores = world.device().stores;
    let client = world.page_on(&format!("{user}-phone"), user, 1, &token, stores);
    client.login();
    client.wait_for("OnSyncServerFinish");
    client
}

#[test]
fn w01_a_reconnect_while_a_sync_runs_is_followed_by_another_sync() {
    let world = World::new(1);
    let (alice, _) = world.ready("alice");
    for pause in [0, 2, 5, 9, 14, 40] {
        alice.forget_events();
        world.network("alice", false);
        world.network("alice", true);
        world.rt.run_for(pause);
        world.network("alice", false);
        let missed = world.say("bob", "alice", "in between");
        world.network("alice", true);
        alice.until("the message", |alice| {
            ids(&alice.new_messages()).contains(&missed)
        });
    }
}

#[test]
fn w02_a_range_that_was_not_answered_stays_missing() {
    let world = World::new(2);
    let (alice, _) = world.ready("alice");
    world.network("alice", false);
    let missed: Vec<_> = (0..30)
        .map(|n| world.say("bob", "alice", &format!("m{n}")))
        .collect();
    world.control("absent", json!({"conversationIDs": [AB]}));
    world.network("alice", true);
    world.rt.run_for(20_000);
    assert!(alice.new_messages().is_empty());
    world.control("absent", json!({"conversationIDs": []}));
    alice.until("all", |alice| alice.new_messages().len() == 30);
    assert_eq!(ids(&alice.new_messages()), missed);
}

#[test]
fn w03_what_the_disk_refused_does_not_count_as_held() {
    for refused in 0..4 {
        let world = World::new(3).quick();
        let (alice, device) = world.ready("alice");
        let full = StoreError::Quota("full".into());
        device.stores.fail_after(refused, full);
        let sent: Vec<_> = (0..3)
            .map(|n| {
                let sent = world.say("bob", "alice", &format!("m{n}"));
                world.rt.run_for(3);
                sent
            })
            .collect();
        alice.kill();
        device.stores.fail_never();
        let offline = Rc::new(device.stores.snapshot());
        let left = world.page_on("left", "alice", 5, "any", offline);
        world.net.cut.borrow_mut().push("left".into());
        left.login();
        let held = newest(&left, 20);
        let told = ids(&alice.new_messages());
        assert!(told.iter().all(|id| held.contains(id)), "told and not held");
        world.net.cut.borrow_mut().clear();
        let again = world.page("alice", &world.token("alice"), &device);
        again.login();
        again.wait_for("OnSyncServerFinish");
        equal(&world, &again, AB);
        assert!(ids(&again.history(AB)).ends_with(&sent));
        // Rows and alignment say the same: nothing of it is asked for any more.
        let asked = world.net.model.borrow().pulls_of("alice", AB);
        world.rt.run_for(60_000);
        assert_eq!(world.net.model.borrow().pulls_of("alice", AB), asked);
    }
}

#[test]
fn w04_one_channel_that_fails_stops_no_other_and_is_tried_again() {
    let world = World::new(4);
    let (alice, _) = world.ready("alice");
    world.network("alice", false);
    let missed = world.say("bob", "alice", "later");
    let others: Vec<_> = ["carol", "dave"]
        .map(|from| world.say(from, "alice", "now"))
        .into();
    world.control("absent", json!({"conversationIDs": [AB]}));
    alice.forget_events();
    world.network("alice", true);
    alice.wait_for("OnSyncServerFinish");
    let told = ids(&alice.new_messages());
    assert!(others.iter().all(|id| told.contains(id)) && !told.contains(&missed));
    world.control("absent", json!({"conversationIDs": []}));
    alice.until("the rest", |alice| {
        ids(&alice.new_messages()).contains(&missed)
    });
}

#[test]
fn w05_pushes_go_on_while_a_sync_is_retried() {
    let world = World::new(5);
    let (alice, _) = world.ready("alice");
    let path = "/conversation/get_incremental_conversations";
    world.control(
        "rest",
        json!({"path": path, "faults": ["broken", "broken", "broken"]}),
    );
    alice.forget_events();
    world.network("alice", false);
    world.network("alice", true);
    alice.wait_for("OnSyncServerStart");
    world.rt.run_for(200);
    let pushed = world.say("bob", "alice", "meanwhile");
    world.rt.run_for(200);
    assert_eq!(ids(&alice.new_messages()), [pushed]);
    assert!(alice.heard("OnSyncServerFinish").is_empty());
    alice.wait_for("OnSyncServerFinish");
}

#[test]
fn w06_a_double_and_a_gap_do_not_pass_as_whole() {
    let world = World::new(6);
    let (alice, _) = world.ready("alice");
    world.control("pushes", json!({"userID": "alice", "duplicate": 1}));
    let mut sent = vec![world.say("bob", "alice", "twice")];
    world.rt.run_for(50);
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    sent.push(world.say("bob", "alice", "lost"));
    world.rt.run_for(50);
    sent.push(world.say("bob", "alice", "third"));
    alice.until("all", |alice| alice.new_messages().len() == 3);
    assert_eq!(ids(&alice.new_messages()), sent);
}

#[test]
fn w07_bursts_keep_their_order() {
    let world = World::new(7);
    let (alice, _) = world.ready("alice");
    world.control("pushes", json!({"userID": "alice", "reorder": 30}));
    world.control(
        "send",
        json!({"from": "bob", "to": "alice", "text": "{n}", "count": 200}),
    );
    alice.until("all", |alice| alice.new_messages().len() == 200);
    let expected: Vec<String> = (1..=200).map(|n| n.to_string()).collect();
    assert_eq!(texts(&alice.new_messages()), expected);
}

#[test]
fn w08_behind_a_gap_nothing_is_thrown_away_and_all_of_the_gap_is_fetched() {
    let world = World::new(8);
    let (alice, _) = world.ready("alice");
    world.control("pushes", json!({"userID": "alice", "drop": 150}));
    world.control(
        "send",
        json!({"from": "bob", "to": "alice", "text": "{n}", "count": 151}),
    );
    alice.until("all", |alice| alice.new_messages().len() == 151);
    world.network("alice", false);
    assert_eq!(newest(&alice, 151), log_of(&world, AB).split_off(51));
}

#[test]
fn w09_a_gap_is_known_after_a_restart() {
    let world = World::new(9);
    let (alice, device) = world.ready("alice");
    world.control("absent", json!({"conversationIDs": [AB]}));
    world.control("pushes", json!({"userID": "alice", "drop": 3}));
    world.control(
        "send",
        json!({"from": "bob", "to": "alice", "text": "{n}", "count": 4}),
    );
    world.rt.run_for(1_000);
    alice.kill();
    world.net.cut.borrow_mut().clear();
    world.control("absent", json!({"conversationIDs": []}));
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    again.wait_for("OnSyncServerFinish");
    world.network("alice", false);
    assert_eq!(newest(&again, 4), log_of(&world, AB).split_off(51));
}

#[test]
fn w10_what_the_user_looks_at_is_fetched_first() {
    let mut planner = Planner::default();
    let mut channels: Map<String, Channel> = Map::new();
    for n in 0..1_000 {
        let id = format!("si_{n:04}");
        let mut channel = Channel::default();
        channel.align.see_max(50);
        let class = if n == 777 { 0 } else { 3 };
        planner.note(&id, &channel, Rank { class, age: -n }, 1);
        channels.insert(id, channel);
    }
    let plan = planner.plan(&channels, 1).unwrap();
    assert_eq!(plan[0].0, "si_0777");
    assert_eq!(plan[1].0, "si_0999", "then the most recent");
}

#[test]
fn w11_notifications_come_in_bounded_answers_in_order() {
    let world = World::new(11);
    let (alice, _) = world.ready("alice");
    world.network("alice", false);
    for n in 0..600 {
        from_bob(&world, |msg| {
            msg.client_msg_id = format!("notice{n}");
            msg.content_type = 2001;
            msg.set_option("isNotNotification", false);
            let detail = json!({"key": "k", "data": n.to_string()}).to_string();
            msg.content = json!({ "detail": detail }).to_string().into_bytes();
        });
    }
    world.network("alice", true);
    let heard = |alice: &Client| alice.heard("OnRecvCustomBusinessMessage");
    alice.until("all", |alice| heard(alice).len() == 600);
    let data: Vec<Value> = heard(&alice).iter().map(|m| m["data"].clone()).collect();
    let expected: Vec<Value> = (0..600).map(|n| json!(n.to_string())).collect();
    assert_eq!(data, expected);
}

#[test]
fn w12_a_first_sync_that_was_cut_off_is_done_again() {
    for step in 0..30 {
        let world = World::new(1200 + step).quick();
        let device = world.device();
        let alice = world.page("alice", &world.token("alice"), &device);
        alice.login();
        world.rt.run_for(step as u32);
        alice.kill();
        world.net.cut.borrow_mut().clear();
        let sent = world.say("bob", "alice", "meanwhile");
        let again = world.page("alice", &world.token("alice"), &device);
        again.login();
        again.wait_for("OnSyncServerFinish");
        assert!(ids(&again.history(AB)).contains(&sent), "step {step}");
        equal(&world, &again, AB);
        assert_eq!(again.conversation(AB)["unreadCount"], 5, "step {step}");
    }
}

#[test]
fn w13_a_conversation_sync_keeps_what_was_cleared() {
    let world = World::new(13);
    let (alice, _) = world.ready("alice");
    alice.ok("clearConversationAndDeleteAllMsg", json!(AB));
    alice.ok(
        "pinConversation",
        json!({"conversationID": AB, "isPinned": true}),
    );
    world.network("alice", false);
    world.network("alice", true);
    world.rt.run_for(5_000);
    assert!(alice.history(AB).is_empty());
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
}

#[test]
fn w14_long_gaps_leave_no_hole_in_a_page() {
    let world = World::new(14).quick();
    world.control(
        "send",
        json!({"from": "bob", "to": "alice", "text": "{n}", "count": 700}),
    );
    world.rt.run_for(100);
    let (alice, _) = world.ready("alice");
    let page = alice.ok(
        "getAdvancedHistoryMessageList",
        json!({"conversationID": AB, "startClientMsgID": "", "count": 300, "viewType": 0}),
    );
    assert_eq!(page["messageList"].as_array().unwrap().len(), 300);
    equal(&world, &alice, AB);
}

#[test]
fn w15_offline_a_page_says_when_it_is_not_all() {
    let world = World::new(15);
    let (alice, _) = world.ready("alice");
    world.network("alice", false);
    let page = |start: &str| {
        alice.ok(
            "getAdvancedHistoryMessageList",
            json!({"conversationID": AB, "startClientMsgID": start, "count": 20, "viewType": 0}),
        )
    };
    let first = page("");
    assert_eq!(
        (&first["errCode"], &first["isEnd"]),
        (&json!(0), &json!(false))
    );
    let start = first["messageList"][0]["clientMsgID"].as_str().unwrap();
    let next = page(start);
    assert_ne!(next["errCode"], 0, "there is more, and it cannot be had");
    assert_eq!(next["isEnd"], false);
    alice.forget_events();
    world.network("alice", true);
    alice.wait_for("OnSyncServerFinish");
    equal(&world, &alice, AB);
}

#[test]
fn w16_a_message_that_was_a_placeholder_is_not_lost() {
    let world = World::new(16);
    let (alice, _) = world.ready("alice");
    let next = world.log(AB).last().unwrap().0 + 1;
    let seqs = json!({"conversationID": AB, "seqs": [next], "times": 3});
    world.control("placeholders", seqs);
    world.control("pushes", json!({"userID": "alice", "delayMs": 4_000}));
    let late = world.say("bob", "alice", "visible late");
    alice.ok("setAppBackgroundStatus", json!(false));
    alice.until("it", |alice| ids(&alice.new_messages()).contains(&late));
    world.rt.run_for(20_000);
    assert_eq!(ids(&alice.new_messages()), [late]);
    equal(&world, &alice, AB);
}

#[test]
fn w17_own_messages_of_another_device_do_not_count_as_unread() {
    let world = World::new(17);
    let (alice, _) = world.ready("alice");
    let phone = second_device(&world, "alice");
    world.say("bob", "alice", "unread");
    phone.text("bob", "answered on the phone");
    world.rt.run_for(2_000);
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
    world.say("bob", "alice", "unread again");
    world.rt.run_for(2_000);
    for client in [&alice, &phone] {
        assert_eq!(client.conversation(AB)["unreadCount"], 1);
    }
}

#[test]
fn w18_pages_follow_the_seqs_and_not_the_senders_clocks() {
    let world = World::new(18).quick();
    let (alice, _) = world.ready("alice");
    for (n, time) in [5_000_i64, 3_000, 9_000, 1_000].into_iter().enumerate() {
        from_bob(&world, |msg| {
            msg.client_msg_id = format!("clock{n}");
            msg.send_time = 1_700_000_000_000 + time;
        });
        world.rt.run_for(20);
    }
    equal(&world, &alice, AB);
    let shown: Vec<_> = ids(&alice.new_messages());
    assert_eq!(shown, ["clock0", "clock1", "clock2", "clock3"]);
}

#[test]
fn w19_a_send_without_an_answer_stops_no_other() {
    let world = World::new(19);
    let (alice, _) = world.ready("alice");
    world.control("sends", json!({"userID": "alice", "faults": ["noAnswer"]}));
    let send = |to: &str| {
        let message = alice.ok("createTextMessage", json!("hi"));
        alice.call(
            "sendMessage",
            json!({"recvID": to, "groupID": "", "message": message}),
        )
    };
    let stuck = send("bob");
    let other = send("carol");
    let both = async {
        futures_util::pin_mut!(stuck, other);
        match futures_util::future::select(stuck, other).await {
            futures_util::future::Either::Left(_) => panic!("the stuck one first"),
            futures_util::future::Either::Right((other, stuck)) => (other, stuck.await),
        }
    };
    let (other, stuck) = world.rt.block_on(both);
    assert!(other.is_ok() && stuck.is_ok());
}

#[test]
fn w20_a_flood_of_pushes_is_taken_in() {
    let world = World::new(20);
    let (alice, _) = world.ready("alice");
    world.control(
        "send",
        json!({"from": "bob", "to": "alice", "text": "{n}", "count": 5_000}),
    );
    alice.until("all", |alice| alice.new_messages().len() == 5_000);
    let expected: Vec<String> = (1..=5_000).map(|n| n.to_string()).collect();
    assert_eq!(texts(&alice.new_messages()), expected);
}

#[test]
fn w21_every_moment_leaves_messages_conversation_and_alignment_together() {
    let world = World::new(21);
    let (_alice, device) = world.ready("alice");
    for n in 0..40 {
        if n % 4 == 0 {
            world.say("bob", "alice", &format!("m{n}"));
        }
        world.rt.run_for(2);
        let left = Rc::new(device.stores.snapshot());
        let name = format!("alice-{n}");
        world.net.cut.borrow_mut().push(name.clone());
        let page = world.page_on(&name, "alice", 5, "any", left);
        page.login();
        let shown = page.ok(
            "getAdvancedHistoryMessageList",
            json!({"conversationID": AB, "startClientMsgID": "", "count": 20, "viewType": 0}),
        );
        let last = shown["messageList"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        let listed = page.conversation(AB);
        let latest: Value = serde_json::from_str(listed["latestMsg"].as_str().unwrap()).unwrap();
        assert_eq!(latest["clientMsgID"], last["clientMsgID"], "moment {n}");
        let seq = last["seq"].as_i64().unwrap();
        assert_eq!(
            listed["unreadCount"].as_i64(),
            Some(4 + seq - 51),
            "moment {n}"
        );
    }
}

#[test]
fn w22_a_failing_lookup_of_names_drops_no_conversation() {
    let world = World::new(22);
    let (alice, _) = world.ready("alice");
    world
        .net
        .with(|model, now| model.add_user(now, "erin", "Erin", ""));
    let path = "/user/get_users_info";
    world.control(
        "rest",
        json!({"path": path, "faults": ["broken", "html", "tooMany"]}),
    );
    let sent = world.say("erin", "alice", "hello");
    alice.until("it", |alice| ids(&alice.new_messages()) == [sent.clone()]);
    assert_eq!(alice.conversation("si_alice_erin")["unreadCount"], 1);
}

#[test]
fn w23_a_lost_word_of_reading_elsewhere_is_made_up_for() {
    let world = World::new(23);
    let (alice, _) = world.ready("alice");
    let phone = second_device(&world, "alice");
    assert_ne!(alice.conversation(GARDEN)["unreadCount"], 0);
    world.control("pushes", json!({"userID": "alice", "drop": 9}));
    phone.ok("markConversationMessageAsRead", json!(GARDEN));
    world.rt.run_for(1_000);
    alice.until("the word", |alice| {
        alice.conversation(GARDEN)["unreadCount"] == 0
    });
}

#[test]
fn w24_an_unfinished_send_is_asked_for_before_anything_is_said_of_it() {
    let world = World::new(24);
    let (alice, device) = world.ready("alice");
    world.control("sends", json!({"userID": "alice", "faults": ["noAnswer"]}));
    let message = alice.ok("createTextMessage", json!("did it arrive?"));
    let params = json!({"recvID": "bob", "groupID": "", "message": message});
    let pending = openim_web::rt::timeout(&*world.rt, 6, alice.call("sendMessage", params));
    assert!(world.rt.block_on(pending).is_err());
    alice.kill();
    world.net.cut.borrow_mut().clear();
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    again.wait_for("OnSyncServerFinish");
    world.rt.run_for(10_000);
    let own = again.history(AB).pop().unwrap();
    assert_eq!(
        (&own["clientMsgID"], &own["status"]),
        (&message["clientMsgID"], &json!(2))
    );
    equal(&world, &again, AB);
}

#[test]
fn w25_a_group_that_was_left_is_asked_for_no_more() {
    let world = World::new(25);
    let (bob, _) = world.ready("bob");
    world.net.with(|model, now| {
        let token = model.issue_token(now, "alice", 2);
        let body = json!({"groupID": "garden", "kickedUserIDs": ["bob"]});
        model
            .rest(now, "/group/kick_group", &token, "op", &body)
            .unwrap();
    });
    world.rt.run_for(2_000);
    for n in 0..30 {
        world.say_group("carol", "garden", &format!("without bob {n}"));
    }
    for _ in 0..3 {
        bob.forget_events();
        world.network("bob", false);
        world.network("bob", true);
        bob.wait_for("OnSyncServerFinish");
    }
    let held = bob.history(GARDEN).len();
    let asked = world.net.model.borrow().pulls_of("bob", GARDEN);
    world.rt.run_for(600_000);
    assert_eq!(world.net.model.borrow().pulls_of("bob", GARDEN), asked);
    assert_eq!(bob.history(GARDEN).len(), held);
}

#[test]
fn w26_presence_is_subscribed_again_after_a_reconnect() {
    let world = World::new(26);
    let (alice, _) = world.ready("alice");
    alice.ok("subscribeUsersStatus", json!(["bob"]));
    world.network("alice", false);
    world.network("alice", true);
    alice.until("the link", |alice| {
        alice.heard("OnConnectSuccess").len() == 2
    });
    world.rt.run_for(1_000);
    let _bob = world.ready("bob");
    alice.until("bob", |alice| {
        let told = alice.heard("OnUserStatusChanged");
        told.last()
            .is_some_and(|user| user["userID"] == "bob" && user["status"] == 1)
    });
}

#[test]
fn w28_a_message_without_history_is_told_once() {
    let world = World::new(28);
    let (alice, _) = world.ready("alice");
    from_bob(&world, |msg| {
        for (name, on) in [("history", false), ("conversationUpdate", true)] {
            msg.set_option(name, on);
        }
    });
    world.rt.run_for(2_000);
    assert_eq!(alice.new_messages().len(), 1);
}

#[test]
fn w29_a_notification_that_the_disk_refused_is_applied_again() {
    let world = World::new(29).quick();
    let (alice, device) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let sent = bob.text("alice", "take me back");
    alice.until("it", |alice| alice.new_messages().len() == 1);
    device
        .stores
        .fail_after(0, StoreError::Quota("full".into()));
    let params = json!({"conversationID": AB, "clientMsgID": sent["clientMsgID"]});
    bob.ok("revokeMessage", params);
    alice.until("the revocation", |alice| {
        alice.history(AB).pop().unwrap()["contentType"] == 2101
    });
    assert_eq!(alice.heard("OnNewRecvMessageRevoked").len(), 1);
}

#[test]
fn w30_content_that_cannot_be_read_is_kept_and_leaves_no_hole() {
    let world = World::new(30);
    let (alice, _) = world.ready("alice");
    from_bob(&world, |msg| msg.content = b"{broken".to_vec());
    world.rt.run_for(50);
    let next = world.say("bob", "alice", "next");
    alice.until("both", |alice| alice.new_messages().len() == 2);
    assert_eq!(ids(&alice.new_messages())[1], next);
    equal(&world, &alice, AB);
}

#[test]
fn w31_reading_tells_the_server_the_highest_seq() {
    let world = World::new(31);
    let (alice, _) = world.ready("alice");
    world.say("bob", "alice", "one more");
    world.rt.run_for(1_000);
    alice.ok("markConversationMessageAsRead", json!(AB));
    let state = world.control("state", json!({}));
    let read = state["hasRead"]
        .as_array()
        .unwrap()
        .iter()
        .find(|read| read["userID"] == "alice" && read["conversationID"] == AB);
    assert_eq!(
        read.unwrap()["hasReadSeq"].as_i64(),
        Some(world.log(AB).len() as i64)
    );
}

#[test]
fn w33_pages_in_both_directions_at_once_do_not_disturb_each_other() {
    let world = World::new(33);
    let (alice, _) = world.ready("alice");
    let all = alice.history(AB);
    let start = all[25]["clientMsgID"].clone();
    let page = |method: &'static str| {
        let params =
            json!({"conversationID": AB, "startClientMsgID": start, "count": 10, "viewType": 0});
        alice.call(method, params)
    };
    let pages = futures_util::future::join(
        page("getAdvancedHistoryMessageList"),
        page("getAdvancedHistoryMessageListReverse"),
    );
    let (older, newer) = world.rt.block_on(pages);
    let list = |page: Value| ids(page["messageList"].as_array().unwrap());
    assert_eq!(list(older.unwrap()), ids(&all[15..25]));
    assert_eq!(list(newer.unwrap()), ids(&all[26..36]));
}

#[test]
fn w34_reading_on_one_device_counts_on_the_other() {
    let world = World::new(34);
    let (alice, _) = world.ready("alice");
    let phone = second_device(&world, "alice");
    assert_eq!(alice.conversation(AB)["unreadCount"], 4);
    phone.ok("markConversationMessageAsRead", json!(AB));
    alice.until("the word", |alice| {
        alice.conversation(AB)["unreadCount"] == 0
    });
}

#[test]
fn w35_clearing_keeps_what_is_known_of_the_channel() {
    let world = World::new(35);
    let (alice, _) = world.ready("alice");
    alice.ok("clearConversationAndDeleteAllMsg", json!(AB));
    let before = world.net.model.borrow().pulls_of("alice", AB);
    let next = world.say("bob", "alice", "after it");
    alice.until("it", |alice| alice.new_messages().len() == 1);
    world.rt.run_for(60_000);
    assert_eq!(ids(&alice.history(AB)), [next]);
    assert_eq!(
        world.net.model.borrow().pulls_of("alice", AB),
        before,
        "nothing to pull"
    );
}
