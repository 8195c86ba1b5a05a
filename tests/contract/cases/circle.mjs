// Friends in odd orders: remarks, pins and nulls, lists since all kinds of versions, questions about several at once,
// black lists that cross.
import { PAGE, STALE_ID, single } from './requests.mjs';
import { friendLists, Held } from './held.mjs';

function callsOf(t) {
  const friend = (by, path, body) => (by === 'app' ? t.admin(`/friend/${path}`, body) : t.as(by, `/friend/${path}`, body));
  return {
    friend,
    update: (by, ownerUserID, friendUserIDs, patch) => friend(by, 'update_friends', { ownerUserID, friendUserIDs, ...patch }),
    remark: (by, ownerUserID, friendUserID, remark) => friend(by, 'set_friend_remark', { ownerUserID, friendUserID, remark }),
    bring: (ownerUserID, friendUserIDs, by = 'app') => friend(by, 'import_friend', { ownerUserID, friendUserIDs }),
    apply: (by, fromUserID, toUserID, more) => friend(by, 'add_friend', { fromUserID, toUserID, reqMsg: 'r', ex: 'e', ...more }),
    respond: (by, toUserID, fromUserID, handleResult, more) =>
      friend(by, 'add_friend_response', { fromUserID, toUserID, handleResult, handleMsg: 'h', ...more }),
    remove: (by, ownerUserID, friendUserID) => friend(by, 'delete_friend', { ownerUserID, friendUserID }),
    block: (by, ownerUserID, blackUserID, more) => friend(by, 'add_black', { ownerUserID, blackUserID, ...more }),
    unblock: (by, ownerUserID, blackUserID) => friend(by, 'remove_black', { ownerUserID, blackUserID }),
  };
}

async function importing(t, { ann, bob, cid, dan, calls: { bring }, look }) {
  await t.step('three at once', () => bring(ann, [bob, cid, dan]));
  await look('three', [ann, bob]);
  await t.step('again, with one new the other way', () => bring(bob, [ann, cid]));
  await look('again', [ann, bob, cid]);
  await t.step('nobody', () => bring(ann, []));
  await t.step('null', () => bring(ann, null));
  await t.step('an owner who is unknown', () => bring(t.id('nobody'), [ann]));
  await t.step('the application', () => bring(ann, ['imAdmin']));
  await t.step('by a user for himself', () => bring(ann, [bob], ann));
}

async function sorting(t, { ann, bob, cid, dan, calls: { update, remark, friend }, look }) {
  await t.step('pinned, a remark and ex of two', () => update(ann, ann, [dan, cid], { isPinned: true, remark: 'R', ex: 'E' }));
  await look('two pinned', [ann]);
  await t.step('pinned is null', () => update(ann, ann, [dan], { isPinned: null, remark: 'R2' }));
  await look('null', [ann]);
  await t.step('all is null', () => update(ann, ann, [dan], { isPinned: null, remark: null, ex: null }));
  await look('all null', [ann]);
  await t.step('pinned again', () => update(ann, ann, [dan], { isPinned: true }));
  await look('pinned again', [ann]);
  await t.step('not pinned and never pinned', () => update(ann, ann, [dan, bob], { isPinned: false }));
  await look('not pinned', [ann]);
  await t.step('of a friend and oneself', () => update(ann, ann, [bob, ann], { remark: 'me' }));
  await t.step('remark with odd characters', () => update(ann, ann, [bob], { remark: ' <b>&"\u2028ü ' }));
  await t.step('long remark', () => update(ann, ann, [bob], { remark: 'r'.repeat(300) }));
  await t.step('old remark', () => remark(ann, ann, bob, 'old'));
  await look('old remark', [ann, bob]);
  await t.step('old remark, the same', () => remark(ann, ann, bob, 'old'));
  await look('same', [ann]);
  await t.step('old remark, empty', () => remark(ann, ann, bob, ''));
  await t.step('old remark, null', () => remark(ann, ann, bob, null));
  await look('no remark', [ann]);
  await t.step('old remark of a stranger', () => remark(ann, ann, t.id('nobody'), 'x'));
  await t.step('old remark for another', () => remark(bob, ann, bob, 'x'));
  await t.step('old remark by the application', () => remark('app', ann, bob, 'App'));
  await t.step('a friend of another is updated', () => update(bob, ann, [bob], { remark: 'x' }));
  await look('at last', [ann, bob]);
  const specified = (name, body, by = ann) =>
    t.answer(`specified ${name}`, () => friend(by, 'get_specified_friends_info', { ownerUserID: ann, ...body }));
  await specified('several', { userIDList: [dan, bob, t.id('nobody'), ann] });
  await specified('twice', { userIDList: [bob, bob] });
  await specified('nobody', { userIDList: [] });
  await specified('null', { userIDList: null });
  await specified('of another', { ownerUserID: bob, userIDList: [ann] });
  await specified('by the application', { userIDList: [bob, 'imAdmin'] }, 'app');
  await t.answer('designated null', () => friend(ann, 'get_designated_friends', { ownerUserID: ann, friendUserIDs: null }));
  await t.answer('designated by the application', () =>
    friend('app', 'get_designated_friends', { ownerUserID: ann, friendUserIDs: [dan, cid, bob] }));
  await t.answer('full ids, hash of them', async () => {
    const { body } = await friend(ann, 'get_full_friend_user_ids', { userID: ann, idHash: 1 });
    return { equal: body.data.equal, ids: body.data.userIDs.map((id) => id.replace(t.suffix, '~')) };
  });
}

