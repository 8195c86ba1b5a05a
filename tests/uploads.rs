//! Uploads: in parts, resumed, begun anew, refused.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use futures_util::FutureExt;
use serde_json::{Value, json};
use world::files::{PART, name_of, picture, progress, puts, stored, to_bob, two};
use world::{Client, TestFile, World};

const AB: &str = "si_alice_bob";

#[test]
fn a_cut_connection_resumes_with_the_parts_that_are_missing() {
    let (world, alice, _) = two(5);
    let image = TestFile::new(10 * PART, 1);
    let file = world.file("a.png", image.clone());
    let broken = json!({"faults": ["", "", "cut", "broken", "refused"]});
    world.control("storage", broken);
    let sent = alice.ok("sendMessage", to_bob(&picture(&alice, &file)));
    assert_eq!(puts(&world), 10 + 3, "three failed");
    let name = name_of(&sent["pictureElem"]["sourcePicture"]["url"]);
    assert_eq!(stored(&world, &name).unwrap(), image.bytes(0..image.size));
    let told = progress(&alice);
    assert!(told.is_sorted() && told.last() == Some(&100), "{told:?}");
}

#[test]
fn a_failed_upload_goes_on_later_also_after_a_reload() {
    let (world, alice, _) = two(6);
    let device = world.device();
    world.net.with(|model, _| model.login_policy = 0);
    let page = world.page_on(
        "second",
        "alice",
        5,
        &world.token("alice"),
        device.stores.clone(),
    );
    page.login();
    page.wait_for("OnSyncServerFinish");
    let image = TestFile::new(10 * PART, 1);
    let file = world.file("a.png", image.clone());
    let message = picture(&page, &file);
    // Four parts get through, then nothing for minutes.
    let mut faults = vec![""; 4];
    faults.extend(["cut"; 300]);
    world.control("storage", json!({ "faults": faults }));
    let error = page.err("sendMessage", to_bob(&message));
    assert_eq!(error.code, 10000, "{error}");
    let own = page.history(AB).pop().unwrap();
    assert_eq!(
        (&own["status"], &own["clientMsgID"]),
        (&json!(3), &message["clientMsgID"])
    );
    let latest = page.conversation(AB)["latestMsg"].clone();
    assert!(
        latest.as_str().unwrap().contains("\"status\":3"),
        "{latest}"
    );
    page.kill();

    world.control("storage", json!({"faults": []}));
    world.network("second", true);
    let again = world.page_on(
        "second",
        "alice",
        5,
        &world.token("alice"),
        device.stores.clone(),
    );
    again.login();
    let before = puts(&world);
    // The page has the message; the file has to be given once more.
    assert_eq!(again.err("sendMessage", to_bob(&own)).code, 10002);
    let uuid = own["pictureElem"]["sourcePicture"]["uuid"].clone();
    again.ok("fileMapSet", json!([uuid, file]));
    let sent = again.ok("sendMessage", to_bob(&own));
    assert_eq!(puts(&world) - before, 6, "only what was missing");
    let name = name_of(&sent["pictureElem"]["sourcePicture"]["url"]);
    assert_eq!(stored(&world, &name).unwrap(), image.bytes(0..image.size));
    drop(alice);
}

#[test]
fn a_page_that_goes_while_it_uploads_leaves_a_failed_message() {
    let (world, alice, bob) = two(7);
    alice.ok("logout", json!(null));
    let device = world.device();
    let page = world.page("alice", &world.token("alice"), &device);
    page.login();
    page.wait_for("OnSyncServerFinish");
    let message = picture(&page, &world.file("a.png", TestFile::new(15 * PART, 1)));
    {
        let mut sending = Box::pin(page.call("sendMessage", to_bob(&message)));
        for _ in 0..100 {
            assert!((&mut sending).now_or_never().is_none());
            world.rt.run_for(5);
        }
    }
    assert!(!progress(&page).is_empty());
    page.kill();
    world.network("alice", true);
    let again = world.page("alice", &world.token("alice"), &device);
    again.login();
    again.wait_for("OnSyncServerFinish");
    let own = again.history(AB).pop().unwrap();
    assert_eq!(
        (&own["status"], &own["clientMsgID"]),
        (&json!(3), &message["clientMsgID"])
    );
    world.rt.run_for(120_000);
    assert!(bob.new_messages().is_empty());
}

#[test]
fn a_wrong_md5_is_caught() {
    let (world, alice, _) = two(8);
    let image = TestFile::new(3 * PART, 1);
    let file = world.file("a.png", image.clone());
    // One part is stored wrongly: all are sent again, and the file is right.
    world.control("storage", json!({"faults": ["", "corrupt"]}));
    let sent = alice.ok("sendMessage", to_bob(&picture(&alice, &file)));
    assert_eq!(puts(&world), 6);
    let name = name_of(&sent["pictureElem"]["sourcePicture"]["url"]);
    assert_eq!(stored(&world, &name).unwrap(), image.bytes(0..image.size));
    // A storage that does so for good: the promise rejects, nothing wrong is sent.
    let file = world.file("b.png", TestFile::new(3 * PART, 2));
    world.control("storage", json!({ "faults": vec!["corrupt"; 20] }));
    let message = picture(&alice, &file);
    let error = alice.err("sendMessage", to_bob(&message));
    assert_eq!(error.code, 500, "{error}");
    assert_eq!(alice.history(AB).pop().unwrap()["status"], 3);
    world.control("storage", json!({"faults": []}));
    alice.ok("sendMessage", to_bob(&message));
}

