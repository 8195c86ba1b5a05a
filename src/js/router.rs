//! THE METHOD TABLE: one line per method, parameter type => handler. Methods that only pass their
//! parameters on to the server are in `logic/commands.rs`, those that need another server in
//! `logic/enterprise.rs`. A line with the wrong parameter or
//! reply does not compile, and a method without a handler cannot exist.
use std::future::ready;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::codec;
use crate::api::Method;
use crate::api::compose::*;
use crate::api::conversation::*;
use crate::api::error::{Error, Result, code};
use crate::api::files::*;
use crate::api::group::*;
use crate::api::messaging::*;
use crate::api::relation::*;
use crate::api::session::*;
use crate::api::user::*;
use crate::logic::message::{
    clear, compose, delete, history, media, read, revoke, search, send, typing,
};
use crate::logic::{
    Core, Cx, command, commands, conversation, enterprise, export, files, group, presence,
    relation, session, user,
};
use crate::rt::json::{self, Value};

macro_rules! routes {
    ($($params:ty => $($handler:ident)::+,)*) => {
        fn route(cx: Cx, name: &str, params: Value) -> Option<LocalBoxFuture<'static, Result<Value>>> {
            Some(match name {
                $(<$params as Method>::NAME => match codec::decode::<$params>(&params) {
                    Ok(params) => Box::pin(async move {
                        let reply: <$params as Method>::Reply = $($handler)::+(&cx, params).await?;
                        Ok(json::to_value(&reply))
                    }),
                    Err(error) => Box::pin(ready(Err(error))),
                },)*
                _ => return None,
            })
        }

        /// Names of all methods.
        #[cfg(any(test, feature = "testing"))]
        pub fn names() -> Vec<&'static str> {
            let mut names = vec![$(<$params as Method>::NAME),*];
            names.extend(commands::names());
            names.extend(enterprise::names());
            names
        }

        /// Tells a visitor every method with its parameters and reply.
        #[cfg(test)]
        pub(crate) fn describe(f: &mut impl super::dts::Describe) {
            $(f.method::<$params>();)*
            commands::describe(f);
            enterprise::describe(f);
        }
    };
}

