//! What tests of files share: a storage with small parts, pictures, what the storage has then.
use std::rc::Rc;

use serde_json::{Value, json};

use super::{Client, World};

/// Bytes of a part.
pub const PART: i64 = 1 << 16;

/// Alice and bob, and a storage with small parts.
pub fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    world.control("storage", json!({"minPartSize": PART}));
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    (world, alice, bob)
}

pub fn picture(client: &Client, file: &Value) -> Value {
    let info =
        json!({"uuid": "p1", "type": "image/png", "size": 10, "width": 4, "height": 3, "url": ""});
    client.ok(
        "createImageMessageByFile",
        json!({"sourcePicture": info, "bigPicture": info, "snapshotPicture": info, "sourcePath": "", "file": file}),
    )
}

pub fn to_bob(message: &Value) -> Value {
    json!({"recvID": "bob", "groupID": "", "message": message})
}

pub fn progress(client: &Client) -> Vec<i64> {
    let told = client.heard("OnProgress");
    told.iter()
        .map(|p| p["progress"].as_i64().unwrap())
        .collect()
}

pub fn puts(world: &Rc<World>) -> u64 {
    world.control("objects", json!({}))["puts"]
        .as_u64()
        .unwrap()
}

pub fn stored(world: &Rc<World>, name: &str) -> Option<Vec<u8>> {
    let model = world.net.model.borrow();
    model.objects.named(name).map(|blob| blob.bytes.clone())
}

pub fn name_of(url: &Value) -> String {
    let url = url.as_str().unwrap();
    url.strip_prefix("http://server/object/")
        .unwrap()
        .to_owned()
}
