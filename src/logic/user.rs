//! PROFILES: oneself and others (api.md §3).
use std::rc::Rc;

use super::{Cx, Session, conversation};
use crate::api::Done;
use crate::api::error::{Error, Result};
use crate::api::events::OnSelfInfoUpdated;
use crate::api::user::*;
use crate::net::rest;
use crate::rt::map::Map;
use crate::store::Table;
use crate::store::rows::UserRow;

/// Most profiles asked for in one call.
const USERS_MAX: usize = 500;

/// The own profile.
pub async fn myself(cx: &Cx, _: GetSelfUserInfo) -> Result<SelfUser> {
    let session = cx.session()?;
    let me = session.me.clone();
    if !session.state.borrow().users.contains_key(&me) {
        session.sync_myself(&cx.operation_id).await?;
    }
    let state = session.state.borrow();
    let row = state
        .users
        .get(&me)
        .ok_or_else(|| Error::not_found("the own profile is not known"))?;
    Ok(self_user(row))
}

/// Profiles by user ID; unknown users are absent.
pub async fn users(cx: &Cx, p: GetUsersInfo) -> Result<Vec<PublicUser>> {
    let session = cx.session()?;
    session.users_info(cx, &p.0).await
}

/// Changes the own profile: what is given, the rest stays.
pub async fn set_myself(cx: &Cx, p: SetSelfInfo) -> Result<Done> {
    change(cx, p.0).await
}

/// The same under its older name.
pub async fn set_myself_ex(cx: &Cx, p: SetSelfInfoEx) -> Result<Done> {
    change(cx, p.0).await
}

/// How messages of all single chats are received.
pub async fn set_global_recv_opt(cx: &Cx, p: SetGlobalRecvMessageOpt) -> Result<Done> {
    change(
        cx,
        SelfUserChange {
            global_recv_msg_opt: Some(p.0),
            ..Default::default()
        },
    )
    .await
}

async fn change(cx: &Cx, p: SelfUserChange) -> Result<Done> {
    let session = cx.session()?;
    let call = rest::UpdateUserInfoEx {
        user_info: rest::UserInfoWithEx {
            user_id: session.me.clone(),
            nickname: p.nickname,
            face_url: p.face_url,
            ex: p.ex,
            global_recv_msg_opt: p.global_recv_msg_opt,
        },
    };
    session.api(&cx.operation_id, &call).await?;
    session.sync_myself(&cx.operation_id).await?;
    Ok(Done)
}

fn self_user(row: &UserRow) -> SelfUser {
    SelfUser {
        create_time: row.create_time,
        ex: row.ex.clone(),
        face_url: row.face_url.clone(),
        nickname: row.nickname.clone(),
        user_id: row.user_id.clone(),
        global_recv_msg_opt: row.global_recv_msg_opt,
        ..Default::default()
    }
}

fn public_user(row: &UserRow) -> PublicUser {
    PublicUser {
        nickname: row.nickname.clone(),
        user_id: row.user_id.clone(),
        face_url: row.face_url.clone(),
        ex: row.ex.clone(),
        create_time: row.create_time,
    }
}

/// A profile of the API as a row.
pub(crate) fn row_from_rest(user: rest::UserInfo) -> UserRow {
    UserRow {
        user_id: user.user_id,
        nickname: user.nickname,
        face_url: user.face_url,
        ex: user.ex,
        create_time: user.create_time,
        app_manger_level: user.app_manger_level,
        global_recv_msg_opt: user.global_recv_msg_opt,
    }
}

impl Session {
    /// How messages of all single chats are received; 0 before the own profile is known.
    pub(crate) fn global_recv_opt(&self) -> i32 {
        self.state
            .borrow()
            .users
            .get(&self.me)
            .map_or(0, |user| user.global_recv_msg_opt)
    }

