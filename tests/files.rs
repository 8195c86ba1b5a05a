//! Files: made into messages, sent, ended; what the storage then has.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use futures_util::FutureExt;
use openim_web::rt::Runtime as _;
use serde_json::{Value, json};
use world::TestFile;
use world::files::{PART, name_of, picture, progress, puts, stored, to_bob, two};

const AB: &str = "si_alice_bob";

#[test]
fn a_picture_is_uploaded_and_sent() {
    let (world, alice, bob) = two(1);
    let image = TestFile::new(3 * PART + 5, 7);
    let file = world.file("cat.png", image.clone());
    let message = picture(&alice, &file);
    let id = message["clientMsgID"].as_str().unwrap();
    assert_eq!(
        message["pictureElem"]["sourcePicture"]["uuid"],
        "p1/cat.png"
    );
    assert_eq!(message["status"], 1);
    alice.forget_events();
    let sent = alice.ok("sendMessage", to_bob(&message));
    assert_eq!(
        (&sent["status"], &sent["clientMsgID"]),
        (&json!(2), &json!(id))
    );
    let element = &sent["pictureElem"];
    let url = &element["sourcePicture"]["url"];
    let name = name_of(url);
    assert_eq!(name, format!("alice/msg_picture_{id}.png"));
    assert_eq!(stored(&world, &name).unwrap(), image.bytes(0..image.size));
    assert_eq!(element["bigPicture"], element["sourcePicture"]);
    let snapshot = format!("{}?height=640&type=image&width=640", url.as_str().unwrap());
    assert_eq!(element["snapshotPicture"]["url"], snapshot);
    assert_eq!(element["snapshotPicture"]["width"], 640);
    let told = progress(&alice);
    assert!(
        told.len() > 4 && told.is_sorted() && *told.last().unwrap() == 100,
        "{told:?}"
    );
    assert_eq!(alice.heard("OnProgress")[0]["clientMsgID"], id);
    bob.until("it came", |c| !c.new_messages().is_empty());
    assert_eq!(bob.new_messages()[0]["pictureElem"], *element);
    let own = alice.history(AB).pop().unwrap();
    assert_eq!((&own["pictureElem"], &own["status"]), (element, &json!(2)));
    assert!(
        image.most.get() <= PART,
        "read a slice at a time: {}",
        image.most.get()
    );

    // The same picture again: nothing is sent to the storage.
    let before = puts(&world);
    alice.forget_events();
    let again = alice.ok("sendMessage", to_bob(&picture(&alice, &file)));
    assert_ne!(again["pictureElem"]["sourcePicture"]["url"], *url);
    assert_eq!(puts(&world), before);
    assert_eq!(progress(&alice), [100]);
    // Forwarded: nothing is uploaded, the address stays.
    alice.forget_events();
    let copy = alice.ok("createForwardMessage", sent.clone());
    let copy = alice.ok("sendMessage", to_bob(&copy));
    assert_eq!(copy["pictureElem"], sent["pictureElem"]);
    assert!(progress(&alice).is_empty());
}

