//! Friends, black list, users and presence with the frames and answers of a real server: notifications
//! that reach the other side, come without an application, by the administrator, or change nothing;
//! versions that move for nothing; hashes that never match.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use openim_web::net::wire::{pb, req};
use openim_web::rt::Runtime as _;
use openim_web::rt::proto::Message as _;
use serde_json::{Value, json};
use world::people::strangers;
use world::{Client, World};

fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    world.net.with(|model, now| {
        for name in ["ann", "ben", "cat"] {
            model.add_user(now, name, &name.to_uppercase(), "");
        }
        model.befriend(now, "ann", "ben");
    });
    let (ann, _) = world.ready("ann");
    let (ben, _) = world.ready("ben");
    ann.until("the friend", |c| friends(c) == ["ben"]);
    ben.until("the friend", |c| friends(c) == ["ann"]);
    // What is synced after the first screen is there, too, and the connections are not young any more.
    world.rt.run_for(60_000);
    ann.forget_events();
    ben.forget_events();
    (world, ann, ben)
}

fn field(list: &Value, name: &str) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap().to_owned())
        .collect()
}

fn friends(client: &Client) -> Vec<String> {
    field(&client.ok("getFriendList", json!(null)), "userID")
}

fn blacks(client: &Client) -> Vec<String> {
    field(&client.ok("getBlackList", json!(null)), "userID")
}

#[test]
fn who_is_deleted_keeps_his_friend() {
    let (world, ann, ben) = two(1);
    ben.ok("deleteFriend", json!("ann"));
    assert_eq!(ben.heard("OnFriendDeleted").len(), 1);
    let asked = world.calls("/friend/get_incremental_friends");
    world.rt.run_for(5_000);
    assert_eq!(friends(&ben), [""; 0]);
    assert_eq!(friends(&ann), ["ben"], "of one side only");
    assert!(ann.heard("OnFriendDeleted").is_empty());
    let more = world.calls("/friend/get_incremental_friends") - asked;
    assert_eq!(more, 1, "it says nothing of her list, only of his");
    // Nobody is deleted, and both are told all the same.
    ben.ok("deleteFriend", json!("cat"));
    world.rt.run_for(5_000);
    assert_eq!(ben.heard("OnFriendDeleted").len(), 1);
    // Her other device does it: she hears of it.
    let other = world.page_on(
        "ann 2",
        "ann",
        3,
        &token(&world, "ann", 3),
        world.device().stores,
    );
    other.login();
    other.wait_for("OnSyncServerFinish");
    other.ok("deleteFriend", json!("ben"));
    ann.wait_for("OnFriendDeleted");
    assert_eq!(friends(&ann), [""; 0]);
}

fn token(world: &World, user: &str, platform: i32) -> String {
    let now = world.rt.now_ms();
    world
        .net
        .model
        .borrow_mut()
        .issue_token(now, user, platform)
}

#[test]
fn who_is_blocked_blocks_nobody() {
    let (world, ann, ben) = two(2);
    ann.ok("addBlack", json!({"toUserID": "ben"}));
    assert_eq!(blacks(&ann), ["ben"]);
    let loaded = world.calls("/friend/get_black_list");
    world.rt.run_for(5_000);
    assert_eq!(blacks(&ben), [""; 0]);
    assert!(ben.heard("OnBlackAdded").is_empty());
    let more = world.calls("/friend/get_black_list") - loaded;
    assert_eq!(more, 1, "it says nothing of his list, only of hers");
    assert_eq!(ann.heard("OnBlackAdded").len(), 1);
    let told = &ann.heard("OnBlackAdded")[0];
    assert_eq!(
        (&told["nickname"], &told["operatorUserID"]),
        (&json!("BEN"), &json!("ann"))
    );

    // What is not there can be taken off, and is told to both.
    ben.ok("removeBlack", json!("ann"));
    world.rt.run_for(5_000);
    assert_eq!(blacks(&ann), ["ben"]);
    assert!(ann.heard("OnBlackDeleted").is_empty());
    ann.ok("removeBlack", json!("ben"));
    assert_eq!(ann.heard("OnBlackDeleted").len(), 1);
    world.rt.run_for(5_000);
    assert!(ben.heard("OnBlackDeleted").is_empty());
}

