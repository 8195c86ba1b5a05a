// Sending: texts, pictures, media, cards, quotes, forwards, online-only messages.
import { file } from '../sdks.mjs';

const SI = 'si_a_b';
const SG = 'sg_g';
const G = { groupID: 'g' };
const WITHOUT_UPLOAD = 'sendMessageNotOss';

const picture = (name, url) => ({ uuid: name, type: 'image/png', size: 2048, width: 40, height: 30, url });

/** What a stored URL gives. */
async function fetched(world, url) {
  if (!url) return;
  const response = await fetch(url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  world.record.results.push({ device: 'server', method: 'GET', ok: response.ok, size: bytes.length, first: [...bytes.slice(0, 8)] });
}

export default [
  {
    id: 'S11',
    name: 'S11 first text message between strangers',
    async run(world) {
      const [a, b] = await world.ready('a', 'b');
      const message = await a.call('createTextMessage', 'hi');
      await world.settle('created');
      await a.send('b', message);
      await world.settle('sent');
      await b.call('getOneConversation', { sourceID: 'a', sessionType: 1 });
      await b.call('getAllConversationList');
      await a.call('getAllConversationList');
      await b.call('getTotalUnreadMsgCount');
      await a.history(SI);
      await b.history(SI);
      await world.settle('read back');
      await b.text('a', 'hello');
      await world.settle('answered');
      await a.call('getAllConversationList');
      await b.call('getAllConversationList');
      await world.settle('lists');
    },
  },
  {
    id: 'S13',
    name: 'S13 pictures',
    async run(world) {
      await world.befriend('a', 'b', 'c');
      const [a, b] = await world.ready('a', 'b');
      const url = 'https://example.com/p.png';
      const pictures = { sourcePicture: picture('p', url), bigPicture: picture('p', url), snapshotPicture: picture('s', url), sourcePath: '' };
      const linked = await a.call('createImageMessageByURL', pictures);
      await a.call(WITHOUT_UPLOAD, { recvID: 'b', groupID: '', message: linked });
      await world.settle('by URL');
      const empty = { ...pictures, sourcePicture: picture('u', ''), bigPicture: picture('u', ''), snapshotPicture: picture('u', '') };
      const png = file('dot.png', 'image/png', 2048, 3);
      const made = await a.call('createImageMessageByFile', { ...empty, file: png });
      const sent = await a.send('b', made);
      await world.settle('by file');
      await fetched(world, sent?.pictureElem?.sourcePicture?.url);
      await world.settle('fetched');
      await a.send('b', await a.call('createImageMessageByFile', { ...empty, file: png }));
      await world.settle('the same again');
      await world.control('rest', { path: '/object/initiate_multipart_upload', faults: Array(20).fill('refused') });
      await a.send('b', await a.call('createImageMessageByFile', { ...empty, file: file('new.png', 'image/png', 999, 9) }));
      await world.settle('refused');
      await a.history(SI);
      await b.history(SI);
      await world.settle('history');
    },
  },
  {
    id: 'S14',
    name: 'S14 voice, video, file',
    async run(world) {
      await world.befriend('a', 'b', 'c');
      const [a, b] = await world.ready('a', 'b');
      const sound = { uuid: 'v', soundPath: '', sourceUrl: '', dataSize: 3000, duration: 7, soundType: 'audio/mp3' };
      await a.send('b', await a.call('createSoundMessageByFile', { ...sound, file: file('v.mp3', 'audio/mp3', 3000, 5) }));
      await world.settle('voice');
      const video = {
        videoPath: '', videoType: 'video/mp4', snapshotPath: '', videoUUID: 'w', videoUrl: '', snapshotUUID: 'x', snapshotUrl: '',
        duration: 12, videoSize: 9000, snapshotSize: 700, snapshotWidth: 40, snapshotHeight: 30, snapShotType: 'image/png',
      };
      const videoFile = file('w.mp4', 'video/mp4', 9000, 6);
      const snapshotFile = file('x.png', 'image/png', 700, 7);
      await a.send('b', await a.call('createVideoMessageByFile', { ...video, videoFile, snapshotFile }));
      await world.settle('video');
      const size = 30 << 20;
      const pdf = { fileName: 'r.pdf', fileSize: size, uuid: 'f', filePath: '', sourceUrl: '', fileType: 'application/pdf' };
      await a.send('b', await a.call('createFileMessageByFile', { ...pdf, file: file('r.pdf', 'application/pdf', size, 8) }));
      await world.settle('file');
      const url = 'https://example.com/x';
      for (const [method, params] of [
        ['createSoundMessageByURL', { ...sound, sourceUrl: url }],
        ['createVideoMessageByURL', { ...video, videoUrl: url, snapshotUrl: url }],
        ['createFileMessageByURL', { ...pdf, sourceUrl: url }],
      ]) await a.call(WITHOUT_UPLOAD, { recvID: 'b', groupID: '', message: await a.call(method, params) });
      await world.settle('by URL', { onlyLast: true });
      await b.history(SI);
      await world.settle('history');
    },
  },
  {
    id: 'S15',
    name: 'S15 custom, location, face, card',
    async run(world) {
      await world.befriend('a', 'b', 'c');
      const [a, b] = await world.ready('a', 'b');
      for (const [method, params] of [
        ['createCustomMessage', { data: '{"k":1}', extension: 'x', description: 'd' }],
        ['createLocationMessage', { description: 'pier', longitude: 120.5, latitude: -30.25 }],
        ['createFaceMessage', { index: -1, data: 'u' }],
        ['createCardMessage', { userID: 'c', nickname: 'Cid', faceURL: '', ex: '' }],
        ['createAdvancedTextMessage', { text: 't', messageEntityList: [] }],
        ['createAdvancedTextMessage', { text: 'u', messageEntityList: [{ type: 'bold', offset: 0, length: 1, url: '', info: '' }] }],
        ['createTextMessage', ''],
      ]) {
        await a.send('b', await a.call(method, params));
        await world.settle(`${method} ${Object.values(params)[0] ?? ''}`);
      }
      await a.history(SI);
      await b.history(SI);
      await world.settle('history');
    },
  },
  {
    id: 'S16',
    name: 'S16 @ in a group',
    async run(world) {
      await world.group('g', ['a', 'b', 'c']);
      const [a, b, c] = await world.ready('a', 'b', 'c');
      const at = (text, ids) => ({ text, atUserIDList: ids, atUsersInfo: ids.map((id) => ({ atUserID: id, groupNickname: id })) });
      await a.send(G, await a.call('createTextAtMessage', at('@Bob look', ['b'])));
      await b.heard('OnConversationChanged', (list) => list.some(({ groupAtType }) => groupAtType === 1));
      await world.settle('b', { onlyLast: true });
      await a.send(G, await a.call('createTextAtMessage', at('@all', ['AtAllTag'])));
      await c.heard('OnConversationChanged', (list) => list.some(({ groupAtType }) => groupAtType === 2));
      await world.settle('all', { onlyLast: true });
      await a.send(G, await a.call('createTextAtMessage', at('@all and Bob', ['AtAllTag', 'b'])));
      await b.heard('OnConversationChanged', (list) => list.some(({ groupAtType }) => groupAtType === 3));
      await world.settle('all and b', { onlyLast: true });
      await b.call('resetConversationGroupAtType', SG);
      await b.call('getOneConversation', { sourceID: 'g', sessionType: 3 });
      await world.settle('reset');
      await a.call('createTextAtMessage', at('', ['b']));
      await a.call('createTextAtMessage', at('too many', 'abcdefghijk'.split('')));
      await a.call('createTextAtMessage', { text: 'no names', atUserIDList: ['b'] });
      await b.history(SG);
      await world.settle('created');
    },
  },
  {
    id: 'S17',
    name: 'S17 quote',
    async run(world) {
      await world.befriend('a', 'b', 'c');
      const [a, b] = await world.ready('a', 'b');
      const { clientMsgID } = await b.text('a', 'm1');
      await world.settle('to quote');
      const m1 = (await a.history(SI)).messageList.at(-1);
      const quote = await a.send('b', await a.call('createQuoteMessage', { text: 're', message: JSON.stringify(m1) }));
      await world.settle('quoted');
      await a.send('b', await a.call('createQuoteMessage', { text: 're re', message: JSON.stringify(quote) }));
      await world.settle('quote of a quote');
      await a.send('b', await a.call('createAdvancedQuoteMessage', { text: 'adv', message: m1, messageEntityList: [] }));
      await world.settle('advanced');
      await b.call('revokeMessage', { conversationID: SI, clientMsgID });
      await a.heard('OnNewRecvMessageRevoked');
      await world.settle('revoked');
      await a.history(SI);
      await b.history(SI);
      await world.settle('history');
      const unknown = { ...m1, clientMsgID: '0123456789abcdef0123456789abcdef' };
      world.names.set(unknown.clientMsgID, 'not here');
      await a.send('b', await a.call('createQuoteMessage', { text: 'of elsewhere', message: JSON.stringify(unknown) }));
      await world.settle('of a message that is not here');
    },
  },
  {
    id: 'S18',
    name: 'S18 merge and forward',
    async run(world) {
      await world.befriend('a', 'b', 'c');
      const [a, b, c] = await world.ready('a', 'b', 'c');
      const url = 'https://example.com/p.png';
      const pictures = { sourcePicture: picture('p', url), bigPicture: picture('p', url), snapshotPicture: picture('s', url), sourcePath: '' };
      const text = await a.text('b', 't');
      const image = await a.call(WITHOUT_UPLOAD, { recvID: 'b', groupID: '', message: await a.call('createImageMessageByURL', pictures) });
      await world.settle('sources', { onlyLast: true });
      await a.send('c', await a.call('createMergerMessage', { messageList: [text, image], title: 'Chat', summaryList: ['Ann: …', 'Bob: …'] }));
      await world.settle('merged');
      await a.send('c', await a.call('createForwardMessage', image));
      await world.settle('forwarded');
      await a.call('createForwardMessage', { ...text, status: 3 });
      await b.history(SI);
      await c.history('si_a_c');
      await world.settle('history');
    },
  },
  {
    id: 'S20',
    name: 'S20 online-only message',
    async run(world) {
      await world.befriend('a', 'b', 'c');
      const [a, b] = await world.ready('a', 'b');
      const second = await world.device('a2');
      await second.login(a.token);
      await second.heard('OnSyncServerFinish');
      await world.settle('second device');
      await a.send('b', await a.call('createTextMessage', 'now or never'), { isOnlineOnly: true });
      await b.heard('OnRecvNewMessages');
      await world.settle('to b');
      await a.send('c', await a.call('createTextMessage', 'nobody there'), { isOnlineOnly: true });
      await a.history(SI);
      await b.history(SI);
      await b.call('getAllConversationList');
      await world.settle('to c');
      await b.reload();
      await b.login();
      await b.heard('OnConnectSuccess');
      await b.history(SI);
      await b.call('getAllConversationList');
      const [c] = [await world.device('c')];
      await c.login();
      await c.heard('OnSyncServerFinish');
      await c.call('getAllConversationList');
      await world.settle('later', { onlyLast: true });
    },
  },
];
