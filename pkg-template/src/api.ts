// Printed from the Rust types in src/api by `cargo test`; edits are overwritten.

import type {
  AddFriendPermission,
  AllowType,
  ApplicationHandleResult,
  ConversationGroupType,
  GroupAtType,
  GroupJoinSource,
  GroupMemberFilter,
  GroupMemberRole,
  GroupStatus,
  GroupType,
  GroupVerificationType,
  LogLevel,
  LoginStatus,
  MessageReceiveOptType,
  MessageStatus,
  MessageType,
  OnlineState,
  Platform,
  SessionType,
  ViewType,
} from './enums.js';
import type {
  AccessFriendApplicationParams,
  AccessGroupApplicationParams,
  AccessToGroupParams,
  AddBlackParams,
  AddConversationsToGroupParams,
  AddFriendParams,
  CallingRoomData,
  ChangeGroupMemberMuteParams,
  ChangeGroupMuteParams,
  ConversationGroup,
  CreateConversationGroupReq,
  CreateGroupParams,
  CreateTargetedGroupMessageParams,
  CustomSignalParams,
  DeleteUserMsgInConvParams,
  GetConversationGroupInfoWithConversationsReq,
  GetConversationGroupInfoWithConversationsResp,
  GetFriendApplicationListAsApplicationParams,
  GetFriendApplicationListAsRecipientParams,
  GetGroupApplicationListParams,
  GetGroupMemberByTimeParams,
  GetGroupMessageReaderParams,
  GetSelfUnhandledApplyCountParams,
  JoinGroupParams,
  ModifiedInfo,
  ModifyMessageParams,
  OffsetParams,
  PartialUserItem,
  Picture,
  PinFriendParams,
  RemarkFriendParams,
  RemoveConversationsFromGroupParams,
  RtcActionParams,
  RtcInvite,
  RtcInviteResults,
  SearchFriendParams,
  SearchGroupMemberParams,
  SearchGroupParams,
  SearchedFriendsInfo,
  SendGroupReadReceiptParams,
  SetConversationGroupOrderReq,
  SetConversationPinnedMsgParams,
  SetFriendExParams,
  SetGroupMemberNickParams,
  SetGroupRoleParams,
  SetGroupVerificationParams,
  SetMemberPermissionParams,
  SignalingInviteParams,
  SoundTextElem,
  SpeechToTextCapabilities,
  SpeechToTextParams,
  StreamElem,
  TransferGroupParams,
  UpdateConversationGroupReq,
  UpdateFriendsParams,
  UpdateMemberInfoParams,
  UploadProgress,
  WsResponse,
} from './official.js';

/** Names of the events. */
export enum CbEvents {
  Login = 'Login',
  /** The server could not be reached; the SDK tries again by itself. */
  OnConnectFailed = 'OnConnectFailed',
  /** The connection stands. */
  OnConnectSuccess = 'OnConnectSuccess',
  /** The SDK connects. */
  OnConnecting = 'OnConnecting',
  /** Another login took over; the user is logged out here. */
  OnKickedOffline = 'OnKickedOffline',
  /** The own profile changed. */
  OnSelfInfoUpdated = 'OnSelfInfoUpdated',
  /** The login token is too old; the user is logged out here. */
  OnUserTokenExpired = 'OnUserTokenExpired',
  /** The login token is refused; the user is logged out here. */
  OnUserTokenInvalid = 'OnUserTokenInvalid',
  /** How much of a message's media is uploaded. */
  OnProgress = 'OnProgress',
  /** A message was deleted for the user. */
  OnMsgDeleted = 'OnMsgDeleted',
  OnDeleteUserAllMsgsInConv = 'OnDeleteUserAllMsgsInConv',
  OnRecvNewMessage = 'OnRecvNewMessage',
  /** New messages, oldest first, also one's own from other devices and other tabs. They are stored already. */
  OnRecvNewMessages = 'OnRecvNewMessages',
  OnMessageModified = 'OnMessageModified',
  OnChangedPinnedMsg = 'OnChangedPinnedMsg',
  OnRecvOnlineOnlyMessage = 'OnRecvOnlineOnlyMessage',
  OnRecvOfflineNewMessage = 'onRecvOfflineNewMessage',
  OnRecvOnlineOnlyMessages = 'OnRecvOnlineOnlyMessages',
  /** New messages while the application is in the background. */
  OnRecvOfflineNewMessages = 'onRecvOfflineNewMessages',
  OnRecvMessageRevoked = 'OnRecvMessageRevoked',
  /** A message was taken back. */
  OnNewRecvMessageRevoked = 'OnNewRecvMessageRevoked',
  /** The other side of a single chat read messages. */
  OnRecvC2CReadReceipt = 'OnRecvC2CReadReceipt',
  OnRecvGroupReadReceipt = 'OnRecvGroupReadReceipt',
  /** Conversations changed: last message, unread count, settings, draft, name. */
  OnConversationChanged = 'OnConversationChanged',
  /** Conversations that are new on the list. */
  OnNewConversation = 'OnNewConversation',
  /** Somebody begins or stops typing. */
  OnConversationUserInputStatusChanged = 'OnConversationUserInputStatusChanged',
  /** Synchronizing failed; the SDK tries again by itself. */
  OnSyncServerFailed = 'OnSyncServerFailed',
  /** Everything is up to date. */
  OnSyncServerFinish = 'OnSyncServerFinish',
  /** Progress of the first synchronization, 1 to 100. */
  OnSyncServerProgress = 'OnSyncServerProgress',
  /** Synchronizing begins; `true` if nothing was held before. */
  OnSyncServerStart = 'OnSyncServerStart',
  /** The sum of unread messages changed. */
  OnTotalUnreadMessageCountChanged = 'OnTotalUnreadMessageCountChanged',
  /** A user came on the black list. */
  OnBlackAdded = 'OnBlackAdded',
  /** A user left the black list. */
  OnBlackDeleted = 'OnBlackDeleted',
  /** An application for friendship was accepted. */
  OnFriendApplicationAccepted = 'OnFriendApplicationAccepted',
  /** An application for friendship was made. */
  OnFriendApplicationAdded = 'OnFriendApplicationAdded',
  OnFriendApplicationDeleted = 'OnFriendApplicationDeleted',
  /** An application for friendship was refused. */
  OnFriendApplicationRejected = 'OnFriendApplicationRejected',
  /** A friend's profile or remark changed. */
  OnFriendInfoChanged = 'OnFriendInfoChanged',
  /** A friend was won. */
  OnFriendAdded = 'OnFriendAdded',
  /** A friend was removed. */
  OnFriendDeleted = 'OnFriendDeleted',
  /** The user is in a new group. */
  OnJoinedGroupAdded = 'OnJoinedGroupAdded',
  /** The user is in a group no more. */
  OnJoinedGroupDeleted = 'OnJoinedGroupDeleted',
  /** A group was dismissed. */
  OnGroupDismissed = 'OnGroupDismissed',
  /** A group has a new member. */
  OnGroupMemberAdded = 'OnGroupMemberAdded',
  /** A group lost a member. */
  OnGroupMemberDeleted = 'OnGroupMemberDeleted',
  /** An application for membership was made. */
  OnGroupApplicationAdded = 'OnGroupApplicationAdded',
  OnGroupApplicationDeleted = 'OnGroupApplicationDeleted',
  /** A group's name, face, announcement or settings changed. */
  OnGroupInfoChanged = 'OnGroupInfoChanged',
  /** A member's name, face, role or mute changed. */
  OnGroupMemberInfoChanged = 'OnGroupMemberInfoChanged',
  /** An application for membership was accepted. */
  OnGroupApplicationAccepted = 'OnGroupApplicationAccepted',
  /** An application for membership was refused. */
  OnGroupApplicationRejected = 'OnGroupApplicationRejected',
  /** How much of a file is uploaded by `uploadFile`; despite its name told many times. */
  UploadComplete = 'UploadComplete',
  /** The application's server sent something of its own. */
  OnRecvCustomBusinessMessage = 'OnRecvCustomBusinessMessage',
  /** A user whose status is subscribed came or went. */
  OnUserStatusChanged = 'OnUserStatusChanged',
  OnUploadLogsProgress = 'OnUploadLogsProgress',
  OnReceiveNewInvitation = 'OnReceiveNewInvitation',
  OnInviteeAccepted = 'OnInviteeAccepted',
  OnInviteeRejected = 'OnInviteeRejected',
  OnInvitationCancelled = 'OnInvitationCancelled',
  OnHangUp = 'OnHangUp',
  OnInvitationTimeout = 'OnInvitationTimeout',
  OnInviteeAcceptedByOtherDevice = 'OnInviteeAcceptedByOtherDevice',
  OnInviteeRejectedByOtherDevice = 'OnInviteeRejectedByOtherDevice',
  OnStreamChange = 'OnStreamChange',
  OnRoomParticipantConnected = 'OnRoomParticipantConnected',
  OnRoomParticipantDisconnected = 'OnRoomParticipantDisconnected',
  OnReceiveCustomSignal = 'OnReceiveCustomSignal',
  OnConversationGroupAdded = 'OnConversationGroupAdded',
  OnConversationGroupDeleted = 'OnConversationGroupDeleted',
  OnConversationGroupChanged = 'OnConversationGroupChanged',
  OnConversationGroupMemberAdded = 'OnConversationGroupMemberAdded',
  OnConversationGroupMemberDeleted = 'OnConversationGroupMemberDeleted',
  UnUsedEvent = 'UnUsedEvent',
}