#[test]
fn friends_that_the_administrator_makes_come_without_an_application() {
    let (world, ann, _ben) = two(3);
    let (cat, _) = world.ready("cat");
    let call = json!({"ownerUserID": "ann", "friendUserIDs": ["ben", "cat"]});
    world.admin("/friend/import_friend", call);
    for (client, friend) in [(&ann, "cat"), (&cat, "ann")] {
        client.wait_for("OnFriendAdded");
        let told = client.heard("OnFriendAdded");
        assert_eq!(told.len(), 1, "ben is a friend already");
        assert_eq!(told[0]["userID"], friend);
        assert_eq!(
            (&told[0]["addSource"], &told[0]["operatorUserID"]),
            (&json!(1), &json!("imAdmin"))
        );
        client.wait_for("OnRecvNewMessages");
        assert!(
            client.heard("OnFriendApplicationAccepted").is_empty(),
            "there was none"
        );
    }
    assert_eq!(friends(&ann), ["ben", "cat"]);
}

#[test]
fn what_the_administrator_changes_of_a_user_is_heard() {
    let (world, ann, ben) = two(4);
    let change =
        |patch: Value| world.admin("/user/update_user_info_ex", json!({"userInfo": patch}));
    change(json!({"userID": "ben", "nickname": "Benny"}));
    ben.wait_for("OnSelfInfoUpdated");
    assert_eq!(ben.heard("OnSelfInfoUpdated")[0]["nickname"], "Benny");
    ann.wait_for("OnFriendInfoChanged");
    assert_eq!(ann.heard("OnFriendInfoChanged")[0]["nickname"], "Benny");
    // The same once more: told by the server, no news here.
    change(json!({"userID": "ben", "nickname": "Benny"}));
    world.rt.run_for(5_000);
    assert_eq!(ben.heard("OnSelfInfoUpdated").len(), 1);
    // What is no name and no face is not told to friends.
    change(json!({"userID": "ben", "ex": "x"}));
    ben.until("it is told", |c| c.heard("OnSelfInfoUpdated").len() == 2);
    world.rt.run_for(5_000);
    assert_eq!(ann.heard("OnFriendInfoChanged").len(), 1);
}

#[test]
fn an_update_without_a_change_is_no_news() {
    let (world, ann, _ben) = two(5);
    let nothing = json!({"ownerUserID": "ann", "friendUserIDs": ["ben"]});
    let stranger = json!({"ownerUserID": "ann", "friendUserIDs": ["cat"], "remark": "who?"});
    let asked = world.calls("/friend/get_incremental_friends");
    for call in [nothing, stranger] {
        world.admin("/friend/update_friends", call);
        world.rt.run_for(5_000);
    }
    assert_eq!(
        world.calls("/friend/get_incremental_friends"),
        asked + 2,
        "both were told"
    );
    for event in ["OnFriendInfoChanged", "OnFriendAdded", "OnFriendDeleted"] {
        assert!(ann.heard(event).is_empty(), "{event}");
    }
    // The older call is told to both sides.
    let real = json!({"ownerUserID": "ann", "friendUserID": "ben", "remark": "Benny"});
    world.admin("/friend/set_friend_remark", real);
    ann.wait_for("OnFriendInfoChanged");
    assert_eq!(ann.heard("OnFriendInfoChanged")[0]["remark"], "Benny");
    world.rt.run_for(5_000);
    let now = world.calls("/friend/get_incremental_friends");
    assert_eq!(now, asked + 3, "nothing of his list changed");
}

