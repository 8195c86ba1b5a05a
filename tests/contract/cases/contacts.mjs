// Friends who come and go, are blocked and sorted; pages, counts and versions that nobody has.
import { single, chatOf, PAGE, STALE_ID } from './requests.mjs';
import { friendLists, Held } from './held.mjs';

function callsOf(t) {
  const friend = (user, path, body) =>
    (user === 'app' ? t.admin(`/friend/${path}`, body) : t.as(user, `/friend/${path}`, body));
  return {
    friend,
    apply: (from, to, more) => friend(from, 'add_friend', { fromUserID: from, toUserID: to, reqMsg: 'r', ex: 'e', ...more }),
    respond: (by, from, handleResult, to = by) =>
      friend(by, 'add_friend_response', { fromUserID: from, toUserID: to, handleResult, handleMsg: 'm' }),
    remove: (by, owner, other) => friend(by, 'delete_friend', { ownerUserID: owner, friendUserID: other }),
    update: (by, owner, friendUserIDs, patch) =>
      friend(by, 'update_friends', { ownerUserID: owner, friendUserIDs, ...patch }),
    block: (by, owner, other, ex = '') => friend(by, 'add_black', { ownerUserID: owner, blackUserID: other, ex }),
    unblock: (by, owner, other) => friend(by, 'remove_black', { ownerUserID: owner, blackUserID: other }),
    bring: (owner, friendUserIDs) => t.admin('/friend/import_friend', { ownerUserID: owner, friendUserIDs }),
  };
}

async function meeting(t, { ann, bob, cid, calls, look }) {
  const { apply, respond, remove, block, unblock } = calls;
  await t.step('ann blocks bob, a stranger', () => block(ann, ann, bob));
  await t.step('bob applies to ann, who blocked him', () => apply(bob, ann));
  await t.step('ann applies to bob, whom she blocked', () => apply(ann, bob));
  await t.step('bob accepts', () => respond(bob, ann, 1));
  await look('friends and blocked', [ann, bob]);
  await t.step('ann answers the other application', () => respond(ann, bob, -1));
  await t.step('ann deletes bob', () => remove(ann, ann, bob));
  await look('deleted by one', [ann, bob]);
  await t.step('ann applies again', () => apply(ann, bob, { reqMsg: '' }));
  await t.step('bob accepts again', () => respond(bob, ann, 1));
  await t.step('bob deletes ann', () => remove(bob, bob, ann));
  await t.step('ann deletes bob, too', () => remove(ann, ann, bob));
  await t.step('bob applies, who was refused', () => apply(bob, ann));
  await t.step('ann accepts', () => respond(ann, bob, 1));
  await look('friends again', [ann, bob]);
  await t.step('ann unblocks bob', () => unblock(ann, ann, bob));
  await t.step('the application answers for cid', async () => {
    await apply(ann, cid);
    return respond('app', ann, 1, cid);
  });
  await t.step('the application deletes for ann', () => remove('app', ann, cid));
  await t.step('the application blocks for ann', () => block('app', ann, cid, 'x'));
  await t.step('cid applies to ann', () => apply(cid, ann));
  await t.step('the application applies for ann', () => calls.friend('app', 'add_friend',
    { fromUserID: ann, toUserID: cid, reqMsg: 'app', ex: '' }));
  await t.step('ann blocks herself out of cid', () => unblock(ann, ann, cid));
  await t.step('an answer of 2', () => respond(cid, ann, 2));
  await t.step('an answer of 0', () => respond(cid, ann, 0));
}

