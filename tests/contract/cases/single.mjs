// A single chat: what is sent with which fields, what is pulled with which ranges, what blocks and mutes do.
import { sleep } from '../connection.mjs';
import { ANEW, bytes, chatOf, noticesOf, PAGE, range, serviceOf, single } from './requests.mjs';

const STORED_MS = 600;
const ALL_OFF = {
  history: false, persistent: false, senderSync: false, conversationUpdate: false, senderConversationUpdate: false,
  unreadCount: false, offlinePush: false,
};
const EVERYTHING = {
  ex: 'EX', attachedInfo: '{"x":1}', isRead: true, status: 1, seq: 77, serverMsgID: 'mine',
  offlinePushInfo: { title: 't', desc: 'd', ex: 'e', iOSPushSound: 's', iOSBadgeCount: true, signalInfo: 'i' },
};

async function first(t, { ann, bob, A, B, send }) {
  await t.step('1001 nothing', () => A.ask(1001, { userID: ann }));
  await t.step('1006 nothing', () => A.ask(1006, { userID: ann, conversationIDs: [] }));
  await t.step('first text', () => send('one', { clientMsgID: t.id('k1') }));
  await t.answer('incremental conversations after', () =>
    t.as(ann, '/conversation/get_incremental_conversations', { userID: ann, ...ANEW }));
  await t.answer('all conversations of b', () =>
    t.as(bob, '/conversation/get_all_conversations', { ownerUserID: bob }));
  await t.step('same clientMsgID again', () => send('one', { clientMsgID: t.id('k1') }));
  await t.step('answer', () => B.ask(1003, single(bob, ann, 'two')));
}

async function fields(t, { ann, bob, A, send }) {
  await t.step('options absent, no nick', () =>
    send('three', { options: undefined, senderNickname: undefined, senderFaceURL: undefined }));
  await t.step('all fields', () => send('four', { ...EVERYTHING, atUserIDList: [bob] }));
  await t.step('status 2', () => send('st2', { status: 2 }));
  await t.step('status 3', () => send('st3', { status: 3 }));
  await t.step('groupID set in single', () => send('grp', { groupID: 'zz' }));
  await t.step('custom 110', () =>
    send('', { contentType: 110, content: bytes({ data: 'x', extension: '', description: '' }) }));
  await t.step('unknown contentType 9999', () => send('', { contentType: 9999 }));
  await t.step('contentType 0', () => send('', { contentType: 0 }));
  await t.step('content not json', () => send('', { content: bytes('hello') }));
  await t.step('content empty', () => send('', { content: Buffer.alloc(0) }));
  await t.step('content {}', () => send('', { content: bytes('{}') }));
  await t.step('clientMsgID empty', () => send('noid', { clientMsgID: '' }));
  const to = (from, user) => A.ask(1003, single(from, user, 'x'));
  await t.step('recvID empty', () => to(ann, ''));
  await t.step('recvID unknown', () => to(ann, t.id('nobody')));
  await t.step('sendID other', () => to(bob, ann));
  await t.step('sendID empty', () => to('', bob));
  await t.step('sessionType 0', () => send('x', { sessionType: 0 }));
  await t.step('sessionType 2', () => send('x', { sessionType: 2 }));
  await t.step('sessionType 4 with text', () => send('x', { sessionType: 4 }));
  await t.step('sessionType 1 with 1400', () => send('x', { contentType: 1400 }));
  await t.step('sessionType 4 with 1400', () =>
    send('x', { sessionType: 4, contentType: 1400, content: bytes({ notificationName: 'n', text: 't' }) }));
  await t.step('to oneself', () => A.ask(1003, single(ann, ann, 'self')));
  await t.step('future sendTime', () => send('fut', { sendTime: 4102444800000 }));
  await t.step('past sendTime', () => send('past', { sendTime: 1000 }));
  await t.step('createTime 0', () => send('ct0', { createTime: 0 }));
}

