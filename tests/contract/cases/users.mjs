// Users: profiles, presence, what the administrator sends, commands and devices.
import { sleep } from '../connection.mjs';
import { ANEW, chatOf, noticesOf, range, single } from './requests.mjs';

/** The server tells of who came and went once a second. */
const TOLD_MS = 1_800;

async function profiles(t, { ann, bob }) {
  const change = (user, patch, path = 'update_user_info_ex') =>
    t.as(user, `/user/${path}`, { userInfo: { userID: user, ...patch } });
  const info = (name) => t.answer(`profile ${name}`, () => t.as(bob, '/user/get_users_info', { userIDs: [ann] }));
  await t.step('name', () => change(ann, { nickname: 'Anna' }));
  await t.step('same name', () => change(ann, { nickname: 'Anna' }));
  await t.step('face and ex', () => change(ann, { faceURL: 'http://f/2', ex: 'E' }));
  await t.step('empty ex', () => change(ann, { ex: '' }));
  await t.step('nothing at all', () => change(ann, {}));
  await info('changed');
  await t.step('old path', () => change(ann, { nickname: 'Ann', faceURL: '', ex: 'z' }, 'update_user_info'));
  await info('by the old path');
  await t.step('receive option', () =>
    t.as(ann, '/user/set_global_msg_recv_opt', { userID: ann, globalRecvMsgOpt: 2 }));
  await info('with option');
  await t.step('receive option back', () => change(ann, { globalRecvMsgOpt: 0 }));
  await t.step('by the administrator', () =>
    t.admin('/user/update_user_info_ex', { userInfo: { userID: ann, nickname: 'A' } }));
  await t.answer('unknown and known', () =>
    t.as(ann, '/user/get_users_info', { userIDs: [bob, t.id('nobody'), ann, bob] }));
  await t.answer('the administrator', () => t.as(ann, '/user/get_users_info', { userIDs: ['imAdmin'] }));
  await t.answer('account_check', () =>
    t.admin('/user/account_check', { checkUserIDs: [ann, t.id('nobody')] }));
  await t.answer('account_check by a user', () => t.as(ann, '/user/account_check', { checkUserIDs: [bob] }));
  await t.answer('account_check twice', () => t.admin('/user/account_check', { checkUserIDs: [ann, ann] }));
  await t.answer('account_check none', () => t.admin('/user/account_check', { checkUserIDs: [] }));
}

async function presence(t, { ann, bob, cid, A }) {
  const subscribe = (subscribeUserID, unsubscribeUserID = []) => A.ask(2005, { subscribeUserID, unsubscribeUserID });
  const status = (name) => t.answer(`status ${name}`, () =>
    t.as(ann, '/user/get_users_status', { userID: ann, userIDs: [ann, bob, cid, t.id('nobody')] }));
  const online = (name) => t.answer(`online ${name}`, () =>
    t.admin('/user/get_users_online_status', { userIDs: [ann, bob, cid] }));
  await status('at first');
  await online('at first');
  await t.answer('online by a user', () => t.as(ann, '/user/get_users_online_status', { userIDs: [bob] }));
  await t.step('subscribe', () => subscribe([bob, cid]));
  await t.step('subscribe again', () => subscribe([bob]));
  await t.step('subscribe to nobody', () => subscribe([t.id('nobody'), '']));
  const later = (act) => async () => {
    const given = await act();
    await sleep(TOLD_MS);
    return given;
  };
  let second;
  let phone;
  await t.step('cid comes', later(async () => {
    await t.connect('cid', cid);
    return {};
  }));
  await t.step('bob has a second tab', later(async () => {
    second = await t.connect('bobTab', bob);
    return {};
  }));
  await t.step('bob has a phone', later(async () => {
    phone = await t.phone('bobPhone', bob);
    return {};
  }));
  await status('with a phone');
  await online('with a phone');
  await t.step('the phone goes', later(async () => t.leave(phone)));
  await t.step('the second tab goes', later(async () => t.leave(second)));
  await t.step('unsubscribe', () => subscribe([], [cid]));
  await t.step('cid goes', later(async () => t.leave(t.connections.find(({ label }) => label === 'cid'))));
  await t.answer('subscribe_users_status', () =>
    t.as(ann, '/user/subscribe_users_status', { userID: ann, userIDs: [bob], genre: 1 }));
  await t.answer('get_subscribe_users_status', () => t.as(ann, '/user/get_subscribe_users_status', { userID: ann }));
}

