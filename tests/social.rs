//! Friends, black list, applications, presence: every method, its events at everybody
//! concerned, and the same state in the end when pushes are lost and links break.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use serde_json::{Value, json};
use world::people::{field, text, two};
use world::{Client, World};

fn befriend(from: &Client, to: &Client) {
    from.ok("addFriend", json!({"toUserID": to.user, "reqMsg": "hello"}));
    to.ok(
        "acceptFriendApplication",
        json!({"toUserID": from.user, "handleMsg": "yes"}),
    );
    from.until("a friend", |c| {
        field(&c.ok("getFriendList", json!(null)), "userID").contains(&to.user)
    });
    from.forget_events();
    to.forget_events();
}

#[test]
fn a_friendship_begins_and_ends() {
    let (_world, ann, ben) = two(1);
    ann.ok("addFriend", json!({"toUserID": "ben", "reqMsg": "hello"}));
    for side in [&ann, &ben] {
        side.wait_for("OnFriendApplicationAdded");
        let told = &side.heard("OnFriendApplicationAdded")[0];
        assert_eq!(
            (text(told, "fromUserID"), text(told, "reqMsg")),
            ("ann".into(), "hello".into())
        );
        assert_eq!(told["handleResult"], 0);
    }
    let got = ben.ok("getFriendApplicationListAsRecipient", json!(null));
    assert_eq!(field(&got, "fromNickname"), ["ANN"]);
    let none = json!({"handleResults": [1], "offset": 0, "count": 10});
    assert_eq!(
        ben.ok("getFriendApplicationListAsRecipient", none),
        json!([])
    );
    let made = ann.ok(
        "getFriendApplicationListAsApplicant",
        json!({"offset": 0, "count": 10}),
    );
    assert_eq!(field(&made, "toUserID"), ["ben"]);
    assert_eq!(
        ben.ok("getFriendApplicationUnhandledCount", json!({"time": 0})),
        1
    );

    ben.ok(
        "acceptFriendApplication",
        json!({"toUserID": "ann", "handleMsg": "yes"}),
    );
    assert_eq!(
        ben.heard("OnFriendAdded").len(),
        1,
        "before the promise resolves"
    );
    for side in [&ann, &ben] {
        side.wait_for("OnFriendAdded");
        side.wait_for("OnFriendApplicationAccepted");
        side.wait_for("OnRecvNewMessages");
    }
    assert_eq!(ann.heard("OnFriendAdded")[0]["nickname"], "BEN");
    assert_eq!(
        ben.ok("getFriendApplicationUnhandledCount", json!({"time": 0})),
        0
    );
    let again = json!({"toUserID": "ann", "handleMsg": ""});
    assert_eq!(ben.err("acceptFriendApplication", again).code, 1001);
    assert_eq!(
        ann.err("addFriend", json!({"toUserID": "ben", "reqMsg": ""}))
            .code,
        1304
    );
    assert_eq!(
        ann.err("addFriend", json!({"toUserID": "ann", "reqMsg": ""}))
            .code,
        1301
    );
    assert_eq!(
        ann.err("addFriend", json!({"toUserID": "nobody", "reqMsg": ""}))
            .code,
        1004
    );

    ann.ok("deleteFriend", json!("ben"));
    assert_eq!(
        ann.heard("OnFriendDeleted").len(),
        1,
        "before the promise resolves"
    );
    assert_eq!(ann.ok("getFriendList", json!(null)), json!([]));
    assert_eq!(
        field(&ben.ok("getFriendList", json!(null)), "userID"),
        ["ann"],
        "of one side only"
    );
    assert_eq!(ann.heard("OnFriendAdded").len(), 1, "told once");
}

#[test]
fn an_application_is_refused() {
    let (_world, ann, ben) = two(2);
    ann.ok("addFriend", json!({"toUserID": "ben", "reqMsg": "hello"}));
    ben.ok(
        "refuseFriendApplication",
        json!({"toUserID": "ann", "handleMsg": "no"}),
    );
    for side in [&ann, &ben] {
        side.wait_for("OnFriendApplicationRejected");
        assert_eq!(
            side.heard("OnFriendApplicationRejected")[0]["handleMsg"],
            "no"
        );
    }
    assert_eq!(ann.ok("getFriendList", json!(null)), json!([]));
    let refused = json!({"handleResults": [-1], "offset": 0, "count": 0});
    let list = ben.ok("getFriendApplicationListAsRecipient", refused);
    assert_eq!(field(&list, "fromUserID"), ["ann"]);
}

