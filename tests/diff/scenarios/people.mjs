// Friends, groups, presence.

const SI = 'si_a_b';
const SG = 'sg_g';
const G = { groupID: 'g' };

export default [
  {
    id: 'S33',
    name: 'S33 friend: add, accept, remark, delete',
    async run(world) {
      const [a, b] = await world.ready('a', 'b');
      await a.call('addFriend', { toUserID: 'b', reqMsg: 'hello' });
      await a.heard('OnFriendApplicationAdded');
      await b.heard('OnFriendApplicationAdded');
      await world.settle('asked');
      await b.call('getFriendApplicationListAsRecipient');
      await a.call('getFriendApplicationListAsApplicant');
      await b.call('getFriendApplicationUnhandledCount', { time: 0 });
      await world.settle('applications');
      await b.call('acceptFriendApplication', { toUserID: 'a', handleMsg: 'ok' });
      await a.heard('OnFriendAdded');
      await b.heard('OnFriendAdded');
      await b.heard('OnRecvNewMessages');
      await world.settle('accepted', { onlyLast: true });
      await a.call('checkFriend', ['b', 'c']);
      await b.call('checkFriend', ['a']);
      await a.call('getFriendList');
      await b.call('getFriendList');
      await a.call('getSpecifiedFriendsInfo', { friendUserIDList: ['b', 'c'], filterBlack: false });
      await world.settle('friends');
      await a.call('updateFriends', { friendUserIDs: ['b'], remark: 'Bobby', isPinned: true });
      await a.heard('OnConversationChanged');
      await world.settle('remark', { onlyLast: true });
      await b.call('setSelfInfo', { nickname: 'Robert' });
      await a.heard('OnFriendInfoChanged');
      await world.settle('renamed', { onlyLast: true });
      await a.call('getAllConversationList');
      await a.call('deleteFriend', 'b');
      await world.settle('deleted');
      await b.call('checkFriend', ['a']);
      await a.call('checkFriend', ['b']);
      await a.call('addFriend', { toUserID: 'a', reqMsg: '' });
      await a.call('addFriend', { toUserID: 'nobody', reqMsg: '' });
      await world.settle('oneself');
      await world.befriend('c', 'd');
      const [c] = await world.ready('c');
      await c.call('addFriend', { toUserID: 'd', reqMsg: '' });
      await world.settle('both already');
      await a.call('addBlack', { toUserID: 'b' });
      await world.settle('black');
      await a.call('getBlackList');
      await b.text('a', 'blocked');
      await world.settle('blocked');
      await a.call('removeBlack', 'b');
      await a.call('getBlackList');
      await world.settle('forgiven');
      await b.call('addFriend', { toUserID: 'a', reqMsg: 'again' });
      await a.heard('OnFriendApplicationAdded');
      await world.settle('asked again');
      await a.call('refuseFriendApplication', { toUserID: 'b', handleMsg: 'no' });
      await b.heard('OnFriendApplicationRejected');
      await world.settle('refused');
    },
  },
  {
    id: 'S35',
    name: 'S35 group: create, invite, join',
    async run(world) {
      // The very first group is not told by the official core: it loads the whole list, silently.
      await world.group('z', ['a', 'b', 'c', 'd', 'e']);
      const [a, b, c, d, e] = await world.ready('a', 'b', 'c', 'd', 'e');
      await a.call('createGroup', { memberUserIDs: ['b'], groupInfo: { groupID: 'g', groupName: 'G', groupType: 2 } });
      await b.eventually('isJoinGroup', ['g'], (is) => is === true);
      await b.heard('OnRecvNewMessages');
      await world.settle('created', { onlyLast: true });
      await a.call('createGroup', { memberUserIDs: ['b'], groupInfo: { groupID: 'old', groupName: 'O', groupType: 1 } });
      await world.settle('old kind');
      await a.call('inviteUserToGroup', { groupID: 'g', reason: '', userIDList: ['c'] });
      await c.eventually('isJoinGroup', ['g'], (is) => is === true);
      await b.heard('OnGroupInfoChanged');
      await world.settle('invited', { onlyLast: true });
      await a.call('getGroupMemberList', { groupID: 'g', filter: 0, offset: 0, count: 10 });
      await a.call('getUsersInGroup', { groupID: 'g', userIDList: ['b', 'z'] });
      await a.call('isJoinGroup', 'g');
      await c.call('getJoinedGroupList');
      await d.call('isJoinGroup', 'g');
      await world.settle('members');
      await a.call('setGroupVerification', { groupID: 'g', verification: 1 });
      await world.settle('closed');
      await d.call('joinGroup', { groupID: 'g', reqMsg: 'pls', joinSource: 3 });
      await a.heard('OnGroupApplicationAdded');
      await d.heard('OnGroupApplicationAdded');
      await a.call('getGroupApplicationListAsRecipient');
      await d.call('getGroupApplicationListAsApplicant');
      await a.call('getGroupApplicationUnhandledCount', { time: 0 });
      await world.settle('applied');
      await a.call('acceptGroupApplication', { groupID: 'g', fromUserID: 'd', handleMsg: '' });
      await d.eventually('isJoinGroup', ['g'], (is) => is === true);
      await b.heard('OnGroupMemberAdded');
      await c.heard('OnGroupMemberAdded');
      await world.settle('accepted', { onlyLast: true });
      await a.call('acceptGroupApplication', { groupID: 'g', fromUserID: 'd', handleMsg: '' });
      await world.settle('accepted twice');
      await e.call('joinGroup', { groupID: 'g', reqMsg: 'me too', joinSource: 3 });
      await a.heard('OnGroupApplicationAdded');
      await a.call('refuseGroupApplication', { groupID: 'g', fromUserID: 'e', handleMsg: '' });
      await e.heard('OnGroupApplicationRejected');
      await world.settle('refused');
      await a.call('setGroupVerification', { groupID: 'g', verification: 2 });
      await world.settle('open');
      await e.call('joinGroup', { groupID: 'g', reqMsg: '', joinSource: 3 });
      await e.eventually('isJoinGroup', ['g'], (is) => is === true);
      await b.heard('OnGroupMemberAdded');
      await world.settle('joined', { onlyLast: true });
      await e.call('joinGroup', { groupID: 'g', reqMsg: '', joinSource: 3 });
      await world.settle('joined twice');
      await a.call('kickGroupMember', { groupID: 'g', reason: '', userIDList: ['e'] });
      await e.eventually('isJoinGroup', ['g'], (is) => is === false);
      await world.settle('kicked', { onlyLast: true });
      await c.call('quitGroup', 'g');
      await b.heard('OnGroupMemberDeleted');
      await world.settle('left', { onlyLast: true });
      await c.call('getJoinedGroupList');
      await c.call('getAllConversationList');
      await a.call('quitGroup', 'g');
      await world.settle('the owner cannot leave');
      await a.call('dismissGroup', 'g');
      await b.heard('OnGroupDismissed');
      await world.settle('dismissed', { onlyLast: true });
      await a.call('getJoinedGroupList');
      await b.text(G, 'anybody?');
      await world.settle('after');
    },
  },
  {
    id: 'S37',
    name: 'S37 group: mute, owner, role, nickname, info',
    async run(world) {
      await world.group('g', ['a', 'b', 'c']);
      const [a, b, c] = await world.ready('a', 'b', 'c');
      const members = { groupID: 'g', filter: 0, offset: 0, count: 10 };
      for (const device of [a, b, c]) await device.call('getGroupMemberList', members);
      await world.settle('loaded');
      // The published build always refuses the method: the server is asked directly, the method at the end.
      await world.api('/group/mute_group', { groupID: 'g' }, a.token);
      await c.heard('OnGroupInfoChanged');
      await world.settle('muted', { onlyLast: true });
      await c.text(G, 'muted');
      await a.text(G, 'owners may');
      await world.settle('who may', { onlyLast: true });
      await world.api('/group/cancel_mute_group', { groupID: 'g' }, a.token);
      await c.heard('OnGroupInfoChanged');
      await world.settle('not muted', { onlyLast: true });
      await a.call('changeGroupMemberMute', { groupID: 'g', userID: 'c', mutedSeconds: 60 });
      await c.heard('OnGroupMemberInfoChanged');
      await world.settle('c muted', { onlyLast: true });
      await c.text(G, 'muted');
      await a.call('changeGroupMemberMute', { groupID: 'g', userID: 'c', mutedSeconds: 0 });
      await c.heard('OnGroupMemberInfoChanged');
      await world.settle('c not muted', { onlyLast: true });
      await a.call('setGroupMemberInfo', { groupID: 'g', userID: 'b', roleLevel: 60 });
      await b.heard('OnGroupMemberInfoChanged');
      await c.heard('OnGroupMemberInfoChanged');
      await a.call('getGroupMemberList', members);
      await a.call('getGroupMemberOwnerAndAdmin', 'g');
      await world.settle('admin', { onlyLast: true });
      await c.text(G, 'latest');
      await world.settle('a message of c', { onlyLast: true });
      await c.call('setGroupMemberNickname', { groupID: 'g', userID: 'c', groupMemberNickname: 'CC' });
      await a.heard('OnGroupMemberInfoChanged');
      await world.settle('nickname', { onlyLast: true });
      await a.history(SG, '', 3);
      await b.call('setGroupInfo', { groupID: 'g', groupName: 'G2' });
      await a.heard('OnGroupInfoChanged');
      await c.heard('OnGroupInfoChanged');
      await world.settle('name', { onlyLast: true });
      await c.call('setGroupInfo', { groupID: 'g', groupName: 'mine' });
      await world.settle('no right');
      await a.call('setGroupInfo', { groupID: 'g', notification: 'read me' });
      await b.heard('OnConversationChanged', (list) => list.some(({ groupAtType }) => groupAtType === 4));
      await world.settle('announcement', { onlyLast: true });
      await a.call('transferGroupOwner', { groupID: 'g', newOwnerUserID: 'b' });
      await c.heard('OnGroupInfoChanged');
      await b.heard('OnGroupInfoChanged');
      await world.settle('new owner', { onlyLast: true });
      await a.call('getGroupMemberList', members);
      await a.call('getSpecifiedGroupsInfo', ['g', 'nothing']);
      await a.call('getSpecifiedGroupMembersInfo', { groupID: 'g', userIDList: ['c', 'z'] });
      await world.settle('in the end');
      await b.call('changeGroupMute', { groupID: 'g', isMute: true });
      await b.call('changeGroupMute', { groupID: 'g', isMute: false });
      await world.settle('muted by the method', { onlyLast: true });
    },
  },
  {
    id: 'S38',
    name: 'S38 online status',
    async run(world) {
      const [a, b] = await world.ready('a', 'b');
      const is = (userID, status) => (state) => state.userID === userID && state.status === status;
      await a.call('subscribeUsersStatus', ['b', 'c']);
      await a.heard('OnUserStatusChanged', is('b', 1));
      await world.settle('subscribed');
      const c = await world.device('c');
      await c.login();
      await a.heard('OnUserStatusChanged', is('c', 1));
      await c.heard('OnSyncServerFinish');
      await world.settle('c comes');
      await c.call('logout');
      await a.heard('OnUserStatusChanged', is('c', 0));
      await world.settle('c goes');
      await a.call('getSubscribeUsersStatus');
      await world.settle('list');
      await a.call('subscribeUsersStatus', []);
      await a.call('unsubscribeUsersStatus', ['c']);
      await c.pastGuard();
      await c.login();
      await c.heard('OnConnectSuccess');
      await world.settle('c comes unseen');
      await a.pastGuard();
      await world.control('disconnect', { userID: 'a' });
      await a.heard('OnSyncServerFinish');
      await world.settle('a comes back');
      await b.call('logout');
      await world.settle('b goes');
    },
  },
];
