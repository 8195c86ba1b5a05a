//! Groups and their members: every method, its events at everybody concerned, with what the real
//! server sends and answers.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use serde_json::{Value, json};
use world::Client;
use world::groups::{create, group, members, role};
use world::people::{field, text, two};

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
    assert_eq!(group(&ben, &id)["creatorUserID"], "ann");
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
    // An administrator may appoint others, but has no right over them then.
    let appoint = |role: i32| json!({"groupID": id, "userID": "cat", "roleLevel": role});
    ben.ok("setGroupMemberRoleLevel", appoint(60));
    assert_eq!(ben.err("setGroupMemberRoleLevel", appoint(20)).code, 1002);
    ann.ok("setGroupMemberRoleLevel", appoint(20));
    ben.until("ordinary again", |c| role(c, &id, "cat") == 20);
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
fn a_dismissed_group_is_asked_for_no_more() {
    let (world, ann, ben) = two(14);
    let id = create(&ann, &["ben"], json!({}));
    ben.wait_for("OnJoinedGroupAdded");
    assert_eq!(members(&ben, &id), ["ann", "ben"]);
    ann.ok("dismissGroup", json!(id));
    for side in [&ann, &ben] {
        side.wait_for("OnGroupDismissed");
        side.until("gone", |c| c.ok("isJoinGroup", json!(id)) == false);
        assert_eq!(members(side, &id), Vec::<String>::new());
        assert_eq!(side.heard("OnJoinedGroupDeleted").len(), 1);
        assert_eq!(side.heard("OnGroupDismissed").len(), 1);
    }
    world.net.calls.borrow_mut().clear();
    ben.ok("setSelfInfo", json!({"nickname": "Benno"}));
    world.rt.run_for(3_000);
    let calls = world.net.calls.borrow();
    let asked = calls.keys().filter(|path| path.contains("member"));
    assert_eq!(asked.count(), 0, "{calls:?}");
    let loud: Vec<String> = world.rt.log();
    assert!(loud.is_empty(), "{loud:?}");
}

#[test]
fn a_group_that_refuses_does_not_starve_the_others() {
    let (world, ann, ben) = two(15);
    let ids: Vec<String> = (0..3).map(|_| create(&ann, &["ben"], json!({}))).collect();
    ben.until("the groups", |c| {
        c.ok("getJoinedGroupList", json!(null))
            .as_array()
            .unwrap()
            .len()
            == 3
    });
    for id in &ids {
        assert_eq!(members(&ben, id).len(), 2);
    }
    // While Ben is away he is put out of one, and the list of groups cannot be had when he is back.
    world.network("ben", false);
    world.rt.run_for(1_000);
    ann.ok(
        "kickGroupMember",
        json!({"groupID": ids[1], "reason": "", "userIDList": ["ben"]}),
    );
    for id in [&ids[0], &ids[2]] {
        ann.ok(
            "inviteUserToGroup",
            json!({"groupID": id, "reason": "", "userIDList": ["cat"]}),
        );
    }
    let path = "/group/get_incremental_join_groups";
    world.control("rest", json!({"path": path, "faults": ["broken"]}));
    ben.forget_events();
    world.network("ben", true);
    // Not by looking at the members, which compares them with the server's.
    ben.until("the others", |c| c.heard("OnGroupMemberAdded").len() == 2);
    ben.until("out of one", |c| {
        c.ok("isJoinGroup", json!(ids[1])) == false
    });
    assert_eq!(ben.heard("OnGroupMemberAdded").len(), 2);
    assert_eq!(ben.heard("OnJoinedGroupDeleted").len(), 1);
}

#[test]
fn the_chat_of_a_new_group_comes_with_its_first_line() {
    for at_once in [false, true] {
        let (world, ann, ben) = two(16);
        world.control("config", json!({"rowsAtOnce": at_once}));
        let id = create(&ann, &["ben"], json!({}));
        let chat = format!("sg_{id}");
        for side in [&ann, &ben] {
            side.until("the chat", |c| {
                let row = c.conversation(&chat);
                row["showName"] == "Choir" && row["groupID"] == id.as_str()
            });
            assert_eq!(side.heard("OnNewConversation").len(), 1);
        }
        ben.ok(
            "setConversation",
            json!({"conversationID": chat, "isPinned": true}),
        );
        ben.until("pinned", |c| c.conversation(&chat)["isPinned"] == true);
        world.say_group("ann", &id, "hello");
        ben.until("unread", |c| {
            c.conversation(&chat)["unreadCount"].as_i64() >= Some(1)
        });
        world.rt.run_for(400_000);
        assert_eq!(ben.conversation(&chat)["isPinned"], true);
    }
}

