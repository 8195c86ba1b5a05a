// An application as it is written for the official package: its types, its enums, its events, many of its methods.
// It is compiled against the official declarations and against ours; only where the import leads is changed.
import {
  ApplicationHandleResult, CbEvents, getSDK, GroupAtType, GroupMemberFilter, GroupMemberRole, GroupType,
  GroupVerificationType, LoginStatus, LogLevel, MessageReceiveOptType, MessageStatus, MessageType, OnlineState, Platform,
  SessionType, ViewType,
} from '@openim/wasm-client-sdk';
import type {
  AccessGroupApplicationParams, AdvancedGetMessageResult, AtMsgParams, CardElem, DataOfEvent, EventDataMap, InitAndLoginConfig,
  OfflinePush, PicBaseInfo, SearchLocalParams, SearchMessageResult, SendMsgParams, WasmPathConfig, WSEvent, WsResponse,
} from '@openim/wasm-client-sdk';
import type {
  ConversationItem, FriendApplicationItem, FriendUserItem, GroupApplicationItem, GroupItem, GroupMemberItem, MessageItem,
  ReceiptInfo, RevokedInfo, SelfUserInfo, UserOnlineState,
} from '@openim/wasm-client-sdk/lib/types/entity';
import { MessageType as DeepMessageType } from '@openim/wasm-client-sdk/lib/types/enum';
import type { UploadFileParams } from '@openim/wasm-client-sdk/lib/types/params';

const paths: WasmPathConfig = { coreWasmPath: './openIM.wasm', sqlWasmPath: '/sql-wasm.wasm', debug: false };
const IMSDK = getSDK(paths);
type SDK = typeof IMSDK;

interface Store {
  self?: SelfUserInfo;
  conversations: ConversationItem[];
  current?: ConversationItem;
  messages: MessageItem[];
  friends: FriendUserItem[];
  groups: GroupItem[];
  members: Record<string, GroupMemberItem[]>;
  applications: (FriendApplicationItem | GroupApplicationItem)[];
  online: Map<string, UserOnlineState>;
  unread: number;
  progress: Record<string, number>;
}

const store: Store = {
  conversations: [], messages: [], friends: [], groups: [], members: {}, applications: [], online: new Map(), unread: 0,
  progress: {},
};

interface Failure {
  errCode: number;
  errMsg: string;
}
const isFailure = (error: unknown): error is Failure => typeof error === 'object' && error !== null && 'errCode' in error;

/** Listeners, typed by the event. */
function listen<E extends CbEvents>(event: E, handler: (data: DataOfEvent<E>) => void): () => void {
  const listener = (told: WSEvent<DataOfEvent<E>>) => {
    if (told.errCode) console.warn(told.event, told.errMsg, told.operationID);
    handler(told.data);
  };
  IMSDK.on(event, listener);
  return () => void IMSDK.off(event, listener);
}

const sortConversations = (list: ConversationItem[]): ConversationItem[] =>
  [...list].sort((a, b) => {
    if (a.isPinned !== b.isPinned) return a.isPinned ? -1 : 1;
    const time = ({ latestMsgSendTime, draftTextTime }: ConversationItem) => Math.max(latestMsgSendTime, draftTextTime);
    return time(b) - time(a);
  });

function mergeConversations(changed: ConversationItem[]): void {
  const ids = new Set(changed.map(({ conversationID }) => conversationID));
  store.conversations = sortConversations([...store.conversations.filter((c) => !ids.has(c.conversationID)), ...changed]);
}

function inCurrent(message: MessageItem): boolean {
  const current = store.current;
  if (!current) return false;
  switch (message.sessionType) {
    case SessionType.Single:
      return message.sendID === current.userID || (message.sendID === store.self?.userID && message.recvID === current.userID);
    case SessionType.Group:
      return message.groupID === current.groupID;
    default:
      return false;
  }
}

