//! THE CHECK of held lists: once a session, and of a group's members once they are looked at, the IDs
//! are compared with the server's, so that what a version log lost does not stay lost. A hash of the
//! IDs is sent; only where it is another one does the server answer with its IDs (data.md §4.3).
use std::rc::Rc;

use super::lists::{List, version_key};
use crate::api::error::Result;
use crate::logic::{Session, group, relation};
use crate::net::rest::FullIds;
use crate::rt::map::Set;
use crate::rt::{Level, json, md5};
use crate::store::rows::VersionRow;

impl Session {
    /// Checks friends, joined groups and conversations, if that has not been done yet.
    pub(super) async fn check_lists(self: &Rc<Self>) {
        if self.is_checked.get() || !self.conn.is_connected() {
            return;
        }
        for list in [List::Friends, List::Groups, List::Conversations] {
            if let Err(error) = self.check_list(list, "").await {
                self.log(Level::Warn, &error.message);
                return;
            }
        }
        self.is_checked.set(true);
    }

    /// Checks one list; one that is another than the server's is loaded anew.
    pub(crate) async fn check_list(self: &Rc<Self>, list: List, entity: &str) -> Result<()> {
        let held = self.version(list, entity);
        let ids = self.held_ids(list, entity).await?;
        let (path, key, of) = match list {
            List::Friends => ("/friend/get_full_friend_user_ids", "userID", &*self.me),
            List::Groups => ("/group/get_full_join_group_ids", "userID", &*self.me),
            List::Members => ("/group/get_full_group_member_user_ids", "groupID", entity),
            _ => (
                "/conversation/get_full_conversation_ids",
                "userID",
                &*self.me,
            ),
        };
        // By hand: JavaScript has no number that long.
        let of = json::to_text(of);
        let hash = id_hash(&ids).to_string();
        let body = ["{\"idHash\":", &hash, ",\"", key, "\":", &of, "}"].concat();
        let answer = self.exchange(path, &self.operation_id(), body).await?;
        let answer: FullIds = match answer {
            Some(answer) => json::from_value(&answer)?,
            None => FullIds::default(),
        };
        let moved = answer.version != held.version || answer.version_id != held.version_id;
        // What changes just now is in the version log.
        if answer.equal || moved || self.ended.get() {
            return Ok(());
        }
        let ours: Set<&String> = ids.iter().collect();
        let lists = [
            &answer.user_ids,
            &answer.group_ids,
            &answer.conversation_ids,
        ];
        let count = lists.iter().map(|list| list.len()).sum::<usize>();
        let all_held = lists.into_iter().flatten().all(|id| ours.contains(id));
        // Conversations that the server dropped stay.
        if all_held && (list == List::Conversations || count == ids.len()) {
            return Ok(());
        }
        let what = ["the list ", &version_key(list, entity), " is loaded anew"];
        self.log(Level::Warn, &what.concat());
        if list == List::Members {
            return self.reload_members(entity).await;
        }
        let mut changes = self.changes().await;
        changes.set_version(version_key(list, entity), VersionRow::default());
        changes.commit().await?;
        self.sync_list(list, false).await
    }

    /// In the server's order, as far as it can be told.
    async fn held_ids(&self, list: List, entity: &str) -> Result<Vec<String>> {
        if list == List::Members {
            let members = self.members(entity).await?;
            return Ok(group::in_order(members)
                .into_iter()
                .map(|row| row.user_id)
                .collect());
        }
        let state = self.state.borrow();
        Ok(match list {
            List::Friends => {
                let friends = relation::ordered(self, false).into_iter();
                friends.map(|friend| friend.user_id).collect()
            }
            List::Groups => state.groups.keys().cloned().collect(),
            _ => {
                let rows = state.conversations.values().filter(|row| row.on_server);
                rows.map(|row| row.conversation_id.clone()).collect()
            }
        })
    }
}

/// The server's hash of an ID list: of its JSON as Go writes it (data.md §4.3).
pub fn id_hash(ids: &[String]) -> u64 {
    if ids.is_empty() {
        return 0;
    }
    let mut text = String::new();
    for c in json::to_text(ids).chars() {
        match c {
            '<' => text += "\\u003c",
            '>' => text += "\\u003e",
            '&' => text += "\\u0026",
            c => text.push(c),
        }
    }
    let [a, b, c, d, e, f, g, h, ..] = md5::hash(text.as_bytes());
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_compact_json() {
        assert_eq!(id_hash(&[]), 0);
        // printf '["a","b\u003c"]' | md5sum, of which the first eight bytes.
        let ids = ["a".to_owned(), "b<".to_owned()];
        let hash = md5::hex(md5::hash(br#"["a","b\u003c"]"#));
        assert_eq!(format!("{:016x}", id_hash(&ids)), hash[..16]);
    }
}