/** What listeners get as `data`, by event. */
export interface OwnEventDataMap {
  /** The server could not be reached; the SDK tries again by itself. */
  [CbEvents.OnConnectFailed]: void;
  /** The connection stands. */
  [CbEvents.OnConnectSuccess]: void;
  /** The SDK connects. */
  [CbEvents.OnConnecting]: void;
  /** Another login took over; the user is logged out here. */
  [CbEvents.OnKickedOffline]: void;
  /** The own profile changed. */
  [CbEvents.OnSelfInfoUpdated]: SelfUserInfo;
  /** The login token is too old; the user is logged out here. */
  [CbEvents.OnUserTokenExpired]: void;
  /** The login token is refused; the user is logged out here. */
  [CbEvents.OnUserTokenInvalid]: void;
  /** How much of a message's media is uploaded. */
  [CbEvents.OnProgress]: MessageProgress;
  /** A message was deleted for the user. */
  [CbEvents.OnMsgDeleted]: MessageItem;
  /** New messages, oldest first, also one's own from other devices and other tabs. They are stored already. */
  [CbEvents.OnRecvNewMessages]: MessageItem[];
  /** New messages while the application is in the background. */
  [CbEvents.OnRecvOfflineNewMessages]: MessageItem[];
  /** A message was taken back. */
  [CbEvents.OnNewRecvMessageRevoked]: RevokedInfo;
  /** The other side of a single chat read messages. */
  [CbEvents.OnRecvC2CReadReceipt]: ReceiptInfo[];
  /** Conversations changed: last message, unread count, settings, draft, name. */
  [CbEvents.OnConversationChanged]: ConversationItem[];
  /** Conversations that are new on the list. */
  [CbEvents.OnNewConversation]: ConversationItem[];
  /** Somebody begins or stops typing. */
  [CbEvents.OnConversationUserInputStatusChanged]: ConversationInputStatus;
  /** Synchronizing failed; the SDK tries again by itself. */
  [CbEvents.OnSyncServerFailed]: void;
  /** Everything is up to date. */
  [CbEvents.OnSyncServerFinish]: void;
  /** Progress of the first synchronization, 1 to 100. */
  [CbEvents.OnSyncServerProgress]: number;
  /** Synchronizing begins; `true` if nothing was held before. */
  [CbEvents.OnSyncServerStart]: boolean;
  /** The sum of unread messages changed. */
  [CbEvents.OnTotalUnreadMessageCountChanged]: number;
  /** A user came on the black list. */
  [CbEvents.OnBlackAdded]: BlackUserItem;
  /** A user left the black list. */
  [CbEvents.OnBlackDeleted]: BlackUserItem;
  /** An application for friendship was accepted. */
  [CbEvents.OnFriendApplicationAccepted]: FriendApplicationItem;
  /** An application for friendship was made. */
  [CbEvents.OnFriendApplicationAdded]: FriendApplicationItem;
  /** An application for friendship was refused. */
  [CbEvents.OnFriendApplicationRejected]: FriendApplicationItem;
  /** A friend's profile or remark changed. */
  [CbEvents.OnFriendInfoChanged]: FriendUserItem;
  /** A friend was won. */
  [CbEvents.OnFriendAdded]: FriendUserItem;
  /** A friend was removed. */
  [CbEvents.OnFriendDeleted]: FriendUserItem;
  /** The user is in a new group. */
  [CbEvents.OnJoinedGroupAdded]: GroupItem;
  /** The user is in a group no more. */
  [CbEvents.OnJoinedGroupDeleted]: GroupItem;
  /** A group was dismissed. */
  [CbEvents.OnGroupDismissed]: GroupItem;
  /** A group has a new member. */
  [CbEvents.OnGroupMemberAdded]: GroupMemberItem;
  /** A group lost a member. */
  [CbEvents.OnGroupMemberDeleted]: GroupMemberItem;
  /** An application for membership was made. */
  [CbEvents.OnGroupApplicationAdded]: GroupApplicationItem;
  /** A group's name, face, announcement or settings changed. */
  [CbEvents.OnGroupInfoChanged]: GroupItem;
  /** A member's name, face, role or mute changed. */
  [CbEvents.OnGroupMemberInfoChanged]: GroupMemberItem;
  /** An application for membership was accepted. */
  [CbEvents.OnGroupApplicationAccepted]: GroupApplicationItem;
  /** An application for membership was refused. */
  [CbEvents.OnGroupApplicationRejected]: GroupApplicationItem;
  /** How much of a file is uploaded by `uploadFile`; despite its name told many times. */
  [CbEvents.UploadComplete]: UploadProgressData;
  /** The application's server sent something of its own. */
  [CbEvents.OnRecvCustomBusinessMessage]: CustomBusinessMessage;
  /** A user whose status is subscribed came or went. */
  [CbEvents.OnUserStatusChanged]: UserOnlineState;
}

/** What a rejection means, whichever code the server's version gives. */
export type ErrName =
  /** An argument is missing or wrong. */
  | 'args'
  /** The user may not do that. */
  | 'noPermission'
  /** There is no such conversation, message, application or other record. */
  | 'notFound'
  /** There is no user of this ID. */
  | 'userNotFound'
  /** There is no group of this ID. */
  | 'groupNotFound'
  /** A group of this ID exists already. */
  | 'groupExists'
  /** The user, or who is named, is not a member of the group. */
  | 'notInGroup'
  /** The group is dismissed. */
  | 'groupDismissed'
  /** The application was answered before. */
  | 'alreadyHandled'
  /** Somebody who is to come into the group is a member already. */
  | 'alreadyMember'
  /** They are friends already. */
  | 'alreadyFriend'
  /** The user is on the black list already. */
  | 'alreadyBlocked'
  /** Nobody can do that to himself. */
  | 'oneself'
  /** The receiver has the sender on the black list. */
  | 'blocked'
  /** The receiver takes messages from friends only. */
  | 'notFriend'
  /** The sender is muted in the group. */
  | 'muted'
  /** The whole group is muted. */
  | 'groupMuted'
  /** The message is revoked already. */
  | 'alreadyRevoked'
  /** The login token is too old: fetch a new one and log in again. */
  | 'tokenExpired'
  /** Another login of the same user and platform took over. */
  | 'tokenKicked'
  /** The login token is not one of this server, user and platform. */
  | 'tokenInvalid'
  /** No connection to the server, or it broke. */
  | 'offline'
  /** No answer in time. */
  | 'timeout'
  /** Nobody is logged in, or not any more. */
  | 'notLoggedIn'
  /** Neither this SDK nor the open-source server can do that. */
  | 'notSupported'
  /** The server failed. */
  | 'serverFailed';

/** The name that a code always has. */
export const ERR_NAMES: Readonly<Record<number, ErrName>> = {
  1001: 'args',
  10002: 'args',
  1002: 'noPermission',
  1004: 'notFound',
  1101: 'userNotFound',
  10100: 'userNotFound',
  1201: 'groupNotFound',
  10400: 'groupNotFound',
  1202: 'groupExists',
  1203: 'notInGroup',
  1204: 'groupDismissed',
  1206: 'alreadyHandled',
  1305: 'alreadyHandled',
  1304: 'alreadyFriend',
  1301: 'oneself',
  1302: 'blocked',
  1303: 'notFriend',
  1402: 'muted',
  1403: 'groupMuted',
  1404: 'alreadyRevoked',
  1501: 'tokenExpired',
  1506: 'tokenKicked',
  1502: 'tokenInvalid',
  1503: 'tokenInvalid',
  1504: 'tokenInvalid',
  1505: 'tokenInvalid',
  1507: 'tokenInvalid',
  10000: 'offline',
  10001: 'timeout',
  10003: 'timeout',
  10009: 'notLoggedIn',
  10101: 'notLoggedIn',
  10205: 'notSupported',
  10301: 'notSupported',
  10302: 'notSupported',
  10401: 'notSupported',
  500: 'serverFailed',
};

/** One message of a conversation. */
export type AccessMessageParams = {
  conversationID: string;
  clientMsgID: string;
};

/** A page of history. */
export type AdvancedGetMessageResult = {
  /** There are no more messages in that direction. */
  isEnd: boolean;
  /** 100 if the server could not be asked and the page may have gaps, else 0. */
  errCode: number;
  errMsg: string;
  /** Oldest first. */
  messageList: MessageItem[];
};

/** Makes a text message with marked spans (links, mentions …). */
export type AdvancedMsgParams = {
  text: string;
  messageEntityList?: MessageEntity[];
};

/** Makes a text message with marked spans that answers another. */
export type AdvancedQuoteMsgParams = {
  text: string;
  /** The message answered to. */
  message: MessageItem;
  messageEntityList?: MessageEntity[];
};

/** Element of a text with marked spans (117). */
export type AdvancedTextElem = {
  text: string;
  messageEntityList: MessageEntity[];
};

/**
 * Makes a text message that names users of a group ("AtAllTag" for everybody).
 *
 * Resolves with "" if the text is empty or more than 10 users are named.
 */
export type AtMsgParams = {
  text: string;
  atUserIDList: string[];
  /** Names as shown in the group. */
  atUsersInfo?: AtUsersInfoItem[];
  /** The message answered to. */
  message?: MessageItem;
};

/** Element of a message that names users (106). */
export type AtTextElem = {
  text: string;
  /** User IDs; "AtAllTag" stands for everybody. */
  atUserList: string[];
  atUsersInfo?: AtUsersInfoItem[];
  /** The message answered to. */
  quoteMessage?: MessageItem;
  /** Whether the own user is named. */
  isAtSelf?: boolean;
};

/** A user named in a group message, with the name shown. */
export type AtUsersInfoItem = {
  atUserID: string;
  groupNickname: string;
};

/** What the SDK notes beside a message. */
export type AttachedInfoElem = {
  groupHasReadInfo: GroupHasReadInfo;
  /** Read, then deleted after `burnDuration`. */
  isPrivateChat: boolean;
  isEncryption: boolean;
  inEncryptStatus: boolean;
  /** Seconds. */
  burnDuration: number;
  /** Unix milliseconds, 0 when not read. */
  hasReadTime: number;
  messageEntityList?: MessageEntity[];
  /** Only with the enterprise server. */
  lastModified?: ModifiedInfo;
  /** Only with the enterprise server. */
  uploadProgress?: UploadProgress;
};