const stops: (() => void)[] = [];
export function start(): void {
  const newMessages = ({ data }: WSEvent<MessageItem[]>) => {
    store.messages.push(...data.filter((message) => message.contentType !== MessageType.TypingMessage && inCurrent(message)));
  };
  IMSDK.on(CbEvents.OnRecvNewMessages, newMessages);
  stops.push(() => void IMSDK.off(CbEvents.OnRecvNewMessages, newMessages));
  stops.push(
    listen(CbEvents.OnConversationChanged, mergeConversations),
    listen(CbEvents.OnNewConversation, mergeConversations),
    listen(CbEvents.OnTotalUnreadMessageCountChanged, (count: number) => (store.unread = count)),
    listen(CbEvents.OnRecvC2CReadReceipt, (receipts: ReceiptInfo[]) => {
      const read = new Set(receipts.flatMap(({ msgIDList }) => msgIDList ?? []));
      for (const message of store.messages) if (read.has(message.clientMsgID)) message.isRead = true;
    }),
    listen(CbEvents.OnNewRecvMessageRevoked, ({ clientMsgID, revokerNickname, revokeTime }: RevokedInfo) => {
      const message = store.messages.find((m) => m.clientMsgID === clientMsgID);
      if (message) Object.assign(message, { contentType: MessageType.RevokeMessage, ex: `${revokerNickname} ${revokeTime}` });
    }),
    listen(CbEvents.OnFriendApplicationAdded, (item) => void store.applications.push(item)),
    listen(CbEvents.OnFriendAdded, (friend) => void store.friends.push(friend)),
    listen(CbEvents.OnFriendDeleted, ({ userID }) => (store.friends = store.friends.filter((f) => f.userID !== userID))),
    listen(CbEvents.OnGroupApplicationAdded, (item) => {
      if (item.handleResult === ApplicationHandleResult.Unprocessed) store.applications.push(item);
    }),
    listen(CbEvents.OnJoinedGroupAdded, (group) => void store.groups.push(group)),
    listen(CbEvents.OnGroupMemberInfoChanged, (member) => {
      const list = store.members[member.groupID] ?? [];
      store.members[member.groupID] = list.map((m) => (m.userID === member.userID ? member : m));
    }),
    listen(CbEvents.OnSelfInfoUpdated, (self) => (store.self = self)),
    listen(CbEvents.OnUserStatusChanged, (state) => void store.online.set(state.userID, state)),
    listen(CbEvents.OnProgress, ({ clientMsgID, progress }) => (store.progress[clientMsgID] = progress)),
    listen(CbEvents.UploadComplete, ({ uuid, streamSize, fileSize }) => (store.progress[uuid] = streamSize / fileSize)),
    listen(CbEvents.OnConversationUserInputStatusChanged, ({ userID, platformIDs }) => console.log(userID, platformIDs?.length)),
    listen(CbEvents.OnSyncServerProgress, (percent) => console.log(`${percent.toFixed()} %`)),
  );
  for (const event of [CbEvents.OnConnecting, CbEvents.OnConnectFailed, CbEvents.OnKickedOffline] as const) {
    IMSDK.on(event, ({ event: name, errMsg }) => console.log(name, errMsg));
  }
}

export async function login(userID: string, token: string): Promise<boolean> {
  const config: InitAndLoginConfig = {
    userID, token, platformID: Platform.Web, apiAddr: 'https://im.example.com/api', wsAddr: 'wss://im.example.com/msg_gateway',
    logLevel: LogLevel.Warn, isLogStandardOutput: false, tryParse: true,
  };
  try {
    await IMSDK.login(config);
  } catch (error) {
    if (isFailure(error) && error.errCode === 10102) return true;
    throw error;
  }
  const { data: status } = await IMSDK.getLoginStatus();
  store.self = (await IMSDK.getSelfUserInfo()).data;
  return status === LoginStatus.Logged;
}

export async function load(): Promise<void> {
  const [conversations, friends, groups, unread] = await Promise.all([
    IMSDK.getAllConversationList(), IMSDK.getFriendList(true), IMSDK.getJoinedGroupList(), IMSDK.getTotalUnreadMsgCount(),
  ]);
  Object.assign(store, { conversations: conversations.data, friends: friends.data, groups: groups.data, unread: unread.data });
  const states: WsResponse<UserOnlineState[]> = await IMSDK.subscribeUsersStatus(store.friends.map(({ userID }) => userID));
  for (const state of states.data) if (state.status === OnlineState.Online) store.online.set(state.userID, state);
}

