//! Who comes into a group, leaves and comes back: applications, answers, invitations, with what the real
//! server sends and answers.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use serde_json::{Value, json};
use world::Client;
use world::groups::{create, group, members};
use world::people::{field, strangers, text, two};

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
        assert_eq!(told["groupID"], id.as_str());
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
    // Only who leads a group sees its applications.
    let other = json!({"groupID": ["garden"], "handleResults": [], "offset": 0, "count": 10});
    assert_eq!(
        ann.err("getGroupApplicationListAsRecipient", other).code,
        1002
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
        let told = &side.heard("OnGroupApplicationRejected")[0];
        assert_eq!(
            (
                text(told, "groupName"),
                text(told, "userID"),
                text(told, "handledMsg"),
                text(told, "handleUserID")
            ),
            ("Choir".into(), "cat".into(), "no".into(), "ann".into())
        );
        assert!(told["handledTime"].as_i64() > Some(0), "{told}");
    }
    assert_eq!(ann.err("acceptGroupApplication", answer.clone()).code, 1206);
    cat.ok("joinGroup", join);
    ann.ok("acceptGroupApplication", answer);
    cat.wait_for("OnGroupApplicationAccepted");
    cat.wait_for("OnJoinedGroupAdded");
    ben.wait_for("OnGroupMemberAdded");
    ben.until("the count", |c| group(c, &id)["memberCount"] == 3);
    ann.wait_for("OnGroupApplicationAccepted");

    // An ordinary member's invitation is an application too: he is told of it as well.
    strangers(&world, &["dan"]);
    let (dan, _) = world.ready("dan");
    ben.ok(
        "inviteUserToGroup",
        json!({"groupID": id, "reason": "he sings", "userIDList": ["dan"]}),
    );
    ann.until("the application", |c| {
        c.heard("OnGroupApplicationAdded").len() == 3
    });
    for told in [
        &ann.heard("OnGroupApplicationAdded")[2],
        &ben.heard("OnGroupApplicationAdded")[0],
    ] {
        assert_eq!(
            (text(told, "inviterUserID"), text(told, "userID")),
            ("ben".into(), "dan".into())
        );
    }
    assert_eq!(ben.heard("OnGroupApplicationAdded").len(), 1);
    ann.ok(
        "acceptGroupApplication",
        json!({"groupID": id, "fromUserID": "dan", "handleMsg": ""}),
    );
    dan.wait_for("OnJoinedGroupAdded");
    let rows = json!({"groupID": id, "userIDList": ["dan"]});
    let row = &dan.ok("getSpecifiedGroupMembersInfo", rows)[0];
    assert_eq!(
        (text(row, "inviterUserID"), text(row, "operatorUserID")),
        ("ben".into(), "ann".into())
    );
    dan.ok("quitGroup", json!(id));
    dan.forget_events();
    // An open group needs none.
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
        1004
    );
}

/// Applications that a user made or got.
fn applications(client: &Client, role: &str) -> Vec<Value> {
    let all = client.ok(&format!("getGroupApplicationListAs{role}"), json!(null));
    all.as_array().unwrap().clone()
}

fn answer(by: &Client, verb: &str, group: &str, user: &str, words: &str) {
    by.ok(
        &format!("{verb}GroupApplication"),
        json!({"groupID": group, "fromUserID": user, "handleMsg": words}),
    );
}

