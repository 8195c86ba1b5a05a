// Who is put out when: new tokens, other platforms, forced and own logouts.
import { sleep } from '../connection.mjs';

/** Two tokens of a user that are issued within one second are the same. */
const SECOND_MS = 1_300;
const KICK_MS = 900;

/** What somebody hears who connects with a token. */
async function refusal(t, label, user, token) {
  return t.first(await t.connect(label, user, { token }));
}

export default {
  name: 'kick',
  async run(t) {
    const [ann] = await t.users('ann');
    const first = t.tokens[ann];
    const status = () => t.admin('/user/get_users_status', { userID: ann, userIDs: [ann] });
    const call = (token) => t.rest('/user/get_users_info', { userIDs: [ann] }, { token });
    const tab = await t.connect('c1', ann);
    await t.connect('c1b', ann);
    const android = await t.phone('android', ann);
    await sleep(SECOND_MS);
    await t.step('two connections same token and an Android', status);
    let second;
    await t.step('new token is issued', async () => {
      second = await t.token(ann);
      return {};
    });
    await t.step('REST with old token', () => call(first));
    await t.step('old connection still answers', () => tab.ask(1001, { userID: ann }));
    await t.step('old token connects', () => refusal(t, 'cold', ann, first));
    await t.step('new connection', async () => {
      await t.connect('c2', ann, { token: second });
      await sleep(KICK_MS);
      return {};
    });
    await t.step('status', status);
    await t.step('force_logout', () => t.admin('/auth/force_logout', { userID: ann, platformID: 5 }));
    await t.step('REST after force_logout', () => call(second));
    await t.step('connect after force_logout', () => refusal(t, 'c4', ann, second));
    await t.step('android still there', () => android.ask(1001, { userID: ann }));
    const third = await t.token(ann);
    const web = await t.connect('w', ann, { token: third });
    await t.phone('pad', ann, 8);
    await sleep(KICK_MS);
    await t.step('ios token joins android', async () => {
      await t.phone('ios', ann, 1);
      await sleep(KICK_MS);
      return {};
    });
    await t.step('logout of web', () => web.ask(2003, { userID: ann, platformID: 5 }));
    await t.step('REST after logout', () => call(third));
    await t.step('connect after logout', () => refusal(t, 'c5', ann, third));
  },
};