/** An entry of the black list. */
export type BlackUserItem = {
  addSource: number;
  userID: string;
  /** Unix **seconds**. */
  createTime: number;
  /** Application data. */
  ex: string;
  faceURL: string;
  nickname: string;
  operatorUserID: string;
  ownerUserID: string;
  attachedInfo?: string;
};

/** Element of a contact card (108). */
export type CardElem = {
  userID: string;
  nickname: string;
  faceURL: string;
  ex: string;
};

/**
 * Tells the others that the user types (`true`) or stopped. Call it at every key stroke: the SDK
 * decides what to send.
 */
export type ChangeInputStatesParams = {
  conversationID: string;
  focus: boolean;
};

/** Data of `OnConversationUserInputStatusChanged`. */
export type ConversationInputStatus = {
  conversationID: string;
  userID: string;
  /** Where the user types; empty when he stopped. */
  platformIDs: Platform[];
};

/** A conversation as listed. */
export type ConversationItem = {
  /** `si_…` single, `sg_…` group, `sn_…` notifications. */
  conversationID: string;
  conversationType: SessionType;
  /** The other user of a single chat. */
  userID: string;
  groupID: string;
  showName: string;
  faceURL: string;
  recvMsgOpt: MessageReceiveOptType;
  unreadCount: number;
  groupAtType: GroupAtType;
  /** JSON **text** of a MessageItem, "" when there is none. */
  latestMsg: string;
  /** Unix milliseconds; 0 for conversations that are not listed. */
  latestMsgSendTime: number;
  draftText: string;
  /** Unix milliseconds. */
  draftTextTime: number;
  /** Seconds after reading that a private message lives. */
  burnDuration: number;
  /** Seconds that messages live if `isMsgDestruct`. */
  msgDestructTime: number;
  isPinned: boolean;
  /** The user has left the group. */
  isNotInGroup: boolean;
  isPrivateChat: boolean;
  isMsgDestruct: boolean;
  /** Only with the enterprise server: always false here. */
  isMarked: boolean;
  attachedInfo: string;
  /** Application data. */
  ex?: string;
  /** Only with the enterprise server. */
  remark?: string;
  /** Newest message's number. */
  maxSeq?: number;
  /** First visible message's number. */
  minSeq?: number;
};

/** Data of `OnRecvCustomBusinessMessage`. */
export type CustomBusinessMessage = {
  key: string;
  data: string;
};

/** Element of a custom message (110, 119, 120). */
export type CustomElem = {
  data: string;
  description: string;
  extension: string;
};

/** Makes a message of the application's own kind. `data` is text: stringify objects. */
export type CustomMsgParams = {
  data: string;
  extension: string;
  description: string;
};

/** Some messages of a conversation, to be deleted. */
export type DeleteMessagesParams = {
  conversationID: string;
  clientMsgIDs: string[];
  /** False: for this user. True: **for everybody in the conversation**, on all devices. */
  isSync: boolean;
};

/** Element of a sticker (115). */
export type FaceElem = {
  index: number;
  data: string;
};

/** Makes a sticker message. */
export type FaceMessageParams = {
  index: number;
  data: string;
};

/** A message and how many to get around it. */
export type FetchSurroundingParams = {
  /** The message in the middle, as it was found. */
  startMessage: MessageItem;
  viewType: ViewType;
  /** At most this many older ones. */
  before: number;
  /** At most this many newer ones. */
  after: number;
};

/** Element of a file message (105). */
export type FileElem = {
  filePath: string;
  uuid: string;
  sourceUrl: string;
  fileName: string;
  /** Bytes. */
  fileSize: number;
  /** MIME type. */
  fileType?: string;
};

/** Makes a file message of a file that is on a server already. */
export type FileMsgParamsByURL = {
  filePath: string;
  fileName: string;
  uuid: string;
  sourceUrl: string;
  /** Bytes. */
  fileSize: number;
  /** MIME type. */
  fileType?: string;
};

/** Some messages of a conversation. */
export type FindMessageParams = {
  conversationID: string;
  clientMsgIDList: string[];
};

/** An application for friendship. */
export type FriendApplicationItem = {
  /** Unix milliseconds. */
  createTime: number;
  ex: string;
  fromFaceURL: string;
  fromNickname: string;
  fromUserID: string;
  handleMsg: string;
  handleResult: ApplicationHandleResult;
  /** Unix milliseconds. */
  handleTime: number;
  handlerUserID: string;
  reqMsg: string;
  toFaceURL: string;
  toNickname: string;
  toUserID: string;
};

/** A friend. */
export type FriendUserItem = {
  /** 1 imported by the server's administrator, 2 by application. */
  addSource: number;
  /** Unix **seconds**. */
  createTime: number;
  /** Application data. */
  ex: string;
  faceURL: string;
  userID: string;
  nickname: string;
  operatorUserID: string;
  /** Whose friend it is: the own user. */
  ownerUserID: string;
  /** The own name for the friend, "" if none. */
  remark: string;
  isPinned: boolean;
  attachedInfo: string;
};

/** Answer of `checkFriend` for one user. */
export type FriendshipInfo = {
  /** 1 friend, 0 not. */
  result: number;
  userID: string;
};

/** Where a page of history begins and how long it is. */
export type GetAdvancedHistoryMsgParams = {
  /** At most this many messages. */
  count: number;
  viewType: ViewType;
  /** The message beside the page, "" for the newest (or, reversed, the oldest). */
  startClientMsgID: string;
  conversationID: string;
};

/** Members of a group: owner first, then administrators, then members. `[]` if the user is not in it. */
export type GetGroupMemberParams = {
  groupID: string;
  filter: GroupMemberFilter;
  offset: number;
  /** 0 for all. */
  count: number;
};

/** Where a page of history begins, in the old way of naming a conversation. */
export type GetHistoryMsgParams = {
  /** The peer of a single chat. */
  userID: string;
  /** The group, if it is one. */
  groupID: string;
  /** At most this many messages. */
  count: number;
  /** The message before the page, "" for the oldest that is held. */
  startClientMsgID: string;
  /** Instead of `userID` and `groupID`. */
  conversationID?: string;
};

/** On which platforms a user types in a conversation just now. */
export type GetInputstatesParams = {
  conversationID: string;
  userID: string;
};

/** The other side of a conversation. */
export type GetOneConversationParams = {
  /** User ID or group ID. */
  sourceID: string;
  /** 1 single, 3 group, 4 notifications. */
  sessionType: number;
};

/** Friends by user ID. Users who are no friends are absent. */
export type GetSpecifiedFriendsParams = {
  friendUserIDList: string[];
  /** Leave out those on the black list. */
  filterBlack?: boolean;
};

/** An application for membership. */
export type GroupApplicationItem = {
  /** Unix milliseconds; of the group. */
  createTime: number;
  creatorUserID: string;
  ex: string;
  groupFaceURL: string;
  groupID: string;
  groupName: string;
  groupType: GroupType;
  handleResult: ApplicationHandleResult;
  handleUserID: string;
  handledMsg: string;
  /** Unix milliseconds. */
  handledTime: number;
  introduction: string;
  memberCount: number;
  nickname: string;
  notification: string;
  ownerUserID: string;
  reqMsg: string;
  /** Unix milliseconds. */
  reqTime: number;
  joinSource: GroupJoinSource;
  status: GroupStatus;
  userFaceURL: string;
  userID: string;
  inviterUserID?: string;
};

/** How many members of a group read a message; stays zero with the open-source server. */
export type GroupHasReadInfo = {
  hasReadCount: number;
  unreadCount: number;
  hasReadUserIDList: string[];
  groupMemberCount: number;
};

/** A group. */
export type GroupItem = {
  groupID: string;
  groupName: string;
  /** Announcement. */
  notification: string;
  notificationUserID: string;
  /** Unix milliseconds. */
  notificationUpdateTime: number;
  introduction: string;
  faceURL: string;
  ownerUserID: string;
  /** Unix milliseconds. */
  createTime: number;
  memberCount: number;
  status: GroupStatus;
  creatorUserID: string;
  groupType: GroupType;
  needVerification: GroupVerificationType;
  /** Application data. */
  ex: string;
  applyMemberFriend: AllowType;
  lookMemberInfo: AllowType;
  /** Only with the enterprise server: always false here. */
  displayIsRead: boolean;
  attachedInfo?: string;
};

/** A member of a group. */
export type GroupMemberItem = {
  groupID: string;
  userID: string;
  nickname: string;
  faceURL: string;
  roleLevel: GroupMemberRole;
  /** Muted until then, Unix milliseconds. */
  muteEndTime: number;
  /** Unix milliseconds. */
  joinTime: number;
  joinSource: GroupJoinSource;
  inviterUserID: string;
  operatorUserID: string;
  /** Application data. */
  ex: string;
  attachedInfo?: string;
};

/** Makes a picture message of pictures that are on a server already. */
export type ImageMsgParamsByURL = {
  sourcePicture: PicBaseInfo;
  bigPicture: PicBaseInfo;
  snapshotPicture: PicBaseInfo;
  sourcePath: string;
};

/**
 * Logs in: opens the local database, then connects in the background.
 *
 * Resolves when the database is open, before the server has answered: watch `OnConnectSuccess`,
 * `OnUserTokenExpired`, `OnUserTokenInvalid` and `OnKickedOffline`. Rejects with 10102 if somebody is
 * logged in.
 */