#[test]
fn the_words_of_an_answer_stay_in_the_lists() {
    let (world, ann, _ben) = two(11);
    let (cat, device) = world.ready("cat");
    let id = create(&ann, &["ben"], json!({"needVerification": 1}));
    let join = json!({"groupID": id, "reqMsg": "please", "joinSource": 3});
    cat.ok("joinGroup", join.clone());
    answer(&ann, "refuse", &id, "cat", "not yet");
    for (side, role) in [(&ann, "Recipient"), (&cat, "Applicant")] {
        side.wait_for("OnGroupApplicationRejected");
        let row = &applications(side, role)[0];
        assert_eq!(
            (text(row, "handledMsg"), text(row, "handleUserID")),
            ("not yet".into(), "ann".into())
        );
        assert!(row["handledTime"].as_i64() > Some(0), "{row}");
    }
    cat.kill();
    let cat = world.page("cat", &world.token("cat"), &device);
    world.network("cat", true);
    cat.login();
    cat.wait_for("OnSyncServerFinish");
    assert_eq!(applications(&cat, "Applicant")[0]["handledMsg"], "not yet");

    // They belong to that application, not to the next one.
    cat.ok("joinGroup", join);
    assert_eq!(applications(&cat, "Applicant")[0]["handledMsg"], "");
    cat.forget_events();
    answer(&ann, "accept", &id, "cat", "");
    cat.wait_for("OnGroupApplicationAccepted");
    let row = &applications(&cat, "Applicant")[0];
    assert_eq!(
        (row["handleResult"].clone(), text(row, "handledMsg")),
        (json!(1), "".into())
    );

    // A server that knows them itself is believed.
    world.control("config", json!({"fullRequests": true}));
    assert_eq!(applications(&ann, "Recipient")[0]["handleUserID"], "ann");
}

#[test]
fn an_application_is_told_once_whoever_leads() {
    let (world, ann, ben) = two(12);
    let (cat, _) = world.ready("cat");
    let id = create(&ann, &["ben"], json!({"needVerification": 1}));
    ann.ok(
        "setGroupMemberInfo",
        json!({"groupID": id, "userID": "ben", "roleLevel": 60}),
    );
    cat.ok(
        "joinGroup",
        json!({"groupID": id, "reqMsg": "", "joinSource": 3}),
    );
    for side in [&ann, &ben, &cat] {
        side.wait_for("OnGroupApplicationAdded");
    }
    answer(&ben, "accept", &id, "cat", "yes");
    for side in [&ann, &ben, &cat] {
        side.wait_for("OnGroupApplicationAccepted");
        side.until("the members", |c| members(c, &id).len() == 3);
    }
    world.rt.run_for(2_000);
    for side in [&ann, &ben, &cat] {
        for name in ["OnGroupApplicationAdded", "OnGroupApplicationAccepted"] {
            assert_eq!(side.heard(name).len(), 1, "{name} at {}", side.user);
        }
    }
}

#[test]
fn who_leaves_and_comes_back() {
    let (world, ann, ben) = two(13);
    let id = create(&ann, &["ben"], json!({}));
    let chat = format!("sg_{id}");
    ben.until("the chat", |c| {
        c.conversation(&chat)["groupID"] == id.as_str()
    });
    let say = |text: &str| world.say_group("ann", &id, text);
    let told = |c: &Client, text: &str| {
        let all = world::texts(&c.new_messages());
        all.iter().any(|t| t == text)
    };
    for way in ["quit", "kick"] {
        say(&format!("before {way}"));
        ben.until("the text", |c| told(c, &format!("before {way}")));
        match way {
            "quit" => ben.ok("quitGroup", json!(id)),
            _ => ann.ok(
                "kickGroupMember",
                json!({"groupID": id, "reason": "", "userIDList": ["ben"]}),
            ),
        };
        ben.wait_for("OnJoinedGroupDeleted");
        ben.until("out", |c| c.conversation(&chat)["isNotInGroup"] == true);
        assert_eq!(members(&ben, &id), Vec::<String>::new());
        say(&format!("without him, {way}"));
        world.rt.run_for(3_000);
        ben.forget_events();
        // Nothing says that the chat is open again but that he is a member again.
        ann.ok(
            "inviteUserToGroup",
            json!({"groupID": id, "reason": "", "userIDList": ["ben"]}),
        );
        ben.wait_for("OnJoinedGroupAdded");
        say(&format!("after {way}"));
        ben.until("the text", |c| told(c, &format!("after {way}")));
        ben.until("in", |c| c.conversation(&chat)["isNotInGroup"] == false);
        let all = world::texts(&ben.history(&chat));
        assert!(
            all.contains(&format!("without him, {way}")),
            "what was said meanwhile: {all:?}"
        );
        assert_eq!(members(&ben, &id), ["ann", "ben"]);
    }
}

