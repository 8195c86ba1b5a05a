// Friends and the black list: applied for, answered, imported, changed, removed; with lists and versions in between.
import { ANEW, PAGE } from './requests.mjs';

function callsOf(t) {
  const friend = (user, path, body) => t.as(user, `/friend/${path}`, body);
  const versions = {};
  return {
    friend,
    apply: (from, to, reqMsg = 'hello') =>
      friend(from, 'add_friend', { fromUserID: from, toUserID: to, reqMsg, ex: 'e' }),
    respond: (by, from, handleResult, handleMsg = 'well') =>
      friend(by, 'add_friend_response', { fromUserID: from, toUserID: by, handleResult, handleMsg }),
    remove: (owner, other) => friend(owner, 'delete_friend', { ownerUserID: owner, friendUserID: other }),
    update: (owner, others, patch) =>
      friend(owner, 'update_friends', { ownerUserID: owner, friendUserIDs: others, ...patch }),
    block: (owner, other, ex = '') => friend(owner, 'add_black', { ownerUserID: owner, blackUserID: other, ex }),
    unblock: (owner, other) => friend(owner, 'remove_black', { ownerUserID: owner, blackUserID: other }),
    /** Rows of both, and what changed since each last asked. */
    lists: (name, users) => t.answer(`lists ${name}`, async () => {
      const all = {};
      for (const user of users) {
        const changed = await friend(user, 'get_incremental_friends', { userID: user, ...(versions[user] ?? ANEW) });
        const { data } = changed.body;
        if (data) {
          const before = versions[user]?.version;
          versions[user] = { version: data.version, versionID: data.versionID };
          if (before) data.version = `was+${data.version - before}`;
          if (data.sortVersion) data.sortVersion = data.sortVersion === versions[user].version ? 'version' : 'other';
        }
        all[user.replace(t.suffix, '')] = {
          list: await friend(user, 'get_friend_list', { userID: user, pagination: PAGE }),
          changed,
        };
      }
      return all;
    }),
    /** Applications that one got and that the other made. */
    applications: (name, to, from) => t.answer(`applications ${name}`, async () => ({
      got: await friend(to, 'get_friend_apply_list', { userID: to, pagination: PAGE, handleResults: [] }),
      open: await friend(to, 'get_friend_apply_list', { userID: to, pagination: PAGE, handleResults: [0] }),
      made: await friend(from, 'get_self_friend_apply_list', { userID: from, pagination: PAGE, handleResults: [] }),
      count: await friend(to, 'get_self_unhandled_apply_count', { userID: to, time: 0 }),
      both: await friend(from, 'get_designated_friend_apply', { fromUserID: from, toUserID: to }),
    })),
  };
}

async function applying(t, { ann, bob, cid, calls }) {
  const { apply, respond, applications, lists } = calls;
  await lists('nothing', [ann, bob]);
  await t.step('ann applies to bob', () => apply(ann, bob));
  await t.step('ann applies again', () => apply(ann, bob, 'please'));
  await applications('open', bob, ann);
  await t.step('ann answers her own', () => respond(ann, bob, 1));
  await t.step('bob refuses', () => respond(bob, ann, -1));
  await t.step('bob accepts what he refused', () => respond(bob, ann, 1));
  await applications('refused', bob, ann);
  await t.step('ann applies after refusal', () => apply(ann, bob, 'third'));
  await t.step('bob accepts', () => respond(bob, ann, 1));
  await t.step('bob accepts again', () => respond(bob, ann, 1));
  await applications('accepted', bob, ann);
  await lists('friends', [ann, bob]);
  await t.step('ann applies to a friend', () => apply(ann, bob));
  await t.step('bob applies to a friend', () => apply(bob, ann));
  await t.step('cid applies to ann', () => apply(cid, ann));
  await t.step('ann applies to cid, who applied', () => apply(ann, cid));
  await t.step('cid accepts', () => respond(cid, ann, 1));
  await applications('crossed', ann, cid);
  await t.step('ann accepts what is friendship already', () => respond(ann, cid, 1));
  await t.step('cid applies to bob, too', () => apply(cid, bob));
  await applications('of two', bob, cid);
  await lists('crossed', [ann, cid]);
}

