//! Messages beyond sending and reading: search, surroundings, deleting, changing on this device.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use serde_json::{Value, json};
use world::{Client, Device, World, ids, texts};

const AB: &str = "si_alice_bob";
const GARDEN: &str = "sg_garden";

fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().clone()
}

/// Another device of alice.
fn fresh(world: &Rc<World>) -> Client {
    let stores = world.device().stores;
    world.net.with(|model, _| model.login_policy = 0);
    let client = world.page_on("fresh", "alice", 5, &world.token("alice"), stores);
    client.login();
    client.wait_for("OnSyncServerFinish");
    client
}

fn find(client: &Client, params: Value) -> Value {
    client.ok("searchLocalMessages", params)
}

/// Texts found in the only conversation.
fn found(result: &Value) -> Vec<String> {
    let items = list(&result["searchResultItems"]);
    items
        .iter()
        .flat_map(|item| texts(&list(&item["messageList"])))
        .collect()
}

#[test]
fn search_finds_words_newest_first_and_in_pages() {
    let world = World::new(1);
    let (alice, _) = world.ready("alice");
    alice.history(AB);
    let page = |index: i64, count: i64| {
        find(
            &alice,
            json!({"conversationID": AB, "keywordList": ["SATURDAY"], "pageIndex": index, "count": count}),
        )
    };
    let all = page(1, 100);
    let total = all["totalCount"].as_u64().unwrap() as usize;
    assert!(total > 2, "{all}");
    assert_eq!(found(&all).len(), total);
    assert!(found(&all).iter().all(|text| text.contains("Saturday")));
    let item = &all["searchResultItems"][0];
    assert_eq!(
        (&item["conversationID"], &item["showName"]),
        (&json!(AB), &json!("Bob"))
    );
    assert_eq!(item["messageCount"], total as u64);
    let times: Vec<i64> = list(&item["messageList"])
        .iter()
        .map(|m| m["sendTime"].as_i64().unwrap())
        .collect();
    assert!(times.is_sorted_by(|a, b| a > b), "{times:?}");
    let mut paged = found(&page(1, 2));
    assert_eq!(paged.len(), 2);
    for index in 2.. {
        let more = page(index, 2);
        assert_eq!(more["totalCount"], total as u64);
        if found(&more).is_empty() {
            break;
        }
        paged.extend(found(&more));
    }
    assert_eq!(paged, found(&all));
}

#[test]
fn search_is_narrowed_by_type_sender_time_and_kind_of_match() {
    let world = World::new(2);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    alice.text("bob", "red apples \"and\" green pears");
    bob.text("alice", "red cherries");
    alice.until("it came", |c| {
        texts(&c.new_messages()).contains(&"red cherries".into())
    });
    let message = alice.ok(
        "createFileMessageByURL",
        json!({"filePath": "", "fileName": "red list.pdf", "uuid": "", "sourceUrl": "http://f/1", "fileSize": 3}),
    );
    alice.ok(
        "sendMessageNotOss",
        json!({"recvID": "bob", "groupID": "", "message": message}),
    );
    let search = |more: Value| {
        let mut params =
            json!({"conversationID": AB, "keywordList": ["red"], "pageIndex": 1, "count": 50});
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        find(&alice, params)
    };
    assert_eq!(search(json!({}))["totalCount"], 3);
    assert_eq!(search(json!({"messageTypeList": [105]}))["totalCount"], 1);
    assert_eq!(
        found(&search(json!({"senderUserIDList": ["bob"]}))),
        ["red cherries"]
    );
    let both = json!({"keywordList": ["\"and\"", "apples"], "keywordListMatchType": 1});
    assert_eq!(search(both.clone())["totalCount"], 1);
    let mut none = both;
    none["keywordList"] = json!(["apples", "cherries"]);
    assert_eq!(search(none)["totalCount"], 0);
    assert_eq!(
        search(json!({"keywordList": ["apples", "cherries"]}))["totalCount"],
        2
    );
    // What was said long before is out of a period of an hour, and what is new is out of the time before.
    let old = json!({"keywordList": ["soil"]});
    assert_ne!(search(old.clone())["totalCount"], 0);
    let mut hour = old;
    hour["searchTimePeriod"] = json!(3_600);
    assert_eq!(search(hour)["totalCount"], 0);
    let now = {
        use openim_web::rt::Runtime;
        world.rt.now_ms()
    } / 1_000;
    let before = json!({"searchTimePosition": now - 60, "searchTimePeriod": 60});
    assert_eq!(search(before)["totalCount"], 0);
    // All conversations at once, the one with the newest message first.
    world.say_group("dave", "garden", "a red gate");
    alice.until("it came", |c| {
        texts(&c.new_messages()).contains(&"a red gate".into())
    });
    let all = find(
        &alice,
        json!({"conversationID": "", "keywordList": ["red"]}),
    );
    assert_eq!(all["totalCount"], 4);
    assert_eq!(all["searchResultItems"][0]["conversationID"], GARDEN);
    let types = json!({"conversationID": "", "keywordList": [], "messageTypeList": [105]});
    assert_eq!(find(&alice, types)["totalCount"], 1);
    // What says nothing is refused, what is gone is not found.
    for wrong in [
        json!({"conversationID": "", "keywordList": []}),
        json!({"conversationID": AB, "keywordList": ["red"]}),
        json!({"conversationID": AB, "keywordList": ["red"], "pageIndex": 0, "count": 1}),
    ] {
        assert_eq!(alice.err("searchLocalMessages", wrong).code, 10002);
    }
    let pears = search(json!({"keywordList": ["pears"]}));
    let id = &pears["searchResultItems"][0]["messageList"][0]["clientMsgID"];
    alice.ok(
        "deleteMessage",
        json!({"conversationID": AB, "clientMsgID": id}),
    );
    assert_eq!(search(json!({"keywordList": ["pears"]}))["totalCount"], 0);
}