#[test]
fn nobody_is_invited_twice() {
    let (world, ann, ben) = two(19);
    let id = create(&ann, &["ben"], json!({}));
    let invite = |who: &[&str]| json!({"groupID": id, "reason": "", "userIDList": who});
    assert_eq!(
        ben.err("inviteUserToGroup", invite(&["cat", "ben"])).code,
        500
    );
    assert_eq!(members(&ann, &id), ["ann", "ben"]);
    // Also where a server tells of members without the group.
    for (bare, user, count) in [(false, "cat", 3), (true, "alice", 4)] {
        world.control("config", json!({"bareDeltas": bare}));
        ben.ok("inviteUserToGroup", invite(&[user]));
        assert_eq!(
            group(&ben, &id)["memberCount"],
            count,
            "before the promise resolves"
        );
    }
    for (method, params, code) in [
        ("quitGroup", json!("none"), 1004),
        ("dismissGroup", json!("none"), 1004),
        (
            "kickGroupMember",
            json!({"groupID": id, "reason": "", "userIDList": ["dan"]}),
            1101,
        ),
        (
            "inviteUserToGroup",
            json!({"groupID": id, "reason": "", "userIDList": ["dan"]}),
            1004,
        ),
        (
            "transferGroupOwner",
            json!({"groupID": "none", "newOwnerUserID": "ben"}),
            1004,
        ),
        (
            "changeGroupMute",
            json!({"groupID": "none", "isMute": true}),
            1002,
        ),
        (
            "setGroupInfo",
            json!({"groupID": "none", "groupName": "x"}),
            1004,
        ),
        (
            "acceptGroupApplication",
            json!({"groupID": id, "fromUserID": "dan", "handleMsg": ""}),
            1004,
        ),
    ] {
        assert_eq!(ann.err(method, params).code, code, "{method}");
    }
}

/// The server notes the end of who was kicked a moment later: who came back within it is a member, hears all
/// that is new, and is given nothing that was said between.
#[test]
fn who_comes_back_at_once_may_not_be_given_all() {
    let (world, ann, ben) = two(14);
    let id = create(&ann, &["ben"], json!({}));
    let chat = format!("sg_{id}");
    world.say_group("ann", &id, "before");
    ben.until("the text", |c| !c.history(&chat).is_empty());
    world.rt.run_for(3_000);
    world.network("ben", false);
    world.admin(
        "/group/kick_group",
        json!({"groupID": id, "kickedUserIDs": ["ben"]}),
    );
    world.admin(
        "/group/invite_user_to_group",
        json!({"groupID": id, "invitedUserIDs": ["ben"]}),
    );
    world.rt.run_for(1_000);
    world.say_group("ann", &id, "between");
    world.rt.run_for(3_000);
    world.network("ben", true);
    ben.until("the history has no gap", |c| c.try_history(&chat).is_ok());
    let all = world::texts(&ben.history(&chat));
    assert!(all.contains(&"before".to_owned()), "{all:?}");
    assert!(
        !all.contains(&"between".to_owned()),
        "the server gives it: {all:?}"
    );
    // The row that says where it ended comes with every change of it. What is not pushed he never gets.
    world.rt.run_for(3_000);
    ben.forget_events();
    let set =
        json!({"conversationID": chat, "conversationType": 3, "groupID": id, "isPinned": true});
    world.admin(
        "/conversation/set_conversations",
        json!({"userIDs": ["ben"], "conversation": set}),
    );
    ben.until("it is pinned", |c| {
        c.conversation(&chat)["isPinned"] == true
    });
    assert_eq!(ben.conversation(&chat)["isNotInGroup"], false);
    world.say_group("ann", &id, "after");
    ben.until("it is told", |c| {
        world::texts(&c.new_messages()).contains(&"after".to_owned())
    });
    let all = world::texts(&ben.history(&chat));
    assert_eq!(all.last().map(String::as_str), Some("after"), "{all:?}");
    assert!(all.contains(&"before".to_owned()), "{all:?}");
}