async function asking(t, { ann, bob, cid, dan, eve, calls: { apply, respond, remove, friend }, look }) {
  await t.step('for another', () => apply(bob, ann, eve));
  await t.step('by the application', () => apply('app', eve, ann, { reqMsg: 'for eve' }));
  await t.step('without words', () => apply(eve, eve, bob, { reqMsg: null, ex: null }));
  await t.step('to the application', () => apply(eve, eve, 'imAdmin'));
  await t.step('answer for another', () => respond(bob, ann, eve, 1));
  await t.step('answer of 0', () => respond(ann, ann, eve, 0));
  await t.step('answer of 2', () => respond(ann, ann, eve, 2));
  await t.step('the application accepts for ann', () => respond('app', ann, eve, 1));
  await look('accepted by the application', [ann, eve]);
  await t.step('bob refuses without words', () => respond(bob, bob, eve, -1, { handleMsg: null }));
  await t.step('bob refuses again', () => respond(bob, bob, eve, -1));
  await t.step('bob applies to her whom he refused', () => apply(bob, bob, eve));
  await t.step('eve accepts', () => respond(eve, eve, bob, 1));
  await t.step('eve removes bob', () => remove(eve, eve, bob));
  await t.step('bob, who still has her, applies', () => apply(bob, bob, eve));
  await t.step('eve, who removed him, applies', () => apply(eve, eve, bob));
  await t.step('bob accepts, both had asked', () => respond(bob, bob, eve, 1));
  await t.step('eve accepts, too', () => respond(eve, eve, bob, 1));
  await look('both again', [bob, eve]);
  const list = (by, path, body) => t.answer(`${path} ${JSON.stringify(body).replaceAll(t.suffix, '')}`, () => friend(by, path, { pagination: PAGE, ...body }));
  await list(eve, 'get_self_friend_apply_list', { userID: eve });
  await list(bob, 'get_friend_apply_list', { userID: bob, handleResults: [0, -1, 1] });
  await list(bob, 'get_friend_apply_list', { userID: bob, handleResults: [5] });
  await list(bob, 'get_friend_apply_list', { userID: bob, pagination: { pageNumber: 1, showNumber: 0 } });
  await t.answer('designated of oneself', () => friend(eve, 'get_designated_friend_apply', { fromUserID: eve, toUserID: eve }));
  await t.answer('designated without to', () => friend(eve, 'get_designated_friend_apply', { fromUserID: eve }));
  await t.answer('designated of others', () => friend(cid, 'get_designated_friend_apply', { fromUserID: eve, toUserID: bob }));
  await t.answer('designated of both', () => friend(bob, 'get_designated_friend_apply', { fromUserID: eve, toUserID: bob }));
  for (const [name, one, other] of [['oneself', ann, ann], ['nobody', ann, t.id('nobody')], ['others', bob, dan]]) {
    await t.answer(`is_friend with ${name}`, () => friend(ann, 'is_friend', { userID1: one, userID2: other }));
  }
  await t.answer('is_friend without one', () => friend(ann, 'is_friend', { userID1: ann }));
}

