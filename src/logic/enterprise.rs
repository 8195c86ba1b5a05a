//! THE TABLE OF ENTERPRISE METHODS: methods of the official package that the open-source server has no
//! part for (api.md §11). They exist with their types and reject with 10301, naming what is needed; no
//! endpoint of a newer server is known for any of them.
use crate::api::error::{Error, code};

macro_rules! enterprise {
    ($($needs:literal { $($(#[$doc:meta])* $type:ident($params:literal) -> $reply:literal => $name:literal;)* })*) => {
        /// Name, and the part of the server it needs.
        static METHODS: &[(&str, &str)] = &[$($(($name, $needs)),*),*];

        /// Tells a visitor every method with its parameters and reply.
        #[cfg(test)]
        pub(crate) fn describe(f: &mut impl crate::js::dts::Describe) {
            $($({
                $(#[$doc])*
                ///
                /// Only with the enterprise server: rejects with errCode 10301.
                #[allow(dead_code)]
                #[derive(crate::rt::json::Read, ts_rs::TS)]
                struct $type(#[ts(type = $params)] serde_json::Value);
                #[derive(crate::rt::json::Write, ts_rs::TS)]
                struct ReplyInline(#[ts(type = $reply)] serde_json::Value);
                crate::method!($type, $name -> ReplyInline);
                f.method::<$type>();
            })*)*
        }
    };
}

/// Why a method of this name cannot work; `None` if it is none of these.
pub(crate) fn refusal(name: &str) -> Option<Error> {
    let (name, needs) = METHODS.iter().find(|(method, _)| *method == name)?;
    let text = [name, " needs the OpenIM enterprise server (", needs, ")"].concat();
    Some(Error::new(code::NOT_SUPPORTED, text))
}

/// Names of all of them.
#[cfg(any(test, feature = "testing"))]
pub fn names() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

enterprise! {
    "messages for some members of a group" {
        /// Makes a message that only some members of a group get.
        CreateTargetedGroupMessage("CreateTargetedGroupMessageParams") -> "MessageItem" => "createTargetedGroupMessage";
    }
    "changing sent messages" {
        /// Changes the content of a sent message for everybody.
        ModifyMessage("ModifyMessageParams") -> "MessageItem" => "modifyMessage";
        /// Deletes all messages of a user in a conversation.
        DeleteUserAllMessagesInConv("DeleteUserMsgInConvParams") -> "string" => "deleteUserAllMessagesInConv";
    }
    "pinned messages" {
        /// Pins a message in a conversation, or takes the pin off.
        SetConversationPinnedMsg("SetConversationPinnedMsgParams") -> "string" => "setConversationPinnedMsg";
        /// Pinned messages of a conversation.
        GetConversationPinnedMsg("string") -> "MessageItem[]" => "getConversationPinnedMsg";
    }
    "read receipts in groups" {
        /// Tells the senders in a group that their messages were read.
        SendGroupMessageReadReceipt("SendGroupReadReceiptParams") -> "string" => "sendGroupMessageReadReceipt";
        /// Who has read a message of a group, or has not.
        GetGroupMessageReaderList("GetGroupMessageReaderParams") -> "GroupMemberItem[]" => "getGroupMessageReaderList";
    }
    "deleting applications" {
        /// Deletes applications for friendship.
        DeleteFriendRequests("Array<{ fromUserID: string; toUserID: string }>") -> "void" => "deleteFriendRequests";
        /// Deletes applications for membership.
        DeleteGroupRequests("Array<{ fromUserID: string; groupID: string }>") -> "void" => "deleteGroupRequests";
    }
    "speech recognition" {
        /// The words of a recording.
        SpeechToText("SpeechToTextParams") -> "{ text: string }" => "speechToText";
        /// What recordings the server takes.
        SpeechToTextCapabilities("null") -> "SpeechToTextCapabilities" => "speechToTextCapabilities";
    }
    "audio and video calls" {
        /// Calls a user.
        SignalingInvite("SignalingInviteParams") -> "RtcInviteResults" => "signalingInvite";
        /// Calls members of a group.
        SignalingInviteInGroup("SignalingInviteParams") -> "RtcInviteResults" => "signalingInviteInGroup";
        /// Takes a call.
        SignalingAccept("RtcActionParams") -> "RtcInviteResults" => "signalingAccept";
        /// Refuses a call.
        SignalingReject("RtcActionParams") -> "string" => "signalingReject";
        /// Takes an own call back.
        SignalingCancel("RtcActionParams") -> "string" => "signalingCancel";
        /// Ends a call.
        SignalingHungUp("RtcActionParams") -> "string" => "signalingHungUp";
        /// The call that goes on in a group.
        SignalingGetRoomByGroupId("string") -> "CallingRoomData" => "signalingGetRoomByGroupID";
        /// A token for a call's room.
        SignalingGetTokenByRoomId("string") -> "RtcInviteResults" => "signalingGetTokenByRoomID";
        /// The call that the application was started by.
        GetSignalingInvitationInfoStartApp("null") -> "{ invitation: RtcInvite | null; offlinePushInfo: OfflinePush }" => "getSignalingInvitationInfoStartApp";
        /// Tells everybody in a room something.
        SignalingSendCustomSignal("CustomSignalParams") -> "string" => "signalingSendCustomSignal";
    }
    "folders of conversations" {
        /// Makes a folder.
        CreateConversationGroup("CreateConversationGroupReq") -> "ConversationGroup" => "createConversationGroup";
        /// Changes a folder.
        UpdateConversationGroup("UpdateConversationGroupReq") -> "ConversationGroup" => "updateConversationGroup";
        /// Deletes a folder.
        DeleteConversationGroup("string") -> "string" => "deleteConversationGroup";
        /// All folders.
        GetConversationGroups("ConversationGroupType") -> "ConversationGroup[]" => "getConversationGroups";
        /// Sets the order of folders.
        SetConversationGroupOrder("SetConversationGroupOrderReq[]") -> "string" => "setConversationGroupOrder";
        /// Puts conversations into folders.
        AddConversationsToGroups("AddConversationsToGroupParams") -> "string" => "addConversationsToGroups";
        /// Takes conversations out of folders.
        RemoveConversationsFromGroups("RemoveConversationsFromGroupParams") -> "string" => "removeConversationsFromGroups";
        /// Folders that a conversation is in.
        GetConversationGroupIdsByConversationId("string") -> "string[]" => "getConversationGroupIDsByConversationID";
        /// A folder with its conversations.
        GetConversationGroupInfoWithConversations("GetConversationGroupInfoWithConversationsReq") -> "GetConversationGroupInfoWithConversationsResp" => "getConversationGroupInfoWithConversations";
    }
}
