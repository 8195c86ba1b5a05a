// The enums of the official package (3.8.5) with their values.

/** How messages of a conversation are received. */
export enum MessageReceiveOptType {
  Normal = 0,
  NotReceive = 1,
  NotNotify = 2,
}

/** Who may apply for friendship (enterprise server). */
export enum AddFriendPermission {
  AddFriendAllowed = 0,
  AddFriendAllowedNoReview = 1,
  AddFriendDenied = 2,
}

/** A permission in a group. */
export enum AllowType {
  Allowed = 0,
  NotAllowed = 1,
}

/** Kinds of groups: there is one. */
export enum GroupType {
  Group = 2,
  WorkingGroup = 2,
}

/** How somebody came into a group. */
export enum GroupJoinSource {
  Invitation = 2,
  Search = 3,
  QrCode = 4,
}

/** Roles in a group. */
export enum GroupMemberRole {
  Normal = 20,
  Admin = 60,
  Owner = 100,
}

/** What it takes to get into a group. */
export enum GroupVerificationType {
  ApplyNeedInviteNot = 0,
  AllNeed = 1,
  AllNot = 2,
}

/** Where a message stands. */
export enum MessageStatus {
  Sending = 1,
  Succeed = 2,
  Failed = 3,
}

/** Kinds of devices. */
export enum Platform {
  iOS = 1,
  Android = 2,
  Windows = 3,
  MacOSX = 4,
  Web = 5,
  Linux = 7,
  AndroidPad = 8,
  iPad = 9,
  Harmony = 11,
}

/** How much is logged. */
export enum LogLevel {
  Verbose = 6,
  Debug = 5,
  Info = 4,
  Warn = 3,
  Error = 2,
  Fatal = 1,
  Panic = 0,
}

/** What became of an application. */
export enum ApplicationHandleResult {
  Unprocessed = 0,
  Agree = 1,
  Reject = -1,
}

/** Content types of messages. */
export enum MessageType {
  TextMessage = 101,
  PictureMessage = 102,
  VoiceMessage = 103,
  VideoMessage = 104,
  FileMessage = 105,
  AtTextMessage = 106,
  MergeMessage = 107,
  CardMessage = 108,
  LocationMessage = 109,
  CustomMessage = 110,
  TypingMessage = 113,
  QuoteMessage = 114,
  FaceMessage = 115,
  MarkdownMessage = 118,
  StreamMessage = 143,
  FriendAdded = 1201,
  OANotification = 1400,
  GroupCreated = 1501,
  GroupInfoUpdated = 1502,
  MemberQuit = 1504,
  GroupOwnerTransferred = 1507,
  MemberKicked = 1508,
  MemberInvited = 1509,
  MemberEnter = 1510,
  GroupDismissed = 1511,
  GroupMemberMuted = 1512,
  GroupMemberCancelMuted = 1513,
  GroupMuted = 1514,
  GroupCancelMuted = 1515,
  GroupAnnouncementUpdated = 1519,
  GroupNameUpdated = 1520,
  BurnMessageChange = 1701,
  RevokeMessage = 2101,
  MsgPinned = 2400,
}

/** Kinds of conversations. */
export enum SessionType {
  Single = 1,
  Group = 3,
  WorkingGroup = 3,
  Notification = 4,
}

/** States of a group. */
export enum GroupStatus {
  Normal = 0,
  Banned = 1,
  Dismissed = 2,
  Muted = 3,
}

/** Whether the user is named in unread messages of a group. */
export enum GroupAtType {
  AtNormal = 0,
  AtMe = 1,
  AtAll = 2,
  AtAllAtMe = 3,
  AtGroupNotice = 4,
}

/** Which members to list. */
export enum GroupMemberFilter {
  All = 0,
  Owner = 1,
  Admin = 2,
  Normal = 3,
  AdminAndNormal = 4,
  AdminAndOwner = 5,
}

/** How somebody stands to the user. */
export enum Relationship {
  isBlack = 0,
  isFriend = 1,
}

/** Whether somebody is logged in. */
export enum LoginStatus {
  Logout = 1,
  Logging = 2,
  Logged = 3,
}

/** Whether somebody is online. */
export enum OnlineState {
  Online = 1,
  Offline = 0,
}

/** Which readers to list (enterprise server). */
export enum GroupMessageReaderFilter {
  Read = 0,
  UnRead = 1,
}

/** What history is read for. */
export enum ViewType {
  History = 0,
  Search = 1,
}

/** Kinds of conversation folders (enterprise server). */
export enum ConversationGroupType {
  ConversationGroupTypeNormal = 0,
  ConversationGroupTypeFilter = 1,
  ConversationGroupTypeAll = 2,
}
