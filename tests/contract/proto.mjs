// The gateway's protobuf messages: names and numbers of their fields. A name with `[]` is repeated, one with `{}` a map
// by text.
import protobuf from 'protobufjs';

const PULLED = { 'msgs{}': [1, 'PullMsgs'], 'notificationMsgs{}': [2, 'PullMsgs'] };
const MESSAGES = {
  MsgData: {
    sendID: [1, 'string'], recvID: [2, 'string'], groupID: [3, 'string'], clientMsgID: [4, 'string'],
    serverMsgID: [5, 'string'], senderPlatformID: [6, 'int32'], senderNickname: [7, 'string'],
    senderFaceURL: [8, 'string'], sessionType: [9, 'int32'], msgFrom: [10, 'int32'], contentType: [11, 'int32'],
    content: [12, 'bytes'], seq: [14, 'int64'], sendTime: [15, 'int64'], createTime: [16, 'int64'],
    status: [17, 'int32'], isRead: [18, 'bool'], 'options{}': [19, 'bool'],
    offlinePushInfo: [20, 'OfflinePushInfo'], 'atUserIDList[]': [21, 'string'], attachedInfo: [22, 'string'],
    ex: [23, 'string'],
  },
  OfflinePushInfo: {
    title: [1, 'string'], desc: [2, 'string'], ex: [3, 'string'], iOSPushSound: [4, 'string'],
    iOSBadgeCount: [5, 'bool'], signalInfo: [6, 'string'],
  },
  PullMsgs: { 'Msgs[]': [1, 'MsgData'], isEnd: [2, 'bool'], endSeq: [3, 'int64'] },
  PushMessages: PULLED,
  GetMaxSeqReq: { userID: [1, 'string'] },
  GetMaxSeqResp: { 'maxSeqs{}': [1, 'int64'], 'minSeqs{}': [2, 'int64'] },
  PullMessageBySeqsReq: { userID: [1, 'string'], 'seqRanges[]': [2, 'SeqRange'], order: [3, 'int32'] },
  SeqRange: { conversationID: [1, 'string'], begin: [2, 'int64'], end: [3, 'int64'], num: [4, 'int64'] },
  PullMessageBySeqsResp: PULLED,
  SendMsgResp: {
    serverMsgID: [1, 'string'], clientMsgID: [2, 'string'], sendTime: [3, 'int64'], modify: [4, 'MsgData'],
  },
  GetSeqMessageReq: { userID: [1, 'string'], 'conversations[]': [2, 'ConversationSeqs'], order: [3, 'int32'] },
  ConversationSeqs: { conversationID: [2, 'string'], 'seqs[]': [3, 'int64'] },
  HasReadAndMaxSeqReq: { userID: [1, 'string'], 'conversationIDs[]': [2, 'string'], returnPinned: [3, 'bool'] },
  HasReadAndMaxSeqResp: { 'seqs{}': [1, 'Seqs'], 'pinnedConversationIDs[]': [2, 'string'] },
  Seqs: { maxSeq: [1, 'int64'], hasReadSeq: [2, 'int64'], maxSeqTime: [3, 'int64'] },
  GetLastMessageReq: { userID: [1, 'string'], 'conversationIDs[]': [2, 'string'] },
  GetLastMessageResp: { 'msgs{}': [1, 'MsgData'] },
  DelUserPushTokenReq: { userID: [1, 'string'], platformID: [2, 'int32'] },
  SetAppBackgroundStatusReq: { userID: [1, 'string'], isBackground: [2, 'bool'] },
  SubUserOnlineStatus: { 'subscribeUserID[]': [1, 'string'], 'unsubscribeUserID[]': [2, 'string'] },
  SubUserOnlineStatusTips: { 'subscribers[]': [1, 'SubUserOnlineStatusElem'] },
  SubUserOnlineStatusElem: { userID: [1, 'string'], 'onlinePlatformIDs[]': [2, 'int32'] },
};

const REQUESTS = {
  1001: 'GetMaxSeqReq', 1002: 'PullMessageBySeqsReq', 1003: 'MsgData', 1005: 'GetSeqMessageReq',
  1006: 'HasReadAndMaxSeqReq', 1007: 'GetLastMessageReq', 2003: 'DelUserPushTokenReq',
  2004: 'SetAppBackgroundStatusReq', 2005: 'SubUserOnlineStatus',
};
const ANSWERS = {
  1001: 'GetMaxSeqResp', 1002: 'PullMessageBySeqsResp', 1003: 'SendMsgResp', 1005: 'PullMessageBySeqsResp',
  1006: 'HasReadAndMaxSeqResp', 1007: 'GetLastMessageResp', 2001: 'PushMessages', 2005: 'SubUserOnlineStatusTips',
};

function described(name) {
  const type = new protobuf.Type(name);
  for (const [key, [number, kind]] of Object.entries(MESSAGES[name])) {
    const [field, mark] = key.split(/(\[\]|\{\})/);
    if (mark === '{}') type.add(new protobuf.MapField(field, number, 'string', kind));
    else type.add(new protobuf.Field(field, number, kind, mark ? 'repeated' : undefined));
  }
  return type;
}

const root = new protobuf.Root();
for (const name of Object.keys(MESSAGES)) root.add(described(name));
root.resolveAll();

/** The bytes of a request's data; `undefined` values are left out. */
export function encoded(identifier, value) {
  const type = root.lookupType(REQUESTS[identifier]);
  return Buffer.from(type.encode(type.fromObject(value)).finish());
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** JSON in bytes, or in text inside of that, as `{$json: value}`: what is text and what is structure stays apart. */
function content(base64) {
  const text = Buffer.from(base64, 'base64').toString();
  const value = parsed(text);
  if (typeof value?.detail === 'string') {
    const detail = parsed(value.detail);
    if (detail) value.detail = { $json: detail };
  }
  return value === undefined ? text : { $json: value };
}

function readable(value) {
  if (Array.isArray(value)) return value.map(readable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) =>
    [key, key === 'content' && typeof inner === 'string' ? content(inner) : readable(inner)]));
}

/** The fields that are set in an answer's or a push's data. Data of other frames in hexadecimal. */
export function decoded(identifier, bytes) {
  if (!ANSWERS[identifier]) return bytes.toString('hex');
  const type = root.lookupType(ANSWERS[identifier]);
  return readable(type.toObject(type.decode(bytes), { longs: Number, bytes: String, enums: Number }));
}