export async function openConversation(item: ConversationItem): Promise<AdvancedGetMessageResult> {
  store.current = item;
  const { conversationID } = item;
  if (item.unreadCount > 0) await IMSDK.markConversationMessageAsRead<string>(conversationID);
  if (item.groupAtType !== GroupAtType.AtNormal) {
    await IMSDK.setConversation({ conversationID, groupAtType: GroupAtType.AtNormal });
  }
  const page = { conversationID, startClientMsgID: '', count: 20, viewType: ViewType.History };
  const { data } = await IMSDK.getAdvancedHistoryMessageList(page);
  store.messages = data.messageList.filter(({ status }) => status !== MessageStatus.Failed);
  const latest: MessageItem | undefined = item.latestMsg ? JSON.parse(item.latestMsg) : undefined;
  if (latest?.contentType === DeepMessageType.TextMessage) console.log(latest.textElem?.content);
  return data;
}

const push: OfflinePush = { title: 'New', desc: '', ex: '', iOSPushSound: 'default', iOSBadgeCount: true };
async function deliver(message: MessageItem, more: Partial<SendMsgParams> = {}): Promise<MessageItem> {
  const { userID = '', groupID = '' } = store.current ?? {};
  store.messages.push(message);
  const { data } = await IMSDK.sendMessage({ recvID: userID, groupID, message, offlinePushInfo: push, ...more });
  return data;
}

const picture = (file: File, url = ''): PicBaseInfo =>
  ({ uuid: crypto.randomUUID(), type: file.type, size: file.size, width: 100, height: 100, url });
export const send = {
  text: async (text: string) => deliver((await IMSDK.createTextMessage(text)).data),
  at: async (params: AtMsgParams) => deliver((await IMSDK.createTextAtMessage(params)).data),
  card: async (card: CardElem) => deliver((await IMSDK.createCardMessage(card)).data),
  quote: async (text: string, source: MessageItem) =>
    deliver((await IMSDK.createQuoteMessage({ text, message: JSON.stringify(source) })).data),
  merge: async (messageList: MessageItem[]) =>
    deliver((await IMSDK.createMergerMessage({ messageList, title: 'Chat', summaryList: messageList.map((m) => m.senderNickname) })).data),
  image: async (file: File) => deliver((await IMSDK.createImageMessageByFile({
    sourcePicture: picture(file), bigPicture: picture(file), snapshotPicture: picture(file), sourcePath: '', file,
  })).data),
  custom: async (data: object) =>
    deliver((await IMSDK.createCustomMessage({ data: JSON.stringify(data), extension: '', description: '' })).data, { isOnlineOnly: true }),
};

export async function createGroup(groupName: string, memberUserIDs: string[]): Promise<GroupItem> {
  const groupInfo: Partial<GroupItem> = { groupName, groupType: GroupType.WorkingGroup, needVerification: GroupVerificationType.AllNot };
  const { data: group } = await IMSDK.createGroup({ memberUserIDs, groupInfo, adminUserIDs: [] });
  const { data: members } = await IMSDK.getGroupMemberList({ groupID: group.groupID, filter: GroupMemberFilter.All, offset: 0, count: 50 });
  store.members[group.groupID] = members;
  const first = members.find(({ roleLevel }) => roleLevel === GroupMemberRole.Normal);
  if (first) await IMSDK.setGroupMemberInfo({ groupID: group.groupID, userID: first.userID, roleLevel: GroupMemberRole.Admin });
  return group;
}

export const answer = (accept: boolean, params: AccessGroupApplicationParams) =>
  accept ? IMSDK.acceptGroupApplication(params) : IMSDK.refuseGroupApplication(params);

export async function search(word: string): Promise<SearchMessageResult> {
  const params: SearchLocalParams = { conversationID: '', keywordList: [word], messageTypeList: [MessageType.TextMessage, MessageType.FileMessage] };
  return (await IMSDK.searchLocalMessages(params)).data;
}

export const upload = (params: UploadFileParams): Promise<string> => IMSDK.uploadFile(params).then(({ data }) => data.url);
export const mute = (conversationID: string) =>
  IMSDK.setConversation<void>({ conversationID, recvMsgOpt: MessageReceiveOptType.NotNotify });
export type Progress = EventDataMap[CbEvents.OnProgress];
export type Names = keyof SDK;

export async function stop(): Promise<void> {
  for (const end of stops.splice(0)) end();
  await IMSDK.logout();
}
