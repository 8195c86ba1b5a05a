//! APPLICATIONS that no notification told. The server pushes an application, and the answer to one, once,
//! and keeps the notification for nobody: a connection that it does not know to be online yet misses it.
//! So every look at the server reads the newest of its lists, and tells what was not told (SPEC.md §4).
use std::rc::Rc;

use crate::api::error::{Error, Result};
use crate::logic::Session;
use crate::logic::applications::Application;
use crate::rt::Level;
use crate::rt::json::{self, Value};

/// So many of each list are looked at.
const NEWEST: i32 = 20;
/// On the first look ever, what was made or answered so long ago is no news.
const RECENT_MS: i64 = 10_000;

/// A list that is looked at.
struct Source {
    path: &'static str,
    /// Field of the request that says who asks.
    asker: &'static str,
    /// Field of the answer.
    rows: &'static str,
}

const FRIENDS: [Source; 2] = [
    Source {
        path: "/friend/get_friend_apply_list",
        asker: "userID",
        rows: "FriendRequests",
    },
    Source {
        path: "/friend/get_self_friend_apply_list",
        asker: "userID",
        rows: "friendRequests",
    },
];
const GROUPS: [Source; 2] = [
    Source {
        path: "/group/get_recv_group_applicationList",
        asker: "fromUserID",
        rows: "groupRequests",
    },
    Source {
        path: "/group/get_user_req_group_applicationList",
        asker: "userID",
        rows: "groupRequests",
    },
];

impl Session {
    pub(super) async fn sync_applications(self: &Rc<Self>) -> Result<()> {
        let mut newest = Vec::new();
        for source in &FRIENDS {
            for row in self.newest_applications(source).await? {
                match Application::for_friendship(row) {
                    Ok(application) => newest.push(application),
                    Err(error) => self.log(Level::Warn, &error.0),
                }
            }
        }
        for source in &GROUPS {
            let rows = self.newest_applications(source).await?;
            for row in self.group_requests(rows).await? {
                newest.push(Application::for_membership(row));
            }
        }
        newest.reverse();
        self.tell_untold_applications(newest, self.now() - RECENT_MS)
            .await
    }

    async fn newest_applications(self: &Rc<Self>, source: &Source) -> Result<Vec<Value>> {
        let pagination = json::object(vec![
            ("pageNumber", Value::from(1)),
            ("showNumber", Value::from(NEWEST)),
        ]);
        let body = json::object(vec![
            (source.asker, Value::from(self.me.as_str())),
            ("pagination", pagination),
        ]);
        let body = json::stringify(&body).map_err(|e| Error::internal(e.0))?;
        let operation = self.operation_id();
        let answer = self.exchange(source.path, &operation, body).await?;
        let rows = answer.and_then(|answer| json::field(&answer, source.rows));
        Ok(rows.map(|rows| json::items(&rows)).unwrap_or_default())
    }
}
