// Types of the official package (3.8.5) that no Rust type of this SDK prints yet, so that
// applications written for it compile. A type moves from here to api.ts when the SDK gets it.

import type {
  CbEvents,
  ConversationItem,
  FriendApplicationItem,
  FriendUserItem,
  GroupApplicationItem,
  GroupItem,
  GroupMemberItem,
  MessageItem,
  OfflinePush,
  OwnEventDataMap,
  PicBaseInfo,
  PublicUserItem,
  SelfUserInfo,
} from './api.js';
import type {
  AllowType,
  ConversationGroupType,
  GroupJoinSource,
  GroupMemberRole,
  GroupMessageReaderFilter,
  GroupVerificationType,
  LogLevel,
  MessageType,
  Platform,
  Relationship,
  SessionType,
  ViewType,
} from './enums.js';

// Envelopes and entities.

/** An event as listeners get it. */
export type WSEvent<T = unknown> = {
  event: CbEvents;
  data: T;
  errCode: number;
  errMsg: string;
  operationID: string;
};

/** What a method resolves with. `errCode` and `errMsg` are only set on rejections. */
export type WsResponse<T = string> = {
  event: string;
  errCode: number;
  errMsg: string;
  data: T;
  operationID: string;
};

/** Settings of the official core; not used here. */
export type IMConfig = {
  platformID: Platform;
  apiAddr: string;
  wsAddr: string;
  dataDir: string;
  logLevel: LogLevel;
  isLogStandardOutput: boolean;
  logFilePath: string;
  isExternalExtensions: boolean;
};

/** A profile of which only the ID is certain. */
export type PartialUserInfo = { userID: string } & Partial<Omit<SelfUserInfo, 'userID'>>;

/** A friend found by `searchFriends`. */
export type SearchedFriendsInfo = FriendUserItem & { relationship: Relationship };

/** How far the media of a message is uploaded. */
export type UploadProgress = { total: number; save: number; current: number };

/** A picture in one resolution. */
export type Picture = PicBaseInfo;

/** JSON inside `notificationElem.detail` of a revoked message (content type 2101). */
export type AdvancedRevokeContent = {
  clientMsgID: string;
  revokeTime: number;
  revokerID: string;
  revokerNickname: string;
  revokerRole: number;
  seq: number;
  sessionType: SessionType;
  sourceMessageSendID: string;
  sourceMessageSendTime: number;
  sourceMessageSenderNickname: string;
};

// Entities that only the enterprise server has.

/** How often a message was changed (enterprise server). */
export type ModifiedInfo = { modifiedCount: number; modifiedTime: number; userID: string };

/** Element of a message that grows while it is written (enterprise server). */
export type StreamElem = { content: string; type: string; packets: string[]; end: boolean };

/** A voice message as text (enterprise server). */
export type SoundTextElem = { text: string; translate: Record<string, string> };

/** An audio or video call (enterprise server). */
export type RtcInvite = {
  inviterUserID: string;
  inviteeUserIDList: string[];
  customData?: string;
  groupID: string;
  roomID: string;
  timeout: number;
  mediaType: string;
  sessionType: SessionType;
  platformID: Platform;
  initiateTime?: number;
  busyLineUserIDList?: string[];
};

export type GroupMessageReceiptInfo = {
  conversationID: string;
  groupMessageReadInfo: GroupMessageReadInfo[];
};

export type GroupMessageReadInfo = {
  clientMsgID: string;
  hasReadCount: number;
  unreadCount: number;
  readMembers: GroupMemberItem[];
};

export type RtcInviteResults = {
  liveURL: string;
  roomID: string;
  token: string;
  busyLineUserIDList?: string[];
};

export type ParticipantInfo = {
  userInfo: PublicUserItem;
  groupMemberInfo?: GroupMemberItem;
  groupInfo?: GroupItem;
};

export type CallingRoomData = {
  participant?: ParticipantInfo[];
  invitation?: RtcInvite;
  roomID: string;
};

export type PinnedMessageDetail = { pinnedTime: number; userID: string; msg: MessageItem };

export type PinnedMessageChangeData = { conversationID: string; msgs: PinnedMessageDetail[] };