    /// Nickname and face of oneself, for messages; empty before they are known.
    pub fn self_profile(&self) -> (String, String) {
        let state = self.state.borrow();
        let user = state.users.get(&self.me);
        user.map(|u| (u.nickname.clone(), u.face_url.clone()))
            .unwrap_or_default()
    }

    /// Loads the own profile; tells if it changed.
    pub(crate) async fn sync_myself(self: &Rc<Self>, operation_id: &str) -> Result<()> {
        let call = rest::GetUsersInfo {
            user_ids: vec![self.me.clone()],
        };
        let answer = self.api(operation_id, &call).await?;
        let Some(row) = answer.users_info.into_iter().next().map(row_from_rest) else {
            return Ok(());
        };
        let mut changes = self.changes().await;
        let old = self.state.borrow().users.get(&self.me).cloned();
        if old.as_ref() == Some(&row) {
            return Ok(());
        }
        if old.is_some() {
            changes.tell(OnSelfInfoUpdated, &self_user(&row));
        }
        changes.put(Table::Users, &self.me, &row);
        let me = self.me.clone();
        changes.then(move |state| drop(state.users.insert(me, row)));
        changes.commit().await
    }

    /// Profiles from the server, from what is held where the server cannot be asked. Names of
    /// conversations follow.
    pub(crate) async fn users_info(
        self: &Rc<Self>,
        cx: &Cx,
        ids: &[String],
    ) -> Result<Vec<PublicUser>> {
        let mut found: Map<String, UserRow> = Map::new();
        for ids in ids.chunks(USERS_MAX) {
            let asked = self
                .api(
                    &cx.operation_id,
                    &rest::GetUsersInfo {
                        user_ids: ids.to_vec(),
                    },
                )
                .await;
            match asked {
                Ok(answer) => found.extend(
                    answer
                        .users_info
                        .into_iter()
                        .map(row_from_rest)
                        .map(|row| (row.user_id.clone(), row)),
                ),
                Err(error) => {
                    let state = self.state.borrow();
                    let held: Vec<UserRow> = ids
                        .iter()
                        .filter_map(|id| state.users.get(id))
                        .cloned()
                        .collect();
                    if held.len() < ids.len() {
                        return Err(error);
                    }
                    found.extend(held.into_iter().map(|row| (row.user_id.clone(), row)));
                }
            }
        }
        self.keep_users(&found).await?;
        Ok(ids
            .iter()
            .filter_map(|id| found.get(id))
            .map(public_user)
            .collect())
    }

    /// Loads profiles that messages and conversations are shown with.
    pub(crate) async fn learn_users(self: &Rc<Self>, ids: &[String]) -> Result<()> {
        let cx = Cx {
            core: self.core.clone(),
            operation_id: self.operation_id(),
        };
        self.users_info(&cx, ids).await.map(drop)
    }

    async fn keep_users(self: &Rc<Self>, users: &Map<String, UserRow>) -> Result<()> {
        let mut changes = self.changes().await;
        let new: Vec<UserRow> = {
            let state = self.state.borrow();
            let unlike = |row: &&UserRow| state.users.get(&row.user_id) != Some(*row);
            users.values().filter(unlike).cloned().collect()
        };
        if new.is_empty() {
            return Ok(());
        }
        for row in &new {
            changes.put(Table::Users, &row.user_id, row);
        }
        changes.then(move |state| {
            state
                .users
                .extend(new.into_iter().map(|row| (row.user_id.clone(), row)));
        });
        changes.commit().await?;
        let renamed: Vec<_> = {
            let state = self.state.borrow();
            let rows = state
                .conversations
                .values()
                .filter(|row| users.contains_key(&row.user_id));
            rows.filter_map(|row| {
                let mut new = row.clone();
                conversation::name(&state, &mut new);
                (new != *row).then_some(new)
            })
            .collect()
        };
        let mut changes = self.changes().await;
        for row in renamed {
            if let Some(held) = changes.edit(&row.conversation_id) {
                held.show_name = row.show_name;
                held.face_url = row.face_url;
            }
        }
        changes.commit().await
    }
}