async function versions(t, { ann, bob, cid, dan, calls: { friend, update, remove, bring } }) {
  const incremental = (held, by = ann, userID = ann) => friend(by, 'get_incremental_friends', { userID, ...held });
  const { version, versionID } = (await incremental({ version: 0, versionID: '' })).body.data;
  const shape = async (held) => {
    const { body } = await incremental(held);
    if (!body.data) return body.errCode;
    const { insert, update: changed, delete: gone, full, sortVersion } = body.data;
    const ids = (rows) => rows?.map(({ friendUser }) => friendUser.userID.replace(t.suffix, '~')) ?? null;
    return {
      moved: body.data.version - version, full, insert: ids(insert), update: ids(changed),
      gone: gone?.map((id) => id.replace(t.suffix, '~')) ?? null, sorted: sortVersion ? sortVersion - version : sortVersion,
    };
  };
  const all = (name) => t.answer(`since ${name}`, async () => ({
    here: await shape({ version, versionID }), before: await shape({ version: version - 1, versionID }),
    one: await shape({ version: 1, versionID }), future: await shape({ version: version + 500, versionID }),
    stale: await shape({ version, versionID: STALE_ID }), odd: await shape({ version, versionID: 'zz' }),
    capitals: await shape({ version, versionID: versionID.toUpperCase() }), blank: await shape({ version, versionID: ` ${versionID}` }),
  }));
  await all('nothing');
  await update(ann, ann, [bob], { remark: 'v1' });
  await all('a remark');
  await update(ann, ann, [cid], { isPinned: true });
  await all('a pin');
  await remove(ann, ann, dan);
  await all('one gone');
  await bring(ann, [dan]);
  await all('and back');
  await remove(dan, dan, ann);
  await all('one who removed her');
  await bring(dan, [ann]);
  await all('and came back');
  await t.as(bob, '/user/update_user_info_ex', { userInfo: { userID: bob, nickname: 'Bo' } });
  await t.settle();
  await all('a new name');
  await t.answer('of another', () => incremental({ version: 0 }, bob, ann));
  await t.answer('by the application', async () => (await incremental({ version, versionID: STALE_ID }, 'app')).body.data?.full);
  await t.answer('full ids of another', () => friend(bob, 'get_full_friend_user_ids', { userID: ann, idHash: 0 }));
  await t.answer('full ids by the application', async () =>
    (await friend('app', 'get_full_friend_user_ids', { userID: ann, idHash: 0 })).body.data?.userIDs);
}

async function blocking(t, { ann, bob, cid, dan, eve, calls, A, B }) {
  const { block, unblock, apply, friend, remove } = calls;
  await t.step('with words', () => block(ann, ann, bob, { ex: 'why' }));
  await t.step('without words', () => block(ann, ann, cid, { ex: null }));
  await t.step('block for another', () => block(bob, ann, dan));
  await t.step('block by the application', () => block('app', ann, dan, { ex: 'app' }));
  await t.step('the application is blocked', () => block(ann, ann, 'imAdmin'));
  await t.step('both block', () => block(bob, bob, ann));
  await t.step('ann sends', () => A.ask(1003, single(ann, bob, 'x')));
  await t.step('bob sends', () => B.ask(1003, single(bob, ann, 'x')));
  await t.step('bob, blocked and friend, is removed', () => remove(ann, ann, bob));
  await t.step('bob, blocked and no friend, sends', () => B.ask(1003, single(bob, ann, 'y')));
  await t.step('ann applies to whom she blocked', () => apply(ann, ann, bob));
  // In any order.
  const list = (name, by, path, body) => t.answer(`blacks ${name}`, async () => {
    const answer = await friend(by, path, body);
    answer.body.data?.blacks?.sort((one, other) => one.blackUserInfo.userID.localeCompare(other.blackUserInfo.userID, 'en'));
    return answer;
  });
  await list('all', ann, 'get_black_list', { userID: ann, pagination: PAGE });
  await t.answer('blacks page of 1', async () => {
    const { body } = await friend(ann, 'get_black_list', { userID: ann, pagination: { pageNumber: 2, showNumber: 1 } });
    return { total: body.data.total, some: body.data.blacks.length };
  });
  await list('of another', bob, 'get_black_list', { userID: ann, pagination: PAGE });
  await list('by the application', 'app', 'get_black_list', { userID: ann, pagination: PAGE });
  await list('page 0', ann, 'get_black_list', { userID: ann, pagination: { pageNumber: 0, showNumber: 1 } });
  await list('specified', ann, 'get_specified_blacks', { ownerUserID: ann, userIDList: [dan, bob, eve] });
  await list('specified none', ann, 'get_specified_blacks', { ownerUserID: ann, userIDList: [] });
  await list('specified twice', ann, 'get_specified_blacks', { ownerUserID: ann, userIDList: [bob, bob] });
  await list('specified of another', bob, 'get_specified_blacks', { ownerUserID: ann, userIDList: [bob] });
  await t.answer('specified friends and blacks', () =>
    friend(ann, 'get_specified_friends_info', { ownerUserID: ann, userIDList: [bob, cid] }));
  await t.step('unblocked for another', () => unblock(bob, ann, bob));
  await t.step('unblocked by the application', () => unblock('app', ann, dan));
  await t.step('unblock a stranger', () => unblock(ann, ann, t.id('nobody')));
  await t.step('unblock bob', () => unblock(ann, ann, bob));
  await t.step('ann sends to who blocks her', () => A.ask(1003, single(ann, bob, 'x')));
}

export default {
  name: 'circle',
  async run(t) {
    const [ann, bob, cid, dan, eve] = await t.users('ann', 'bob', 'cid', 'dan', 'eve');
    const A = await t.connect('ann', ann);
    const B = await t.connect('bob', bob);
    await t.phone('bobPhone', bob);
    await t.connect('eve', eve);
    await t.online();
    const held = new Held(t);
    const calls = callsOf(t);
    const look = friendLists(t, held);
    const world = { ann, bob, cid, dan, eve, A, B, calls, look };
    for (const part of [importing, sorting, asking, versions, blocking]) await part(t, world);
  },
};