async function sorting(t, { ann, bob, cid, dan, eve, calls, look }) {
  const { update, bring, remove, friend } = calls;
  await t.step('import of four', () => bring(ann, [bob, cid, dan, eve]));
  await t.step('import of oneself', () => bring(ann, [ann]));
  await t.step('import of nobody known', () => bring(ann, [t.id('nobody')]));
  await t.step('import twice the same', () => bring(ann, [bob, bob]));
  await t.step('import for nobody known', () => bring(t.id('nobody'), [bob]));
  await look('imported', [ann, eve]);
  await t.step('eve is pinned', () => update(ann, ann, [eve], { isPinned: true }));
  await t.step('dan is pinned', () => update(ann, ann, [dan], { isPinned: true, remark: 'D' }));
  await look('pinned', [ann]);
  await t.step('eve is not pinned', () => update(ann, ann, [eve], { isPinned: false }));
  await t.step('a friend and a stranger', () => update(ann, ann, [bob, t.id('nobody')], { ex: 'x' }));
  await t.step('same twice', () => update(ann, ann, [bob, bob], { ex: 'x' }));
  await t.step('empty remark', () => update(ann, ann, [dan], { remark: '' }));
  await t.step('by the application', () => update('app', ann, [dan], { remark: 'App' }));
  await look('sorted', [ann]);
  await t.answer('ids after sorting', () => friend(ann, 'get_full_friend_user_ids', { userID: ann, idHash: 0 }));
  await t.answer('friend ids', () => friend(ann, 'get_friend_id', { userID: ann }));
  for (const pageNumber of [1, 2, 3]) {
    await t.answer(`friends, page ${pageNumber} of 2`, () =>
      friend(ann, 'get_friend_list', { userID: ann, pagination: { pageNumber, showNumber: 2 } }));
  }
  await t.answer('designated', () =>
    friend(ann, 'get_designated_friends', { ownerUserID: ann, friendUserIDs: [eve, t.id('nobody'), bob, ann] }));
  await t.answer('specified', () =>
    friend(ann, 'get_specified_friends_info', { ownerUserID: ann, userIDList: [eve, t.id('nobody')] }));
  await t.answer('is_friend of a friend', () => friend(ann, 'is_friend', { userID1: ann, userID2: eve }));
  await t.answer('is_friend by the application', () => friend('app', 'is_friend', { userID1: bob, userID2: eve }));
  await t.step('pinned one is deleted', () => remove(ann, ann, dan));
  await t.step('and comes back', () => bring(ann, [dan]));
  await look('back', [ann, dan]);
  await t.step('bob has a new name', () =>
    t.as(bob, '/user/update_user_info_ex', { userInfo: { userID: bob, nickname: 'Robert' } }));
  await t.step('the application renames bob', () =>
    t.admin('/user/update_user_info', { userInfo: { userID: bob, nickname: 'Rob', faceURL: 'http://f/r' } }));
  await look('renamed', [ann, bob]);
}

async function asking(t, { ann, bob, cid, dan, calls: { friend } }) {
  const incremental = (user, held) => friend(user, 'get_incremental_friends', { userID: user, ...held });
  await t.answer('versions', async () => {
    const { body } = await incremental(ann, { version: 0, versionID: '' });
    const { version, versionID } = body.data;
    const shape = async (held) => {
      const { body: { data } } = await incremental(ann, held);
      if (!data) return data;
      const { full, insert, update, delete: gone, sortVersion } = data;
      return {
        moved: data.version - version, sameID: data.versionID === versionID, full,
        ids: [insert, update].map((rows) => rows?.map(({ friendUser }) => friendUser.userID).sort() ?? null), gone,
        sorted: sortVersion ? sortVersion - version : sortVersion,
      };
    };
    return {
      same: await shape({ version, versionID }),
      before: await shape({ version: version - 1, versionID }),
      longBefore: await shape({ version: 1, versionID }),
      future: await shape({ version: version + 5, versionID }),
      stale: await shape({ version, versionID: STALE_ID }),
      noID: await shape({ version, versionID: '' }),
      noVersion: await shape({ versionID }),
      oddID: await shape({ version, versionID: 'x' }),
    };
  });
  const list = (path, body) => friend(ann, path, { userID: ann, pagination: PAGE, ...body });
  await t.answer('got', () => list('get_friend_apply_list'));
  await t.answer('got, refused', () => list('get_friend_apply_list', { handleResults: [-1] }));
  await t.answer('got, page 2 of 1', () => list('get_friend_apply_list', { pagination: { pageNumber: 2, showNumber: 1 } }));
  await t.answer('made', () => list('get_self_friend_apply_list'));
  await t.answer('made, open and accepted', () => list('get_self_friend_apply_list', { handleResults: [0, 1] }));
  await t.answer('made, page 0', () => list('get_self_friend_apply_list', { pagination: { pageNumber: 0, showNumber: 1 } }));
  await t.answer('designated application', () =>
    friend(ann, 'get_designated_friend_apply', { fromUserID: ann, toUserID: bob }));
  await t.answer('designated application of strangers', () =>
    friend(ann, 'get_designated_friend_apply', { fromUserID: cid, toUserID: bob }));
  await t.answer('designated application by the application', () =>
    friend('app', 'get_designated_friend_apply', { fromUserID: cid, toUserID: dan }));
  await t.answer('unhandled', () => friend(cid, 'get_self_unhandled_apply_count', { userID: cid, time: 0 }));
  await t.answer('unhandled later', () =>
    friend(cid, 'get_self_unhandled_apply_count', { userID: cid, time: Date.now() + 60_000 }));
  await t.answer('unhandled long ago', () => friend(cid, 'get_self_unhandled_apply_count', { userID: cid, time: 1 }));
  await t.answer('unhandled of another', () => friend(cid, 'get_self_unhandled_apply_count', { userID: ann, time: 0 }));
}

