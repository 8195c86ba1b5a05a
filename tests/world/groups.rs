//! What tests of groups share: groups, roles and members as a client has them.
use serde_json::{Value, json};

use super::Client;
use super::people::{field, text};

pub fn group(client: &Client, id: &str) -> Value {
    client.ok("getSpecifiedGroupsInfo", json!([id]))[0].clone()
}

pub fn role(client: &Client, group: &str, user: &str) -> i64 {
    let rows = client.ok(
        "getSpecifiedGroupMembersInfo",
        json!({"groupID": group, "userIDList": [user]}),
    );
    rows[0]["roleLevel"].as_i64().unwrap_or(0)
}

pub fn members(client: &Client, group: &str) -> Vec<String> {
    let all = json!({"groupID": group, "filter": 0, "offset": 0, "count": 0});
    field(&client.ok("getGroupMemberList", all), "userID")
}

pub fn create(owner: &Client, with: &[&str], more: Value) -> String {
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
