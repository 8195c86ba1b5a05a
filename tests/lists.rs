//! Lists of friends, groups, members, conversations: by version, whole where that does not do, checked
//! against the server's, the same in the end whatever was lost on the way.
// What a test finds wrong, it panics about.
#![allow(clippy::unwrap_used)]
mod world;

use std::collections::BTreeMap;
use std::rc::Rc;

use openim_web::rt::proto::Message as _;
use openim_web::store::{Durability, Stores, Table, Write};
use serde_json::{Value, json};
use world::{Client, Device, World};

const AB: &str = "si_alice_bob";

fn ids(list: &Value, name: &str) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    let mut ids: Vec<String> = rows
        .map(|row| row[name].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

fn friends(client: &Client) -> Vec<String> {
    ids(&client.ok("getFriendList", json!(null)), "userID")
}

fn groups(client: &Client) -> Vec<String> {
    ids(&client.ok("getJoinedGroupList", json!(null)), "groupID")
}

fn members(client: &Client, group: &str) -> Vec<String> {
    let page = json!({"groupID": group, "filter": 0, "offset": 0, "count": 0});
    ids(&client.ok("getGroupMemberList", page), "userID")
}

/// What a user's database loses.
fn lose(world: &World, device: &Device, rows: &[(Table, &str)]) {
    let writes = rows.iter().map(|(table, key)| Write::Delete {
        table: *table,
        key: (*key).to_owned(),
    });
    let writes = writes.collect();
    world.rt.block_on(async {
        let store = device
            .stores
            .open("openim-web/http://server/alice/5")
            .await
            .unwrap();
        store.apply(writes, Durability::Strict).await.unwrap();
    });
}

fn again(world: &Rc<World>, device: &Device) -> Client {
    let page = world.page("alice", &world.token("alice"), device);
    page.login();
    page.wait_for("OnSyncServerFinish");
    page
}

fn users(world: &World, prefix: &str, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|n| format!("{prefix}{n:05}")).collect();
    world.net.with(|model, now| {
        for name in &names {
            model.add_user(now, name, name, "");
        }
    });
    names
}

/// HTTP calls since the last time.
fn calls(world: &World) -> BTreeMap<String, u32> {
    std::mem::take(&mut *world.net.calls.borrow_mut())
}

#[test]
fn what_is_lost_here_is_found_missing_and_loaded() {
    let world = World::new(1);
    world
        .net
        .with(|model, now| model.add_group(now, "other", "other", &["bob", "alice"]));
    let (alice, device) = world.ready("alice");
    let before = (friends(&alice), groups(&alice), members(&alice, "garden"));
    alice.ok("logout", json!(null));
    let lost = [
        (Table::Friends, "bob"),
        (Table::Groups, "garden"),
        (Table::Members, "garden\tcarol"),
        (Table::Conversations, AB),
    ];
    lose(&world, &device, &lost);
    let alice = again(&world, &device);
    alice.until("the friend is back", |c| friends(c) == before.0);
    alice.until("the group is back", |c| groups(c) == before.1);
    alice.until("the conversation is back", |c| {
        !c.ok("getMultipleConversation", json!([AB]))
            .as_array()
            .unwrap()
            .is_empty()
    });
    alice.until("the member is back", |c| members(c, "garden") == before.2);
    assert_eq!(alice.heard("OnFriendAdded")[0]["userID"], "bob");
    assert_eq!(alice.heard("OnJoinedGroupAdded")[0]["groupID"], "garden");
    assert_eq!(alice.heard("OnGroupMemberAdded")[0]["userID"], "carol");
}

