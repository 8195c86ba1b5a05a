// REST: every path with odd input. Each entry is sent by ann, one after the other; the first without a token before.
import { sleep } from '../connection.mjs';
import { chatOf, PAGE, STALE_ID } from './requests.mjs';

/** Between calls: some answers come from what the server has not stored yet. */
const PAUSE_MS = 20;
const STORED_MS = 900;

const requests = ({ ann, bob, cid, group, nobody, nogroup, chat, groupChat }) => ({
  '/user/get_users_info': [
    { userIDs: [ann, bob] }, { userIDs: [] }, {}, { userIDs: null }, { userIDs: [nobody] }, { userIDs: [ann, nobody] },
    { userIDs: [ann, ann] }, { userIDs: [''] },
  ],
  '/user/get_users_status': [
    { userID: ann, userIDs: [ann, bob, nobody] }, { userID: ann, userIDs: [] }, { userID: bob, userIDs: [ann] }, {},
  ],
  '/user/get_user_client_config': [{ userID: ann }, { userID: '' }, { userID: bob }],
  '/user/update_user_info_ex': [
    {}, { userInfo: {} }, { userInfo: { userID: ann } }, { userInfo: { userID: bob, nickname: 'z' } },
    { userInfo: { userID: ann, nickname: '' } }, { userInfo: { userID: nobody, nickname: 'q' } },
  ],
  '/user/set_global_msg_recv_opt': [
    { userID: ann, globalRecvMsgOpt: 0 }, { userID: bob, globalRecvMsgOpt: 1 }, { userID: ann, globalRecvMsgOpt: 9 },
  ],
  '/friend/get_friend_list': [
    { userID: ann, pagination: PAGE }, { userID: ann }, { userID: ann, pagination: { pageNumber: 0, showNumber: 10 } },
    { userID: ann, pagination: { pageNumber: 1, showNumber: 0 } },
    { userID: ann, pagination: { pageNumber: 9, showNumber: 10 } }, { userID: bob, pagination: PAGE },
    { pagination: PAGE }, { userID: ann, pagination: { pageNumber: 1, showNumber: 1 } },
    { userID: ann, pagination: { pageNumber: 1, showNumber: 100000 } },
  ],
  '/friend/get_designated_friends': [
    { ownerUserID: ann, friendUserIDs: [bob] }, { ownerUserID: ann, friendUserIDs: [] },
    { ownerUserID: ann, friendUserIDs: [cid] }, { ownerUserID: ann, friendUserIDs: [bob, bob] },
  ],
  '/friend/get_black_list': [{ userID: ann, pagination: PAGE }, { userID: ann }, { userID: bob, pagination: PAGE }],
  '/friend/get_friend_apply_list': [
    { userID: ann, pagination: PAGE, handleResults: [] }, { userID: ann }, { userID: bob, pagination: PAGE },
  ],
  '/friend/get_self_friend_apply_list': [
    { userID: ann, pagination: PAGE, handleResults: [] }, { userID: ann }, { userID: bob, pagination: PAGE },
  ],
  '/friend/get_self_unhandled_apply_count': [{ userID: ann, time: 0 }, { userID: bob, time: 0 }, {}],
  '/friend/get_incremental_friends': [
    { userID: ann, version: 0, versionID: '' }, { userID: cid, version: 0, versionID: '' }, { userID: ann },
    { userID: nobody }, { userID: ann, version: 5, versionID: '' }, { userID: ann, version: 5, versionID: 'zz' },
    { userID: ann, version: 5, versionID: STALE_ID }, { userID: ann, version: 0, versionID: STALE_ID },
  ],
  '/friend/get_full_friend_user_ids': [
    { userID: ann, idHash: 0 }, { userID: cid, idHash: 0 }, { userID: bob }, { userID: ann, idHash: 5 },
  ],
  '/friend/add_friend': [
    { fromUserID: ann, toUserID: ann, reqMsg: '', ex: '' }, { fromUserID: ann, toUserID: nobody, reqMsg: '', ex: '' },
    { fromUserID: bob, toUserID: ann }, { fromUserID: ann, toUserID: '' }, {},
  ],
  '/friend/add_friend_response': [
    { fromUserID: cid, toUserID: ann, handleResult: 1, handleMsg: '' },
    { fromUserID: ann, toUserID: cid, handleResult: 1, handleMsg: '' },
    { fromUserID: cid, toUserID: ann, handleResult: 5, handleMsg: '' },
    { fromUserID: nobody, toUserID: ann, handleResult: 1 }, {},
  ],
  '/friend/delete_friend': [
    { ownerUserID: ann, friendUserID: cid }, { ownerUserID: ann, friendUserID: nobody },
    { ownerUserID: bob, friendUserID: ann }, {},
  ],
  '/friend/update_friends': [
    { ownerUserID: ann, friendUserIDs: [], remark: 'x' }, { ownerUserID: ann, friendUserIDs: [cid], remark: 'x' },
    { ownerUserID: ann, friendUserIDs: [bob, bob], remark: 'x' }, { ownerUserID: ann, friendUserIDs: [bob] },
    { ownerUserID: bob, friendUserIDs: [ann] }, {},
  ],
  '/friend/add_black': [
    { ownerUserID: ann, blackUserID: nobody, ex: '' }, { ownerUserID: ann, blackUserID: ann, ex: '' },
    { ownerUserID: bob, blackUserID: ann }, {},
  ],
  '/friend/remove_black': [{ ownerUserID: ann, blackUserID: cid }, { ownerUserID: ann, blackUserID: nobody }, {}],
  '/friend/is_friend': [{ userID1: ann, userID2: bob }, { userID1: ann, userID2: cid }, { userID1: cid, userID2: ann }],
  '/group/get_joined_group_list': [
    { fromUserID: ann, pagination: PAGE }, { fromUserID: cid, pagination: PAGE }, { fromUserID: ann },
    { fromUserID: bob, pagination: PAGE }, { fromUserID: ann, pagination: { pageNumber: 9, showNumber: 10 } },
    { pagination: PAGE },
  ],
  '/group/get_groups_info': [
    { groupIDs: [group] }, { groupIDs: [] }, { groupIDs: [nogroup] }, { groupIDs: [group, nogroup] },
    { groupIDs: [group, group] }, {},
  ],
  '/group/get_group_member_list': [
    { groupID: group, pagination: PAGE, filter: 0, keyword: '' }, { groupID: group },
    { groupID: nogroup, pagination: PAGE }, { groupID: '', pagination: PAGE },
    { groupID: group, pagination: { pageNumber: 9, showNumber: 10 } }, { groupID: group, pagination: PAGE, filter: 1 },
    { groupID: group, pagination: PAGE, filter: 2 }, { groupID: group, pagination: PAGE, filter: 3 },
    { groupID: group, pagination: PAGE, filter: 4 }, { groupID: group, pagination: PAGE, filter: 5 },
    { groupID: group, pagination: PAGE, filter: 9 }, { groupID: group, pagination: PAGE, keyword: 'Nbob' },
    { groupID: group, pagination: PAGE, keyword: 'nbo' },
  ],
  '/group/get_group_members_info': [
    { groupID: group, userIDs: [ann, bob] }, { groupID: group, userIDs: [] }, { groupID: group, userIDs: [cid] },
    { groupID: nogroup, userIDs: [ann] }, { groupID: group, userIDs: [ann, ann] },
  ],
  '/group/get_incremental_join_groups': [
    { userID: ann, version: 0, versionID: '' }, { userID: cid, version: 0, versionID: '' }, { userID: bob },
    { userID: ann, version: 5, versionID: STALE_ID },
  ],
  '/group/get_full_join_group_ids': [
    { userID: ann, idHash: 0 }, { userID: cid, idHash: 0 }, { userID: bob, idHash: 0 },
  ],
  '/group/get_incremental_group_members_batch': [
    { userID: ann, reqList: [{ groupID: group, version: 0, versionID: '' }] }, { userID: ann, reqList: [] },
    { userID: ann }, { userID: ann, reqList: [{ groupID: nogroup, version: 0, versionID: '' }] },
    {
      userID: ann,
      reqList: [{ groupID: group, version: 0, versionID: '' }, { groupID: nogroup, version: 0, versionID: '' }],
    },
    { userID: bob, reqList: [{ groupID: group }] }, { reqList: [{ groupID: group }] },
    { userID: ann, reqList: [{ groupID: '' }] },
    { userID: ann, reqList: [{ groupID: group, version: 5, versionID: STALE_ID }] },
  ],
  '/group/get_full_group_member_user_ids': [{ groupID: group, idHash: 0 }, { groupID: nogroup, idHash: 0 }, {}],
  '/group/get_recv_group_applicationList': [
    { fromUserID: ann, pagination: PAGE, groupIDs: [], handleResults: [] }, { fromUserID: cid, pagination: PAGE },
    { fromUserID: bob, pagination: PAGE }, { fromUserID: ann },
    { fromUserID: ann, pagination: PAGE, groupIDs: [nogroup] },
  ],
  '/group/get_user_req_group_applicationList': [
    { userID: ann, pagination: PAGE, groupIDs: [], handleResults: [] }, { userID: bob, pagination: PAGE },
    { userID: ann },
  ],
  '/group/get_group_application_unhandled_count': [{ userID: ann, time: 0 }, { userID: bob, time: 0 }],
  '/group/create_group': [
    { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupName: 'x', groupType: 0 } },
    { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupName: 'x', groupType: 2, groupID: group } },
    { memberUserIDs: [ann], ownerUserID: ann, groupInfo: { groupName: 'x', groupType: 2 } },
    { memberUserIDs: [nobody], ownerUserID: ann, groupInfo: { groupName: 'x', groupType: 2 } },
    { memberUserIDs: [bob], ownerUserID: '', groupInfo: { groupName: 'x', groupType: 2 } },
    { memberUserIDs: [bob], ownerUserID: bob, groupInfo: { groupName: 'x', groupType: 2 } },
    { memberUserIDs: [bob, bob], ownerUserID: ann, groupInfo: { groupName: 'x', groupType: 2 } }, {},
    { memberUserIDs: [], ownerUserID: ann, groupInfo: { groupType: 2, groupName: '' } },
  ],
  '/group/set_group_info_ex': [
    { groupID: group }, { groupID: nogroup, groupName: 'x' }, { groupID: '', groupName: 'x' },
    { groupID: group, groupName: '' }, { groupID: group, groupName: ' ' },
  ],
  '/group/join_group': [
    { groupID: nogroup, reqMessage: '', joinSource: 3, inviterUserID: ann },
    { groupID: group, reqMessage: '', joinSource: 3, inviterUserID: ann }, {},
    { groupID: group, reqMessage: '', joinSource: 0, inviterUserID: ann },
  ],
  '/group/quit_group': [
    { groupID: nogroup }, { groupID: group }, {}, { groupID: group, userID: bob }, { groupID: group, userID: cid },
  ],
  '/group/dismiss_group': [{ groupID: nogroup }, {}],
  '/group/invite_user_to_group': [
    { groupID: group, invitedUserIDs: [] }, { groupID: group, invitedUserIDs: [nobody] },
    { groupID: nogroup, invitedUserIDs: [cid] }, { groupID: group, invitedUserIDs: [bob] },
    { groupID: group, invitedUserIDs: [bob, bob] }, {},
  ],
  '/group/kick_group': [
    { groupID: group, kickedUserIDs: [] }, { groupID: group, kickedUserIDs: [nobody] },
    { groupID: group, kickedUserIDs: [ann] }, { groupID: nogroup, kickedUserIDs: [bob] },
    { groupID: group, kickedUserIDs: [bob, bob] },
  ],
  '/group/transfer_group': [
    { groupID: group, oldOwnerUserID: ann, newOwnerUserID: ann },
    { groupID: group, oldOwnerUserID: ann, newOwnerUserID: cid },
    { groupID: group, oldOwnerUserID: bob, newOwnerUserID: ann },
    { groupID: nogroup, oldOwnerUserID: ann, newOwnerUserID: bob }, {},
  ],
  '/group/set_group_member_info': [
    { members: [] }, { members: [{ groupID: group, userID: nobody, nickname: 'x' }] },
    { members: [{ groupID: nogroup, userID: ann, nickname: 'x' }] },
    { members: [{ groupID: group, userID: bob, roleLevel: 100 }] },
    { members: [{ groupID: group, userID: bob, roleLevel: 7 }] },
    { members: [{ groupID: group, userID: ann, roleLevel: 20 }] }, { members: [{ groupID: group, userID: bob }] }, {},
  ],
  '/group/mute_group': [{ groupID: nogroup }, {}],
  '/group/cancel_mute_group': [{ groupID: nogroup }, {}],
  '/group/mute_group_member': [
    { groupID: group, userID: nobody, mutedSeconds: 5 }, { groupID: group, userID: ann, mutedSeconds: 5 },
    { groupID: nogroup, userID: bob, mutedSeconds: 5 }, { groupID: group, userID: bob, mutedSeconds: 0 },
  ],
  '/group/cancel_mute_group_member': [{ groupID: group, userID: nobody }, { groupID: nogroup, userID: bob }],
  '/group/group_application_response': [
    { groupID: group, fromUserID: cid, handledMsg: '', handleResult: 1 },
    { groupID: group, fromUserID: cid, handleResult: 0 }, { groupID: nogroup, fromUserID: cid, handleResult: 1 }, {},
  ],
  '/conversation/get_incremental_conversations': [
    { userID: ann, version: 0, versionID: '' }, { userID: cid, version: 0, versionID: '' }, { userID: bob },
    { userID: ann, version: 5, versionID: STALE_ID },
  ],
  '/conversation/get_full_conversation_ids': [
    { userID: ann, idHash: 0 }, { userID: cid, idHash: 0 }, { userID: bob, idHash: 0 },
  ],
  '/conversation/get_all_conversations': [{ ownerUserID: ann }, { ownerUserID: cid }, { ownerUserID: bob }, {}],
  '/conversation/get_owner_conversation': [
    { userID: ann, pagination: PAGE }, { userID: cid, pagination: PAGE }, { userID: ann },
    { userID: ann, pagination: { pageNumber: 9, showNumber: 10 } },
  ],
  '/conversation/get_conversations': [
    { ownerUserID: ann, conversationIDs: [chat] }, { ownerUserID: ann, conversationIDs: [] },
    { ownerUserID: ann, conversationIDs: ['nope'] },
  ],
  '/conversation/set_conversations': [
    { userIDs: [], conversation: { conversationID: chat, conversationType: 1, userID: bob } }, { userIDs: [ann] },
    { userIDs: [ann], conversation: { conversationID: chat, conversationType: 1, userID: '' } },
    { userIDs: [ann], conversation: { conversationID: chat, conversationType: 0, userID: bob } },
    { userIDs: [ann], conversation: { conversationID: '', conversationType: 1, userID: bob } },
    { userIDs: [bob], conversation: { conversationID: chat, conversationType: 1, userID: ann, ex: 'byother' } },
    { userIDs: [ann], conversation: { conversationID: groupChat, conversationType: 3, groupID: '' } },
    { userIDs: [ann], conversation: { conversationID: chat, conversationType: 5, userID: bob } },
    {
      userIDs: [ann],
      conversation: { conversationID: `sg_${nogroup}`, conversationType: 3, groupID: nogroup, isPinned: true },
    },
  ],
  '/msg/mark_conversation_as_read': [
    { userID: ann, conversationID: chat, hasReadSeq: 0, seqs: [] },
    { userID: ann, conversationID: 'nope', hasReadSeq: 1, seqs: [] },
    { userID: bob, conversationID: chat, hasReadSeq: 1, seqs: [] },
    { userID: ann, conversationID: chat, hasReadSeq: 999, seqs: [] }, {},
    { userID: ann, conversationID: chat, hasReadSeq: 1, seqs: [0] },
  ],
  '/msg/set_conversation_has_read_seq': [
    { userID: ann, conversationID: 'nope', hasReadSeq: 1 }, { userID: ann, conversationID: chat, hasReadSeq: 0 },
    { userID: ann, conversationID: chat, hasReadSeq: 999 }, { userID: bob, conversationID: chat, hasReadSeq: 1 }, {},
  ],
  '/msg/mark_msgs_as_read': [
    { userID: ann, conversationID: chat, seqs: [] }, { userID: ann, conversationID: chat, seqs: [99] },
    { userID: ann, conversationID: 'nope', seqs: [1] },
  ],
  '/msg/revoke_msg': [
    { userID: ann, conversationID: chat, seq: 0 }, { userID: ann, conversationID: chat, seq: 99 },
    { userID: ann, conversationID: 'nope', seq: 1 }, { userID: bob, conversationID: chat, seq: 1 }, {},
    { userID: ann, conversationID: chat, seq: -1 },
  ],
  '/msg/delete_msgs': [
    { userID: ann, conversationID: chat, seqs: [], deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: false } },
    { userID: ann, conversationID: 'nope', seqs: [1], deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: false } },
    { userID: bob, conversationID: chat, seqs: [1] },
    { userID: ann, conversationID: chat, seqs: [99], deleteSyncOpt: null }, {},
  ],
  '/msg/clear_conversation_msg': [
    { userID: ann, conversationIDs: [], deleteSyncOpt: null },
    { userID: ann, conversationIDs: ['nope'], deleteSyncOpt: null }, { userID: bob, conversationIDs: [chat] }, {},
  ],
  '/msg/user_clear_all_msg': [{ userID: bob }, {}],
  '/msg/get_conversations_has_read_and_max_seq': [
    { userID: ann, conversationIDs: [] }, { userID: ann, conversationIDs: ['nope'] }, { userID: bob }, { userID: cid },
  ],
  '/msg/newest_seq': [{ userID: ann }, { userID: bob }, { userID: cid }],
  '/msg/get_server_time': [{}],
  '/msg/send_msg': [{ sendID: ann, recvID: bob, content: { content: 'x' }, contentType: 101, sessionType: 1 }],});