#[test]
fn sound_video_and_file_go_where_they_belong() {
    let (world, alice, bob) = two(2);
    let sound = world.file("a.mp3", TestFile::new(1_000, 1));
    let message = alice.ok(
        "createSoundMessageByFile",
        json!({"uuid": "s", "soundPath": "", "sourceUrl": "", "dataSize": 1000, "duration": 3, "soundType": "audio/mpeg", "file": sound}),
    );
    let sent = alice.ok("sendMessage", to_bob(&message));
    let id = message["clientMsgID"].as_str().unwrap();
    assert_eq!(
        name_of(&sent["soundElem"]["sourceUrl"]),
        format!("alice/msg_voice_{id}.mp3")
    );
    assert_eq!(sent["soundElem"]["duration"], 3);

    let (video, snapshot) = (TestFile::new(2 * PART, 2), TestFile::new(500_000, 3));
    let message = alice.ok(
        "createVideoMessageByFile",
        json!({
            "videoPath": "", "videoType": "video/mp4", "snapshotPath": "", "videoUUID": "v", "videoUrl": "",
            "snapshotUUID": "w", "snapshotUrl": "", "duration": 9, "videoSize": 2 * PART, "snapshotSize": 500_000,
            "snapshotWidth": 4, "snapshotHeight": 3,
            "videoFile": world.file("b.mp4", video.clone()), "snapshotFile": world.file("b.jpg", snapshot.clone()),
        }),
    );
    assert_eq!(message["videoElem"]["videoUUID"], "v/b.mp4");
    assert_eq!(message["videoElem"]["snapshotUUID"], "w/b.jpg");
    alice.forget_events();
    let sent = alice.ok("sendMessage", to_bob(&message));
    let id = message["clientMsgID"].as_str().unwrap();
    let (a, b) = (
        name_of(&sent["videoElem"]["videoUrl"]),
        name_of(&sent["videoElem"]["snapshotUrl"]),
    );
    assert_eq!(a, format!("alice/msg_video_{id}.mp4"));
    assert_eq!(b, format!("alice/msg_videoSnapshot_{id}.jpg"));
    assert_eq!(stored(&world, &a).unwrap(), video.bytes(0..video.size));
    assert_eq!(
        stored(&world, &b).unwrap(),
        snapshot.bytes(0..snapshot.size)
    );
    let told = progress(&alice);
    assert!(
        told.is_sorted() && told[0] < 50 && told.last() == Some(&100),
        "{told:?}"
    );

    let report = world.file("r 1.pdf", TestFile::new(10, 4));
    let message = alice.ok(
        "createFileMessageByFile",
        json!({"filePath": "", "fileName": "r 1.pdf", "uuid": "f", "sourceUrl": "", "fileSize": 10, "file": report}),
    );
    let sent = alice.ok("sendMessage", to_bob(&message));
    let id = message["clientMsgID"].as_str().unwrap();
    assert_eq!(
        name_of(&sent["fileElem"]["sourceUrl"]),
        format!("alice/msg_file_{id}/r 1.pdf")
    );
    bob.until("all came", |c| c.new_messages().len() == 3);
}

#[test]
fn media_with_addresses_are_sent_as_they_are() {
    let (world, alice, _) = two(3);
    let element = json!({"filePath": "", "fileName": "f", "uuid": "u", "sourceUrl": "http://else/f", "fileSize": 1});
    for method in ["sendMessage", "sendMessageNotOss"] {
        let message = alice.ok("createFileMessageByURL", element.clone());
        let sent = alice.ok(method, to_bob(&message));
        assert_eq!(sent["fileElem"]["sourceUrl"], "http://else/f");
    }
    assert!(progress(&alice).is_empty());
    assert_eq!(puts(&world), 0);
}

#[test]
fn a_text_does_not_wait_for_an_upload() {
    let (world, alice, bob) = two(4);
    let file = world.file("big.png", TestFile::new(15 * PART, 1));
    let message = picture(&alice, &file);
    let params = to_bob(&message);
    let (core, rt) = (alice.core.clone(), world.rt.clone());
    let send =
        async move { openim_web::js::router::call(&core, "sendMessage", params, "op").await };
    let done: Rc<std::cell::RefCell<Option<_>>> = Rc::default();
    let result = done.clone();
    openim_web::rt::Runtime::spawn(
        &*rt,
        async move { *result.borrow_mut() = Some(send.await) }.boxed_local(),
    );
    alice.until("it begins", |c| !progress(c).is_empty());
    assert_eq!(
        alice.conversation(AB)["latestMsg"]
            .as_str()
            .map(|t| t.contains("big.png")),
        Some(true)
    );
    alice.text("bob", "meanwhile");
    assert!(done.borrow().is_none(), "the upload goes on");
    alice.until("it is sent", |_| done.borrow().is_some());
    assert!(done.borrow().as_ref().unwrap().is_ok());
    bob.until("both came", |c| c.new_messages().len() == 2);
}