export type InitAndLoginConfig = {
  userID: string;
  /** Token the application's server got from the OpenIM server. */
  token: string;
  /** 5 for web (`Platform.Web`); the token is bound to it. */
  platformID: number;
  /** `http://` or `https://` address of the REST API. */
  apiAddr: string;
  /** `ws://` or `wss://` address of the message gateway. */
  wsAddr: string;
  logLevel?: LogLevel;
  /** Write log lines to the console. */
  isLogStandardOutput?: boolean;
  /** Accepted for the official SDK's sake, without effect. */
  isExternalExtensions?: boolean;
  /** `false`: `data` of results and events is JSON text instead of a value. */
  tryParse?: boolean;
  /**
   * Send again what an earlier life of the page or a lost connection left unsent. Without it such a
   * message is marked failed, as with the official SDK. Either way it is looked for first: it is
   * never sent twice.
   */
  autoResend?: boolean;
};

/** Puts a message into a group chat on this device only; it is not sent. */
export type InsertGroupMsgParams = {
  message: MessageItem;
  groupID: string;
  sendID: string;
};

/** Puts a message into a single chat on this device only; it is not sent. */
export type InsertSingleMsgParams = {
  message: MessageItem;
  recvID: string;
  sendID: string;
};

/** Element of a location (109). */
export type LocationElem = {
  description: string;
  /** Degrees. */
  longitude: number;
  /** Degrees. */
  latitude: number;
};

/** Makes a location message. */
export type LocationMsgParams = {
  description: string;
  /** Degrees. */
  longitude: number;
  /** Degrees. */
  latitude: number;
};

/** Element of a markdown message (118). */
export type MarkdownTextElem = {
  /** Markdown source. */
  content: string;
};

/** Element of a merged message (107). The messages inside are kept as they were given. */
export type MergeElem = {
  title: string;
  abstractList: string[];
  multiMessage: MessageItem[];
  messageEntityList: MessageEntity[];
};

/** Makes one message of several, for passing on a conversation. */
export type MergerMsgParams = {
  /** Kept as they are given. */
  messageList: MessageItem[];
  title: string;
  /** A line of preview a message. */
  summaryList: string[];
};

/** A span of a text with a meaning (link, mention …). */
export type MessageEntity = {
  type: string;
  /** First character. */
  offset: number;
  /** Characters. */
  length: number;
  url?: string;
  /** Application data. Other clients read the key `ex`, so both are written. */
  info?: string;
  /** Same as `info`, under the name other clients use. */
  ex?: string;
};

/** A message. Empty strings are left out, as the official SDK leaves them out. */
export type MessageItem = {
  /** ID given by the sender, 32 hexadecimal digits. */
  clientMsgID: string;
  /** ID given by the server. */
  serverMsgID: string;
  /** Unix milliseconds. */
  createTime: number;
  /** Unix milliseconds; what messages are sorted by. */
  sendTime: number;
  sessionType: SessionType;
  sendID: string;
  recvID: string;
  /** 100 user, 200 system. */
  msgFrom: number;
  contentType: MessageType;
  senderPlatformID: Platform;
  senderNickname: string;
  senderFaceUrl: string;
  groupID: string;
  /** Only of content types without an element of their own: the content as it came. */
  content: string;
  /** Number in the conversation given by the server; 0 before it is known. */
  seq: number;
  /** Single chats: the receiver has read it. */
  isRead: boolean;
  status: MessageStatus;
  offlinePush?: OfflinePush;
  /** JSON text of `attachedInfoElem`. */
  attachedInfo?: string;
  /** Application data sent along. */
  ex?: string;
  /** Application data of this device only (`setMessageLocalEx`). */
  localEx?: string;
  textElem?: TextElem;
  cardElem?: CardElem;
  pictureElem?: PictureElem;
  soundElem?: SoundElem;
  videoElem?: VideoElem;
  fileElem?: FileElem;
  mergeElem?: MergeElem;
  atTextElem?: AtTextElem;
  faceElem?: FaceElem;
  locationElem?: LocationElem;
  customElem?: CustomElem;
  quoteElem?: QuoteElem;
  notificationElem?: NotificationElem;
  advancedTextElem?: AdvancedTextElem;
  typingElem?: TypingElem;
  markdownTextElem?: MarkdownTextElem;
  attachedInfoElem?: AttachedInfoElem;
  /** Only with the enterprise server. */
  isReact?: boolean;
  /** Only with the enterprise server. */
  isExternalExtensions?: boolean;
  /** Only with the enterprise server. */
  streamElem?: StreamElem;
};

/** Data of `OnProgress`. */
export type MessageProgress = {
  /** 0 to 100. */
  progress: number;
  clientMsgID: string;
};

/** Element of a notification shown as a message (1xxx, 2101 …). */
export type NotificationElem = {
  /** JSON text; its shape depends on the content type (sync.md §8.2). */
  detail: string;
};

/** Text of the push notification on the receivers' phones. */
export type OfflinePush = {
  title: string;
  desc: string;
  ex: string;
  iOSPushSound: string;
  iOSBadgeCount: boolean;
};

/** A picture in one resolution. */
export type PicBaseInfo = {
  uuid: string;
  /** MIME type. */
  type: string;
  /** Bytes. */
  size: number;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  url: string;
};

/** Element of a picture message (102). */
export type PictureElem = {
  sourcePath: string;
  /** The original. */
  sourcePicture: Picture;
  /** For viewing. */
  bigPicture: Picture;
  /** For lists. */
  snapshotPicture: Picture;
};

/** Somebody's public profile. */
export type PublicUserItem = {
  nickname: string;
  userID: string;
  faceURL: string;
  /** Application data. */
  ex: string;
  /** Unix milliseconds. */
  createTime?: number;
};

/** Element of a message that answers another (114). */
export type QuoteElem = {
  text: string;
  /** The message answered to. */
  quoteMessage: MessageItem;
  messageEntityList?: MessageEntity[];
};

/** Makes a text message that answers another. */
export type QuoteMsgParams = {
  text: string;
  /** JSON **text** of the MessageItem answered to. */
  message: string;
};

/** Element of `OnRecvC2CReadReceipt`. */
export type ReceiptInfo = {
  /** Who read. */
  userID: string;
  groupID: string;
  /** clientMsgIDs of the messages read. */
  msgIDList: string[];
  /** Unix milliseconds. */
  readTime: number;
  msgFrom: number;
  contentType: MessageType;
  sessionType: SessionType;
};

/** Data of `OnNewRecvMessageRevoked`. */
export type RevokedInfo = {
  revokerID: string;
  /** `GroupMemberRole` of the revoker, 0 in single chats. */
  revokerRole: number;
  /** The message taken back. */
  clientMsgID: string;
  revokerNickname: string;
  /** Unix milliseconds. */
  revokeTime: number;
  /** Unix milliseconds. */
  sourceMessageSendTime: number;
  sourceMessageSendID: string;
  sourceMessageSenderNickname: string;
  sessionType: number;
  seq: number;
  ex: string;
  isAdminRevoke?: boolean;
};

/** What to look for. */
export type SearchLocalParams = {
  /** "" for all conversations. */
  conversationID: string;
  /** Texts; may be empty if there are message types. */
  keywordList: string[];
  /** 0: any keyword is enough, 1: all must be there. */
  keywordListMatchType?: number;
  /** Only messages of these users. */
  senderUserIDList?: string[];
  /** Only messages of these content types. Default: text, files and texts that name users. */
  messageTypeList?: MessageType[];
  /** Newest time, Unix seconds. Default 0: now. */
  searchTimePosition?: number;
  /** Seconds to look back from there. Default 0: without end. */
  searchTimePeriod?: number;
  /** From 1; for one conversation. */
  pageIndex?: number;
  /** Messages a page; for one conversation. */
  count?: number;
};

/** Messages found, by conversation. */
export type SearchMessageResult = {
  totalCount: number;
  /** Of `searchLocalMessages`. */
  searchResultItems?: SearchMessageResultItem[];
  /** Of `findMessageList`. */
  findResultItems?: SearchMessageResultItem[];
};

/** Messages found in one conversation. */
export type SearchMessageResultItem = {
  conversationID: string;
  messageCount: number;
  conversationType: SessionType;
  showName: string;
  faceURL: string;
  messageList: MessageItem[];
};

/** The own profile. */
export type SelfUserInfo = {
  /** Unix milliseconds. */
  createTime: number;
  /** Application data. */
  ex: string;
  faceURL: string;
  nickname: string;
  userID: string;
  globalRecvMsgOpt: MessageReceiveOptType;
  /** Only with the enterprise server: always 0 here. */
  addFriendPermission: AddFriendPermission;
  attachedInfo?: string;
};

/**
 * Sends a message made by one of the `create…Message` methods.
 *
 * Resolves with the sent message, rejects if the server refuses it or cannot be reached in time; the
 * message then has status 3 and the same call sends it again.
 */
export type SendMsgParams = {
  /** The receiver of a single chat, "" for a group. */
  recvID: string;
  /** The group, "" for a single chat. */
  groupID: string;
  /** What phones show. */
  offlinePushInfo?: OfflinePush;
  message: MessageItem;
  /** Deliver to whoever is online, store nowhere. */
  isOnlineOnly?: boolean;
};

/**
 * Sets how long private messages live after reading.
 *
 * @deprecated Use setConversation instead.
 */
export type SetBurnDurationParams = {
  conversationID: string;
  /** Seconds. */
  burnDuration: number;
};

/** Keeps a draft on this device; "" removes it. */
export type SetConversationDraftParams = {
  conversationID: string;
  draftText: string;
};

/**
 * Sets the application data of a conversation.
 *
 * @deprecated Use setConversation instead.
 */
export type SetConversationExParams = {
  conversationID: string;
  ex: string;
};

/** Switches the deletion of old messages by the server. */
export type SetConversationMsgDestructParams = {
  conversationID: string;
  isMsgDestruct: boolean;
};

/** Sets the age at which the server deletes messages. */
export type SetConversationMsgDestructTimeParams = {
  conversationID: string;
  /** Seconds. */
  msgDestructTime: number;
};

