//! Pages of history: any length, from any message, in both directions, over holes and deleted messages,
//! with the network there or not, while pushes arrive.
#![allow(clippy::unwrap_used)]

mod world;

use std::rc::Rc;

use openim_web::rt::Runtime;
use openim_web::store::memory::MemoryStores;
use serde_json::{Value, json};
use world::slow::SlowStores;
use world::{Client, World, ids};

/// A conversation of two, and a group's.
const CONVERSATIONS: [&str; 2] = ["si_alice_bob", "sg_garden"];

fn page(client: &Client, id: &str, method: &str, start: &str, count: usize) -> Value {
    let params = json!({
        "conversationID": id, "startClientMsgID": start, "count": count, "viewType": 0,
    });
    let page = client.ok(method, params);
    assert_eq!(page["errCode"], 0, "{page}");
    page
}

#[test]
fn every_page_is_what_the_server_has_there() {
    for seed in 0..40 {
        let world = World::new(seed);
        let id = CONVERSATIONS[seed as usize % 2];
        let to_it = |text: &str, count: usize| {
            let mut send = json!({"from": "bob", "text": text, "count": count});
            match id.strip_prefix("sg_") {
                Some(group) => send["groupID"] = json!(group),
                None => send["to"] = json!("alice"),
            }
            world.control("send", send);
        };
        let below = |n: usize| (world.rt.random() % n as u64) as usize;
        for _ in 0..below(6) {
            let count = 1 + below(3);
            world.control("holes", json!({"conversationID": id, "count": count}));
            to_it("{n}", 1 + below(30));
            world.rt.run_for(20);
        }
        let (alice, _) = world.ready("alice");
        let mut deleted = Vec::new();
        for _ in 0..40 {
            let mut log: Vec<String> = world.log(id).into_iter().map(|(_, id)| id).collect();
            log.retain(|id| !deleted.contains(id));
            let at = below(log.len());
            let count = 1 + below(40);
            match below(8) {
                0 => {
                    to_it("meanwhile", 1);
                    continue;
                }
                1 => {
                    let params = json!({"conversationID": id, "clientMsgID": log[at]});
                    // Only what is held can be deleted.
                    if world
                        .rt
                        .block_on(alice.call("deleteMessage", params))
                        .is_ok()
                    {
                        deleted.push(log[at].clone());
                    }
                    continue;
                }
                2 => {
                    world.control("pushes", json!({"userID": "alice", "drop": below(4)}));
                    continue;
                }
                3 => {
                    // The newest: pushes that are on their way may be in it or not.
                    world.rt.run_for(400_000);
                    let log_now: Vec<String> =
                        world.log(id).into_iter().map(|(_, id)| id).collect();
                    let log: Vec<_> = log_now.iter().filter(|id| !deleted.contains(id)).collect();
                    let newest = page(&alice, id, "getAdvancedHistoryMessageList", "", count);
                    let shown = ids(newest["messageList"].as_array().unwrap());
                    let from = log.len().saturating_sub(count);
                    assert!(shown.iter().eq(log[from..].iter().copied()), "seed {seed}");
                    continue;
                }
                _ => {}
            }
            // A message that was never held cannot be where a page begins.
            let held = json!([{"conversationID": id, "clientMsgIDList": [log[at]]}]);
            if alice.ok("findMessageList", held)["totalCount"] == 0 {
                continue;
            }
            let older = page(&alice, id, "getAdvancedHistoryMessageList", &log[at], count);
            let from = at.saturating_sub(count);
            assert_eq!(
                ids(older["messageList"].as_array().unwrap()),
                log[from..at],
                "seed {seed}"
            );
            assert_eq!(older["isEnd"], at < count, "seed {seed}: {at} {count}");
            let newer = page(
                &alice,
                id,
                "getAdvancedHistoryMessageListReverse",
                &log[at],
                count,
            );
            let shown = ids(newer["messageList"].as_array().unwrap());
            let mut log: Vec<String> = world.log(id).into_iter().map(|(_, id)| id).collect();
            log.retain(|id| !deleted.contains(id));
            let last = (at + 1 + count).min(log.len());
            // What is on its way may be missing at the end, and nothing else.
            assert!(
                log[at + 1..last].starts_with(&shown),
                "seed {seed}: {shown:?} after {at} of {log:?}"
            );
            assert!(shown.len() == last - at - 1 || newer["isEnd"] == true || last == log.len());
        }
    }
}

/// An own message gets its seq while the page that begins at it is being read.
#[test]
fn no_page_holds_the_message_it_begins_at() {
    for seed in 0..60 {
        let world = World::new(seed).quick();
        let stores = Rc::new(SlowStores {
            stores: Rc::<MemoryStores>::default(),
            rt: world.rt.clone(),
            slowest_ms: 10,
        });
        let alice = world.page_on("alice", "alice", 5, &world.token("alice"), stores);
        alice.login();
        alice.wait_for("OnSyncServerFinish");
        world.control("config", json!({"storeDelayMs": 20 + seed}));
        for n in 0..6 {
            alice.text("bob", &n.to_string());
        }
        let id = CONVERSATIONS[0];
        let sent = page(&alice, id, "getAdvancedHistoryMessageList", "", 6);
        for (method, at) in [
            ("getAdvancedHistoryMessageList", 5),
            ("getAdvancedHistoryMessageListReverse", 0),
        ] {
            let sent = ids(sent["messageList"].as_array().unwrap());
            let next = page(&alice, id, method, &sent[at], 5);
            let shown = ids(next["messageList"].as_array().unwrap());
            let expected = [&sent[..at], &sent[at + 1..]].concat();
            assert_eq!(shown, expected, "seed {seed}: {method}");
        }
    }
}
