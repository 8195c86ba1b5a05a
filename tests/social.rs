//! Friends, black list, groups, applications, presence: every method, its events at everybody
//! concerned, and the same state in the end when pushes are lost and links break.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::rc::Rc;

use serde_json::{Value, json};
use world::{Client, World};

fn field(list: &Value, name: &str) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    let mut values: Vec<String> = rows.map(|row| text(row, name)).collect();
    values.sort();
    values
}

fn text(row: &Value, name: &str) -> String {
    row[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} of {row}"))
        .to_owned()
}

/// Users who know nobody yet.
fn strangers(world: &Rc<World>, names: &[&str]) {
    world.net.with(|model, now| {
        for name in names {
            model.add_user(now, name, &name.to_uppercase(), "");
        }
    });
}

fn two(seed: u64) -> (Rc<World>, Client, Client) {
    let world = World::new(seed);
    strangers(&world, &["ann", "ben", "cat"]);
    let (ann, _) = world.ready("ann");
    let (ben, _) = world.ready("ben");
    (world, ann, ben)
}

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

fn group(client: &Client, id: &str) -> Value {
    client.ok("getSpecifiedGroupsInfo", json!([id]))[0].clone()
}

fn role(client: &Client, group: &str, user: &str) -> i64 {
    let rows = client.ok(
        "getSpecifiedGroupMembersInfo",
        json!({"groupID": group, "userIDList": [user]}),
    );
    rows[0]["roleLevel"].as_i64().unwrap_or(0)
}

fn members(client: &Client, group: &str) -> Vec<String> {
    let all = json!({"groupID": group, "filter": 0, "offset": 0, "count": 0});
    field(&client.ok("getGroupMemberList", all), "userID")
}

fn create(owner: &Client, with: &[&str], more: Value) -> String {
    let mut info = json!({"groupName": "Choir", "groupType": 2});
    info.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let made = owner.ok(
        "createGroup",
        json!({"memberUserIDs": with, "groupInfo": info}),
    );
    text(&made, "groupID")
}

#[test]
fn a_group_is_created_and_changed() {
    let (_world, ann, ben) = two(4);
    let id = create(&ann, &["ben"], json!({"introduction": "We sing"}));
    assert_eq!(
        ann.heard("OnJoinedGroupAdded").len(),
        1,
        "before the promise resolves"
    );
    ben.wait_for("OnJoinedGroupAdded");
    ben.wait_for("OnRecvNewMessages");
    assert_eq!(group(&ben, &id)["introduction"], "We sing");
    assert_eq!(role(&ben, &id, "ann"), 100);
    assert_eq!(members(&ann, &id), ["ann", "ben"]);
    let wrong = json!({"memberUserIDs": [], "groupInfo": {"groupName": "x", "groupType": 1}});
    assert_eq!(ann.err("createGroup", wrong).code, 10401);
    let unknown =
        json!({"memberUserIDs": ["nobody"], "groupInfo": {"groupName": "x", "groupType": 2}});
    assert_eq!(ann.err("createGroup", unknown).code, 1101);

    ann.ok(
        "setGroupInfo",
        json!({"groupID": id, "groupName": "Band", "ex": "e"}),
    );
    assert_eq!(
        ann.heard("OnGroupInfoChanged").len(),
        1,
        "before the promise resolves"
    );
    ben.until("the name", |c| group(c, &id)["groupName"] == "Band");
    assert_eq!(
        ben.heard("OnGroupInfoChanged").last().unwrap()["groupName"],
        "Band"
    );
    ben.until("the chat's name", |c| {
        c.conversation(&format!("sg_{id}"))["showName"] == "Band"
    });
    ann.ok(
        "setGroupInfo",
        json!({"groupID": id, "notification": "Rehearsal at 8"}),
    );
    ben.until("the announcement", |c| {
        group(c, &id)["notification"] == "Rehearsal at 8"
    });
    ben.until("its mark", |c| {
        c.conversation(&format!("sg_{id}"))["groupAtType"] == 4
    });
    assert_eq!(group(&ben, &id)["notificationUserID"], "ann");
    for (method, params, key) in [
        (
            "setGroupVerification",
            json!({"groupID": id, "verification": 2}),
            "needVerification",
        ),
        (
            "setGroupLookMemberInfo",
            json!({"groupID": id, "rule": 1}),
            "lookMemberInfo",
        ),
        (
            "setGroupApplyMemberFriend",
            json!({"groupID": id, "rule": 1}),
            "applyMemberFriend",
        ),
    ] {
        ann.ok(method, params);
        assert!(group(&ann, &id)[key].as_i64() > Some(0), "{method}");
        ben.until(method, |c| group(c, &id)[key].as_i64() > Some(0));
        assert_eq!(
            ben.err("setGroupInfo", json!({"groupID": id, "ex": "b"}))
                .code,
            1002
        );
    }
    ann.ok("changeGroupMute", json!({"groupID": id, "isMute": true}));
    assert_eq!(group(&ann, &id)["status"], 3);
    ben.until("muted", |c| group(c, &id)["status"] == 3);
    ann.ok("changeGroupMute", json!({"groupID": id, "isMute": false}));
    ben.until("not muted", |c| group(c, &id)["status"] == 0);

    let page = ann.ok("getJoinedGroupListPage", json!({"offset": 0, "count": 5}));
    assert_eq!(field(&page, "groupID"), [id.as_str()]);
    let by_name =
        json!({"keywordList": ["ban"], "isSearchGroupID": false, "isSearchGroupName": true});
    assert_eq!(
        field(&ann.ok("searchGroups", by_name), "groupID"),
        [id.as_str()]
    );
    let by_id =
        json!({"keywordList": ["ban"], "isSearchGroupID": true, "isSearchGroupName": false});
    assert_eq!(ann.ok("searchGroups", by_id), json!([]));

    ann.ok("dismissGroup", json!(id));
    for side in [&ann, &ben] {
        side.wait_for("OnJoinedGroupDeleted");
        side.wait_for("OnGroupDismissed");
        assert_eq!(side.ok("isJoinGroup", json!(id)), false);
        assert_eq!(side.heard("OnJoinedGroupDeleted").len(), 1);
    }
}

