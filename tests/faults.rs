//! What breaks between a client and the server: nothing lost, nothing doubled, nothing out of order, no
//! promise left open (sync.md §10, design §3).
#![allow(clippy::unwrap_used)]

mod world;

use serde_json::{Value, json};
use world::{Client, World, ids, texts};

const AB: &str = "si_alice_bob";

/// Alice holds what the server holds, each message once and in order; the preview is the last one.
fn assert_equal_to_server(world: &std::rc::Rc<World>, client: &Client, id: &str) {
    let server: Vec<String> = world.log(id).into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids(&client.history(id)), server);
    let latest: Value =
        serde_json::from_str(client.conversation(id)["latestMsg"].as_str().unwrap()).unwrap();
    assert_eq!(
        latest["clientMsgID"].as_str(),
        server.last().map(String::as_str)
    );
}

#[test]
fn dropped_pushes_are_fetched_and_told_in_order() {
    let world = World::new(11);
    let (alice, _) = world.ready("alice");
    alice.ok("markConversationMessageAsRead", json!(AB));
    world.control("pushes", json!({"userID": "alice", "drop": 7}));
    let sent: Vec<String> = (0..8)
        .map(|n| world.say("bob", "alice", &format!("m{n}")))
        .collect();
    alice.until("all messages", |alice| alice.new_messages().len() >= 8);
    world.rt.run_for(3_000);
    assert_eq!(ids(&alice.new_messages()), sent);
    assert_eq!(alice.conversation(AB)["unreadCount"], 8);
    assert_equal_to_server(&world, &alice, AB);
}

#[test]
fn doubled_and_reordered_pushes_are_told_once_and_in_order() {
    let world = World::new(12);
    let (alice, _) = world.ready("alice");
    world.control(
        "pushes",
        json!({"userID": "alice", "duplicate": 20, "reorder": 3}),
    );
    let sent: Vec<String> = (0..10)
        .map(|n| world.say("bob", "alice", &format!("m{n}")))
        .collect();
    alice.until("all messages", |alice| alice.new_messages().len() >= 10);
    world.rt.run_for(3_000);
    assert_eq!(ids(&alice.new_messages()), sent);
    assert_equal_to_server(&world, &alice, AB);
}

#[test]
fn online_only_messages_leave_nothing_behind_whatever_is_lost() {
    let world = World::new(3);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let stored = world.log(AB).len();
    world.control("pushes", json!({"userID": "bob", "drop": 1}));
    for text in ["lost", "heard"] {
        let message = alice.ok("createTextMessage", json!(text));
        let send =
            json!({"recvID": "bob", "groupID": "", "message": message, "isOnlineOnly": true});
        alice.ok("sendMessage", send);
    }
    bob.wait_for("OnRecvNewMessages");
    for user in ["alice", "bob"] {
        world.control("disconnect", json!({"userID": user}));
    }
    world.rt.run_for(30_000);
    assert_eq!(texts(&bob.new_messages()), ["heard"]);
    assert_eq!(world.log(AB).len(), stored);
    assert_equal_to_server(&world, &alice, AB);
    assert_equal_to_server(&world, &bob, AB);
}

#[test]
fn a_lost_last_push_comes_with_the_next_sync() {
    let world = World::new(13);
    let (alice, _) = world.ready("alice");
    // The connection is not so young any more that the client looks by itself.
    world.rt.run_for(10_000);
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    let lost = world.say("bob", "alice", "nobody pushed me");
    world.rt.run_for(1_000);
    assert!(alice.new_messages().is_empty());
    alice.ok("setAppBackgroundStatus", json!(false));
    alice.until("the message", |alice| !alice.new_messages().is_empty());
    assert_eq!(ids(&alice.new_messages()), [lost]);
}

#[test]
fn the_link_dies_at_every_step_of_a_login_and_of_a_chat() {
    for step in 0..60 {
        let world = World::new(100 + step);
        let device = world.device();
        let alice = world.page("alice", &world.token("alice"), &device);
        alice.login();
        world.rt.run_for(step as u32 * 2);
        world.control("disconnect", json!({"userID": "alice"}));
        let sent = world.say("bob", "alice", "while it was down");
        alice.wait_for("OnSyncServerFinish");
        world.rt.run_for(5_000);
        assert_equal_to_server(&world, &alice, AB);
        assert!(ids(&alice.history(AB)).contains(&sent), "step {step}");
        let told = ids(&alice.new_messages());
        assert!(
            told.iter().filter(|id| **id == sent).count() <= 1,
            "step {step}: told twice"
        );
    }
}

