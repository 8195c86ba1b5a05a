//! Who is online in the eyes of the push service and of those who subscribed: the gateway reports who came
//! and went once a tick, so a fresh connection gets no pushes until then, and a short cut goes unseen.
use std::collections::{BTreeMap, BTreeSet};

use openim_web::net::wire::envelope::Response;
use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message as _;

use super::{ConnId, Effect, Model};

/// What was reported, and what will be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Online {
    /// Platforms of users who are online, as last reported.
    reported: BTreeMap<String, BTreeSet<i32>>,
    /// Users who may be online otherwise than reported.
    moved: BTreeSet<String>,
    /// When they are reported.
    report_at: Option<i64>,
}

impl Online {
    /// When [`Model::report_online`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<i64> {
        self.report_at
    }
}

impl Model {
    /// A connection of the user came or went: reported with the next tick.
    pub(crate) fn online_moved(&mut self, now: i64, user: &str) {
        self.online.moved.insert(user.to_owned());
        let tick = self.online_tick_ms;
        if tick > 0 {
            self.online.report_at.get_or_insert(now - now % tick + tick);
        } else {
            self.online.report_at = Some(now);
            self.report_online(now);
        }
    }

    /// The tick: pushes reach whom it reports from now on; presence is told where the platforms are others.
    pub(crate) fn report_online(&mut self, now: i64) {
        if self.online.report_at.is_none_or(|at| at > now) {
            return;
        }
        self.online.report_at = None;
        for user in std::mem::take(&mut self.online.moved) {
            let own = self.conns.values().filter(|conn| conn.user_id == user);
            let platforms: BTreeSet<i32> = own.map(|conn| conn.platform_id).collect();
            let reported = self.online.reported.get(&user);
            if reported.is_some_and(|old| *old == platforms)
                || (reported.is_none() && platforms.is_empty())
            {
                continue;
            }
            match platforms.is_empty() {
                true => drop(self.online.reported.remove(&user)),
                false => drop(self.online.reported.insert(user.clone(), platforms)),
            }
            self.tell_presence(&user);
        }
    }

    /// Whether pushes are sent to the user.
    pub fn is_online(&self, user: &str) -> bool {
        self.online.reported.contains_key(user)
    }

    /// Platforms a user is reported to be connected with.
    pub(crate) fn presence(&self, user: &str) -> pb::SubUserOnlineStatusElem {
        let platforms = self.online.reported.get(user);
        pb::SubUserOnlineStatusElem {
            user_id: user.to_owned(),
            online_platform_ids: platforms.into_iter().flatten().copied().collect(),
        }
    }

    /// Tells those who subscribed (wire.md §7).
    fn tell_presence(&mut self, user: &str) {
        let tips = pb::SubUserOnlineStatusTips {
            subscribers: vec![self.presence(user)],
        };
        let concerned: Vec<ConnId> = self
            .conns
            .iter()
            .filter(|(_, c)| c.subscribed.contains(user))
            .map(|(id, _)| *id)
            .collect();
        for conn in concerned {
            let frame = Response {
                req_identifier: req::SUB_USER_ONLINE,
                data: tips.encode_to_vec(),
                ..Default::default()
            };
            self.effect(Effect::Send {
                conn,
                frame,
                delay_ms: 0,
            });
        }
    }
}
