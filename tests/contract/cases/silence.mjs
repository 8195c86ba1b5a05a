// Connections on which nothing is said: the server pings browsers only, and ends the others after 30 seconds.
import { sleep } from '../connection.mjs';

const SILENCE_MS = 33_000;

export default {
  name: 'silence',
  async run(t) {
    const [ann] = await t.users('ann');
    await t.answer('silence', async () => {
      const log = [];
      const watch = (label, connection) => {
        clearInterval(connection.pings);
        connection.socket.on('ping', () => log.push(`${label} ping`));
        connection.socket.on('close', (code) => log.push(`${label} closed ${code}`));
        return connection;
      };
      const web = watch('web', await t.connect('web', ann));
      const phone = watch('phone', await t.phone('phone', ann));
      await sleep(SILENCE_MS);
      return { log, web: web.closed ?? null, phone: phone.closed ?? null };
    });
  },
};
