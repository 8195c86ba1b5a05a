// Incremental lists, asked for with the version that was answered last.
import { ANEW, PAGE } from './requests.mjs';

const LISTS = {
  friends: ['/friend/get_incremental_friends', 'userID'],
  joined: ['/group/get_incremental_join_groups', 'userID'],
  rows: ['/conversation/get_incremental_conversations', 'userID'],
};

/** Versions held by each user; an answer's version becomes how far it moved since the one before. */
export class Held {
  #versions = new Map();

  constructor(t) {
    this.t = t;
  }

  #of(key) {
    return this.#versions.get(key) ?? ANEW;
  }

  #keep(key, data) {
    if (!data) return;
    const before = this.#of(key).version;
    this.#versions.set(key, { version: data.version, versionID: data.versionID });
    if (data.sortVersion) data.sortVersion = data.sortVersion === data.version ? 'version' : 'other';
    if (before) data.version = `was+${data.version - before}`;
  }

  /** What changed in `friends`, `joined` or `rows` of a user. */
  async list(name, user) {
    const [path, key] = LISTS[name];
    const answer = await this.t.as(user, path, { [key]: user, ...this.#of(name + user) });
    this.#keep(name + user, answer.body.data);
    return answer;
  }

  /** What changed among a group's members, as the user sees it. */
  async members(user, groupID) {
    const key = `members ${user} ${groupID}`;
    const answer = await this.t.as(user, '/group/get_incremental_group_members_batch',
      { userID: user, reqList: [{ groupID, ...this.#of(key) }] });
    this.#keep(key, answer.body.data?.respList?.[groupID]);
    return answer;
  }
}

/** A step that reads the friends of users, whole and what changed. */
export function friendLists(t, held) {
  return (name, users) => t.answer(`look ${name}`, async () => {
    const all = {};
    for (const user of users) {
      all[user.replace(t.suffix, '')] = {
        list: await t.as(user, '/friend/get_friend_list', { userID: user, pagination: PAGE }),
        changed: await held.list('friends', user),
      };
    }
    return all;
  });
}
