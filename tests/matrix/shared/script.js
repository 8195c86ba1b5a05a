// What a user of the page does next, from what the user sees. Pure: hooks and composables drive it.

/** Who the two are for the server; `?alice=TOKEN&aliceID=…` and so on. */
const query = new URLSearchParams(globalThis.location?.search);
const idOf = (me) => query.get(`${me}ID`) ?? me;
export const conversationID = `si_${['alice', 'bob'].map(idOf).sort().join('_')}`;

const mark = Math.random().toString(36).slice(2);
const texts = { alice: `to Bob ${mark}`, bob: `to Alice ${mark}` };
const done = new Set();

/** `seen`: {connection, conversations, messages, unread}; `act`: {send, loadMore}. */
export function next(me, seen, act) {
  const once = (step, run) => {
    if (done.has(`${me} ${step}`)) return;
    done.add(`${me} ${step}`);
    run();
  };
  const { connection, conversations, messages } = seen;
  if (connection.status !== 'connected' || connection.syncing || messages.loading || conversations.loading) return;
  const peer = me === 'alice' ? 'bob' : 'alice';
  const find = (user) => messages.items.find(({ textElem }) => textElem?.content === texts[user]);
  const send = () => act.send({ userID: idOf(peer) }, texts[me]).catch((error) => end(`failed: ${error.stack}`));
  done.add(`${me} ready`);
  if (me === 'alice' && done.has('bob ready')) once('send', send);
  if (me === 'bob' && find('alice')) once('send', send);
  if (me !== 'alice' || !find('bob')) return;
  const own = find('alice');
  if (own?.status !== 2) return;
  if (messages.items.length < 30) once('more', () => act.loadMore());
  const listed = conversations.items.find((item) => item.conversationID === conversationID);
  const isLatest = listed && JSON.parse(listed.latestMsg).textElem?.content === texts.bob;
  const counted = listed && listed.unreadCount > 0 && seen.unread >= listed.unreadCount;
  if (messages.items.length > 5 && isLatest && counted) end('ok');
}

function end(result) {
  document.documentElement.dataset.result ??= result;
}

/** The page's users, with clients that log in. */
export function users(createClient) {
  return ['alice', 'bob'].map((userID) => {
    const sdk = createClient();
    const login = () => sdk.login({
      userID: idOf(userID), token: query.get(userID), platformID: 5, apiAddr: query.get('api'), wsAddr: query.get('ws'),
    });
    return { userID, sdk, login };
  });
}