#[test]
fn members_come_go_and_change() {
    let (world, ann, ben) = two(5);
    let (cat, _) = world.ready("cat");
    let id = create(&ann, &["ben"], json!({}));
    ben.wait_for("OnJoinedGroupAdded");
    assert_eq!(members(&ben, &id), ["ann", "ben"]);
    let invite = json!({"groupID": id, "reason": "", "userIDList": ["cat"]});
    // Ann has not looked at the members, Ben has: both are told once.
    ann.ok("inviteUserToGroup", invite);
    cat.wait_for("OnJoinedGroupAdded");
    for side in [&ann, &ben] {
        side.wait_for("OnGroupMemberAdded");
        side.until("the count", |c| group(c, &id)["memberCount"] == 3);
        let told = side.heard("OnGroupMemberAdded");
        assert_eq!(
            told.iter().map(|m| text(m, "userID")).collect::<Vec<_>>(),
            ["cat"]
        );
    }
    assert_eq!(members(&ben, &id), ["ann", "ben", "cat"]);
    assert_eq!(members(&ann, &id), ["ann", "ben", "cat"]);

    ann.ok(
        "setGroupMemberInfo",
        json!({"groupID": id, "userID": "ben", "roleLevel": 60}),
    );
    assert_eq!(
        ann.heard("OnGroupMemberInfoChanged").len(),
        1,
        "before the promise resolves"
    );
    ben.until("the role", |c| role(c, &id, "ben") == 60);
    assert_eq!(
        field(&ben.ok("getGroupMemberOwnerAndAdmin", json!(id)), "userID"),
        ["ann", "ben"]
    );
    ann.ok(
        "setGroupMemberRoleLevel",
        json!({"groupID": id, "userID": "cat", "roleLevel": 60}),
    );
    ann.ok(
        "setGroupMemberRoleLevel",
        json!({"groupID": id, "userID": "cat", "roleLevel": 20}),
    );
    assert_eq!(role(&ann, &id, "cat"), 20);
    assert_eq!(
        ben.err(
            "setGroupMemberRoleLevel",
            json!({"groupID": id, "userID": "cat", "roleLevel": 60})
        )
        .code,
        1002
    );
    cat.ok(
        "setGroupMemberNickname",
        json!({"groupID": id, "userID": "cat", "groupMemberNickname": "Kitty"}),
    );
    ann.until("the nickname", |c| {
        let rows = c.ok(
            "getSpecifiedGroupMembersInfo",
            json!({"groupID": id, "userIDList": ["cat"]}),
        );
        rows[0]["nickname"] == "Kitty"
    });
    assert_eq!(
        cat.err(
            "setGroupMemberNickname",
            json!({"groupID": id, "userID": "ben", "groupMemberNickname": "x"})
        )
        .code,
        1002
    );

    let find = |words: Value| {
        json!({"groupID": id, "keywordList": words, "isSearchUserID": true,
        "isSearchMemberNickname": true, "offset": 0, "count": 10})
    };
    assert_eq!(
        field(
            &ann.ok("searchGroupMembers", find(json!(["kit"]))),
            "userID"
        ),
        ["cat"]
    );
    let within = json!({"groupID": id, "filterUserIDList": ["ann"], "offset": 0, "count": 10,
        "joinTimeBegin": 0, "joinTimeEnd": 0});
    let latest = ann.ok("getGroupMemberListByJoinTimeFilter", within);
    assert_eq!(latest[0]["userID"], "cat", "the latest first");
    assert_eq!(field(&latest, "userID"), ["ben", "cat"]);
    let admins = json!({"groupID": id, "filter": 2, "offset": 0, "count": 1});
    assert_eq!(
        field(&ann.ok("getGroupMemberList", admins), "userID"),
        ["ben"]
    );

    ben.ok(
        "changeGroupMemberMute",
        json!({"groupID": id, "userID": "cat", "mutedSeconds": 60}),
    );
    let muted = |c: &Client| {
        let rows = c.ok(
            "getSpecifiedGroupMembersInfo",
            json!({"groupID": id, "userIDList": ["cat"]}),
        );
        rows[0]["muteEndTime"].as_i64() > Some(0)
    };
    cat.until("muted", muted);
    assert_eq!(
        cat.err(
            "changeGroupMemberMute",
            json!({"groupID": id, "userID": "ben", "mutedSeconds": 6})
        )
        .code,
        1002
    );
    ben.ok(
        "changeGroupMemberMute",
        json!({"groupID": id, "userID": "cat", "mutedSeconds": 0}),
    );
    cat.until("not muted", |c| !muted(c));

    assert_eq!(
        ben.err(
            "kickGroupMember",
            json!({"groupID": id, "reason": "", "userIDList": ["ann"]})
        )
        .code,
        1001
    );
    ben.ok(
        "kickGroupMember",
        json!({"groupID": id, "reason": "", "userIDList": ["cat"]}),
    );
    cat.wait_for("OnJoinedGroupDeleted");
    assert_eq!(cat.heard("OnJoinedGroupDeleted")[0]["memberCount"], 0);
    for side in [&ann, &ben] {
        side.wait_for("OnGroupMemberDeleted");
        side.until("the count", |c| group(c, &id)["memberCount"] == 2);
        assert_eq!(side.heard("OnGroupMemberDeleted").len(), 1);
    }
    assert_eq!(members(&cat, &id), Vec::<String>::new());

    assert_eq!(ann.err("quitGroup", json!(id)).code, 1002);
    assert_eq!(
        ann.err(
            "transferGroupOwner",
            json!({"groupID": id, "newOwnerUserID": "cat"})
        )
        .code,
        1001
    );
    ann.forget_events();
    ann.ok(
        "transferGroupOwner",
        json!({"groupID": id, "newOwnerUserID": "ben"}),
    );
    assert_eq!(
        ann.heard("OnGroupMemberInfoChanged").len(),
        2,
        "before the promise resolves"
    );
    assert_eq!(ann.heard("OnGroupInfoChanged")[0]["ownerUserID"], "ben");
    ben.until("the owner", |c| {
        group(c, &id)["ownerUserID"] == "ben" && role(c, &id, "ben") == 100
    });
    ann.ok("quitGroup", json!(id));
    assert_eq!(
        ann.heard("OnJoinedGroupDeleted").len(),
        1,
        "before the promise resolves"
    );
    ben.until("gone", |c| members(c, &id) == ["ben"]);
}