#[test]
fn an_upload_is_ended_by_taking_its_file_away_its_message_or_the_session() {
    let (world, alice, bob) = two(10);
    let image = |n: u8| world.file("a.png", TestFile::new(15 * PART, n));
    let begin = |message: &Value| {
        alice.forget_events();
        let mut sending = Box::pin(alice.call("sendMessage", to_bob(message)));
        while progress(&alice).is_empty() {
            assert!((&mut sending).now_or_never().is_none());
            world.rt.run_for(5);
        }
        sending
    };
    let message = picture(&alice, &image(1));
    let sending = begin(&message);
    alice.ok("fileMapSet", json!(["p1/a.png", null]));
    let error = world.rt.block_on(sending).unwrap_err();
    assert_eq!(error.code, 10021, "{error}");
    assert_eq!(alice.history(AB).pop().unwrap()["status"], 3);

    let message = picture(&alice, &image(2));
    let id = message["clientMsgID"].clone();
    let sending = begin(&message);
    alice.ok(
        "deleteMessage",
        json!({"conversationID": AB, "clientMsgID": id}),
    );
    assert!(world.rt.block_on(sending).is_err());
    assert!(alice.history(AB).iter().all(|m| m["clientMsgID"] != id));

    let message = picture(&alice, &image(3));
    let sending = begin(&message);
    alice.ok("logout", json!(null));
    assert_eq!(world.rt.block_on(sending).unwrap_err().code, 10101);
    world.rt.run_for(60_000);
    assert!(bob.new_messages().is_empty());
}

#[test]
fn a_file_is_uploaded_on_its_own() {
    let (world, alice, _) = two(11);
    let doc = TestFile::new(2 * PART + 1, 1);
    let file = world.file("doc.txt", doc.clone());
    let params =
        json!({"name": "doc.txt", "contentType": "text/plain", "uuid": "u1", "file": file});
    alice.forget_events();
    let done = alice.ok("uploadFile", params.clone());
    assert_eq!(name_of(&done["url"]), "alice/doc.txt");
    assert_eq!(
        stored(&world, "alice/doc.txt").unwrap(),
        doc.bytes(0..doc.size)
    );
    let told = alice.heard("UploadComplete");
    let sizes: Vec<i64> = told
        .iter()
        .map(|t| t["streamSize"].as_i64().unwrap())
        .collect();
    assert!(
        sizes.is_sorted() && *sizes.last().unwrap() == doc.size,
        "{sizes:?}"
    );
    for data in &told {
        assert_eq!(
            (&data["uuid"], &data["fileSize"]),
            (&json!("u1/doc.txt"), &json!(doc.size))
        );
    }
    let names: Vec<String> = alice
        .events
        .borrow()
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let of = |name: &str| {
        names
            .iter()
            .position(|n| n == name)
            .unwrap_or_else(|| panic!("{name}: {names:?}"))
    };
    let steps = [
        "Open",
        "PartSize",
        "HashPartProgress",
        "HashPartComplete",
        "UploadID",
        "UploadComplete",
        "UploadPartComplete",
        "Complete",
    ];
    assert!(steps.map(of).is_sorted(), "{names:?}");
    assert_eq!(alice.heard("Complete")[0]["typ"], 1);
    // Again, under another name: it is there already.
    let before = puts(&world);
    let mut other = params.clone();
    other["name"] = json!("alice/other.txt");
    assert_eq!(
        name_of(&alice.ok("uploadFile", other)["url"]),
        "alice/other.txt"
    );
    assert_eq!(
        (puts(&world), alice.heard("Complete")[1]["typ"].clone()),
        (before, json!(0))
    );
    // A file that was given before, by its uuid.
    alice.ok(
        "fileMapSet",
        json!(["u2", world.file("two.txt", TestFile::new(7, 2))]),
    );
    let held = json!({"name": "two.txt", "contentType": "", "uuid": "u2"});
    assert_eq!(
        name_of(&alice.ok("uploadFile", held.clone())["url"]),
        "alice/two.txt"
    );
    // What cannot be.
    alice.ok("fileMapSet", json!(["u2", null]));
    assert_eq!(alice.err("uploadFile", held).code, 10002);
    let mut wrong = params.clone();
    wrong["file"] = json!("no file");
    assert_eq!(alice.err("uploadFile", wrong.clone()).code, 10002);
    wrong["file"] = world.file("empty", TestFile::new(0, 1));
    assert_eq!(alice.err("uploadFile", wrong.clone()).code, 10002);
    let mut gone = TestFile::new(5, 1);
    gone.readable = false;
    wrong["file"] = world.file("gone", gone);
    assert_eq!(alice.err("uploadFile", wrong).code, 10021);
    assert_eq!(alice.err("fileMapSet", json!([])).code, 10002);
}