#[test]
fn silent_groups_and_those_with_an_announcement() {
    let (world, ann, ben) = two(17);
    let make = |id: &str, more: Value| {
        let mut body = json!({"ownerUserID": "ann", "memberUserIDs": ["ben"],
            "groupInfo": {"groupID": id, "groupName": id, "groupType": 2}});
        for (key, value) in more.as_object().unwrap() {
            match key.as_str() {
                "notification" => body["groupInfo"][key] = value.clone(),
                _ => body[key] = value.clone(),
            }
        }
        world.admin("/group/create_group", body);
    };
    make("quiet", json!({"sendMessage": false}));
    make("loud", json!({"notification": "Hear"}));
    ben.until("both", |c| c.heard("OnJoinedGroupAdded").len() == 2);
    ben.until("the announcement", |c| {
        c.conversation("sg_loud")["unreadCount"].as_i64() == Some(2)
    });
    assert_eq!(group(&ben, "loud")["notification"], "Hear");
    assert_eq!(group(&ben, "quiet")["creatorUserID"], "");
    world.rt.run_for(2_000);
    assert_eq!(
        ben.ok("getMultipleConversation", json!(["sg_quiet"])),
        json!([])
    );
    // An announcement that is taken back leaves no line.
    let lines = world.log("sg_loud").len();
    ann.ok(
        "setGroupInfo",
        json!({"groupID": "loud", "notification": ""}),
    );
    ben.until("no announcement", |c| {
        group(c, "loud")["notification"] == ""
    });
    assert_eq!(world.log("sg_loud").len(), lines);
    assert_eq!(members(&ben, "quiet"), ["ann", "ben"]);
}

#[test]
fn owner_and_administrator_exchange_their_roles() {
    let (world, ann, ben) = two(18);
    let (cat, _) = world.ready("cat");
    let id = create(&ann, &["ben", "cat"], json!({}));
    cat.wait_for("OnJoinedGroupAdded");
    assert_eq!(members(&cat, &id).len(), 3, "held by cat, not by ben");
    ann.ok(
        "setGroupMemberInfo",
        json!({"groupID": id, "userID": "ben", "roleLevel": 60}),
    );
    ben.until("the role", |c| {
        !c.heard("OnGroupMemberInfoChanged").is_empty()
    });
    ann.ok(
        "transferGroupOwner",
        json!({"groupID": id, "newOwnerUserID": "ben"}),
    );
    for side in [&ann, &ben, &cat] {
        side.until("the owner", |c| group(c, &id)["ownerUserID"] == "ben");
        side.until("the roles", |c| {
            (role(c, &id, "ben"), role(c, &id, "ann")) == (100, 60)
        });
        assert_eq!(group(side, &id)["memberCount"], 3);
    }
    let told = ben.heard("OnGroupMemberInfoChanged");
    let roles: Vec<_> = told
        .iter()
        .map(|m| (text(m, "userID"), m["roleLevel"].as_i64()))
        .collect();
    assert!(
        roles.contains(&("ann".into(), Some(60))) && roles.contains(&("ben".into(), Some(100))),
        "{roles:?}"
    );
}

#[test]
fn a_name_in_the_group_outlives_the_users() {
    let (_world, ann, ben) = two(20);
    let id = create(&ann, &["ben"], json!({}));
    ben.wait_for("OnJoinedGroupAdded");
    let name = |c: &Client, user: &str| {
        let some = json!({"groupID": id, "userIDList": [user]});
        text(&c.ok("getSpecifiedGroupMembersInfo", some)[0], "nickname")
    };
    assert_eq!(
        (name(&ann, "ben"), name(&ann, "ann")),
        ("BEN".into(), "ANN".into())
    );
    ben.ok(
        "setGroupMemberNickname",
        json!({"groupID": id, "userID": "ben", "groupMemberNickname": "Bass"}),
    );
    ben.ok(
        "setSelfInfo",
        json!({"nickname": "Benjamin", "faceURL": "face"}),
    );
    ann.ok("setSelfInfo", json!({"nickname": "Annie"}));
    for side in [&ann, &ben] {
        side.until("ann's name", |c| name(c, "ann") == "Annie");
        side.until("ben's face", |c| {
            let some = json!({"groupID": id, "userIDList": ["ben"]});
            c.ok("getSpecifiedGroupMembersInfo", some)[0]["faceURL"] == "face"
        });
        assert_eq!(name(side, "ben"), "Bass");
    }
}
