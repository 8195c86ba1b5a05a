// Settings of conversations, drafts, hiding, search.

const SI = 'si_a_b';
const SG = 'sg_g';
const G = { groupID: 'g' };

export default [
  {
    id: 'S27',
    name: 'S27 receive options',
    async run(world) {
      await world.group('g', ['c', 'a']);
      await world.send('b', 'a', 'hi');
      const [a, b, c] = await world.ready('a', 'b', 'c');
      await a.call('markConversationMessageAsRead', SI);
      await a.call('markConversationMessageAsRead', SG);
      await world.settle('read', { onlyLast: true });
      await a.call('setConversationRecvMessageOpt', { conversationID: SG, opt: 2 });
      await world.settle('group muted');
      await c.text(G, 'silently');
      await a.heard('OnRecvNewMessages');
      await a.call('getTotalUnreadMsgCount');
      await world.settle('message in the muted group');
      await a.call('setConversationRecvMessageOpt', { conversationID: SI, opt: 1 });
      await world.settle('refuses b');
      await b.text('a', 'refused');
      await world.settle('message of b');
      await a.call('setConversationRecvMessageOpt', { conversationID: SI, opt: 0 });
      await b.text('a', 'welcome');
      await a.heard('OnRecvNewMessages');
      await world.settle('welcome', { onlyLast: true });
      await a.call('setGlobalRecvMessageOpt', 2);
      await world.settle('global');
      await b.text('a', 'in front');
      await a.heard('OnRecvNewMessages');
      await world.settle('still told');
      for (const patch of [{ isPinned: true }, { ex: 'x' }, { burnDuration: 60 }, { msgDestructTime: 86_400 }, { isMsgDestruct: true }]) {
        await a.call('setConversation', { conversationID: SI, ...patch });
        await world.settle(`setting ${Object.keys(patch)[0]}`);
      }
      await a.call('setConversation', { conversationID: 'si_a_nobody', isPinned: true });
      await a.call('getAllConversationList');
      await world.settle('in the end');
    },
  },
  {
    id: 'S28',
    name: 'S28 drafts',
    async run(world) {
      await world.send('b', 'a', 'old');
      await world.send('c', 'a', 'new');
      const [a] = await world.ready('a');
      const draft = (draftText) => a.call('setConversationDraft', { conversationID: SI, draftText });
      await draft('to do');
      await a.call('getAllConversationList');
      await world.settle('draft');
      await draft('it\'s "ok"');
      await a.call('getAllConversationList');
      await world.settle('quotes');
      await draft('');
      await a.call('getAllConversationList');
      await world.settle('none');
      await draft('kept');
      await a.text('b', 'sent');
      await world.settle('kept', { onlyLast: true });
      await a.reload();
      await a.pastGuard();
      await a.login();
      await a.call('getAllConversationList');
      await a.heard('OnSyncServerFinish');
      await world.settle('reloaded', { onlyLast: true });
    },
  },
  {
    id: 'S30',
    name: 'S30 hide',
    async run(world) {
      await world.send('b', 'a', 'm{n}', 2);
      await world.send('c', 'a', 'other');
      const [a, b] = await world.ready('a', 'b');
      await a.call('setConversation', { conversationID: SI, isPinned: true });
      await world.settle('pinned');
      await a.call('hideConversation', SI);
      await a.call('getAllConversationList');
      await a.call('getTotalUnreadMsgCount');
      await a.call('getMultipleConversation', [SI]);
      await a.history(SI);
      await world.settle('hidden');
      await b.text('a', 'm3');
      await a.heard('OnRecvNewMessages');
      await a.call('getAllConversationList');
      await world.settle('back');
      await a.call('deleteAllConversationFromLocal');
      await a.call('getAllConversationList');
      await world.settle('all hidden');
    },
  },
  {
    id: 'S31',
    name: 'S31 search and find',
    async run(world) {
      await world.group('g', ['a', 'b']);
      await world.befriend('a', 'b', 'c');
      await world.api('/friend/add_black', { ownerUserID: 'a', blackUserID: 'c', ex: '' });
      const [x] = await world.send('b', 'a', 'plain {n}', 10);
      const [y] = await world.send('b', 'a', 'alpha one');
      await world.send('a', 'b', 'alpha and beta');
      await world.send('b', G, 'beta {n}', 10);
      await world.send('b', G, 'alpha in the group');
      const [a, b] = await world.ready('a', 'b');
      const url = 'https://example.com/p.png';
      const picture = { uuid: 'p', type: 'image/png', size: 1, width: 1, height: 1, url };
      for (const [method, params] of [
        ['createFileMessageByURL', { filePath: '', fileName: 'alpha.pdf', uuid: 'f', sourceUrl: url, fileSize: 9, fileType: '' }],
        ['createImageMessageByURL', { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture, sourcePath: '' }],
      ]) await a.call('sendMessageNotOss', { recvID: 'b', groupID: '', message: await a.call(method, params) });
      await world.settle('sent', { onlyLast: true });
      await a.allHistory(SI);
      await a.allHistory(SG);
      await world.settle('here');
      const search = async (label, params) => {
        await a.call('searchLocalMessages', { conversationID: '', keywordList: [], ...params });
        await world.settle(label);
      };
      await search('everywhere', { keywordList: ['alpha'] });
      const one = { conversationID: SI, pageIndex: 1, count: 10 };
      await search('all words', { ...one, keywordList: ['alpha', 'beta'], keywordListMatchType: 1 });
      await search('any word', { ...one, keywordList: ['alpha', 'beta'], keywordListMatchType: 0 });
      await search('pictures', { ...one, messageTypeList: [102] });
      await search('of b', { ...one, keywordList: ['alpha'], senderUserIDList: ['b'] });
      await search('of a year ago', { ...one, keywordList: ['alpha'], searchTimePosition: Math.floor(Date.now() / 1000) - 31_000_000, searchTimePeriod: 86_400 });
      await search('of today', { ...one, keywordList: ['alpha'], searchTimePosition: Math.floor(Date.now() / 1000) + 60, searchTimePeriod: 86_400 });
      await search('nothing asked', one);
      await search('no page', { ...one, keywordList: ['alpha'], pageIndex: 0 });
      await search('no hit', { ...one, keywordList: ['gamma'] });
      await a.call('findMessageList', [{ conversationID: SI, clientMsgIDList: [x, y, 'none'] }]);
      await a.call('findMessageList', [{ conversationID: 'si_a_nobody', clientMsgIDList: [x] }]);
      await world.settle('find');
      for (const keyword of ['Bo', 'Ci', 'nobody']) {
        await a.call('searchFriends', { keywordList: [keyword], isSearchUserID: true, isSearchNickname: true, isSearchRemark: true });
      }
      await a.call('searchGroups', { keywordList: ['G'], isSearchGroupID: true, isSearchGroupName: true });
      await a.call('getGroupMemberList', { groupID: 'g', filter: 0, offset: 0, count: 10 });
      await a.call('searchGroupMembers', { groupID: 'g', keywordList: ['Bo'], isSearchUserID: true, isSearchMemberNickname: true, offset: 0, count: 10 });
      await world.settle('people');
    },
  },
];