#[test]
fn the_messages_around_one_are_fetched_where_they_are_missing() {
    let world = World::new(3);
    let (alice, _) = world.ready("alice");
    let all = alice.history(AB);
    // Another device that holds the newest message only.
    let fresh = fresh(&world);
    let middle = &all[20];
    let around = |before: i64, after: i64| {
        let params =
            json!({"startMessage": middle, "viewType": 1, "before": before, "after": after});
        ids(&list(
            &fresh.ok("fetchSurroundingMessages", params)["messageList"],
        ))
    };
    assert_eq!(around(5, 3), ids(&all[15..24]));
    assert_eq!(around(0, 0), ids(&all[20..21]));
    assert_eq!(around(1_000, 1_000), ids(&all));
    let stranger = json!({"clientMsgID": "none", "sendID": "bob", "recvID": "alice", "sessionType": 1, "contentType": 101});
    let params = json!({"startMessage": stranger, "viewType": 0, "before": 1, "after": 1});
    assert_eq!(fresh.err("fetchSurroundingMessages", params).code, 1004);
}

#[test]
fn the_old_way_to_ask_for_newer_messages_works() {
    let world = World::new(4);
    let (alice, _) = world.ready("alice");
    let all = alice.history(AB);
    let start = all[10]["clientMsgID"].clone();
    for place in [
        json!({"userID": "bob", "groupID": ""}),
        json!({"userID": "", "groupID": "", "conversationID": AB}),
    ] {
        let mut params = place;
        params["count"] = json!(4);
        params["startClientMsgID"] = start.clone();
        let page = alice.ok("getHistoryMessageListReverse", params);
        assert_eq!(ids(&list(&page["messageList"])), ids(&all[11..15]));
        assert_eq!(page["isEnd"], false);
    }
    let group = json!({"userID": "", "groupID": "garden", "count": 1, "startClientMsgID": ""});
    let page = alice.ok("getHistoryMessageListReverse", group);
    assert_eq!(page["messageList"][0]["groupID"], "garden");
    let nobody = json!({"userID": "", "groupID": "", "count": 1, "startClientMsgID": ""});
    assert_eq!(
        alice.err("getHistoryMessageListReverse", nobody).code,
        10002
    );
}