async function options(t, { send }) {
  const typing = (options) => send('', { contentType: 113, content: bytes({ msgTips: 'yes' }), options });
  await t.step('typing all off', () => typing(ALL_OFF));
  await t.step('typing without options', () => typing(undefined));
  await t.step('typing with one option', () => typing({ offlinePush: false }));
  await t.step('history off', () => send('hist', { options: { history: false } }));
  await t.step('persistent off', () => send('pers', { options: { persistent: false } }));
  await t.step('senderSync off', () => send('nosync', { options: { senderSync: false } }));
  await t.step('unreadCount off', () => send('noun', { options: { unreadCount: false } }));
  await t.step('isNotNotification off', () => send('asnotif', { options: { isNotNotification: false } }));
  await t.step('unknown option', () => send('opt', { options: { zzz: true, history: true } }));
  await t.step('msgFrom 0', () => send('mf', { msgFrom: 0 }));
  await t.step('contentType 2101 by user', () => send('x', { contentType: 2101 }));
  await t.step('contentType 1201 by user', () => send('x', { contentType: 1201 }));
}

async function positions(t, { ann, bob, chat, A, B }) {
  await t.step('1001', () => A.ask(1001, { userID: ann }));
  await t.step('1001 bob', () => B.ask(1001, { userID: bob }));
  const six = (name, conversationIDs, more) =>
    t.step(`1006 ${name}`, () => A.ask(1006, { userID: ann, conversationIDs, ...more }));
  await six('all', []);
  // What has no messages has a time from the second question on.
  await A.ask(1006, { userID: ann, conversationIDs: ['nope'] });
  await six('some', [chat, 'nope']);
  await six('pinned', [], { returnPinned: true });
  await t.step('1006 bob', () => B.ask(1006, { userID: bob, conversationIDs: [] }));
}

async function ranges(t, { ann, bob, chat, A }) {
  const pull = (name, seqRanges, order = 0, userID = ann) =>
    t.answer(`1002 ${name}`, () => A.ask(1002, { userID, seqRanges, order }));
  for (const order of [0, 1]) {
    await pull(`1..4 num 10 order ${order}`, [range(chat, 1, 4, 10)], order);
    await pull(`1..4 num 2 order ${order}`, [range(chat, 1, 4, 2)], order);
    await pull(`2..3 num 2 order ${order}`, [range(chat, 2, 3, 2)], order);
    await pull(`1..999 num 3 order ${order}`, [range(chat, 1, 999, 3)], order);
    await pull(`0..2 num 10 order ${order}`, [range(chat, 0, 2, 10)], order);
  }
  await pull('num 0', [range(chat, 1, 4, 0)]);
  await pull('num -1', [range(chat, 1, 4, -1)]);
  await pull('begin>end', [range(chat, 4, 1, 10)]);
  await pull('negative', [range(chat, -5, 2, 10)]);
  await pull('beyond', [range(chat, 900, 999, 10)]);
  await pull('end 0', [range(chat, 1, 0, 10)]);
  await pull('unknown conversation', [range('si_x_y', 1, 4, 10)]);
  await pull('empty conversation id', [range('', 1, 4, 10)]);
  await pull('none', []);
  await pull('twice the same', [range(chat, 1, 1, 10), range(chat, 2, 2, 10)]);
  await pull('twice overlapping second first', [range(chat, 3, 4, 10), range(chat, 1, 3, 10)]);
  await pull('notification pair', [range(noticesOf(ann, bob), 1, 10, 1)]);
  await pull('own notifications', [range(noticesOf(ann, ann), 1, 10, 10)]);
  await pull('notifications beyond', [range(noticesOf(ann, bob), 5, 999, 10)]);
  await pull('of another user', [range(chat, 1, 4, 10)], 0, bob);
  await pull('self chat', [range(chatOf(ann, ann), 1, 4, 10)]);
  await pull('1400', [range(serviceOf(ann, bob), 1, 4, 10)]);
}