/// A later entry of the version log stands where the deletion stood, and its row is gone: only the
/// comparison of the whole list finds it.
#[test]
fn a_friend_of_the_past_with_a_new_name_does_not_stay() {
    let (world, ann, ben) = two(6);
    let phone = |name: &str, device: &world::Device| {
        let token = token(&world, "ann", 2);
        let page = world.page_on(name, "ann", 2, &token, device.stores.clone());
        page.login();
        page.until("the friend", |c| friends(c) == ["ben"]);
        page
    };
    // A page that is closed meanwhile, after its first sync or during it, and one that is cut off.
    world.net.with(|model, _| model.login_policy = 0);
    let (device, early) = (world.device(), world.device());
    let closed = phone("closed", &device);
    let cut = phone("cut", &world.device());
    world.rt.run_for(5_000);
    closed.kill();
    let path = "/conversation/get_incremental_conversations";
    world.control("rest", json!({"path": path, "faults": ["hang"]}));
    let half = phone("half", &early);
    assert!(half.heard("OnSyncServerFinish").is_empty());
    half.kill();
    for name in ["closed", "cut", "half"] {
        world.network(name, false);
    }
    ann.ok("deleteFriend", json!("ben"));
    ben.ok("setSelfInfo", json!({"nickname": "Benny"}));
    world.rt.run_for(5_000);

    for name in ["closed", "cut", "half"] {
        world.network(name, true);
    }
    let reopen = |name: &str, device: &world::Device| {
        let page = world.page_on(name, "ann", 2, &closed.token, device.stores.clone());
        page.login();
        page
    };
    for page in [&cut, &reopen("closed", &device), &reopen("half", &early)] {
        page.until("he is gone", |c| friends(c).is_empty());
        let gone = json!(page.heard("OnFriendDeleted"));
        assert_eq!(field(&gone, "userID"), ["ben"], "{}", page.name);
    }
}

/// The server hashes its IDs in the order of insertion, which nothing that it answers tells.
#[test]
fn lists_in_another_order_are_not_loaded_again() {
    let world = World::new(7);
    world.net.with(|model, now| {
        model.add_user(now, "ann", "Ann", "");
        for name in ["zoe", "amy", "may"] {
            model.add_user(now, name, name, "");
            model.befriend(now, "ann", name);
        }
    });
    let (ann, device) = world.ready("ann");
    let mut names = friends(&ann);
    names.sort();
    assert_eq!(names, ["amy", "may", "zoe"]);
    ann.kill();
    let loaded = world.calls("/friend/get_friend_list");
    let asked = world.calls("/friend/get_full_friend_user_ids");
    let equal = world.net.model.borrow().versions.full_asked.get().1;
    for round in 1..4 {
        world.network("ann", true);
        let again = world.page("ann", &ann.token, &device);
        again.login();
        again.wait_for("OnSyncServerFinish");
        world.rt.run_for(60_000);
        assert_eq!(
            world.calls("/friend/get_full_friend_user_ids"),
            asked + round,
            "once a login"
        );
        again.kill();
    }
    assert_eq!(world.calls("/friend/get_friend_list"), loaded);
    let equal_now = world.net.model.borrow().versions.full_asked.get().1;
    assert!(
        equal_now - equal < 9,
        "the hash of the friends is another one"
    );
}

fn presence_frame(world: &Rc<World>, to: &str, user: &str, platforms: &[i32]) {
    let tips = pb::SubUserOnlineStatusTips {
        subscribers: vec![pb::SubUserOnlineStatusElem {
            user_id: user.to_owned(),
            online_platform_ids: platforms.to_vec(),
        }],
    };
    world.push(to, req::SUB_USER_ONLINE, tips.encode_to_vec());
    world.rt.run_for(1_000);
}