#[test]
fn a_server_without_object_storage_says_so() {
    let (world, alice, bob) = two(16);
    world.control("storage", json!({"off": true}));
    let file = world.file("a.png", TestFile::new(PART, 1));
    let message = picture(&alice, &file);
    let error = alice.err("sendMessage", to_bob(&message));
    assert_eq!(
        (error.code, error.message.as_str()),
        (10023, "ObjectStorageOffError")
    );
    assert_eq!(error.cause, "the server has no object storage");
    assert_eq!(alice.history(AB).pop().unwrap()["status"], 3);
    // Other messages are no concern of it, and when there is one, this one goes.
    alice.text("bob", "no picture");
    world.control("storage", json!({"off": false}));
    alice.ok("sendMessage", to_bob(&message));
    bob.until("both came", |c| c.new_messages().len() == 2);
}

#[test]
fn a_file_is_fetched_through_an_address_of_the_storage() {
    let (world, alice, _) = two(17);
    let upload = |name: &str, kind: &str, file: TestFile| {
        let file = world.file(name, file);
        let params = json!({"name": name, "contentType": kind, "uuid": name, "file": file});
        alice.ok("uploadFile", params);
    };
    upload("a b.bin", "application/x-a", TestFile::new(3 * PART, 1));
    let fetch = |name: &str, query: &str| {
        let model = world.net.model.borrow();
        let now = world.rt.now_ms();
        let url = model.objects.redirect(now, name, query)?;
        let target = url.strip_prefix("http://server/storage/").unwrap();
        Ok((
            model.objects.storage.get(now, target).unwrap(),
            target.to_owned(),
        ))
    };
    let ((headers, object), target) = fetch("alice/a b.bin", "").unwrap();
    assert_eq!(object.size, 3 * PART);
    let disposition = "attachment; filename*=UTF-8''a%20b.bin".to_owned();
    let expected = [
        ("content-type", "application/x-a".to_owned()),
        ("content-disposition", disposition),
    ];
    assert_eq!(headers, expected);
    // Not without the signature, and not for ever.
    let model = world.net.model.borrow();
    let key = target.split('?').next().unwrap();
    assert_eq!(model.objects.storage.get(world.rt.now_ms(), key), Err(403));
    let later = world.rt.now_ms() + 8 * 24 * 3_600_000;
    assert_eq!(model.objects.storage.get(later, &target), Err(403));
    drop(model);
    // Small versions are made of pictures only.
    let small = "height=640&type=image&width=640";
    let no_picture: Result<_, (u16, String)> = fetch("alice/a b.bin", small);
    assert_eq!(no_picture.unwrap_err(), (500, "object not image".into()));
    assert_eq!(fetch("alice/none", "").unwrap_err().0, 404);
    assert_eq!(fetch("alice/a b.bin", "type=text").unwrap_err().0, 400);
}