#[test]
fn messages_are_deleted_for_oneself_or_for_everybody() {
    let world = World::new(5);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    let sent: Vec<Value> = (0..4)
        .map(|n| alice.text("bob", &format!("no {n}")))
        .collect();
    bob.until("all came", |c| c.new_messages().len() == 4);
    let delete = |ids: &[&Value], everywhere: bool| {
        let ids: Vec<&Value> = ids.iter().map(|m| &m["clientMsgID"]).collect();
        alice.ok(
            "deleteMessages",
            json!({"conversationID": AB, "clientMsgIDs": ids, "isSync": everywhere}),
        );
    };
    delete(&[&sent[0], &sent[1]], false);
    assert_eq!(alice.heard("OnMsgDeleted").len(), 2);
    delete(&[&sent[3], &json!({"clientMsgID": "unknown"})], true);
    bob.wait_for("OnMsgDeleted");
    assert_eq!(
        bob.heard("OnMsgDeleted")[0]["clientMsgID"],
        sent[3]["clientMsgID"]
    );
    let last = |c: &Client, n: usize| {
        let all = texts(&c.history(AB));
        all[all.len() - n..].to_vec()
    };
    assert_eq!(last(&alice, 1), ["no 2"]);
    assert_eq!(last(&bob, 3), ["no 0", "no 1", "no 2"]);
    // A device that was never there sees the same.
    let fresh = fresh(&world);
    assert_eq!(last(&fresh, 1), ["no 2"]);
    assert!(!texts(&fresh.history(AB)).contains(&"no 0".to_owned()));
    // In a group too.
    let message = alice.ok("createTextMessage", json!("to all"));
    let message = alice.ok(
        "sendMessage",
        json!({"recvID": "", "groupID": "garden", "message": message}),
    );
    bob.until("it came", |c| {
        texts(&c.new_messages()).contains(&"to all".into())
    });
    let ids = [&message["clientMsgID"]];
    alice.ok(
        "deleteMessages",
        json!({"conversationID": GARDEN, "clientMsgIDs": ids, "isSync": true}),
    );
    bob.until("it is gone", |c| c.heard("OnMsgDeleted").len() == 2);
    assert!(!texts(&bob.history(GARDEN)).contains(&"to all".to_owned()));
}

#[test]
fn everything_is_deleted_here_or_at_the_server_too() {
    for (method, at_server) in [
        ("deleteAllMsgFromLocal", false),
        ("deleteAllMsgFromLocalAndSvr", true),
    ] {
        let world = World::new(6);
        let (alice, _) = world.ready("alice");
        alice.text("bob", "before");
        let has_seq = |c: &Client| c.history(AB).last().unwrap()["seq"].as_i64() > Some(0);
        alice.until("it is stored", has_seq);
        alice.ok(method, json!(null));
        alice.forget_events();
        assert_eq!(alice.ok("getTotalUnreadMsgCount", json!(null)), 0);
        for conversation in list(&alice.ok("getAllConversationList", json!(null))) {
            let id = conversation["conversationID"].as_str().unwrap();
            assert!(alice.history(id).is_empty(), "{method} {id}");
            assert_eq!(conversation["latestMsg"], "");
        }
        // What comes later is there.
        world.say("bob", "alice", "after");
        alice.until("it came", |c| !c.new_messages().is_empty());
        assert_eq!(texts(&alice.history(AB)), ["after"]);
        let fresh = fresh(&world);
        assert_eq!(fresh.history(AB).len() == 1, at_server, "{method}");
        let counts = fresh.conversation(AB)["unreadCount"].as_i64();
        assert_eq!(counts, Some(1), "{method}");
    }
}

#[test]
fn everything_can_be_deleted_here_without_a_network() {
    let world = World::new(7);
    let (alice, _) = world.ready("alice");
    world.network("alice", false);
    alice.ok("deleteAllMsgFromLocal", json!(null));
    assert_eq!(alice.ok("getTotalUnreadMsgCount", json!(null)), 0);
    let refused = alice.err("deleteAllMsgFromLocalAndSvr", json!(null));
    assert_eq!(refused.code, 10000, "{refused}");
}

#[test]
fn a_message_gets_other_content_on_this_device() {
    let world = World::new(8);
    let (alice, device) = world.ready("alice");
    let sent = alice.text("bob", "first");
    let mut changed = sent.clone();
    changed["textElem"]["content"] = json!("second");
    alice.forget_events();
    alice.ok(
        "setMessageLocalContent",
        json!({"conversationID": AB, "message": changed}),
    );
    let latest = &alice.heard("OnConversationChanged")[0][0]["latestMsg"];
    assert!(latest.as_str().unwrap().contains("second"), "{latest}");
    assert_eq!(texts(&alice.history(AB)).last().unwrap(), "second");
    alice.kill();
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    assert_eq!(texts(&again.history(AB)).last().unwrap(), "second");
    let mut unknown = sent;
    unknown["clientMsgID"] = json!("none");
    let params = json!({"conversationID": AB, "message": unknown});
    assert_eq!(again.err("setMessageLocalContent", params).code, 1004);
}