async function blocking(t, { ann, bob, cid, dan, calls, A, B }) {
  const { block, unblock, friend } = calls;
  const blacks = (name, pagination = PAGE) =>
    t.answer(`blacks ${name}`, () => friend(ann, 'get_black_list', { userID: ann, pagination }));
  await t.step('ann blocks bob', () => block(ann, ann, bob, 'ex'));
  await t.step('ann blocks cid', () => block(ann, ann, cid));
  await t.step('ann blocks dan', () => block(ann, ann, dan));
  await blacks('all');
  await blacks('page 2 of 2', { pageNumber: 2, showNumber: 2 });
  await t.answer('specified blacks', () =>
    friend(ann, 'get_specified_blacks', { ownerUserID: ann, userIDList: [bob, t.id('nobody')] }));
  const send = (over) => B.ask(1003, single(bob, ann, 'x', over));
  await t.step('bob sends', () => send());
  await t.step('bob types', () => send({ contentType: 113, content: Buffer.from('{"msgTips":"yes"}') }));
  await t.step('bob sends a notification', () => send({ contentType: 1400, sessionType: 4 }));
  await t.step('bob sends a kind of the system', () => send({ contentType: 2001 }));
  await t.step('ann sends to whom she blocked', () => A.ask(1003, single(ann, bob, 'x')));
  await t.step('the application sends for bob', () => t.admin('/msg/send_msg', {
    sendID: bob, recvID: ann, sessionType: 1, contentType: 101, senderNickname: 's', senderPlatformID: 1,
    content: { content: 'by app' },
  }));
  await t.step('bob reads what ann sent', () => t.as(bob, '/msg/mark_conversation_as_read',
    { userID: bob, conversationID: chatOf(ann, bob), hasReadSeq: 1, seqs: [1] }));
  await t.step('bob makes it private', () => t.as(bob, '/conversation/set_conversations', {
    userIDs: [bob],
    conversation: { conversationID: chatOf(ann, bob), conversationType: 1, userID: ann, groupID: '', isPrivateChat: true },
  }));
  await t.step('bob invites ann, who blocked him', () => t.as(bob, '/group/create_group',
    { memberUserIDs: [ann], ownerUserID: bob, groupInfo: { groupID: t.id('bg'), groupName: 'b', groupType: 2 } }));
  await t.step('bob blocks ann', () => block(bob, bob, ann));
  await t.step('ann unblocks bob', () => unblock(ann, ann, bob));
  await t.step('ann unblocks bob again', () => unblock(ann, ann, bob));
  await blacks('without bob');
}

export default {
  name: 'contacts',
  async run(t) {
    const [ann, bob, cid, dan, eve] = await t.users('ann', 'bob', 'cid', 'dan', 'eve');
    const A = await t.connect('ann', ann);
    await t.phone('annPhone', ann);
    const B = await t.connect('bob', bob);
    await t.connect('cid', cid);
    await t.online();
    const held = new Held(t);
    const calls = callsOf(t);
    const look = friendLists(t, held);
    const world = { ann, bob, cid, dan, eve, A, B, calls, look };
    for (const part of [meeting, sorting, asking, blocking]) await part(t, world);
  },
};