#[test]
fn friends_are_changed_and_found() {
    let (_world, ann, ben) = two(3);
    befriend(&ann, &ben);
    ann.text("ben", "hi");
    ann.ok(
        "updateFriends",
        json!({"friendUserIDs": ["ben"], "remark": "Benny", "ex": "e", "isPinned": true}),
    );
    let told = ann.heard("OnFriendInfoChanged");
    assert_eq!(told.len(), 1, "before the promise resolves: {told:?}");
    assert_eq!(
        (text(&told[0], "remark"), text(&told[0], "ex")),
        ("Benny".into(), "e".into())
    );
    assert_eq!(told[0]["isPinned"], true);
    assert_eq!(ann.conversation("si_ann_ben")["showName"], "Benny");
    for (method, params, key, value) in [
        (
            "setFriendRemark",
            json!({"toUserID": "ben", "remark": "B"}),
            "remark",
            json!("B"),
        ),
        (
            "pinFriends",
            json!({"toUserIDs": ["ben"], "isPinned": false}),
            "isPinned",
            json!(false),
        ),
        (
            "setFriendsEx",
            json!({"toUserIDs": ["ben"], "ex": "x"}),
            "ex",
            json!("x"),
        ),
    ] {
        ann.ok(method, params);
        assert_eq!(
            ann.ok("getFriendList", json!(null))[0][key],
            value,
            "{method}"
        );
    }
    ann.ok(
        "updateFriends",
        json!({"friendUserIDs": ["cat"], "remark": "no friend"}),
    );
    assert_eq!(
        ann.err("updateFriends", json!({"friendUserIDs": []})).code,
        1001
    );
    assert_eq!(
        ann.err("updateFriends", json!({"friendUserIDs": "ben"}))
            .code,
        10002
    );
    assert_eq!(ann.err("addFriend", json!({"reqMsg": "hello"})).code, 10002);

    let page = ann.ok("getFriendListPage", json!({"offset": 0, "count": 10}));
    assert_eq!(field(&page, "userID"), ["ben"]);
    assert_eq!(
        ann.ok("getFriendListPage", json!({"offset": 5, "count": 10})),
        json!([])
    );
    let search = |words: Value, id: bool, name: bool, remark: bool| json!({"keywordList": words, "isSearchUserID": id, "isSearchNickname": name, "isSearchRemark": remark});
    assert_eq!(
        field(
            &ann.ok("searchFriends", search(json!(["be"]), true, false, false)),
            "userID"
        ),
        ["ben"]
    );
    assert_eq!(
        field(
            &ann.ok(
                "searchFriends",
                search(json!(["zz", "bEn"]), false, true, false)
            ),
            "userID"
        ),
        ["ben"]
    );
    assert_eq!(
        ann.ok("searchFriends", search(json!(["ben"]), false, false, true)),
        json!([])
    );
    assert_eq!(
        ann.err("searchFriends", search(json!([]), true, true, true))
            .code,
        10002
    );
    assert_eq!(
        ann.err("searchFriends", search(json!(["b"]), false, false, false))
            .code,
        10002
    );

    ann.ok("addBlack", json!({"toUserID": "ben", "ex": "why"}));
    assert_eq!(ann.heard("OnBlackAdded")[0]["ex"], "why");
    assert_eq!(
        field(&ann.ok("getBlackList", json!(null)), "userID"),
        ["ben"]
    );
    assert_eq!(
        ann.ok("searchFriends", search(json!(["b"]), true, true, true))[0]["relationship"],
        0
    );
    assert_eq!(ann.ok("checkFriend", json!(["ben", "cat"]))[0]["result"], 0);
    assert_eq!(ann.ok("getFriendList", json!(true)), json!([]));
    assert_eq!(
        ann.ok(
            "getFriendListPage",
            json!({"offset": 0, "count": 9, "filterBlack": true})
        ),
        json!([])
    );
    assert_eq!(
        ann.ok(
            "getSpecifiedFriendsInfo",
            json!({"friendUserIDList": ["ben"], "filterBlack": true})
        ),
        json!([])
    );
    ann.ok("removeBlack", json!("ben"));
    assert_eq!(ann.heard("OnBlackDeleted").len(), 1);
    assert_eq!(ann.ok("checkFriend", json!(["ben", "cat"]))[0]["result"], 1);
    assert_eq!(
        field(
            &ann.ok(
                "getSpecifiedFriendsInfo",
                json!({"friendUserIDList": ["ben", "cat"]})
            ),
            "userID"
        ),
        ["ben"]
    );

    ben.ok("setSelfInfo", json!({"nickname": "Benjamin"}));
    ann.until("the new name", |c| {
        c.ok("getFriendList", json!(null))[0]["nickname"] == "Benjamin"
    });
}

#[test]
fn presence_outlives_the_connection() {
    let world = World::new(7);
    let (alice, _) = world.ready("alice");
    assert_eq!(alice.ok("getSubscribeUsersStatus", json!(null)), json!([]));
    let first = alice.ok("subscribeUsersStatus", json!(["bob", "carol"]));
    assert_eq!(field(&first, "userID"), ["bob", "carol"]);
    assert!(
        first
            .as_array()
            .unwrap()
            .iter()
            .all(|user| user["status"] == 0)
    );
    assert!(alice.heard("OnUserStatusChanged").is_empty());
    let (bob, _) = world.ready("bob");
    alice.wait_for("OnUserStatusChanged");
    let online = json!({"platformIDs": [5], "status": 1, "userID": "bob"});
    assert_eq!(
        alice.heard("OnUserStatusChanged")[..],
        std::slice::from_ref(&online)[..]
    );
    assert_eq!(alice.ok("getSubscribeUsersStatus", json!(null))[0], online);

    world.network("alice", false);
    bob.kill();
    world.rt.run_for(20_000);
    world.network("alice", true);
    alice.until("bob is gone", |c| c.heard("OnUserStatusChanged").len() == 2);
    assert_eq!(alice.heard("OnUserStatusChanged")[1]["status"], 0);
    let (_carol, _) = world.ready("carol");
    alice.until("carol comes", |c| c.heard("OnUserStatusChanged").len() == 3);
    let now = alice.ok("getUserStatus", json!(null));
    let carol = now
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["userID"] == "carol");
    assert_eq!(carol.unwrap()["status"], 1);

    alice.ok("unsubscribeUsersStatus", json!(["bob", "carol"]));
    world.network("bob", true);
    let (_bob, _) = world.ready("bob");
    world.rt.run_for(5_000);
    assert_eq!(alice.heard("OnUserStatusChanged").len(), 3);
}
