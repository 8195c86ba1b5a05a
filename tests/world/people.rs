//! What tests of friends and groups share: users who know nobody yet, and reading lists.
use std::rc::Rc;

use serde_json::Value;

use super::{Client, World};

/// A field of all rows, sorted.
pub fn field(list: &Value, name: &str) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    let mut values: Vec<String> = rows.map(|row| text(row, name)).collect();
    values.sort();
    values
}

/// A field of a row.
pub fn text(row: &Value, name: &str) -> String {
    row[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} of {row}"))
        .to_owned()
}

/// Users who know nobody yet.
pub fn strangers(world: &Rc<World>, names: &[&str]) {
    world.net.with(|model, now| {
        for name in names {
            model.add_user(now, name, &name.to_uppercase(), "");
        }
    });
}

/// Two of three strangers.
pub fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    strangers(&world, &["ann", "ben", "cat"]);
    let (ann, _) = world.ready("ann");
    let (ben, _) = world.ready("ben");
    (world, ann, ben)
}