#[test]
fn applications_for_groups() {
    let (world, ann, ben) = two(6);
    let (cat, _) = world.ready("cat");
    let id = create(&ann, &["ben"], json!({"needVerification": 1}));
    ben.wait_for("OnJoinedGroupAdded");
    let join = json!({"groupID": id, "reqMsg": "let me in", "joinSource": 3});
    cat.ok("joinGroup", join.clone());
    for side in [&ann, &cat] {
        side.wait_for("OnGroupApplicationAdded");
        let told = &side.heard("OnGroupApplicationAdded")[0];
        assert_eq!(
            (
                text(told, "userID"),
                text(told, "reqMsg"),
                text(told, "groupName")
            ),
            ("cat".into(), "let me in".into(), "Choir".into())
        );
    }
    assert_eq!(
        ann.ok("getGroupApplicationUnhandledCount", json!({"time": 0})),
        1
    );
    assert_eq!(
        ben.ok("getGroupApplicationUnhandledCount", json!({"time": 0})),
        0
    );
    let open = json!({"groupID": [id], "handleResults": [0], "offset": 0, "count": 10});
    assert_eq!(
        field(
            &ann.ok("getGroupApplicationListAsRecipient", open),
            "userID"
        ),
        ["cat"]
    );
    let other = json!({"groupID": ["garden"], "handleResults": [], "offset": 0, "count": 10});
    assert_eq!(
        ann.ok("getGroupApplicationListAsRecipient", other),
        json!([])
    );
    assert_eq!(
        field(
            &cat.ok("getGroupApplicationListAsApplicant", json!(null)),
            "groupID"
        ),
        [id.as_str()]
    );
    let answer = json!({"groupID": id, "fromUserID": "cat", "handleMsg": "no"});
    assert_eq!(ben.err("acceptGroupApplication", answer.clone()).code, 1002);
    ann.ok("refuseGroupApplication", answer.clone());
    for side in [&ann, &cat] {
        side.wait_for("OnGroupApplicationRejected");
        assert_eq!(side.heard("OnGroupApplicationRejected").len(), 1);
        assert_eq!(
            side.heard("OnGroupApplicationRejected")[0]["handledMsg"],
            "no"
        );
    }
    assert_eq!(ann.err("acceptGroupApplication", answer.clone()).code, 1206);
    cat.ok("joinGroup", join);
    ann.ok("acceptGroupApplication", answer);
    cat.wait_for("OnGroupApplicationAccepted");
    cat.wait_for("OnJoinedGroupAdded");
    ben.wait_for("OnGroupMemberAdded");
    ben.until("the count", |c| group(c, &id)["memberCount"] == 3);
    ann.wait_for("OnGroupApplicationAccepted");

    // An ordinary member's invitation is an application too, an open group needs none.
    strangers(&world, &["dan"]);
    let (dan, _) = world.ready("dan");
    ben.ok(
        "inviteUserToGroup",
        json!({"groupID": id, "reason": "he sings", "userIDList": ["dan"]}),
    );
    ann.until("the application", |c| {
        c.heard("OnGroupApplicationAdded").len() == 3
    });
    assert_eq!(
        ann.heard("OnGroupApplicationAdded")[2]["inviterUserID"],
        "ben"
    );
    ann.ok(
        "setGroupVerification",
        json!({"groupID": id, "verification": 2}),
    );
    dan.ok(
        "joinGroup",
        json!({"groupID": id, "reqMsg": "", "joinSource": 4}),
    );
    assert_eq!(dan.heard("OnJoinedGroupAdded").len(), 1);
    assert_eq!(
        dan.err(
            "joinGroup",
            json!({"groupID": id, "reqMsg": "", "joinSource": 4})
        )
        .code,
        1001
    );
    assert_eq!(
        dan.err(
            "joinGroup",
            json!({"groupID": "none", "reqMsg": "", "joinSource": 4})
        )
        .code,
        1201
    );
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
