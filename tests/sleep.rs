//! Awake and asleep: a machine that slept, a page that was hidden, a network that was away. The link that
//! died meanwhile is noticed within ten seconds; one reconnect, one sync, every message (design §7).
#![allow(clippy::unwrap_used)]

mod world;

use serde_json::json;
use world::{Client, World, ids};

const AB: &str = "si_alice_bob";
const MINUTES_10: i64 = 600_000;
/// A dead link is noticed within this time of waking.
const NOTICED_MS: u32 = 10_000;

fn counts(client: &Client) -> [usize; 3] {
    ["OnConnecting", "OnConnectSuccess", "OnSyncServerStart"].map(|name| client.heard(name).len())
}

#[test]
fn a_link_that_died_in_a_sleep_is_noticed_by_the_clock_alone() {
    for seed in 1..=20 {
        let world = World::new(seed);
        let (alice, _) = world.ready("alice");
        // Somewhere between two pings.
        world.rt.run_for(997 * seed as u32);
        alice.forget_events();
        world.net.deaden_links("alice");
        let sent: Vec<String> = (0..5)
            .map(|n| world.say("bob", "alice", &format!("asleep {n}")))
            .collect();
        world.rt.jump(MINUTES_10);
        world.rt.run_for(NOTICED_MS);
        assert_eq!(counts(&alice), [1, 1, 1], "seed {seed}");
        assert_eq!(ids(&alice.new_messages()), sent);
        world.rt.run_for(MINUTES_10 as u32);
        assert_eq!(counts(&alice), [1, 1, 1], "seed {seed}: no loop");
    }
}

#[test]
fn waking_again_and_again_neither_puts_the_end_off_nor_makes_a_loop() {
    let world = World::new(3);
    let (alice, _) = world.ready("alice");
    world.rt.run_for(30_000);
    alice.forget_events();
    // Alive: nothing happens.
    for _ in 0..20 {
        alice.core.wake();
        world.rt.run_for(300);
    }
    assert_eq!(counts(&alice), [0, 0, 0]);
    // Dead: one reconnect.
    world.net.deaden_links("alice");
    let sent = world.say("bob", "alice", "hidden");
    for _ in 0..(NOTICED_MS / 500) {
        alice.core.wake();
        world.rt.run_for(500);
    }
    assert_eq!(counts(&alice), [1, 1, 1]);
    assert_eq!(ids(&alice.new_messages()), [sent]);
}

#[test]
fn a_network_that_is_away_is_known_and_asked_for_ever_more_rarely() {
    let world = World::new(4);
    let (alice, _) = world.ready("alice");
    alice.forget_events();
    world.network("alice", false);
    let sent = world.say("bob", "alice", "offline");
    world.rt.run_for(MINUTES_10 as u32);
    let failed = alice.heard("OnConnectFailed").len();
    assert!((20..=80).contains(&failed), "{failed} tries in ten minutes");
    assert!(alice.heard("OnConnectSuccess").is_empty());
    world.network("alice", true);
    alice.core.wake();
    world.rt.run_for(1_000);
    assert_eq!(alice.heard("OnConnectSuccess").len(), 1);
    assert_eq!(ids(&alice.new_messages()), [sent]);
}

#[test]
fn the_application_may_say_that_the_network_changed() {
    let world = World::new(5);
    let (alice, _) = world.ready("alice");
    alice.forget_events();
    world.net.deaden_links("alice");
    let sent = world.say("bob", "alice", "elsewhere");
    alice.ok("networkStatusChanged", json!(null));
    world.rt.run_for(1_000);
    assert_eq!(counts(&alice), [1, 1, 1]);
    assert_eq!(ids(&alice.new_messages()), [sent]);
    assert_eq!(
        ids(&alice.history(AB)).last(),
        ids(&alice.new_messages()).last()
    );
}

#[test]
fn a_clock_that_is_set_back_breaks_nothing() {
    let world = World::new(6);
    let (alice, _) = world.ready("alice");
    world.rt.run_for(5_000);
    alice.forget_events();
    world.rt.jump(-MINUTES_10);
    let sent = world.say("bob", "alice", "earlier");
    world.rt.run_for(60_000);
    assert_eq!(counts(&alice), [0, 0, 0]);
    assert_eq!(ids(&alice.new_messages()), [sent]);
}
