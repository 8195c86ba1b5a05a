//! Every state of the smallest worlds; the larger ones are explored by `cargo xtask sim`.

#[allow(dead_code, reason = "the larger worlds are the simulator's")]
#[path = "sim/src/explore.rs"]
mod explore;

#[test]
fn the_rules_hold_in_every_state_of_the_small_worlds() {
    assert!(explore::run(&explore::SMALL_WORLDS));
}