export default {
  name: 'odd',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const group = t.id('g');
    const names = {
      ann, bob, cid, group, nobody: t.id('nobody'), nogroup: t.id('nogroup'), chat: chatOf(ann, bob),
      groupChat: `sg_${group}`,
    };
    await t.as(ann, '/group/create_group', {
      memberUserIDs: [bob], groupInfo: { groupName: 'G', groupType: 2, groupID: group }, ownerUserID: ann,
    });
    await t.admin('/friend/import_friend', { ownerUserID: ann, friendUserIDs: [bob] });
    const text = {
      sendID: ann, senderNickname: 'x', senderPlatformID: 1, content: { content: 'hi' }, contentType: 101,
    };
    await t.admin('/msg/send_msg', { ...text, recvID: bob, sessionType: 1 });
    await t.admin('/msg/send_msg', { ...text, groupID: group, sessionType: 3 });
    await sleep(STORED_MS);
    for (const [path, bodies] of Object.entries(requests(names))) {
      await t.answer(`${path} no token`, () => t.rest(path, bodies[0]));
      for (const [index, body] of bodies.entries()) {
        await t.answer(`${path} #${index} ${JSON.stringify(body)}`, () => t.as(ann, path, body));
        await sleep(PAUSE_MS);
      }
    }
  },
};