#[test]
fn presence_is_told_when_the_platforms_change() {
    let (world, ann, ben) = two(8);
    ann.ok("subscribeUsersStatus", json!(["ben"]));
    ann.forget_events();
    // A second connection of the same platform, and the end of one of them.
    let second = world.page_on("ben 2", "ben", 5, &ben.token, world.device().stores);
    second.login();
    second.wait_for("OnSyncServerFinish");
    second.kill();
    world.network("ben 2", false);
    world.rt.run_for(40_000);
    assert!(
        ann.heard("OnUserStatusChanged").is_empty(),
        "he was there all the time"
    );
    let told = |platforms: Value| json!({"platformIDs": platforms, "status": 1, "userID": "ben"});
    let phone = world.page_on(
        "ben 3",
        "ben",
        2,
        &token(&world, "ben", 2),
        world.device().stores,
    );
    phone.login();
    ann.wait_for("OnUserStatusChanged");
    assert_eq!(ann.heard("OnUserStatusChanged"), [told(json!([2, 5]))]);
    // In another order, and twice: no news.
    presence_frame(&world, "ann", "ben", &[5, 2]);
    presence_frame(&world, "ann", "ben", &[5, 5, 2]);
    assert_eq!(ann.heard("OnUserStatusChanged").len(), 1);
    presence_frame(&world, "ann", "ben", &[5]);
    assert_eq!(ann.heard("OnUserStatusChanged")[1], told(json!([5])));
}

#[test]
fn applications_come_newest_first_and_are_answered_once() {
    let (world, ann, ben) = two(9);
    let (cat, _) = world.ready("cat");
    world
        .net
        .with(|model, now| model.add_user(now, "dan", "Dan", ""));
    let (dan, _) = world.ready("dan");
    for applicant in [&cat, &dan] {
        applicant.ok("addFriend", json!({"toUserID": "ann", "reqMsg": "hello"}));
        world.rt.run_for(1_500);
    }
    let got = ann.ok("getFriendApplicationListAsRecipient", json!(null));
    assert_eq!(field(&got, "fromUserID"), ["dan", "cat"]);
    // Once more by her: the same application, on top again.
    cat.ok("addFriend", json!({"toUserID": "ann", "reqMsg": "please"}));
    let got = ann.ok("getFriendApplicationListAsRecipient", json!(null));
    assert_eq!(field(&got, "reqMsg"), ["please", "hello"]);

    ann.ok(
        "refuseFriendApplication",
        json!({"toUserID": "dan", "handleMsg": "no"}),
    );
    dan.wait_for("OnFriendApplicationRejected");
    let told = &dan.heard("OnFriendApplicationRejected")[0];
    assert_eq!(
        (&told["handleMsg"], &told["handlerUserID"]),
        (&json!("no"), &json!(""))
    );
    ann.ok(
        "acceptFriendApplication",
        json!({"toUserID": "cat", "handleMsg": "yes"}),
    );
    cat.wait_for("OnFriendApplicationAccepted");
    assert_eq!(
        cat.heard("OnFriendApplicationAccepted")[0]["handlerUserID"],
        "ann"
    );
    drop(ben);
}