#[test]
fn what_is_too_much_here_is_found_and_goes() {
    let world = World::new(2);
    let (alice, device) = world.ready("alice");
    alice.ok("logout", json!(null));
    // The server lost a change from its log: the version says nothing of it.
    world
        .net
        .with(|model, _| model.versions.full_asked.set((0, 0)));
    let row = openim_web::store::rows::FriendRow {
        user: Some(openim_web::store::rows::UserRow {
            user_id: "ghost".into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    world.rt.block_on(async {
        let store = device
            .stores
            .open("openim-web/http://server/alice/5")
            .await
            .unwrap();
        let write = Write::Put {
            table: Table::Friends,
            key: "ghost".into(),
            value: row.encode_to_vec(),
        };
        store.apply(vec![write], Durability::Strict).await.unwrap();
    });
    let alice = again(&world, &device);
    alice.wait_for("OnFriendDeleted");
    assert_eq!(friends(&alice), ["bob", "carol", "dave"]);
}

#[test]
fn lists_that_are_the_same_are_not_sent() {
    let world = World::new(3);
    let (alice, device) = world.ready("alice");
    members(&alice, "garden");
    alice.ok(
        "pinFriends",
        json!({"toUserIDs": ["carol"], "isPinned": true}),
    );
    alice.ok("logout", json!(null));
    calls(&world);
    world
        .net
        .with(|model, _| model.versions.full_asked.set((0, 0)));
    let alice = again(&world, &device);
    members(&alice, "garden");
    alice.until("all are compared", |_| {
        world.net.model.borrow().versions.full_asked.get().0 == 4
    });
    assert_eq!(world.net.model.borrow().versions.full_asked.get(), (4, 4));
    let calls = calls(&world);
    for path in calls.keys() {
        let whole = [
            "get_friend_list",
            "get_joined_group_list",
            "get_group_member_list",
        ];
        assert!(!whole.iter().any(|name| path.ends_with(name)), "{calls:?}");
    }
    // Once a session.
    world.network("alice", false);
    world.network("alice", true);
    alice.forget_events();
    alice.wait_for("OnSyncServerFinish");
    members(&alice, "garden");
    world.rt.run_for(10_000);
    assert_eq!(world.net.model.borrow().versions.full_asked.get(), (4, 4));
}

#[test]
fn more_changes_than_a_log_tells_are_loaded_whole() {
    let world = World::new(4);
    let names = users(&world, "f", 250);
    let (alice, device) = world.ready("alice");
    alice.kill();
    world.net.with(|model, now| {
        for name in &names {
            model.befriend(now, "alice", name);
        }
    });
    world.network("alice", true);
    let alice = again(&world, &device);
    alice.until("all are there", |c| friends(c).len() == 253);
    assert_eq!(alice.heard("OnFriendAdded").len(), 250);
    assert!(alice.heard("OnFriendInfoChanged").is_empty());
}

#[test]
fn groups_that_an_answer_leaves_out_are_asked_for_again() {
    let world = World::new(5).quick();
    let names = users(&world, "m", 190);
    let groups = ["g1", "g2", "g3", "g4", "g5"];
    world.net.with(|model, now| {
        for group in groups {
            model.add_group(now, group, group, &["bob", "alice"]);
        }
    });
    let (alice, device) = world.ready("alice");
    for group in groups {
        assert_eq!(members(&alice, group).len(), 2);
    }
    alice.kill();
    let (bob, _) = world.ready("bob");
    for group in groups {
        let invite = json!({"groupID": group, "reason": "", "userIDList": names});
        bob.ok("inviteUserToGroup", invite);
    }
    world.network("alice", true);
    calls(&world);
    let alice = again(&world, &device);
    alice.until("all members are told", |c| {
        c.heard("OnGroupMemberAdded").len() == 5 * 190
    });
    let calls = calls(&world);
    let asked = calls["/group/get_incremental_group_members_batch"];
    assert!((2..6).contains(&asked), "{calls:?}");
    assert!(
        !calls.contains_key("/group/get_group_member_list"),
        "{calls:?}"
    );
    for group in groups {
        assert_eq!(members(&alice, group).len(), 192);
    }
}

#[test]
fn a_group_of_ten_thousand_costs_its_changes_only() {
    let world = World::new(6);
    let names = users(&world, "m", 10_000);
    let mut all: Vec<&str> = vec!["bob", "alice"];
    all.extend(names.iter().map(String::as_str));
    world
        .net
        .with(|model, now| model.add_group(now, "big", "big", &all));
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    assert!(
        !calls(&world).contains_key("/group/get_group_member_list"),
        "nobody looked"
    );
    assert_eq!(members(&alice, "big").len(), 10_002);
    assert_eq!(calls(&world)["/group/get_group_member_list"], 101);
    let page = json!({"groupID": "big", "filter": 0, "offset": 5_000, "count": 50});
    assert_eq!(
        alice
            .ok("getGroupMemberList", page)
            .as_array()
            .unwrap()
            .len(),
        50
    );
    assert!(!calls(&world).contains_key("/group/get_group_member_list"));
    let kick = json!({"groupID": "big", "reason": "", "userIDList": [names[7], names[8]]});
    bob.ok("kickGroupMember", kick);
    alice.until("both are gone", |c| {
        c.heard("OnGroupMemberDeleted").len() == 2
    });
    let count =
        |c: &Client| c.ok("getSpecifiedGroupsInfo", json!(["big"]))[0]["memberCount"].clone();
    alice.until("they are counted", |c| count(c) == 10_000);
    let calls = calls(&world);
    assert!(
        !calls.contains_key("/group/get_group_member_list"),
        "{calls:?}"
    );
    assert_eq!(members(&alice, "big").len(), 10_000);
}

#[test]
fn lost_notifications_are_made_up_for() {
    let world = World::new(7);
    users(&world, "x", 3);
    let (alice, _) = world.ready("alice");
    let (bob, _) = world.ready("bob");
    members(&alice, "garden");
    alice.forget_events();
    // Everything that is pushed to alice is lost, until her connection breaks.
    world.control("pushes", json!({"userID": "alice", "drop": 1_000}));
    world
        .net
        .with(|model, now| model.befriend(now, "alice", "x00000"));
    let invite = json!({"groupID": "garden", "reason": "", "userIDList": ["x00001"]});
    world
        .net
        .with(|model, now| model.add_group(now, "new", "new", &["bob", "alice"]));
    alice.ok("inviteUserToGroup", invite);
    bob.ok(
        "setGroupInfo",
        json!({"groupID": "new", "groupName": "renamed"}),
    );
    bob.text("alice", "lost");
    world.control("pushes", json!({"userID": "alice", "drop": 0}));
    world.network("alice", false);
    world.network("alice", true);
    alice.until("the friend", |c| friends(c).contains(&"x00000".into()));
    alice.until("the group", |c| groups(c).contains(&"new".into()));
    let name = |c: &Client| c.ok("getSpecifiedGroupsInfo", json!(["new"]))[0]["groupName"].clone();
    alice.until("its name", |c| name(c) == "renamed");
    alice.until("the member", |c| {
        members(c, "garden").contains(&"x00001".into())
    });
    alice.until("the message", |c| !c.new_messages().is_empty());
    for event in ["OnFriendAdded", "OnJoinedGroupAdded", "OnGroupMemberAdded"] {
        assert_eq!(alice.heard(event).len(), 1, "{event}");
    }
}

/// A small generator of numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, list: &'a [String]) -> &'a str {
        &list[self.below(list.len())]
    }
}

/// All that a device says of its lists.
fn everything(client: &Client) -> Value {
    let joined = groups(client);
    let sorted = |method: &str, params: Value, key: &str| {
        let mut rows = client.ok(method, params).as_array().unwrap().clone();
        rows.sort_by_key(|row| row[key].as_str().unwrap().to_owned());
        rows
    };
    let of_group = |id: &String| {
        let page = json!({"groupID": id, "filter": 0, "offset": 0, "count": 0});
        sorted("getGroupMemberList", page, "userID")
    };
    let mut conversations = sorted("getAllConversationList", json!(null), "conversationID");
    for row in &mut conversations {
        // Nobody is told that a stranger has another name; the rest is of its messages.
        row.as_object_mut().unwrap().remove("showName");
        row.as_object_mut().unwrap().remove("latestMsgSendTime");
        row.as_object_mut().unwrap().remove("latestMsg");
    }
    // A new name is told to those whom one lists.
    let lists = client.world.control("state", json!({}))["friends"].clone();
    let mut friends = sorted("getFriendList", json!(null), "userID");
    for row in &mut friends {
        let theirs = &lists[row["userID"].as_str().unwrap()];
        if !theirs
            .as_array()
            .is_some_and(|ids| ids.contains(&json!(client.user)))
        {
            row.as_object_mut().unwrap().remove("nickname");
        }
    }
    json!({
        "friends": friends,
        "blacks": sorted("getBlackList", json!(null), "userID"),
        "groups": sorted("getJoinedGroupList", json!(null), "groupID"),
        "members": joined.iter().map(of_group).collect::<Vec<_>>(),
        "conversations": conversations,
        "self": client.ok("getSelfUserInfo", json!(null)),
    })
}

/// One thing that somebody does; whether it is allowed does not matter.
fn act(dice: &mut Dice, world: &World, who: &Client, people: &[String], known: &mut Vec<String>) {
    let other = dice.of(people).to_owned();
    let group = dice.of(known).to_owned();
    let some = json!({"groupID": group, "reason": "", "userIDList": [other]});
    let (method, params) = match dice.below(16) {
        0 => ("addFriend", json!({"toUserID": other, "reqMsg": ""})),
        1 => (
            "acceptFriendApplication",
            json!({"toUserID": other, "handleMsg": ""}),
        ),
        2 => ("deleteFriend", json!(other)),
        3 => (
            "setFriendRemark",
            json!({"toUserID": other, "remark": format!("r{}", dice.below(9))}),
        ),
        4 => (
            "pinFriends",
            json!({"toUserIDs": [other], "isPinned": dice.below(2) == 0}),
        ),
        5 => ("addBlack", json!({"toUserID": other})),
        6 => ("removeBlack", json!(other)),
        7 | 8 => ("inviteUserToGroup", some),
        9 => ("kickGroupMember", some),
        10 => ("quitGroup", json!(group)),
        11 => (
            "setGroupInfo",
            json!({"groupID": group, "groupName": format!("n{}", dice.below(9))}),
        ),
        12 => {
            let info = json!({"groupID": group, "userID": other, "nickname": format!("m{}", dice.below(9))});
            ("setGroupMemberInfo", info)
        }
        13 => (
            "setSelfInfo",
            json!({"nickname": format!("{}{}", who.user, dice.below(9))}),
        ),
        14 if known.len() < 6 => {
            let info = json!({"groupName": "new", "groupType": 2, "groupID": format!("new{}", known.len())});
            known.push(format!("new{}", known.len()));
            let params = json!({"memberUserIDs": ["alice"], "groupInfo": info, "adminUserIDs": [], "ownerUserID": who.user});
            if who.user == "alice" {
                return;
            }
            ("createGroup", params)
        }
        _ => {
            let ex = json!({"conversationID": AB, "ex": format!("e{}", dice.below(9)), "isPinned": dice.below(2) == 0});
            ("setConversation", ex)
        }
    };
    // Refused or cut off: both are part of it.
    let _ = world.rt.block_on(who.call(method, params));
}

#[test]
fn whatever_is_lost_the_end_is_that_of_a_fresh_device() {
    for seed in 1..=12 {
        let world = World::new(seed);
        let mut dice = Dice(seed);
        world.net.with(|model, _| model.login_policy = 0);
        let mut people = users(&world, "p", 3);
        people.extend(["alice", "bob", "carol"].map(str::to_owned));
        let mut known = vec!["garden".to_owned()];
        let (alice, _) = world.ready("alice");
        let (bob, _) = world.ready("bob");
        let (carol, _) = world.ready("carol");
        members(&alice, "garden");
        for step in 0..120 {
            match dice.below(10) {
                0 => {
                    drop(world.control("pushes", json!({"userID": "alice", "drop": dice.below(6)})))
                }
                1 => world.net.break_links("alice"),
                2 => {
                    world.network("alice", false);
                    world.rt.run_for(dice.below(3_000) as u32);
                    world.network("alice", true);
                }
                _ => {}
            }
            let who = [&alice, &bob, &carol][dice.below(3)];
            act(&mut dice, &world, who, &people, &mut known);
            if step % 7 == 0 {
                world.rt.run_for(dice.below(500) as u32);
            }
        }
        world.control("pushes", json!({"userID": "alice", "drop": 0}));
        world.network("alice", false);
        world.network("alice", true);
        alice.forget_events();
        alice.wait_for("OnSyncServerFinish");
        world.rt.run_for(20_000);
        let stores = world.device().stores;
        let fresh = world.page_on("fresh", "alice", 5, &world.token("alice"), stores);
        fresh.login();
        fresh.wait_for("OnSyncServerFinish");
        world.rt.run_for(20_000);
        let (held, expected) = (everything(&alice), everything(&fresh));
        for (list, rows) in expected.as_object().unwrap() {
            let rows = rows
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![rows.clone()]);
            let own = held[list]
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![held[list].clone()]);
            for (own, row) in own.iter().zip(&rows) {
                assert_eq!(own, row, "seed {seed}: {list}");
            }
            assert_eq!(own.len(), rows.len(), "seed {seed}: {list}");
        }
    }
}