/** A folder of conversations (enterprise server). */
export type ConversationGroup = {
  conversationGroupID: string;
  name: string;
  serial: number;
  version: number;
  ex?: string;
  conversationGroupType: ConversationGroupType;
  hidden: boolean;
  unreadCount: number;
  conversationIDs: string[];
};

export type GetConversationGroupInfoWithConversationsResp = {
  group: ConversationGroup;
  conversationTotal: number;
  conversationElems: ConversationItem[];
};

export type SpeechToTextCapabilities = {
  format: string[];
  sampleRateHz: number;
  maxRecordTimeMs: number;
  maxFileSize: number;
  provider: string;
};

export type ConversationGroupMemberChangedCallbackData = {
  group: ConversationGroup;
  conversationIDs: string[];
  conversations: ConversationItem[];
};

// Parameters of methods that are tables in Rust, without a type of their own there.

/** Options of `getSDK`. The paths are accepted for the official SDK’s sake: the engine is found without them. */
export type WasmPathConfig = { coreWasmPath?: string; sqlWasmPath?: string; debug?: boolean };

export type SendGroupReadReceiptParams = { conversationID: string; clientMsgIDList: string[] };

export type GetGroupMessageReaderParams = {
  conversationID: string;
  clientMsgID: string;
  filter: GroupMessageReaderFilter;
  offset: number;
  count: number;
};

export type VideoMsgParamsByFullPath = {
  videoFullPath: string;
  videoType: string;
  duration: number;
  snapshotFullPath: string;
};

export type JoinGroupParams = {
  groupID: string;
  reqMsg: string;
  joinSource: GroupJoinSource;
  ex?: string;
};

export type SearchGroupParams = {
  keywordList: string[];
  isSearchGroupID: boolean;
  isSearchGroupName: boolean;
};

export type ChangeGroupMuteParams = {
  groupID: string;
  isMute: boolean;
  muteBypassUserIDs?: string[];
};

export type ChangeGroupMemberMuteParams = {
  groupID: string;
  userID: string;
  mutedSeconds: number;
};

export type TransferGroupParams = { groupID: string; newOwnerUserID: string };

export type AccessGroupApplicationParams = {
  groupID: string;
  fromUserID: string;
  handleMsg: string;
};

export type SetGroupRoleParams = {
  groupID: string;
  userID: string;
  roleLevel: GroupMemberRole;
};

export type SetGroupVerificationParams = {
  verification: GroupVerificationType;
  groupID: string;
};

export type FileMsgParamsByFullPath = { fileFullPath: string; fileName: string };

export type SoundMsgParamsByFullPath = { soundPath: string; duration: number };

export type AddFriendParams = { toUserID: string; reqMsg: string };

export type SearchFriendParams = {
  keywordList: string[];
  isSearchUserID: boolean;
  isSearchNickname: boolean;
  isSearchRemark: boolean;
};

export type UpdateFriendsParams = {
  friendUserIDs: string[];
  isPinned?: boolean;
  remark?: string;
  ex?: string;
};

export type RemarkFriendParams = { toUserID: string; remark: string };

export type PinFriendParams = { toUserIDs: string[]; isPinned: boolean };

export type SetFriendExParams = { toUserIDs: string[]; ex: string };

export type AccessFriendApplicationParams = { toUserID: string; handleMsg: string };

export type AddBlackParams = { toUserID: string; ex?: string };

/** Some users of a group. */
export type AccessToGroupParams = { groupID: string; reason: string; userIDList: string[] };

export type GetGroupMemberByTimeParams = {
  groupID: string;
  filterUserIDList: string[];
  offset: number;
  count: number;
  joinTimeBegin: number;
  joinTimeEnd: number;
};

export type SearchGroupMemberParams = {
  groupID: string;
  keywordList: string[];
  isSearchUserID: boolean;
  isSearchMemberNickname: boolean;
  offset: number;
  count: number;
};

export type SetMemberPermissionParams = { rule: AllowType; groupID: string };

/** A page of a list. */
export type OffsetParams = { offset: number; count: number };