/** Changes settings of a conversation; what is absent stays. Rejects with 1004 if it is unknown. */
export type SetConversationParams = {
  conversationID: string;
  recvMsgOpt?: MessageReceiveOptType;
  groupAtType?: GroupAtType;
  /** Seconds. */
  burnDuration?: number;
  /** Seconds. */
  msgDestructTime?: number;
  isPinned?: boolean;
  isPrivateChat?: boolean;
  isMsgDestruct?: boolean;
  /** Only with the enterprise server: ignored. */
  isMarked?: boolean;
  /** Only with the enterprise server: ignored. */
  remark?: string;
  /** Application data. */
  ex?: string;
  attachedInfo?: string;
};

/**
 * Pins a conversation to the top of the list.
 *
 * @deprecated Use setConversation instead.
 */
export type SetConversationPinParams = {
  conversationID: string;
  isPinned: boolean;
};

/**
 * Switches messages of a single chat to be deleted after reading.
 *
 * @deprecated Use setConversation instead.
 */
export type SetConversationPrivateStateParams = {
  conversationID: string;
  isPrivate: boolean;
};

/**
 * Sets whether messages of a conversation are received and notified.
 *
 * @deprecated Use setConversation instead.
 */
export type SetConversationRecvOptParams = {
  conversationID: string;
  opt: MessageReceiveOptType;
};

/** Sets the content of a message on this device to that of another of the same clientMsgID. */
export type SetMessageLocalContentParams = {
  conversationID: string;
  message: MessageItem;
};

/** Sets application data of a message on this device. An unknown message is ignored. */
export type SetMessageLocalExParams = {
  conversationID: string;
  clientMsgID: string;
  localEx: string;
};

/** Element of a voice message (103). */
export type SoundElem = {
  uuid: string;
  soundPath: string;
  sourceUrl: string;
  /** Bytes. */
  dataSize: number;
  /** Seconds. */
  duration: number;
  /** MIME type. */
  soundType: string;
  /** Only with the enterprise server. */
  text?: SoundTextElem;
};

/** Makes a voice message of a recording that is on a server already. */
export type SoundMsgParamsByURL = {
  uuid: string;
  soundPath: string;
  sourceUrl: string;
  /** Bytes. */
  dataSize: number;
  /** Seconds, a whole number. */
  duration: number;
  /** MIME type. */
  soundType?: string;
};

/** A page of the conversation list; `[]` beyond the end. */
export type SplitConversationParams = {
  offset: number;
  count: number;
};

/** Element of a text message (101). */
export type TextElem = {
  /** The text. */
  content: string;
};

/** Element of a typing message (113). */
export type TypingElem = {
  /** "yes" or "no". */
  msgTips: string;
};

/**
 * Tells one user that the own user types ("yes") or stopped (anything else).
 *
 * @deprecated Use changeInputStates instead.
 */
export type TypingUpdateParams = {
  recvID: string;
  msgTip: string;
};

/** What to upload, and under which name. */
export type UploadFileParams = {
  /** In the storage; the user's ID is put in front. */
  name: string;
  /** MIME type. */
  contentType: string;
  /** Names the upload in its events, with the file's name behind. */
  uuid: string;
  /** Without it: the file that `fileMapSet` holds under `uuid`. */
  file?: File;
  /** Not used. */
  filepath?: string;
  /** Not used. */
  cause?: string;
};

/** Data of `UploadComplete`. */
export type UploadProgressData = {
  /** Bytes of the file. */
  fileSize: number;
  /** Bytes that are sent. */
  streamSize: number;
  /** Bytes that are stored. */
  storageSize?: number;
  /** Of the upload. */
  uuid: string;
};

/** Whether and where a user is online. */
export type UserOnlineState = {
  /** Empty when offline. */
  platformIDs?: Platform[];
  /** 1 online, 0 offline. */
  status: OnlineState;
  userID: string;
};

/** Element of a video message (104). */
export type VideoElem = {
  videoPath: string;
  videoUUID: string;
  videoUrl: string;
  /** MIME type. */
  videoType: string;
  /** Bytes. */
  videoSize: number;
  /** Seconds. */
  duration: number;
  snapshotPath: string;
  snapshotUUID: string;
  /** Bytes. */
  snapshotSize: number;
  snapshotUrl: string;
  /** Pixels. */
  snapshotWidth: number;
  /** Pixels. */
  snapshotHeight: number;
  /** MIME type. */
  snapshotType?: string;
};

/** Makes a video message of a video and a picture that are on a server already. */
export type VideoMsgParamsByURL = {
  videoPath: string;
  /** Seconds, a whole number. */
  duration: number;
  /** MIME type. */
  videoType: string;
  snapshotPath: string;
  videoUUID: string;
  videoUrl: string;
  /** Bytes. */
  videoSize: number;
  snapshotUUID: string;
  /** Bytes. */
  snapshotSize: number;
  snapshotUrl: string;
  /** Pixels. */
  snapshotWidth: number;
  /** Pixels. */
  snapshotHeight: number;
  /** MIME type. The odd spelling is the official one. */
  snapShotType?: string;
};

