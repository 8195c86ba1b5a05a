// Rows of conversations: what sets them, and what the incremental list says after each change.
import { ANEW, chatOf, single, STALE_ID } from './requests.mjs';

const PATCHES = [
  { isPinned: true }, { isPinned: true }, { ex: 'E' }, { attachedInfo: 'I' }, { recvMsgOpt: 2 }, { recvMsgOpt: 7 },
  { groupAtType: 1 }, { burnDuration: 60 }, { isPrivateChat: true }, { isPrivateChat: true }, { burnDuration: 90 },
  { isPrivateChat: false }, { msgDestructTime: 86400 }, { isMsgDestruct: true }, { isMsgDestruct: true },
  { isMsgDestruct: false }, {}, { isPinned: false, ex: 'F', recvMsgOpt: 0 },
];

export default {
  name: 'conversations',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const A = await t.connect('ann', ann);
    await t.connect('bob', bob);
    await t.online();
    const chat = chatOf(ann, bob);
    const list = (held) => t.as(ann, '/conversation/get_incremental_conversations', { userID: ann, ...held });
    let held = ANEW;
    /** Asks with the version that was answered last; how far it moved is what counts. */
    const incremental = (name) => t.answer(`incr ${name}`, async () => {
      const answer = await list(held);
      const { data } = answer.body;
      if (data) {
        const before = held.version;
        held = { version: data.version, versionID: data.versionID };
        if (before) data.version = `was+${data.version - before}`;
      }
      return answer;
    });
    const set = (conversation) => t.as(ann, '/conversation/set_conversations', { userIDs: [ann], conversation });
    const row = (patch) =>
      set({ conversationID: chat, conversationType: 1, userID: bob, groupID: '', ...patch });

    await incremental('nothing yet');
    await incremental('nothing again');
    await A.ask(1003, single(ann, bob, 'one'));
    await t.settle({ ann: Array(1), bob: Array(1) });
    await incremental('first conversation');
    await incremental('no change');
    for (const patch of PATCHES) {
      await t.step(`set ${JSON.stringify(patch)}`, () => row(patch));
      await incremental(`after ${JSON.stringify(patch)}`);
    }
    await t.answer('rows of b', () => t.as(bob, '/conversation/get_all_conversations', { ownerUserID: bob }));
    await t.step('set on unknown conversation', () =>
      set({ conversationID: chatOf(ann, cid), conversationType: 1, userID: cid, groupID: '', isPinned: true }));
    await incremental('after unknown');
    await t.step('set private on never used', () =>
      set({ conversationID: `si_${ann}_zed`, conversationType: 1, userID: 'zed', groupID: '', isPrivateChat: true }));
    await incremental('after private unknown');
    await t.step('1006 pinned', () => A.ask(1006, { userID: ann, conversationIDs: [], returnPinned: true }));
    await t.step('1001', () => A.ask(1001, { userID: ann }));
    await t.answer('full ids', () => t.as(ann, '/conversation/get_full_conversation_ids', { userID: ann, idHash: 0 }));
    await t.step('text into c: row exists for a only', () => A.ask(1003, single(ann, cid, 'x')));
    await incremental('after');
    await t.answer('stale versionID', () => list({ version: held.version, versionID: STALE_ID }));
    await t.answer('version in the future', () => list({ ...held, version: held.version + 100 }));
    await t.answer('version 1', async () => {
      const { full, insert, update, delete: gone } = (await list({ ...held, version: 1 })).body.data;
      return { full, ins: insert?.length ?? null, upd: update?.length ?? null, del: gone };
    });
    await t.answer('version 0 right id', () => list({ ...held, version: 0 }));
  },
};