async function administrator(t, { ann, bob, A }) {
  const text = {
    sendID: ann, recvID: bob, senderNickname: 'x', senderFaceURL: 'f', senderPlatformID: 3, contentType: 101,
    sessionType: 1, content: { content: 'hi' },
  };
  const send = (over) => t.admin('/msg/send_msg', { ...text, ...over });
  await t.step('send_msg', () => send({}));
  await t.step('send_msg with offline push', () => send({ offlinePushInfo: { title: 't', desc: 'd', ex: 'e' } }));
  await t.step('send_msg not offline', () => send({ notOfflinePush: true }));
  await t.step('send_msg only online', () => send({ isOnlineOnly: true }));
  await t.step('send_msg empty text', () => send({ content: { content: '' } }));
  await t.step('send_msg custom', () =>
    send({ contentType: 110, content: { data: 'x', extension: 'y', description: 'z' } }));
  await t.step('send_msg from an unknown user', () => send({ sendID: t.id('nobody') }));
  await t.step('send_msg to an unknown user', () => send({ recvID: t.id('nobody') }));
  await t.step('send_msg without content', () => send({ content: undefined }));
  await t.step('send_msg to an unknown group', () => send({ recvID: '', groupID: t.id('nog'), sessionType: 3 }));
  await t.step('send_msg unknown content type', () => send({ contentType: 9999 }));
  const business = (over) => t.admin('/msg/send_business_notification',
    { key: 'k', data: 'd', sendUserID: ann, recvUserID: bob, sendMsg: false, reliabilityLevel: 1, ...over });
  await t.step('business level 1', () => business({}));
  await t.step('business level 2', () => business({ reliabilityLevel: 2 }));
  await t.step('business without a receiver', () => business({ recvUserID: '' }));
  await t.step('business to an unknown user', () => business({ recvUserID: t.id('nobody') }));
  await t.step('business by a user', () =>
    t.as(ann, '/msg/send_business_notification', { key: 'k', data: 'd', sendUserID: ann, recvUserID: bob }));
  await t.step('what is kept', () => A.ask(1002, {
    userID: ann, seqRanges: [range(chatOf(ann, bob)), range(noticesOf(ann, bob)), range(noticesOf(ann, ann))],
  }));
}

async function commands(t, { ann, bob }) {
  const command = (path, more) => t.as(ann, `/user/process_user_command_${path}`, { userID: ann, type: 1, ...more });
  await t.step('command added', () => command('add', { uuid: 'u1', value: 'v', ex: 'x' }));
  await t.step('command updated', () => command('update', { uuid: 'u1', value: 'v2' }));
  await t.answer('commands', () => command('get'));
  await t.answer('all commands', () => command('get_all'));
  await t.step('command deleted', () => command('delete', { uuid: 'u1' }));
  await t.answer('commands of another', () => command('get', { userID: bob }));
  const third = (path, body) => t.as(ann, `/third/${path}`, body);
  await t.answer('fcm token', () =>
    third('fcm_update_token', { platformID: 2, fcmToken: 'f', account: ann, expireTime: 1 }));
  await t.answer('app badge', () => third('set_app_badge', { userID: ann, appUnreadCount: 3 }));
  await t.answer('app badge of another', () => third('set_app_badge', { userID: bob, appUnreadCount: 3 }));
  await t.answer('log upload', () => third('logs/upload', {
    platform: 5, appFramework: 'x', version: '1', fileURLs: [{ filename: 'f', URL: 'http://u' }], ex: '',
  }));
  await t.answer('search_msg by a user', async () => {
    const { body } = await t.as(ann, '/msg/search_msg', { sendID: ann, pagination: { pageNumber: 1, showNumber: 2 } });
    return { code: body.errCode, some: body.data?.chatLogs?.length };
  });
  await t.answer('client config', () => t.as(ann, '/user/get_user_client_config', { userID: ann }));
  await t.answer('blacks of nobody', () => t.as(ann, '/friend/get_incremental_blacks', { userID: ann, ...ANEW }));
}

export default {
  name: 'users',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const A = await t.connect('ann', ann);
    await t.connect('bob', bob);
    await t.online();
    await A.ask(1003, single(ann, bob, 'one'));
    await t.settle({ ann: Array(1), bob: Array(1) });
    const world = { ann, bob, cid, A };
    for (const part of [profiles, presence, administrator, commands]) await part(t, world);
  },
};