#[test]
fn an_upload_that_expired_begins_anew() {
    let (world, alice, _) = two(9);
    let file = world.file("a.png", TestFile::new(4 * PART, 1));
    world.control("storage", json!({"faults": ["", "cut", "cut", "cut"]}));
    let message = picture(&alice, &file);
    let mut sending = Box::pin(alice.call("sendMessage", to_bob(&message)));
    while puts(&world) < 3 {
        assert!((&mut sending).now_or_never().is_none());
        world.rt.run_for(50);
    }
    world.net.with(|model, now| model.expire_uploads(now));
    let sent = world.rt.block_on(sending).unwrap();
    assert_eq!(sent["status"], 2);
}

#[test]
fn a_part_is_read_in_slices() {
    const MB: i64 = 1 << 20;
    let (world, alice, _) = two(12);
    world.control("storage", json!({"minPartSize": 5 * MB, "keeps": false}));
    let big = TestFile::new(7 * MB + 3, 1);
    let file = world.file("big.iso", big.clone());
    let params = json!({"name": "big.iso", "contentType": "", "uuid": "b", "file": file});
    alice.ok("uploadFile", params);
    assert_eq!(puts(&world), 2);
    assert!(big.most.get() <= MB);
}

/// A call of the API, as alice.
fn asked(
    world: &Rc<World>,
    alice: &Client,
    path: &str,
    body: Value,
) -> Result<Value, (i32, String)> {
    let answer = world
        .net
        .with(|model, now| model.rest(now, path, &alice.token, "op", &body));
    answer.map_err(|refusal| (refusal.code, refusal.detail))
}

#[test]
fn the_server_signs_no_more_parts_than_there_are() {
    let (world, alice, _) = two(13);
    let begin = |size: i64, max_parts: i64| {
        let body = json!({"hash": "0".repeat(32), "size": size, "partSize": PART, "maxParts": max_parts,
            "name": "alice/a", "contentType": "", "cause": "", "urlPrefix": ""});
        asked(&world, &alice, "/object/initiate_multipart_upload", body)
    };
    assert_eq!(begin(PART, 2), Err((500, "too many parts: 1".into())));
    assert_eq!(begin(3 * PART, 20), Err((500, "too many parts: 3".into())));
    let of_three = begin(3 * PART, 2).unwrap();
    assert_eq!(
        of_three["upload"]["sign"]["parts"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // A file of one part has an address that cannot be signed again.
    let whole = begin(PART, 1).unwrap();
    let body = json!({"uploadID": whole["upload"]["uploadID"], "partNumbers": [1]});
    let again = asked(&world, &alice, "/object/auth_sign", body);
    assert_eq!(
        again,
        Err((500, "presigned id not support auth sign".into()))
    );
}

#[test]
fn many_parts_are_signed_a_few_at_a_time() {
    let (world, alice, _) = two(14);
    let big = TestFile::new(45 * PART, 1);
    let params = json!({"name": "big", "contentType": "", "uuid": "b", "file": world.file("big", big.clone())});
    alice.ok("uploadFile", params);
    assert_eq!(stored(&world, "alice/big").unwrap(), big.bytes(0..big.size));
    assert_eq!(puts(&world), 45);
    let calls = world.net.calls.borrow();
    assert_eq!(
        calls["/object/auth_sign"], 2,
        "20 with the beginning, 20, 5"
    );
}

#[test]
fn a_file_of_one_part_is_sent_again_to_the_same_address() {
    let (world, alice, _) = two(15);
    let upload = |n: u8, faults: Value| {
        world.control("storage", json!({ "faults": faults }));
        let (file, name) = (TestFile::new(100, n), format!("f{n}"));
        let params = json!({"name": name, "contentType": "", "uuid": name, "file": world.file(&name, file.clone())});
        let done = world.rt.block_on(alice.call("uploadFile", params));
        if done.is_ok() {
            let name = format!("alice/{name}");
            assert_eq!(stored(&world, &name).unwrap(), file.bytes(0..file.size));
        }
        done
    };
    let begun = || {
        let calls = world.net.calls.borrow();
        calls["/object/initiate_multipart_upload"]
    };
    upload(1, json!(["cut", "broken", "cut"])).unwrap();
    assert_eq!((begun(), puts(&world)), (1, 4));
    // What was signed is refused, or the wrong bytes are stored: it begins anew.
    upload(2, json!(["refused"])).unwrap();
    assert_eq!(begun(), 3);
    upload(3, json!(["corrupt"])).unwrap();
    assert_eq!(begun(), 5);
    // For good: the storage's own answer is told.
    let error = upload(4, json!(["refused", "refused", "refused"])).unwrap_err();
    assert_eq!(error.code, 10021, "{error}");
    assert!(error.cause.contains("HTTP status 403"), "{error}");
    assert!(!world.net.calls.borrow().contains_key("/object/auth_sign"));
}