#[test]
fn receive_options_are_read_by_conversation() {
    let world = World::new(9);
    let (alice, _) = world.ready("alice");
    alice.ok(
        "setConversationRecvMessageOpt",
        json!({"conversationID": AB, "opt": 2}),
    );
    let got = alice.ok("getConversationRecvMessageOpt", json!([AB, "none", GARDEN]));
    let got: Vec<_> = list(&got).iter().map(|c| c["recvMsgOpt"].clone()).collect();
    assert_eq!(got, [2, 0]);
}

#[test]
fn what_only_the_enterprise_server_can_do_says_so() {
    let world = World::new(10);
    let (alice, _) = world.ready("alice");
    let mut count = 0;
    for name in openim_web::logic::enterprise::names() {
        let error = alice.err(name, json!({}));
        assert_eq!(error.code, 10301, "{name}");
        assert!(
            error.message.contains("enterprise server") && error.message.contains(name)
                || error.cause.contains(name),
            "{error:?}"
        );
        count += 1;
    }
    assert_eq!(count, 30, "api.md §11");
}

/// Alice and bob, their chat private with ten seconds to live.
fn private(seed: u64) -> (Rc<World>, Client, Device, Client) {
    let world = World::new(seed);
    let (alice, device) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    alice.ok(
        "setConversationPrivateChat",
        json!({"conversationID": AB, "isPrivate": true}),
    );
    alice.ok(
        "setConversationBurnDuration",
        json!({"conversationID": AB, "burnDuration": 10}),
    );
    bob.until("it is private", |c| {
        c.conversation(AB)["isPrivateChat"] == true
    });
    (world, alice, device, bob)
}

fn has(client: &Client, text: &str) -> bool {
    texts(&client.history(AB)).contains(&text.to_owned())
}

#[test]
fn private_messages_burn_after_reading_on_both_sides() {
    let (world, alice, _, bob) = private(20);
    let sent = alice.text("bob", "secret");
    assert_eq!(sent["attachedInfoElem"]["isPrivateChat"], true);
    bob.until("it came", |c| {
        texts(&c.new_messages()).contains(&"secret".into())
    });
    world.rt.run_for(60_000);
    assert!(
        has(&alice, "secret") && has(&bob, "secret"),
        "unread messages stay"
    );
    bob.ok("markConversationMessageAsRead", json!(AB));
    alice.wait_for("OnRecvC2CReadReceipt");
    world.rt.run_for(8_000);
    assert!(has(&alice, "secret") && has(&bob, "secret"));
    for side in [&alice, &bob] {
        side.until("it is told", |c| !c.heard("OnMsgDeleted").is_empty());
        assert_eq!(
            side.heard("OnMsgDeleted")[0]["clientMsgID"],
            sent["clientMsgID"]
        );
        assert!(!has(side, "secret"));
        let latest = side.conversation(AB)["latestMsg"].clone();
        assert!(!latest.as_str().unwrap().contains("secret"), "{latest}");
        let search = json!({"conversationID": "", "keywordList": ["secret"]});
        assert_eq!(find(side, search)["totalCount"], 0);
    }
    world.rt.run_for(5_000);
    // Nor on a device that was never there.
    let fresh = fresh(&world);
    assert!(!has(&fresh, "secret"));
    // What is said in the open stays.
    alice.ok(
        "setConversationPrivateChat",
        json!({"conversationID": AB, "isPrivate": false}),
    );
    alice.text("bob", "open");
    bob.until("it came", |c| {
        texts(&c.new_messages()).contains(&"open".into())
    });
    bob.ok("markConversationMessageAsRead", json!(AB));
    world.rt.run_for(60_000);
    assert!(has(&bob, "open"));
}