#[test]
fn every_call_settles_when_the_link_dies_under_it() {
    for step in 0..25 {
        let world = World::new(200 + step);
        let (alice, _) = world.ready("alice");
        let message = alice.ok("createTextMessage", json!("hi"));
        let calls = [
            (
                "sendMessage",
                json!({"recvID": "bob", "groupID": "", "message": message}),
            ),
            ("markConversationMessageAsRead", json!(AB)),
            (
                "getAdvancedHistoryMessageList",
                json!({"conversationID": AB, "startClientMsgID": "", "count": 50, "viewType": 0}),
            ),
            (
                "changeInputStates",
                json!({"conversationID": AB, "focus": true}),
            ),
            ("getUsersInfo", json!(["carol"])),
            ("setAppBackgroundStatus", json!(true)),
        ];
        let net = world.net.clone();
        let rt = world.rt.clone();
        use openim_web::rt::Runtime;
        rt.spawn(Box::pin(async move {
            net.rt.sleep(step as u32).await;
            net.with(|model, now| {
                let conns = model.conns_of_user("alice");
                conns.into_iter().for_each(|conn| model.cut(now, conn));
            });
        }));
        let answers = futures_util::future::join_all(
            calls
                .iter()
                .map(|(method, params)| alice.call(method, params.clone())),
        );
        let answers = openim_web::rt::timeout(&*world.rt, 120_000, answers);
        let answers = world.rt.block_on(answers).expect("every call settles");
        assert_eq!(answers.len(), calls.len());
        world.rt.run_for(20_000);
        let id = message["clientMsgID"].as_str().unwrap();
        let copies = world.log(AB).iter().filter(|(_, held)| held == id).count();
        let shown = ids(&alice.history(AB))
            .iter()
            .filter(|held| *held == id)
            .count();
        assert!(
            copies <= 1 && shown == 1,
            "step {step}: {copies} copies, {shown} shown"
        );
        let own = alice
            .history(AB)
            .into_iter()
            .find(|m| m["clientMsgID"] == id)
            .unwrap();
        assert_eq!(
            own["status"],
            if copies == 1 { 2 } else { 3 },
            "step {step}"
        );
        assert_equal_history_without_failed(&world, &alice, id, copies);
    }
}