export type CreateGroupParams = {
  memberUserIDs: string[];
  groupInfo: Partial<GroupItem>;
  adminUserIDs?: string[];
  ownerUserID?: string;
};

export type SetGroupMemberNickParams = {
  groupID: string;
  userID: string;
  groupMemberNickname: string;
};

export type UpdateMemberInfoParams = {
  groupID: string;
  userID: string;
  nickname?: string;
  faceURL?: string;
  roleLevel?: GroupMemberRole;
  ex?: string;
};

/** What of the own profile to change. */
export type PartialUserItem = Partial<SelfUserInfo>;

export type SignalingInviteParams = { invitation: RtcInvite; offlinePushInfo?: OfflinePush };

export type RtcActionParams = { opUserID: string; invitation: RtcInvite };

export type CustomSignalParams = { roomID: string; customInfo: string };

export type CreateTargetedGroupMessageParams = { message: MessageItem; dstUserIDs: string[] };

export type ModifyMessageParams = { message: MessageItem; conversationID: string };

export type GetGroupApplicationListParams = {
  groupID: string[];
  handleResults: number[];
  offset: number;
  count: number;
};

export type GetFriendApplicationListAsRecipientParams = {
  handleResults: number[];
  offset: number;
  count: number;
};

export type GetFriendApplicationListAsApplicationParams = { offset: number; count: number };

export type GetFriendApplicationUnhandledCountParams = { time: number };

export type GetSelfUnhandledApplyCountParams = { time: number };

export type SetConversationPinnedMsgParams = {
  conversationID: string;
  clientMsgID: string;
  pinned: boolean;
};

export type DeleteUserMsgInConvParams = { conversationID: string; userID: string };

export type CreateConversationGroupReq = {
  name: string;
  order?: number;
  ex?: string;
  conversationID?: string;
  conversationGroupType?: ConversationGroupType;
};

export type UpdateConversationGroupReq = {
  conversationGroupID: string;
  name?: string;
  ex?: string;
  hidden?: boolean;
};

export type GetConversationGroupInfoWithConversationsReq = {
  conversationGroupID: string;
  pagination: { pageNumber: number; showNumber: number };
};

export type SetConversationGroupOrderReq = { conversationGroupID: string; order: number };

export type AddConversationsToGroupParams = {
  conversationIDs: string[];
  conversationGroupIDs: string[];
};

export type RemoveConversationsFromGroupParams = {
  conversationIDs: string[];
  conversationGroupIDs: string[];
};

export type SpeechToTextParams = { filename: string; data: string | ArrayBuffer };

/** Data of events that this SDK does not raise (yet). */
export interface OtherEventDataMap {
  [CbEvents.OnDeleteUserAllMsgsInConv]: { conversationID: string; userID: string };
  [CbEvents.OnRecvNewMessage]: MessageItem;
  [CbEvents.OnMessageModified]: MessageItem;
  [CbEvents.OnChangedPinnedMsg]: PinnedMessageChangeData;
  [CbEvents.OnRecvOnlineOnlyMessage]: MessageItem;
  [CbEvents.OnRecvOfflineNewMessage]: MessageItem;
  [CbEvents.OnRecvOnlineOnlyMessages]: MessageItem[];
  [CbEvents.OnRecvGroupReadReceipt]: GroupMessageReceiptInfo;
  [CbEvents.OnFriendApplicationDeleted]: FriendApplicationItem;
  [CbEvents.OnGroupApplicationDeleted]: GroupApplicationItem;
  [CbEvents.OnConversationGroupAdded]: ConversationGroup[];
  [CbEvents.OnConversationGroupDeleted]: ConversationGroup[];
  [CbEvents.OnConversationGroupChanged]: ConversationGroup[];
  [CbEvents.OnConversationGroupMemberAdded]: ConversationGroupMemberChangedCallbackData;
  [CbEvents.OnConversationGroupMemberDeleted]: ConversationGroupMemberChangedCallbackData;
}

/** What listeners get as `data`, by event. */
export interface EventDataMap extends OwnEventDataMap, OtherEventDataMap {}

/** What listeners of one event get as `data`. */
export type DataOfEvent<E extends CbEvents> = E extends keyof EventDataMap ? EventDataMap[E] : never;