#[test]
fn private_messages_burn_while_nobody_is_there() {
    let (world, alice, device, bob) = private(21);
    bob.text("alice", "secret");
    alice.until("it came", |c| {
        texts(&c.new_messages()).contains(&"secret".into())
    });
    alice.ok("markConversationMessageAsRead", json!(AB));
    alice.ok("logout", json!(null));
    world.network("alice", false);
    world.rt.run_for(20_000);
    // Without a network: by what is on the disk.
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    let preview = |c: &Client| c.conversation(AB)["latestMsg"].clone();
    again.until("the preview is another", |c| {
        !preview(c).as_str().unwrap().contains("secret")
    });
    let params = json!({"conversationID": AB, "startClientMsgID": "", "count": 5, "viewType": 0});
    let page = again.ok("getAdvancedHistoryMessageList", params);
    assert!(!texts(&list(&page["messageList"])).contains(&"secret".to_owned()));
}

#[test]
fn private_messages_that_were_read_on_another_device_burn_here() {
    let (world, alice, _, bob) = private(22);
    let other = fresh(&world);
    bob.text("alice", "secret");
    for device in [&alice, &other] {
        device.until("it came", |c| {
            texts(&c.new_messages()).contains(&"secret".into())
        });
    }
    alice.ok("markConversationMessageAsRead", json!(AB));
    other.wait_for("OnMsgDeleted");
    assert!(!has(&other, "secret"));
}

#[test]
fn unknown_content_is_kept_whole_and_goes_everywhere() {
    let world = World::new(23);
    let (alice, device) = world.ready("alice");
    let content = json!({"a": {"b": [1, 2.5, null]}, "text": "é<>&", "detail": 7});
    let body = json!({"from": "bob", "to": "alice", "contentType": 777, "content": content});
    world.control("send", body);
    alice.until("it came", |c| !c.new_messages().is_empty());
    let told = alice.new_messages()[0].clone();
    assert_eq!(told["contentType"], 777);
    assert!(told.to_string().contains("2.5"), "{told}");
    alice.kill();
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    let params = json!({"conversationID": AB, "startClientMsgID": "", "count": 1, "viewType": 0});
    let page = again.ok("getAdvancedHistoryMessageList", params);
    assert_eq!(page["messageList"][0], told);
    let search = json!({"conversationID": "", "keywordList": [], "messageTypeList": [777]});
    assert_eq!(find(&again, search)["totalCount"], 1);
}

#[test]
fn phones_are_told_what_the_application_says() {
    let world = World::new(24);
    let (alice, _) = world.ready("alice");
    let before = world.log(AB).len();
    let message = alice.ok("createTextMessage", json!("hello"));
    let push =
        json!({"title": "T", "desc": "D", "ex": "E", "iOSPushSound": "s", "iOSBadgeCount": true});
    alice.ok(
        "sendMessage",
        json!({"recvID": "bob", "groupID": "", "message": message, "offlinePushInfo": push}),
    );
    alice.text("bob", "default");
    alice.until("both are stored", |_| world.log(AB).len() == before + 2);
    let model = world.net.model.borrow();
    let info = |nth: usize| {
        let messages = model.messages_of(AB);
        let message = &messages[messages.len() - nth];
        message.offline_push_info.clone().unwrap()
    };
    let given = info(2);
    assert_eq!((&*given.title, &*given.desc, &*given.ex), ("T", "D", "E"));
    assert_eq!((&*given.ios_push_sound, given.ios_badge_count), ("s", true));
    assert_eq!(info(1).title, "You have a new message.");
}

#[test]
fn business_notifications_reach_the_application() {
    let world = World::new(25);
    let (alice, _) = world.ready("alice");
    let business = |key: &str, level: i32| {
        let body = json!({"key": key, "data": "{\"n\":1}", "sendUserID": "bob", "recvUserID": "alice", "reliabilityLevel": level});
        world.admin("/msg/send_business_notification", body);
    };
    business("now", 1);
    alice.wait_for("OnRecvCustomBusinessMessage");
    let expected = json!({"key": "now", "data": "{\"n\":1}"});
    assert_eq!(alice.heard("OnRecvCustomBusinessMessage"), [expected]);
    // A reliable one waits for the user.
    world.network("alice", false);
    business("lost", 1);
    business("kept", 2);
    world.network("alice", true);
    alice.until("the reliable one", |c| {
        c.heard("OnRecvCustomBusinessMessage").len() == 2
    });
    assert_eq!(alice.heard("OnRecvCustomBusinessMessage")[1]["key"], "kept");
}