fn assert_equal_history_without_failed(
    world: &std::rc::Rc<World>,
    client: &Client,
    id: &str,
    copies: usize,
) {
    let mut shown = ids(&client.history(AB));
    if copies == 0 {
        shown.retain(|held| held != id);
    }
    assert_eq!(
        shown,
        world
            .log(AB)
            .into_iter()
            .map(|(_, id)| id)
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_send_whose_fate_is_unknown_is_looked_for_and_never_doubled() {
    for (fault, status, copies) in [("loseAck", 2, 1), ("loseMessage", 3, 0), ("noAnswer", 2, 1)] {
        let world = World::new(14);
        let (alice, _) = world.ready("alice");
        world.control("sends", json!({"userID": "alice", "faults": [fault]}));
        let message = alice.ok("createTextMessage", json!("once"));
        let params = json!({"recvID": "bob", "groupID": "", "message": message});
        let answer = world.rt.block_on(alice.call("sendMessage", params.clone()));
        assert_eq!(answer.is_ok(), status == 2, "{fault}: {answer:?}");
        let stored = world
            .log(AB)
            .iter()
            .filter(|(_, id)| *id == message["clientMsgID"])
            .count();
        assert_eq!(stored, copies, "{fault}");
        let own = alice.history(AB).pop().unwrap();
        assert_eq!(
            (&own["clientMsgID"], &own["status"]),
            (&message["clientMsgID"], &json!(status)),
            "{fault}"
        );
        if status == 3 {
            assert_eq!(alice.ok("sendMessage", params)["status"], 2, "sent again");
        } else {
            assert_eq!(
                alice.err("sendMessage", params).code,
                10204,
                "{fault}: a repeat"
            );
        }
        world.rt.run_for(2_000);
        assert_equal_to_server(&world, &alice, AB);
    }
}

#[test]
fn an_unfinished_send_of_an_earlier_life_ends_as_sent_or_failed() {
    for (fault, status, copies) in [("loseMessage", 3, 0), ("noAnswer", 2, 1)] {
        let world = World::new(15);
        let (alice, device) = world.ready("alice");
        world.control("sends", json!({"userID": "alice", "faults": [fault]}));
        let message = alice.ok("createTextMessage", json!("then the page died"));
        let params = json!({"recvID": "bob", "groupID": "", "message": message});
        let pending = alice.call("sendMessage", params);
        // Before the own copy can come back.
        let dies = openim_web::rt::timeout(&*world.rt, 6, pending);
        assert!(world.rt.block_on(dies).is_err());
        alice.kill();
        world.rt.run_for(1_000);
        world.net.cut.borrow_mut().clear();
        let again = world.page("alice", &alice.token, &device);
        again.login();
        let id = message["clientMsgID"].as_str().unwrap().to_owned();
        again.until("an end of the send", |again| {
            let found = again.ok(
                "findMessageList",
                json!([{"conversationID": AB, "clientMsgIDList": [id]}]),
            );
            found["findResultItems"][0]["messageList"][0]["status"] == status
        });
        assert_eq!(
            world.log(AB).iter().filter(|(_, held)| *held == id).count(),
            copies
        );
        assert_eq!(
            ids(&again.history(AB))
                .iter()
                .filter(|held| **held == id)
                .count(),
            1
        );
        // It was read as being sent.
        assert!(again.new_messages().is_empty());
    }
}

#[test]
fn with_auto_resend_a_lost_message_is_sent_again_and_once() {
    let world = World::new(23);
    let device = world.device();
    let alice = world.page("alice", &world.token("alice"), &device);
    alice.ok(
        "login",
        json!({
            "userID": "alice", "token": alice.token, "platformID": 5, "autoResend": true,
            "apiAddr": "http://server", "wsAddr": "ws://server",
        }),
    );
    alice.wait_for("OnSyncServerFinish");
    world.control(
        "sends",
        json!({"userID": "alice", "faults": ["loseMessage", "loseAck"]}),
    );
    for text in ["lost on the way", "acknowledgement lost"] {
        assert_eq!(alice.text("bob", text)["status"], 2);
    }
    world.rt.run_for(2_000);
    assert_eq!(
        texts(&alice.history(AB))[51..],
        ["lost on the way", "acknowledgement lost"]
    );
    assert_equal_to_server(&world, &alice, AB);
}

#[test]
fn holes_and_late_messages() {
    let world = World::new(16);
    let (alice, _) = world.ready("alice");
    world.control("holes", json!({"conversationID": AB, "count": 3}));
    world.say("bob", "alice", "behind a hole");
    alice.until("the message", |alice| !alice.new_messages().is_empty());
    assert_eq!(texts(&alice.new_messages()), ["behind a hole"]);

    // The push is lost and pulls see a placeholder at first: the message comes all the same.
    let next = world.log(AB).last().unwrap().0 + 1;
    world.control(
        "placeholders",
        json!({"conversationID": AB, "seqs": [next], "times": 2}),
    );
    world.control("pushes", json!({"userID": "alice", "drop": 1}));
    let late = world.say("bob", "alice", "late");
    world.rt.run_for(200);
    world.say("bob", "alice", "after it");
    alice.until("both", |alice| alice.new_messages().len() == 3);
    assert_eq!(texts(&alice.new_messages())[1..], ["late", "after it"]);
    assert!(ids(&alice.history(AB)).contains(&late));
    world.rt.run_for(800_000);
    let pulls = alice.history(AB).len();
    assert_eq!(pulls, world.log(AB).len());
}

#[test]
fn an_answer_that_leaves_a_channel_out_does_not_count_as_an_answer() {
    let world = World::new(17);
    let (alice, _) = world.ready("alice");
    world.network("alice", false);
    let missed = world.say("bob", "alice", "missed");
    let other = world.say("carol", "alice", "not missed");
    world.control("absent", json!({"conversationIDs": [AB]}));
    world.network("alice", true);
    alice.until("the other conversation", |alice| {
        ids(&alice.new_messages()).contains(&other)
    });
    assert!(!ids(&alice.new_messages()).contains(&missed));
    world.control("absent", json!({"conversationIDs": []}));
    alice.until("the missed one", |alice| {
        ids(&alice.new_messages()).contains(&missed)
    });
}

#[test]
fn malformed_frames_and_unknown_contents_lose_nothing() {
    let world = World::new(18);
    let (alice, _) = world.ready("alice");
    for base64 in ["", "AAAA", "/////w==", "eyJhIjoxfQ=="] {
        world.control("raw", json!({"userID": "alice", "base64": base64}));
    }
    world.control("send", json!({"from": "bob", "to": "alice", "contentType": 777, "content": {"strange": [1, null]}}));
    alice.until("the message", |alice| !alice.new_messages().is_empty());
    let message = &alice.new_messages()[0];
    assert_eq!(message["contentType"], 777);
    assert_eq!(message["content"], r#"{"strange":[1,null]}"#);
    assert_eq!(alice.text("bob", "still here")["status"], 2);
    assert!(alice.heard("OnConnectFailed").is_empty());
}

#[test]
fn a_failing_api_gives_typed_errors_and_the_next_call_works() {
    let world = World::new(19);
    let (alice, _) = world.ready("alice");
    for (fault, code) in [
        ("tooMany", 10000),
        ("broken", 10000),
        ("html", 10006),
        ("hang", 10001),
    ] {
        world.control(
            "rest",
            json!({"path": "/msg/mark_conversation_as_read", "faults": [fault]}),
        );
        let error = alice.err("markConversationMessageAsRead", json!(AB));
        assert_eq!(error.code, code, "{fault}: {error}");
        assert!(!error.cause.is_empty(), "{fault}");
        assert_eq!(alice.conversation(AB)["unreadCount"], 4);
    }
    alice.ok("markConversationMessageAsRead", json!(AB));
    assert_eq!(alice.conversation(AB)["unreadCount"], 0);
}

/// Firefox gives the gateway's last word mostly to nobody: then it is the HTTP API that tells.
#[test]
fn a_refused_token_is_told_where_the_gateway_is_mute() {
    let world = World::new(1);
    let client = world.page("alice", &world.token("alice"), &world.device());
    world.control("refuse", json!({"on": true}));
    client.login();
    client.wait_for("OnConnectFailed");
    assert!(client.heard("OnUserTokenExpired").is_empty());
    world.control("expire", json!({"userID": "alice"}));
    client.wait_for("OnUserTokenExpired");
    assert_eq!(client.ok("getLoginStatus", json!(null)), json!(1));
}

#[test]
fn a_message_that_is_too_large_fails_at_once_and_the_link_lives() {
    let world = World::new(20);
    let (alice, _) = world.ready("alice");
    // Pseudo-random letters: compressed they are hardly fewer bytes.
    let mut state = 1_u32;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4e00 + (state >> 16) % 0x4000).unwrap()
    };
    let noise: String = (0..40_000).map(letter).collect();
    let message = alice.ok("createTextMessage", json!(noise));
    let error = alice.err(
        "sendMessage",
        json!({"recvID": "bob", "groupID": "", "message": message}),
    );
    assert_eq!(error.code, 10002);
    assert!(error.cause.contains("51,200"), "{error:?}");
    assert_eq!(alice.text("bob", "small")["status"], 2);
}

#[test]
fn a_long_text_gets_through_compressed() {
    let world = World::new(20);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let long = "What was said on Saturday. ".repeat(200_000 / 27);
    alice.text("bob", &long);
    bob.until("it came", |c| texts(&c.new_messages()).contains(&long));
}

#[test]
fn a_store_that_fails_loses_nothing() {
    use openim_web::store::StoreError;
    let world = World::new(21);
    let (alice, device) = world.ready("alice");
    device
        .stores
        .fail_after(0, StoreError::Quota("full".into()));
    let sent = world.say("bob", "alice", "while the disk was full");
    alice.until("the message", |alice| !alice.new_messages().is_empty());
    assert_eq!(ids(&alice.new_messages()), [sent]);
    device
        .stores
        .fail_after(0, StoreError::Quota("full".into()));
    let message = alice.ok("createTextMessage", json!("not noted, not sent"));
    let params = json!({"recvID": "bob", "groupID": "", "message": message});
    assert!(
        alice
            .err("sendMessage", params.clone())
            .cause
            .contains("full")
    );
    assert_eq!(alice.ok("sendMessage", params)["status"], 2);
    world.rt.run_for(2_000);
    assert_equal_to_server(&world, &alice, AB);
}

#[test]
fn a_second_copy_of_a_message_is_never_shown() {
    let world = World::new(22);
    let (alice, _) = world.ready("alice");
    let id = world.say("bob", "alice", "twice");
    alice.until("the message", |alice| !alice.new_messages().is_empty());
    world.net.with(|model, now| {
        use openim_web::net::wire::pb::MsgData;
        let copy = MsgData {
            send_id: "bob".into(),
            recv_id: "alice".into(),
            client_msg_id: id.clone(),
            session_type: 1,
            msg_from: 100,
            content_type: 101,
            content: br#"{"content":"twice"}"#.to_vec(),
            ..Default::default()
        };
        model.send(now, copy, "bob").unwrap();
    });
    let next = world.say("bob", "alice", "next");
    alice.until("the next", |alice| alice.new_messages().len() == 2);
    world.rt.run_for(2_000);
    assert_eq!(ids(&alice.new_messages()), [id.clone(), next]);
    assert_eq!(
        ids(&alice.history(AB))
            .iter()
            .filter(|held| **held == id)
            .count(),
        1
    );
}

#[test]
fn a_token_made_for_the_next_tab_ends_this_one_only_if_it_is_not_handed_over() {
    let world = World::new(17);
    let (alice, _) = world.ready("alice");
    // Two tokens of one second are the same.
    world.rt.run_for(1_100);
    world.admin(
        "/auth/get_user_token",
        json!({"userID": "alice", "platformID": 5}),
    );
    let refused = alice.err("getUsersInfo", json!(["bob"]));
    assert_eq!(refused.code, 1506);
    world.rt.run_for(2_500);
    assert!(alice.heard("OnKickedOffline").is_empty());
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 3);
    world.rt.run_for(1_000);
    assert_eq!(alice.heard("OnKickedOffline").len(), 1);
    assert_eq!(alice.ok("getLoginStatus", json!(null)), 1);
}