async function changing(t, { ann, bob, cid, calls }) {
  const { update, lists, friend } = calls;
  await t.step('remark', () => update(ann, [bob], { remark: 'Bobby' }));
  await lists('remark', [ann]);
  await t.step('same remark', () => update(ann, [bob], { remark: 'Bobby' }));
  await lists('same remark', [ann]);
  await t.step('pinned', () => update(ann, [cid], { isPinned: true }));
  await lists('pinned', [ann]);
  await t.step('ex of two', () => update(ann, [bob, cid], { ex: 'both' }));
  await t.step('nothing', () => update(ann, [bob], {}));
  await t.step('of a stranger', () => update(ann, [t.id('nobody')], { remark: 'x' }));
  await t.step('old path of remarks', () =>
    friend(ann, 'set_friend_remark', { ownerUserID: ann, friendUserID: bob, remark: 'Bo' }));
  await lists('changed', [ann]);
  await t.answer('ids', () => friend(ann, 'get_full_friend_user_ids', { userID: ann, idHash: 0 }));
  await t.answer('designated', () =>
    friend(ann, 'get_designated_friends', { ownerUserID: ann, friendUserIDs: [bob, cid] }));
  await t.answer('specified', () =>
    friend(ann, 'get_specified_friends_info', { ownerUserID: ann, userIDList: [bob, t.id('nobody')] }));
}

async function profiles(t, { ann, bob, calls }) {
  const change = (user, patch) => t.as(user, '/user/update_user_info_ex', { userInfo: { userID: user, ...patch } });
  await t.step('bob changes his name', () => change(bob, { nickname: 'Robert' }));
  await calls.lists('renamed', [ann, bob]);
  await t.step('bob changes nothing', () => change(bob, { nickname: 'Robert' }));
  await t.step('bob changes ex', () => change(bob, { ex: 'x' }));
  await t.step('bob changes his face', () => change(bob, { faceURL: 'http://f/new' }));
  await t.step('the administrator renames bob', () =>
    t.admin('/user/update_user_info_ex', { userInfo: { userID: bob, nickname: 'Bob' } }));
  await calls.lists('profile', [ann]);
}

async function blocking(t, { ann, bob, cid, calls }) {
  const { block, unblock, lists, apply, friend } = calls;
  await t.step('ann blocks bob', () => block(ann, bob, 'why'));
  await t.step('ann blocks bob again', () => block(ann, bob));
  await t.step('ann blocks herself', () => block(ann, ann));
  await t.answer('black list', () => friend(ann, 'get_black_list', { userID: ann, pagination: PAGE }));
  await t.answer('specified blacks', () =>
    friend(ann, 'get_specified_blacks', { ownerUserID: ann, userIDList: [bob, cid] }));
  await lists('blocked', [ann, bob]);
  await t.step('bob, who is blocked, applies', () => apply(bob, ann));
  await t.step('ann unblocks bob', () => unblock(ann, bob));
  await t.step('ann unblocks bob again', () => unblock(ann, bob));
}

async function removing(t, { ann, bob, cid, calls }) {
  const { remove, lists, apply, respond, friend } = calls;
  await t.step('ann removes bob', () => remove(ann, bob));
  await t.step('ann removes bob again', () => remove(ann, bob));
  await lists('removed', [ann, bob]);
  await t.answer('is_friend', () => friend(ann, 'is_friend', { userID1: ann, userID2: bob }));
  await t.step('bob removes ann', () => remove(bob, ann));
  await t.step('ann applies once more', () => apply(ann, bob, 'again'));
  await t.step('bob accepts once more', () => respond(bob, ann, 1));
  await lists('friends again', [ann, bob]);
  const import_ = (owner, others) =>
    t.admin('/friend/import_friend', { ownerUserID: owner, friendUserIDs: others });
  await t.step('import of a friend', () => import_(ann, [cid]));
  await t.step('import of oneself', () => import_(ann, [ann]));
  await t.step('import of an unknown user', () => import_(ann, [t.id('nobody')]));
  await t.step('import twice the same', () => import_(ann, [bob, bob]));
  await t.step('import between bob and cid', () => import_(bob, [cid]));
  await t.step('import by a user', () =>
    t.as(ann, '/friend/import_friend', { ownerUserID: ann, friendUserIDs: [bob] }));
  await lists('imported', [bob, cid]);
}

export default {
  name: 'friends',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    await t.connect('ann', ann);
    await t.phone('annPhone', ann);
    await t.connect('bob', bob);
    await t.connect('cid', cid);
    await t.online();
    const world = { ann, bob, cid, calls: callsOf(t) };
    for (const part of [applying, changing, profiles, blocking, removing]) await part(t, world);
  },
};