async function seqs(t, { ann, bob, cid, chat, A }) {
  const pull = (name, conversations, order = 0, userID = ann) =>
    t.answer(`1005 ${name}`, () => A.ask(1005, { userID, conversations, order }));
  const of = (seqs, conversationID = chat) => ({ conversationID, seqs });
  for (const order of [0, 1]) {
    await pull(`1,2 order ${order}`, [of([1, 2])], order);
    await pull(`unsorted order ${order}`, [of([3, 1, 2])], order);
    await pull(`duplicate order ${order}`, [of([1, 1])], order);
    await pull(`outside order ${order}`, [of([0, -1, 1, 999])], order);
    await pull(`only above order ${order}`, [of([999])], order);
    await pull(`empty seqs order ${order}`, [of([])], order);
    await pull(`unknown order ${order}`, [of([1], 'si_x_y')], order);
    await pull(`notif order ${order}`, [of([1, 2, 99], noticesOf(ann, bob))], order);
  }
  await pull('none', []);
  await pull('same conversation twice', [of([1]), of([2])]);
  await pull('of another user', [of([1])], 0, bob);
  await pull('foreign user without row', [of([1])], 0, cid);
  await sleep(STORED_MS);
  const last = (name, conversationIDs, userID = ann) =>
    t.answer(`1007 ${name}`, () => A.ask(1007, { userID, conversationIDs }));
  await last('one', [chat]);
  await last('unknown', ['si_x_y']);
  await last('none', []);
  await last('foreign', [chat], cid);
  await last('self', [chatOf(ann, ann)]);
}

async function blocking(t, { ann, bob, B, send }) {
  const block = (ex) => t.as(bob, '/friend/add_black', { ownerUserID: bob, blackUserID: ann, ex });
  const unblock = () => t.as(bob, '/friend/remove_black', { ownerUserID: bob, blackUserID: ann });
  await t.step('bob blacks ann', () => block(''));
  await t.step('send to who blacked me', () => send('x'));
  await t.step('blocker sends', () => B.ask(1003, single(bob, ann, 'x')));
  await t.answer('black list of b', () => t.as(bob, '/friend/get_black_list', { userID: bob, pagination: PAGE }));
  await t.step('add black again', () => block('z'));
  await t.step('remove black', unblock);
  await t.step('remove black again', unblock);
  await t.step('send after unblack', () => send('x'));
}

async function receiving(t, { ann, bob, chat, send }) {
  const ownOption = (recvMsgOpt) => t.as(bob, '/conversation/set_conversations', {
    userIDs: [bob],
    conversation: { conversationID: chat, conversationType: 1, userID: ann, groupID: '', recvMsgOpt },
  });
  const option = (globalRecvMsgOpt) =>
    t.as(bob, '/user/update_user_info_ex', { userInfo: { userID: bob, globalRecvMsgOpt } });
  await t.step('bob recvMsgOpt 1', () => ownOption(1));
  await t.step('send to opt 1', () => send('x'));
  await t.step('bob recvMsgOpt 2', () => ownOption(2));
  await t.step('send to opt 2', () => send('x'));
  await t.step('bob global 1', () => option(1));
  await t.step('send to global 1', () => send('x'));
  await t.step('bob global 2', () => option(2));
  await t.step('bob recvMsgOpt 0', () => ownOption(0));
  await t.step('send to global 2', () => send('x'));
}

export default {
  name: 'single',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid', 'dan');
    const A = await t.connect('ann', ann);
    await t.phone('annPhone', ann);
    const B = await t.connect('bob', bob);
    await t.online();
    const send = (text, over) => A.ask(1003, single(ann, bob, text, over));
    const world = { ann, bob, cid, chat: chatOf(ann, bob), A, B, send };
    await first(t, world);
    await fields(t, world);
    await options(t, world);
    await positions(t, world);
    await ranges(t, world);
    await seqs(t, world);
    await blocking(t, world);
    await receiving(t, world);
  },
};
