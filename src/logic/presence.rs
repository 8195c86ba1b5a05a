//! PRESENCE: who of the subscribed users is online (wire.md §7). The server forgets subscriptions with
//! the connection; here they last until logout and are made again after every connect (W26).
use std::rc::Rc;

use super::changes::told;
use super::{Cx, Session};
use crate::api::error::Result;
use crate::api::events::OnUserStatusChanged;
use crate::api::user::*;
use crate::net::rest;
use crate::net::wire::{pb, req};
use crate::rt::map::Map;

/// The server may take this long.
const WAIT_MS: u32 = 5_000;

/// Subscribed users and their platforms; `None` before the first word of them.
pub(crate) type Presence = Map<String, Option<Vec<i32>>>;

/// Subscribes users.
pub async fn subscribe(cx: &Cx, p: SubscribeUsersStatus) -> Result<Vec<OnlineState>> {
    let session = cx.session()?;
    if p.0.is_empty() {
        return Ok(Vec::new());
    }
    let tips = session
        .order_presence(&cx.operation_id, p.0.clone(), Vec::new())
        .await?;
    for id in &p.0 {
        session.presence.borrow_mut().or_default(id.clone());
    }
    session.take_presence(tips);
    Ok(session.online_states(Some(&p.0)))
}

/// Ends subscriptions, at the server too if it can be reached.
pub async fn unsubscribe(cx: &Cx, p: UnsubscribeUsersStatus) -> Result<Vec<OnlineState>> {
    let session = cx.session()?;
    for id in &p.0 {
        session.presence.borrow_mut().remove(id);
    }
    if session.conn.is_connected() {
        session
            .order_presence(&cx.operation_id, Vec::new(), p.0)
            .await?;
    }
    Ok(Vec::new())
}

/// Asks the server about the subscribed users.
pub async fn ask(cx: &Cx, _: GetUserStatus) -> Result<Vec<OnlineState>> {
    let session = cx.session()?;
    let user_ids: Vec<String> = session.presence.borrow().keys().cloned().collect();
    if user_ids.is_empty() {
        return Ok(Vec::new());
    }
    let call = rest::GetUsersStatus {
        user_id: session.me.clone(),
        user_ids,
    };
    let answer = session.api(&cx.operation_id, &call).await?.status_list;
    Ok(answer
        .into_iter()
        .map(|user| state(&user.user_id, &user.platform_ids))
        .collect())
}

/// The subscribed users as last heard.
pub async fn subscribed(cx: &Cx, _: GetSubscribeUsersStatus) -> Result<Vec<OnlineState>> {
    Ok(cx.session()?.online_states(None))
}

fn state(user_id: &str, platforms: &[i32]) -> OnlineState {
    OnlineState {
        platform_ids: Some(platforms.to_vec()),
        status: i32::from(!platforms.is_empty()),
        user_id: user_id.to_owned(),
    }
}

impl Session {
    /// Subscribed users in the order asked, or all.
    fn online_states(&self, wanted: Option<&[String]>) -> Vec<OnlineState> {
        let presence = self.presence.borrow();
        let one = |id: &String| Some(state(id, presence.get(id)?.as_deref().unwrap_or_default()));
        match wanted {
            Some(ids) => ids.iter().filter_map(one).collect(),
            None => presence.keys().filter_map(one).collect(),
        }
    }

    async fn order_presence(
        &self,
        operation_id: &str,
        subscribe_user_id: Vec<String>,
        unsubscribe_user_id: Vec<String>,
    ) -> Result<pb::SubUserOnlineStatusTips> {
        let order = pb::SubUserOnlineStatus {
            subscribe_user_id,
            unsubscribe_user_id,
        };
        let answer = self
            .conn
            .request(req::SUB_USER_ONLINE, operation_id, &order, WAIT_MS);
        Ok(answer.await?)
    }

    /// What is heard of users: told if it is subscribed and news. That somebody is offline is no news
    /// before he was online.
    pub(crate) fn take_presence(&self, tips: pb::SubUserOnlineStatusTips) {
        for user in tips.subscribers {
            let news = {
                let mut presence = self.presence.borrow_mut();
                let Some(held) = presence.get_mut(&user.user_id) else {
                    continue;
                };
                // The server names them in any order.
                let mut platforms = user.online_platform_ids;
                platforms.sort_unstable();
                platforms.dedup();
                let news = held.as_deref().unwrap_or_default() != platforms;
                *held = Some(platforms.clone());
                news.then(|| state(&user.user_id, &platforms))
            };
            if let Some(news) = news {
                self.core.emit(told(OnUserStatusChanged, &news));
            }
        }
    }

    /// After a connect the server knows of no subscription.
    pub(crate) fn resubscribe(self: &Rc<Self>) {
        let ids: Vec<String> = self.presence.borrow().keys().cloned().collect();
        if ids.is_empty() {
            return;
        }
        let session = self.clone();
        self.core.rt.spawn(Box::pin(async move {
            // If this fails the link is lost again, or the next subscription renews it.
            let operation = session.operation_id();
            if let Ok(tips) = session.order_presence(&operation, ids, Vec::new()).await {
                session.take_presence(tips);
            }
        }));
    }
}
