// What every project does: two users in one page write to each other. The page says how it ended.

/** `parts` are what the project imported from the package. */
export async function exchange({ createClient, CbEvents, MessageType }) {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const heard = { alice: [], bob: [] };
  const login = async (userID) => {
    const sdk = createClient();
    sdk.on(CbEvents.OnRecvNewMessages, ({ data }) => heard[userID].push(...data));
    // What comes before a device's first look at the server is history, not news.
    const looked = new Promise((resolve) => sdk.once(CbEvents.OnSyncServerFinish, resolve));
    await sdk.login({
      userID, token: query.get(userID), platformID: 5, apiAddr: query.get('api'), wsAddr: query.get('ws'),
    });
    await looked;
    return sdk;
  };
  const say = async (sdk, recvID, text) => {
    const { data: message } = await sdk.createTextMessage(text);
    await sdk.sendMessage({ recvID, groupID: '', message });
    for (let waited = 0; ; waited += 25) {
      const found = heard[recvID].find((message) => message.textElem?.content === text);
      if (found) return found.contentType === MessageType.TextMessage || Promise.reject(new Error('not a text'));
      if (waited > 30_000) throw new Error(`${recvID} did not get "${text}"`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  try {
    const [alice, bob] = [await login('alice'), await login('bob')];
    const mark = Math.random().toString(36);
    await say(alice, 'bob', `to Bob ${mark}`);
    await say(bob, 'alice', `to Alice ${mark}`);
    root.dataset.result = 'ok';
  } catch (error) {
    root.dataset.result = `failed: ${error.stack} ${JSON.stringify(error)}`;
  }
}