#[test]
fn mistakes_have_names() {
    let (world, ann, ben) = two(10);
    let (cat, _) = world.ready("cat");
    let add = |to: &str| json!({"toUserID": to, "reqMsg": ""});
    for (to, code, name) in [
        ("nobody", 1004, "userNotFound"),
        ("ann", 1301, "oneself"),
        ("ben", 1304, "alreadyFriend"),
    ] {
        let error = ann.err("addFriend", add(to));
        assert_eq!((error.code, error.name), (code, name), "{to}");
    }
    cat.ok("addFriend", add("ann"));
    let answer = json!({"toUserID": "cat", "handleMsg": ""});
    ann.ok("acceptFriendApplication", answer.clone());
    for (method, code) in [
        ("acceptFriendApplication", 1001),
        ("refuseFriendApplication", 1305),
    ] {
        let error = ann.err(method, answer.clone());
        assert_eq!((error.code, error.name), (code, "alreadyHandled"));
    }
    let nobody = json!({"toUserID": "nobody", "handleMsg": ""});
    assert_eq!(ann.err("acceptFriendApplication", nobody).name, "notFound");

    ann.ok("addBlack", json!({"toUserID": "ben"}));
    let again = ann.err("addBlack", json!({"toUserID": "ben"}));
    assert_eq!((again.code, again.name), (500, "alreadyBlocked"));
    assert_eq!(
        ann.err("addBlack", json!({"toUserID": "nobody"})).name,
        "userNotFound"
    );
    let text = ben.ok("createTextMessage", json!("hi"));
    for (to, name) in [("ann", "blocked"), ("nobody", "userNotFound")] {
        let send = json!({"recvID": to, "groupID": "", "message": text.clone()});
        assert_eq!(ben.err("sendMessage", send).name, name);
    }
    let send = json!({"recvID": "", "groupID": "nogroup", "message": text});
    assert_eq!(ben.err("sendMessage", send).name, "groupNotFound");
    assert_eq!(ann.err("addFriend", json!({})).name, "args");
    ann.ok("logout", json!(null));
    assert_eq!(ann.err("getFriendList", json!(null)).name, "notLoggedIn");
}

/// The server tells the applicant, too, but not while it does not know that he is online.
#[test]
fn an_own_application_is_told_however_young_the_connection_is() {
    let world = World::new(8);
    strangers(&world, &["ann", "ben"]);
    for wait in [0, 500, 3_000] {
        let ann = world.page("ann", &world.token("ann"), &world.device());
        ann.login();
        ann.wait_for("OnSyncServerFinish");
        world.rt.run_for(wait);
        ann.ok("addFriend", json!({"toUserID": "ben", "reqMsg": "hello"}));
        world.rt.run_for(10_000);
        let told = ann.heard("OnFriendApplicationAdded");
        assert_eq!(told.len(), 1, "{wait}: {told:?}");
        assert_eq!(told[0]["fromUserID"], "ann");
        ann.ok("logout", json!(null));
        world.rt.run_for(10_000);
    }
}

/// The server tells who answered, too, on all his devices: once, by pushes that may be lost.
#[test]
fn an_own_answer_is_told_where_the_application_was() {
    let world = World::new(9);
    strangers(&world, &["ann", "ben", "cat"]);
    let (ben, _) = world.ready("ben");
    let (cat, _) = world.ready("cat");
    let (home, office) = (world.device(), world.device());
    let open = |device, name: &str, platform: i32| {
        let ann = world.page_on(
            name,
            "ann",
            platform,
            &token(&world, "ann", platform),
            device,
        );
        ann.login();
        ann.wait_for("OnSyncServerFinish");
        ann
    };
    let phone = open(office.stores.clone(), "phone", 2);
    world.rt.run_for(3_000);
    // Answered before anybody looked: no news.
    let apply = json!({"toUserID": "ann", "reqMsg": "hello"});
    cat.ok("addFriend", apply.clone());
    phone.wait_for("OnFriendApplicationAdded");
    phone.ok(
        "refuseFriendApplication",
        json!({"toUserID": "cat", "handleMsg": ""}),
    );
    phone.wait_for("OnFriendApplicationRejected");
    ben.ok("addFriend", apply);
    phone.until("both", |phone| {
        phone.heard("OnFriendApplicationAdded").len() == 2
    });

    let ann = open(home.stores.clone(), "ann", 5);
    world.rt.run_for(300);
    world.control("pushes", json!({"userID": "ann", "drop": 20}));
    ann.ok(
        "refuseFriendApplication",
        json!({"toUserID": "ben", "handleMsg": "no"}),
    );
    world.rt.run_for(400_000);
    let told = |page: &Client| {
        field(
            &json!(page.heard("OnFriendApplicationRejected")),
            "fromUserID",
        )
    };
    assert_eq!(told(&ann), ["ben"]);
    assert_eq!(told(&phone), ["cat", "ben"]);
}