/** All methods, as the SDK object has them. */
export interface Methods {
  /**
   * Logs in: opens the local database, then connects in the background.
   *
   * Resolves when the database is open, before the server has answered: watch `OnConnectSuccess`,
   * `OnUserTokenExpired`, `OnUserTokenInvalid` and `OnKickedOffline`. Rejects with 10102 if somebody is
   * logged in.
   */
  login: (params: InitAndLoginConfig, operationID?: string) => Promise<any>;
  /** Logs out: tells the server, closes connection and database. The token stays valid. */
  logout: <T = string>(operationID?: string) => Promise<WsResponse<T>>;
  /** All listed conversations: pinned first, then by time of the last message or draft, newest first. */
  getAllConversationList: (operationID?: string) => Promise<WsResponse<ConversationItem[]>>;
  /** The conversation with a user or a group, also one that does not exist yet. */
  getOneConversation: (params: GetOneConversationParams, operationID?: string) => Promise<WsResponse<ConversationItem>>;
  /** Messages older than a message, the newest of them; oldest first. */
  getAdvancedHistoryMessageList: (params: GetAdvancedHistoryMsgParams, operationID?: string) => Promise<WsResponse<AdvancedGetMessageResult>>;
  /** Messages newer than a message, the oldest of them; oldest first. */
  getAdvancedHistoryMessageListReverse: (params: GetAdvancedHistoryMsgParams, operationID?: string) => Promise<WsResponse<AdvancedGetMessageResult>>;
  /** A message with the messages before and after it, oldest first: for jumping to a message found. */
  fetchSurroundingMessages: (params: FetchSurroundingParams, operationID?: string) => Promise<WsResponse<{ messageList: MessageItem[] }>>;
  /** Groups by ID, also those the user is not in. Unknown IDs are absent. */
  getSpecifiedGroupsInfo: (params: string[], operationID?: string) => Promise<WsResponse<GroupItem[]>>;
  /** Deletes the messages of a conversation as `clearConversationAndDeleteAllMsg` does, and hides it. */
  deleteConversationAndDeleteAllMsg: <T = string>(conversationID: string, operationID?: string) => Promise<WsResponse<T>>;
  /** Marks all messages of a conversation as read. */
  markConversationMessageAsRead: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Tells the senders in a group that their messages were read.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  sendGroupMessageReadReceipt: <T = string>(params: SendGroupReadReceiptParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Who has read a message of a group, or has not.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  getGroupMessageReaderList: (params: GetGroupMessageReaderParams, operationID?: string) => Promise<WsResponse<GroupMemberItem[]>>;
  /** Members of a group: owner first, then administrators, then members. `[]` if the user is not in it. */
  getGroupMemberList: (params: GetGroupMemberParams, operationID?: string) => Promise<WsResponse<GroupMemberItem[]>>;
  /** Makes a text message. */
  createTextMessage: (text: string, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a picture message of pictures that are on a server already. */
  createImageMessageByURL: (params: ImageMsgParamsByURL, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a picture message of a file, which `sendMessage` uploads. */
  createImageMessageByFile: (params: ImageMsgParamsByURL & { file: File }, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a message of the application's own kind. `data` is text: stringify objects. */
  createCustomMessage: (params: CustomMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a text message that answers another. */
  createQuoteMessage: (params: QuoteMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a text message with marked spans that answers another. */
  createAdvancedQuoteMessage: (params: AdvancedQuoteMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a text message with marked spans (links, mentions …). */
  createAdvancedTextMessage: (params: AdvancedMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /**
   * Sends a message made by one of the `create…Message` methods.
   *
   * Resolves with the sent message, rejects if the server refuses it or cannot be reached in time; the
   * message then has status 3 and the same call sends it again.
   */
  sendMessage: (params: SendMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** As `sendMessage`, for media messages whose URLs are set: nothing is uploaded. */
  sendMessageNotOss: (params: SendMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Sets application data of a message on this device. An unknown message is ignored. */
  setMessageLocalEx: <T = string>(params: SetMessageLocalExParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Messages newer than a message, the oldest of them; oldest first.
   *
   * Of the older API: `getAdvancedHistoryMessageListReverse` is the same by conversationID.
   */
  getHistoryMessageListReverse: (params: GetHistoryMsgParams, operationID?: string) => Promise<WsResponse<AdvancedGetMessageResult>>;
  /** Takes a message back for everybody: one's own, or as owner or administrator of the group. */
  revokeMessage: <T = string>(data: AccessMessageParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Changes settings of a conversation; what is absent stays. Rejects with 1004 if it is unknown. */
  setConversation: <T = string>(params: SetConversationParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Switches messages of a single chat to be deleted after reading.
   *
   * @deprecated Use setConversation instead.
   */
  setConversationPrivateChat: <T = string>(params: SetConversationPrivateStateParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Sets how long private messages live after reading.
   *
   * @deprecated Use setConversation instead.
   */
  setConversationBurnDuration: <T = string>(params: SetBurnDurationParams, operationID?: string) => Promise<WsResponse<T>>;
  /** 1 logged out, 2 logging in, 3 logged in (locally; not necessarily connected). */
  getLoginStatus: (operationID?: string) => Promise<WsResponse<LoginStatus>>;
  /**
   * Tells that the application went to the background (`true`) or came back (`false`).
   *
   * In the background new messages are announced by `OnRecvOfflineNewMessages`.
   */
  setAppBackgroundStatus: <T = string>(data: boolean, operationID?: string) => Promise<WsResponse<T>>;
  /** Tells that the network changed: the connection is made anew. Resolves at once. */
  networkStatusChanged: <T = string>(operationID?: string) => Promise<WsResponse<T>>;
  /** The logged-in user's ID, "" if nobody is logged in. */
  getLoginUserID: (operationID?: string) => Promise<WsResponse<string>>;
  /** The own profile. */
  getSelfUserInfo: (operationID?: string) => Promise<WsResponse<SelfUserInfo>>;
  /** Profiles of any users, by ID. Unknown IDs are absent. */
  getUsersInfo: (data: string[], operationID?: string) => Promise<WsResponse<PublicUserItem[]>>;
  /**
   * Same as `setSelfInfo`.
   *
   * @deprecated Use setSelfInfo instead.
   */
  SetSelfInfoEx: <T = string>(data: PartialUserItem, operationID?: string) => Promise<WsResponse<T>>;
  /** Changes the own profile. `OnSelfInfoUpdated` comes before the promise resolves. */
  setSelfInfo: <T = string>(data: PartialUserItem, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Makes a text message that names users of a group ("AtAllTag" for everybody).
   *
   * Resolves with "" if the text is empty or more than 10 users are named.
   */
  createTextAtMessage: (data: AtMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a voice message of a recording that is on a server already. */
  createSoundMessageByURL: (data: SoundMsgParamsByURL, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a voice message of a file, which `sendMessage` uploads. */
  createSoundMessageByFile: (data: SoundMsgParamsByURL & { file: File }, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a video message of a video and a picture that are on a server already. */
  createVideoMessageByURL: (data: VideoMsgParamsByURL, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a video message of a file and its picture, which `sendMessage` uploads. */
  createVideoMessageByFile: (data: VideoMsgParamsByURL & { videoFile: File; snapshotFile: File }, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a file message of a file that is on a server already. */
  createFileMessageByURL: (data: FileMsgParamsByURL, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a file message of a file, which `sendMessage` uploads. */
  createFileMessageByFile: (data: FileMsgParamsByURL & { file: File }, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes one message of several, for passing on a conversation. */
  createMergerMessage: (data: MergerMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a copy of a sent message for sending it on. Resolves with "" for a message not sent yet. */
  createForwardMessage: (data: MessageItem, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a sticker message. */
  createFaceMessage: (data: FaceMessageParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a location message. */
  createLocationMessage: (data: LocationMsgParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Makes a contact card. */
  createCardMessage: (data: CardElem, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Deletes a message on this device only. */
  deleteMessageFromLocalStorage: <T = string>(data: AccessMessageParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Deletes a message for the user, here and at the server. Others keep it. */
  deleteMessage: <T = string>(data: AccessMessageParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Hides all conversations, as `hideConversation` does one. */
  deleteAllConversationFromLocal: <T = string>(operationID?: string) => Promise<WsResponse<T>>;
  /** Deletes all messages of all conversations on this device. The conversations stay. */
  deleteAllMsgFromLocal: <T = string>(operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Deletes all messages of all conversations for this user, here and at the server. The conversations
   * stay.
   */
  deleteAllMsgFromLocalAndSvr: <T = string>(operationID?: string) => Promise<WsResponse<T>>;
  /** Puts a message into a single chat on this device only; it is not sent. */
  insertSingleMessageToLocalStorage: <T = MessageItem>(data: InsertSingleMsgParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Puts a message into a group chat on this device only; it is not sent. */
  insertGroupMessageToLocalStorage: <T = MessageItem>(data: InsertGroupMsgParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Tells one user that the own user types ("yes") or stopped (anything else).
   *
   * @deprecated Use changeInputStates instead.
   */
  typingStatusUpdate: <T = string>(data: TypingUpdateParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Tells the others that the user types (`true`) or stopped. Call it at every key stroke: the SDK
   * decides what to send.
   */
  changeInputStates: (data: ChangeInputStatesParams, operationID?: string) => Promise<WsResponse<void>>;
  /** On which platforms a user types in a conversation just now. */
  getInputstates: (data: GetInputstatesParams, operationID?: string) => Promise<WsResponse<Platform[]>>;
  /** Deletes the messages of a conversation here and at the server for the user; it stays on the list. */
  clearConversationAndDeleteAllMsg: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** Takes a conversation off the list until its next message; messages stay. On this device only. */
  hideConversation: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** A page of the conversation list; `[]` beyond the end. */
  getConversationListSplit: (data: SplitConversationParams, operationID?: string) => Promise<WsResponse<ConversationItem[]>>;
  /**
   * Sets the application data of a conversation.
   *
   * @deprecated Use setConversation instead.
   */
  setConversationEx: (data: SetConversationExParams, operationID?: string) => Promise<WsResponse<ConversationItem[]>>;
  /** The ID of the conversation with a user or a group. */
  getConversationIDBySessionType: (data: GetOneConversationParams, operationID?: string) => Promise<WsResponse<string>>;
  /** Conversations by ID, hidden ones too. Unknown IDs are absent. */
  getMultipleConversation: (data: string[], operationID?: string) => Promise<WsResponse<ConversationItem[]>>;
  /** Same as `hideConversation`. */
  deleteConversation: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** Keeps a draft on this device; "" removes it. */
  setConversationDraft: <T = string>(data: SetConversationDraftParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Pins a conversation to the top of the list.
   *
   * @deprecated Use setConversation instead.
   */
  pinConversation: <T = string>(data: SetConversationPinParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Unread messages of all listed conversations that notify. */
  getTotalUnreadMsgCount: (operationID?: string) => Promise<WsResponse<number>>;
  /** Conversations by ID, for their `recvMsgOpt`. Unknown IDs are absent. */
  getConversationRecvMessageOpt: (data: string[], operationID?: string) => Promise<WsResponse<ConversationItem[]>>;
  /**
   * Sets whether messages of a conversation are received and notified.
   *
   * @deprecated Use setConversation instead.
   */
  setConversationRecvMessageOpt: <T = string>(data: SetConversationRecvOptParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Looks for messages that are on this device, in one conversation by pages or in all at once.
   *
   * Letters of the ASCII alphabet match in both cases. `totalCount` and `messageCount` count all that
   * was found, `messageList` has the page, newest first.
   */
  searchLocalMessages: (data: SearchLocalParams, operationID?: string) => Promise<WsResponse<SearchMessageResult>>;
  /**
   * Asks a user for friendship. Both sides are told by `OnFriendApplicationAdded`. Rejects with
   * `oneself` (1301), `alreadyFriend` (1304), `userNotFound` (1004).
   */
  addFriend: <T = string>(data: AddFriendParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Friends by user ID, nickname or remark. Rejects with 10002 if there is nothing to look for or
   * nowhere to look.
   */
  searchFriends: (data: SearchFriendParams, operationID?: string) => Promise<WsResponse<SearchedFriendsInfo[]>>;
  /** Friends by user ID. Users who are no friends are absent. */
  getSpecifiedFriendsInfo: (data: GetSpecifiedFriendsParams, operationID?: string) => Promise<WsResponse<FriendUserItem[]>>;
  /** Applications for friendship that others made. Without `count`: all. */
  getFriendApplicationListAsRecipient: (data?: GetFriendApplicationListAsRecipientParams, operationID?: string) => Promise<WsResponse<FriendApplicationItem[]>>;
  /** Applications for friendship that the user made. Without `count`: all. */
  getFriendApplicationListAsApplicant: (data?: GetFriendApplicationListAsApplicationParams, operationID?: string) => Promise<WsResponse<FriendApplicationItem[]>>;
  /**
   * How many applications for friendship since `time` (Unix milliseconds, 0 = ever) wait for an
   * answer.
   */
  getFriendApplicationUnhandledCount: (data: GetSelfUnhandledApplyCountParams, operationID?: string) => Promise<WsResponse<number>>;
  /**
   * Deletes applications for friendship.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  deleteFriendRequests: (params: Array<{ fromUserID: string; toUserID: string }>, operationID?: string) => Promise<WsResponse<void>>;
  /** All friends; `true` leaves out those on the black list. */
  getFriendList: (filterBlack?: boolean, operationID?: string) => Promise<WsResponse<FriendUserItem[]>>;
  /** A page of the friend list. Behind its end: `[]`. */
  getFriendListPage: (data: OffsetParams & { filterBlack?: boolean }, operationID?: string) => Promise<WsResponse<FriendUserItem[]>>;
  /**
   * Changes remark, pin or `ex` of friends; what is absent stays. Users who are no friends are passed
   * over.
   */
  updateFriends: <T = string>(data: UpdateFriendsParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Sets the own name for a friend.
   *
   * @deprecated Use updateFriends instead.
   */
  setFriendRemark: <T = string>(data: RemarkFriendParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Puts friends on top of the list.
   *
   * @deprecated Use updateFriends instead.
   */
  pinFriends: <T = string>(data: PinFriendParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Sets the application's own text of friends.
   *
   * @deprecated Use updateFriends instead.
   */
  setFriendsEx: <T = string>(data: SetFriendExParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Whether users are friends: in the friend list and not on the black list. */
  checkFriend: (data: string[], operationID?: string) => Promise<WsResponse<FriendshipInfo[]>>;
  /**
   * Accepts an application for friendship; `toUserID` is the applicant. `OnFriendAdded` comes before
   * the promise resolves. Rejects with `alreadyHandled` (1001) if it was answered before.
   */
  acceptFriendApplication: <T = string>(data: AccessFriendApplicationParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Refuses an application for friendship; `toUserID` is the applicant. Rejects with `alreadyHandled`
   * (1305) if it was answered before.
   */
  refuseFriendApplication: <T = string>(data: AccessFriendApplicationParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Ends a friendship on this side. The conversation stays. */
  deleteFriend: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Puts a user on the black list: what he sends is refused. A friendship stays. Rejects with
   * `userNotFound` (1004), `alreadyBlocked` (500).
   */
  addBlack: <T = string>(data: AddBlackParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Takes a user off the black list. */
  removeBlack: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** The black list. */
  getBlackList: (operationID?: string) => Promise<WsResponse<BlackUserItem[]>>;
  /**
   * Brings users into a group, or applies for them where that needs approval. If one of them is a
   * member already nobody comes in: `alreadyMember` (500).
   */
  inviteUserToGroup: <T = string>(data: AccessToGroupParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Removes members; administrators can remove ordinary members, the owner everybody else. */
  kickGroupMember: <T = string>(data: AccessToGroupParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Whether the user is in a group. */
  isJoinGroup: <T = boolean>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** Members of a group by user ID. `[]` if the user is not in the group. */
  getSpecifiedGroupMembersInfo: (data: Omit<AccessToGroupParams, 'reason'>, operationID?: string) => Promise<WsResponse<GroupMemberItem[]>>;
  /** Which of some users are members of a group. */
  getUsersInGroup: (data: Omit<AccessToGroupParams, 'reason'>, operationID?: string) => Promise<WsResponse<string[]>>;
  /** Members who joined within a time, the latest first, without some users. */
  getGroupMemberListByJoinTimeFilter: (data: GetGroupMemberByTimeParams, operationID?: string) => Promise<WsResponse<GroupMemberItem[]>>;
  /**
   * Members of a group by user ID or name. Rejects with 10002 if there is nothing to look for or nowhere
   * to look.
   */
  searchGroupMembers: (data: SearchGroupMemberParams, operationID?: string) => Promise<WsResponse<GroupMemberItem[]>>;
  /**
   * Whether members may become friends through the group.
   *
   * @deprecated Use setGroupInfo instead.
   */
  setGroupApplyMemberFriend: <T = string>(data: SetMemberPermissionParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Whether members may look at each other.
   *
   * @deprecated Use setGroupInfo instead.
   */
  setGroupLookMemberInfo: <T = string>(data: SetMemberPermissionParams, operationID?: string) => Promise<WsResponse<T>>;
  /** The groups the user is in. */
  getJoinedGroupList: (operationID?: string) => Promise<WsResponse<GroupItem[]>>;
  /** A page of the groups the user is in. Behind its end: `[]`. */
  getJoinedGroupListPage: (data: OffsetParams, operationID?: string) => Promise<WsResponse<GroupItem[]>>;
  /**
   * Creates a group; the user becomes its owner. `groupInfo.groupType` must be 2.
   * `OnJoinedGroupAdded` comes before the promise resolves.
   */
  createGroup: (data: CreateGroupParams, operationID?: string) => Promise<WsResponse<GroupItem>>;
  /**
   * Changes a group's name, announcement, face, settings; what is absent stays. For owner and
   * administrators.
   */
  setGroupInfo: <T = string>(data: Partial<GroupItem> & { groupID: string }, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Changes a member's name in the group.
   *
   * @deprecated Use setGroupMemberInfo instead.
   */
  setGroupMemberNickname: <T = string>(data: SetGroupMemberNickParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Changes a member's name, face, role (20 or 60, by owner and administrators), `ex`; what is
   * absent stays. Ordinary members change only themselves.
   */
  setGroupMemberInfo: <T = string>(data: UpdateMemberInfoParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Joins a group, or applies for it where that needs approval (`OnGroupApplicationAdded`). Rejects with
   * `groupNotFound` (1004), `alreadyMember` (1001).
   */
  joinGroup: <T = string>(data: JoinGroupParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Joined groups by ID or name. Rejects with 10002 if there is nothing to look for or nowhere to look. */
  searchGroups: (data: SearchGroupParams, operationID?: string) => Promise<WsResponse<GroupItem[]>>;
  /** Leaves a group. Its owner cannot (1002). The conversation stays. */
  quitGroup: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** Dismisses a group for everybody; only its owner can. */
  dismissGroup: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /** Mutes a group or ends that. Owner and administrators can still write. */
  changeGroupMute: <T = string>(data: ChangeGroupMuteParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Mutes a member for some seconds; 0 ends that. */
  changeGroupMemberMute: <T = string>(data: ChangeGroupMemberMuteParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Hands a group to another member, whose role the old owner gets. */
  transferGroupOwner: <T = string>(data: TransferGroupParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Applications for membership that the user made. Without `count`: all. */
  getGroupApplicationListAsApplicant: (data?: GetGroupApplicationListParams, operationID?: string) => Promise<WsResponse<GroupApplicationItem[]>>;
  /** Applications for membership in groups the user owns or administers. Without `count`: all. */
  getGroupApplicationListAsRecipient: (data?: GetGroupApplicationListParams, operationID?: string) => Promise<WsResponse<GroupApplicationItem[]>>;
  /**
   * How many applications for membership since `time` (Unix milliseconds, 0 = ever) wait for the
   * user's answer.
   */
  getGroupApplicationUnhandledCount: (data: GetSelfUnhandledApplyCountParams, operationID?: string) => Promise<WsResponse<number>>;
  /**
   * Deletes applications for membership.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  deleteGroupRequests: (params: Array<{ fromUserID: string; groupID: string }>, operationID?: string) => Promise<WsResponse<void>>;
  /** Lets an applicant into a group. Rejects with `alreadyHandled` (1206) if it was answered before. */
  acceptGroupApplication: <T = string>(data: AccessGroupApplicationParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Refuses an applicant. */
  refuseGroupApplication: <T = string>(data: AccessGroupApplicationParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Clears the mark that somebody named the user in a group.
   *
   * @deprecated Use setConversation instead.
   */
  resetConversationGroupAtType: <T = string>(data: string, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Makes a member an administrator (60) or an ordinary member (20).
   *
   * @deprecated Use setGroupMemberInfo instead.
   */
  setGroupMemberRoleLevel: <T = string>(data: SetGroupRoleParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * How one comes into the group.
   *
   * @deprecated Use setGroupInfo instead.
   */
  setGroupVerification: <T = string>(data: SetGroupVerificationParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Owner and administrators of a group. */
  getGroupMemberOwnerAndAdmin: (data: string, operationID?: string) => Promise<WsResponse<GroupMemberItem[]>>;
  /**
   * How messages of all single chats are received.
   *
   * @deprecated Use setSelfInfo instead.
   */
  setGlobalRecvMessageOpt: <T = string>(opt: MessageReceiveOptType, operationID?: string) => Promise<WsResponse<T>>;
  /** Messages by clientMsgID, from this device. What is not held is absent. */
  findMessageList: (data: FindMessageParams[], operationID?: string) => Promise<WsResponse<SearchMessageResult>>;
  /**
   * Uploads a file; resolves with its lasting address.
   *
   * A broken network is waited out for a minute without progress; a later call with the same file goes on
   * with the parts that are missing. `fileMapSet` with the upload's uuid and without a file ends it.
   */
  uploadFile: (data: UploadFileParams, operationID?: string) => Promise<WsResponse<{ url: string }>>;
  /**
   * Whether users are online, and `OnUserStatusChanged` from now on. Lasts until logout, also over
   * reconnects.
   */
  subscribeUsersStatus: (data: string[], operationID?: string) => Promise<WsResponse<UserOnlineState[]>>;
  /** Ends subscriptions. */
  unsubscribeUsersStatus: (data: string[], operationID?: string) => Promise<WsResponse<UserOnlineState[]>>;
  /** Whether the users with a subscription are online, asked of the server now. */
  getUserStatus: (operationID?: string) => Promise<WsResponse<UserOnlineState[]>>;
  /** Whether the users with a subscription are online, as last heard. */
  getSubscribeUsersStatus: (operationID?: string) => Promise<WsResponse<UserOnlineState[]>>;
  /**
   * Calls a user.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingInvite: (data: SignalingInviteParams, operationID?: string) => Promise<WsResponse<RtcInviteResults>>;
  /**
   * Calls members of a group.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingInviteInGroup: (data: SignalingInviteParams, operationID?: string) => Promise<WsResponse<RtcInviteResults>>;
  /**
   * Takes a call.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingAccept: (data: RtcActionParams, operationID?: string) => Promise<WsResponse<RtcInviteResults>>;
  /**
   * Refuses a call.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingReject: <T = string>(data: RtcActionParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Takes an own call back.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingCancel: <T = string>(data: RtcActionParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Ends a call.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingHungUp: <T = string>(data: RtcActionParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * The call that goes on in a group.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingGetRoomByGroupID: (groupID: string, operationID?: string) => Promise<WsResponse<CallingRoomData>>;
  /**
   * A token for a call's room.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingGetTokenByRoomID: (roomID: string, operationID?: string) => Promise<WsResponse<RtcInviteResults>>;
  /**
   * The call that the application was started by.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  getSignalingInvitationInfoStartApp: (operationID?: string) => Promise<WsResponse<{ invitation: RtcInvite | null; offlinePushInfo: OfflinePush }>>;
  /**
   * Tells everybody in a room something.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  signalingSendCustomSignal: <T = string>(data: CustomSignalParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Switches the deletion of old messages by the server. */
  setConversationIsMsgDestruct: <T = string>(data: SetConversationMsgDestructParams, operationID?: string) => Promise<WsResponse<T>>;
  /** Sets the age at which the server deletes messages. */
  setConversationMsgDestructTime: <T = string>(data: SetConversationMsgDestructTimeParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Makes a message that only some members of a group get.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  createTargetedGroupMessage: (params: CreateTargetedGroupMessageParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /**
   * Changes the content of a sent message for everybody.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  modifyMessage: (params: ModifyMessageParams, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /** Deletes messages here and at the server. Unknown IDs are passed over. */
  deleteMessages: <T = string>(data: DeleteMessagesParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Deletes all messages of a user in a conversation.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  deleteUserAllMessagesInConv: <T = string>(data: DeleteUserMsgInConvParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Pins a message in a conversation, or takes the pin off.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  setConversationPinnedMsg: <T = string>(data: SetConversationPinnedMsgParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Pinned messages of a conversation.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  getConversationPinnedMsg: (data: string, operationID?: string) => Promise<WsResponse<MessageItem[]>>;
  /** Makes a markdown message. */
  createMarkdownMessage: (text: string, operationID?: string) => Promise<WsResponse<MessageItem>>;
  /**
   * Makes a folder.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  createConversationGroup: (data: CreateConversationGroupReq, operationID?: string) => Promise<WsResponse<ConversationGroup>>;
  /**
   * Changes a folder.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  updateConversationGroup: (data: UpdateConversationGroupReq, operationID?: string) => Promise<WsResponse<ConversationGroup>>;
  /**
   * Deletes a folder.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  deleteConversationGroup: <T = string>(groupID: string, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * All folders.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  getConversationGroups: (conversationGroupType: ConversationGroupType, operationID?: string) => Promise<WsResponse<ConversationGroup[]>>;
  /**
   * Sets the order of folders.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  setConversationGroupOrder: <T = string>(data: SetConversationGroupOrderReq[], operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Puts conversations into folders.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  addConversationsToGroups: <T = string>(data: AddConversationsToGroupParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Takes conversations out of folders.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  removeConversationsFromGroups: <T = string>(data: RemoveConversationsFromGroupParams, operationID?: string) => Promise<WsResponse<T>>;
  /**
   * Folders that a conversation is in.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  getConversationGroupIDsByConversationID: (conversationID: string, operationID?: string) => Promise<WsResponse<string[]>>;
  /**
   * A folder with its conversations.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  getConversationGroupInfoWithConversations: (data: GetConversationGroupInfoWithConversationsReq, operationID?: string) => Promise<WsResponse<GetConversationGroupInfoWithConversationsResp>>;
  /**
   * The words of a recording.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  speechToText: (data: SpeechToTextParams, operationID?: string) => Promise<WsResponse<{ text: string }>>;
  /**
   * What recordings the server takes.
   *
   * Only with the enterprise server: rejects with errCode 10301.
   */
  speechToTextCapabilities: (operationID?: string) => Promise<WsResponse<SpeechToTextCapabilities>>;
  /** Sets the content of a message on this device to that of another of the same clientMsgID. */
  setMessageLocalContent: (data: SetMessageLocalContentParams, operationID?: string) => Promise<WsResponse<void>>;
  /** Holds a file under a uuid until the logout. Without a file: lets go of it, and ends its upload. */
  fileMapSet: (uuid: string, file: File, operationID?: string) => Promise<any>;
  /**
   * The user's data on this device as a file: the promise resolves with a `blob:` address.
   *
   * The file has a line of JSON for every conversation, message, friend, group … Revoke the address when
   * it is not needed any more.
   */
  exportDB: (operationID?: string) => Promise<WsResponse<unknown>>;
}

/** How many parameters come before `operationID`. */
export const METHODS = {
  login: 1,
  logout: 0,
  getAllConversationList: 0,
  getOneConversation: 1,
  getAdvancedHistoryMessageList: 1,
  getAdvancedHistoryMessageListReverse: 1,
  fetchSurroundingMessages: 1,
  getSpecifiedGroupsInfo: 1,
  deleteConversationAndDeleteAllMsg: 1,
  markConversationMessageAsRead: 1,
  sendGroupMessageReadReceipt: 1,
  getGroupMessageReaderList: 1,
  getGroupMemberList: 1,
  createTextMessage: 1,
  createImageMessageByURL: 1,
  createImageMessageByFile: 1,
  createCustomMessage: 1,
  createQuoteMessage: 1,
  createAdvancedQuoteMessage: 1,
  createAdvancedTextMessage: 1,
  sendMessage: 1,
  sendMessageNotOss: 1,
  setMessageLocalEx: 1,
  getHistoryMessageListReverse: 1,
  revokeMessage: 1,
  setConversation: 1,
  setConversationPrivateChat: 1,
  setConversationBurnDuration: 1,
  getLoginStatus: 0,
  setAppBackgroundStatus: 1,
  networkStatusChanged: 0,
  getLoginUserID: 0,
  getSelfUserInfo: 0,
  getUsersInfo: 1,
  SetSelfInfoEx: 1,
  setSelfInfo: 1,
  createTextAtMessage: 1,
  createSoundMessageByURL: 1,
  createSoundMessageByFile: 1,
  createVideoMessageByURL: 1,
  createVideoMessageByFile: 1,
  createFileMessageByURL: 1,
  createFileMessageByFile: 1,
  createMergerMessage: 1,
  createForwardMessage: 1,
  createFaceMessage: 1,
  createLocationMessage: 1,
  createCardMessage: 1,
  deleteMessageFromLocalStorage: 1,
  deleteMessage: 1,
  deleteAllConversationFromLocal: 0,
  deleteAllMsgFromLocal: 0,
  deleteAllMsgFromLocalAndSvr: 0,
  insertSingleMessageToLocalStorage: 1,
  insertGroupMessageToLocalStorage: 1,
  typingStatusUpdate: 1,
  changeInputStates: 1,
  getInputstates: 1,
  clearConversationAndDeleteAllMsg: 1,
  hideConversation: 1,
  getConversationListSplit: 1,
  setConversationEx: 1,
  getConversationIDBySessionType: 1,
  getMultipleConversation: 1,
  deleteConversation: 1,
  setConversationDraft: 1,
  pinConversation: 1,
  getTotalUnreadMsgCount: 0,
  getConversationRecvMessageOpt: 1,
  setConversationRecvMessageOpt: 1,
  searchLocalMessages: 1,
  addFriend: 1,
  searchFriends: 1,
  getSpecifiedFriendsInfo: 1,
  getFriendApplicationListAsRecipient: 1,
  getFriendApplicationListAsApplicant: 1,
  getFriendApplicationUnhandledCount: 1,
  deleteFriendRequests: 1,
  getFriendList: 1,
  getFriendListPage: 1,
  updateFriends: 1,
  setFriendRemark: 1,
  pinFriends: 1,
  setFriendsEx: 1,
  checkFriend: 1,
  acceptFriendApplication: 1,
  refuseFriendApplication: 1,
  deleteFriend: 1,
  addBlack: 1,
  removeBlack: 1,
  getBlackList: 0,
  inviteUserToGroup: 1,
  kickGroupMember: 1,
  isJoinGroup: 1,
  getSpecifiedGroupMembersInfo: 1,
  getUsersInGroup: 1,
  getGroupMemberListByJoinTimeFilter: 1,
  searchGroupMembers: 1,
  setGroupApplyMemberFriend: 1,
  setGroupLookMemberInfo: 1,
  getJoinedGroupList: 0,
  getJoinedGroupListPage: 1,
  createGroup: 1,
  setGroupInfo: 1,
  setGroupMemberNickname: 1,
  setGroupMemberInfo: 1,
  joinGroup: 1,
  searchGroups: 1,
  quitGroup: 1,
  dismissGroup: 1,
  changeGroupMute: 1,
  changeGroupMemberMute: 1,
  transferGroupOwner: 1,
  getGroupApplicationListAsApplicant: 1,
  getGroupApplicationListAsRecipient: 1,
  getGroupApplicationUnhandledCount: 1,
  deleteGroupRequests: 1,
  acceptGroupApplication: 1,
  refuseGroupApplication: 1,
  resetConversationGroupAtType: 1,
  setGroupMemberRoleLevel: 1,
  setGroupVerification: 1,
  getGroupMemberOwnerAndAdmin: 1,
  setGlobalRecvMessageOpt: 1,
  findMessageList: 1,
  uploadFile: 1,
  subscribeUsersStatus: 1,
  unsubscribeUsersStatus: 1,
  getUserStatus: 0,
  getSubscribeUsersStatus: 0,
  signalingInvite: 1,
  signalingInviteInGroup: 1,
  signalingAccept: 1,
  signalingReject: 1,
  signalingCancel: 1,
  signalingHungUp: 1,
  signalingGetRoomByGroupID: 1,
  signalingGetTokenByRoomID: 1,
  getSignalingInvitationInfoStartApp: 0,
  signalingSendCustomSignal: 1,
  setConversationIsMsgDestruct: 1,
  setConversationMsgDestructTime: 1,
  createTargetedGroupMessage: 1,
  modifyMessage: 1,
  deleteMessages: 1,
  deleteUserAllMessagesInConv: 1,
  setConversationPinnedMsg: 1,
  getConversationPinnedMsg: 1,
  createMarkdownMessage: 1,
  createConversationGroup: 1,
  updateConversationGroup: 1,
  deleteConversationGroup: 1,
  getConversationGroups: 1,
  setConversationGroupOrder: 1,
  addConversationsToGroups: 1,
  removeConversationsFromGroups: 1,
  getConversationGroupIDsByConversationID: 1,
  getConversationGroupInfoWithConversations: 1,
  speechToText: 1,
  speechToTextCapabilities: 0,
  setMessageLocalContent: 1,
  fileMapSet: 2,
  exportDB: 0,
} as const;