routes! {
    // Session
    Login => session::login,
    Logout => session::logout,
    GetLoginStatus => session::status,
    GetLoginUserId => session::user_id,
    SetAppBackgroundStatus => session::set_background,
    NetworkStatusChanged => session::network_changed,
    // Users
    GetSelfUserInfo => user::myself,
    GetUsersInfo => user::users,
    SetSelfInfo => user::set_myself,
    SetSelfInfoEx => user::set_myself_ex,
    SubscribeUsersStatus => presence::subscribe,
    UnsubscribeUsersStatus => presence::unsubscribe,
    GetUserStatus => presence::ask,
    GetSubscribeUsersStatus => presence::subscribed,
    SetGlobalRecvMessageOpt => user::set_global_recv_opt,
    // Conversations
    GetAllConversationList => conversation::all,
    GetConversationListSplit => conversation::split,
    GetOneConversation => conversation::one,
    GetConversationIdBySessionType => conversation::id_of,
    GetMultipleConversation => conversation::multiple,
    GetConversationRecvMessageOpt => conversation::recv_opt,
    GetTotalUnreadMsgCount => conversation::total_unread,
    SetConversation => conversation::set,
    SetConversationPrivateChat => conversation::set_private_chat,
    SetConversationBurnDuration => conversation::set_burn_duration,
    SetConversationEx => conversation::set_ex,
    PinConversation => conversation::pin,
    SetConversationRecvMessageOpt => conversation::set_recv_opt,
    SetConversationIsMsgDestruct => conversation::set_is_msg_destruct,
    SetConversationMsgDestructTime => conversation::set_msg_destruct_time,
    ResetConversationGroupAtType => conversation::reset_group_at_type,
    SetConversationDraft => conversation::set_draft,
    HideConversation => conversation::hide,
    DeleteConversation => conversation::delete,
    DeleteAllConversationFromLocal => conversation::hide_all,
    ClearConversationAndDeleteAllMsg => clear::clear,
    DeleteConversationAndDeleteAllMsg => clear::clear_and_hide,
    // Files
    UploadFile => files::upload,
    FileMapSet => files::set,
    ExportDb => export::export,
    // Making messages
    CreateTextMessage => compose::text,
    CreateTextAtMessage => compose::text_at,
    CreateAdvancedTextMessage => compose::advanced_text,
    CreateQuoteMessage => compose::quote,
    CreateAdvancedQuoteMessage => compose::advanced_quote,
    CreateImageMessageByUrl => compose::image_by_url,
    CreateSoundMessageByUrl => compose::sound_by_url,
    CreateVideoMessageByUrl => compose::video_by_url,
    CreateFileMessageByUrl => compose::file_by_url,
    CreateImageMessageByFile => media::image_by_file,
    CreateSoundMessageByFile => media::sound_by_file,
    CreateVideoMessageByFile => media::video_by_file,
    CreateFileMessageByFile => media::file_by_file,
    CreateMergerMessage => compose::merger,
    CreateForwardMessage => compose::forward,
    CreateFaceMessage => compose::face,
    CreateLocationMessage => compose::location,
    CreateCardMessage => compose::card,
    CreateCustomMessage => compose::custom,
    CreateMarkdownMessage => compose::markdown,
    // Messages
    SendMessage => send::send_message,
    SendMessageNotOss => send::send_message_not_oss,
    InsertSingleMessageToLocalStorage => send::insert_single,
    InsertGroupMessageToLocalStorage => send::insert_group,
    RevokeMessage => revoke::revoke,
    DeleteMessage => delete::delete,
    DeleteMessages => delete::delete_several,
    DeleteMessageFromLocalStorage => delete::delete_local,
    DeleteAllMsgFromLocal => clear::delete_all_local,
    DeleteAllMsgFromLocalAndSvr => clear::delete_all,
    MarkConversationMessageAsRead => read::mark_conversation,
    ChangeInputStates => typing::change,
    GetInputStates => typing::platforms,
    TypingStatusUpdate => typing::update,
    GetAdvancedHistoryMessageList => history::older,
    GetAdvancedHistoryMessageListReverse => history::newer,
    GetHistoryMessageListReverse => history::newer_of,
    FetchSurroundingMessages => history::around,
    FindMessageList => history::find,
    SearchLocalMessages => search::search,
    SetMessageLocalEx => send::set_local_ex,
    SetMessageLocalContent => send::set_local_content,
    // Friends and black list
    GetFriendList => relation::friends,
    GetFriendListPage => relation::friends_page,
    SearchFriends => relation::search,
    GetSpecifiedFriendsInfo => relation::specified,
    CheckFriend => relation::check,
    GetBlackList => relation::blacks,
    // Groups
    GetJoinedGroupList => group::joined,
    GetJoinedGroupListPage => group::joined_page,
    SearchGroups => group::search,
    GetSpecifiedGroupsInfo => group::specified,
    GetGroupMemberList => group::members,
    SearchGroupMembers => group::search_members,
    GetGroupMemberOwnerAndAdmin => group::leaders,
    GetGroupMemberListByJoinTimeFilter => group::joined_within,
    GetSpecifiedGroupMembersInfo => group::specified_members,
    GetUsersInGroup => group::users_in,
    IsJoinGroup => group::is_joined,
}

/// Calls a method by name. Unknown names are error 10301; wrong parameters 10002, before anything is
/// done.
pub async fn call(
    core: &Rc<Core>,
    method: &str,
    params: Value,
    operation_id: &str,
) -> Result<Value> {
    let cx = Cx {
        core: core.clone(),
        operation_id: operation_id.into(),
    };
    if let Some(command) = commands::find(method) {
        return command::run(&cx, command, params).await;
    }
    match route(cx, method, params) {
        Some(answer) => answer.await,
        None => Err(enterprise::refusal(method).unwrap_or_else(|| {
            Error::new(
                code::NOT_SUPPORTED,
                String::from(method) + " is not a method",
            )
        })),
    }
}
