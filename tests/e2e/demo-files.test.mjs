// Files in the demo: chosen, pasted, dropped; progress, cancelling, sending again.
import assert from 'node:assert/strict';
import { conversation, gone, message, open, openTwo, state, AB } from './demo-page.mjs';
import { test, until } from './harness.mjs';

// A red dot.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const SVG =
  "<svg xmlns='http://www.w3.org/2000/svg' width='240' height='150'><rect width='240' height='150' fill='#0f766e'/>" +
  "<circle cx='120' cy='75' r='50' fill='#fde047'/></svg>";
const text = (name, content) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
const picture = { name: 'sun.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(SVG) };

/** Lets an event with files happen to an element, as a browser does. */
const happen = (element, event, name, type, base64) =>
  element.evaluate(
    (element, [event, name, type, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
      const init = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        event === 'paste'
          ? new ClipboardEvent(event, { ...init, clipboardData: data })
          : new DragEvent(event, { ...init, dataTransfer: data }),
      );
    },
    [event, name, type, base64],
  );
const ofKind = (pane, kind) => pane.locator(`[data-testid=message][data-kind="${kind}"]`);

async function sound(seconds) {
  const bytes = 8_000 * seconds;
  const wav = Buffer.alloc(44 + bytes, 128);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8_000, 24);
  wav.writeUInt32LE(8_000, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(bytes, 40);
  return { name: 'hum.wav', mimeType: 'audio/wav', buffer: wav };
}

test('files are chosen, pasted and dropped, and arrive', async (context) => {
  const { panes, picture: shot } = await openTwo(context);
  const [alice, bob] = panes;
  await open(alice, AB);
  await open(bob, AB);
  // There is one in the history.
  await ofKind(bob, 102).first().waitFor();
  const before = await ofKind(bob, 102).count();
  await alice.getByTestId('attach-file').setInputFiles([text('seeds.txt', 'Sunflowers, beans'), text('empty.txt', '')]);
  await alice.getByTestId('notice').getByText('it is empty').waitFor();
  const link = message(bob, 'seeds.txt').getByRole('link');
  await link.waitFor();
  const content = await link.evaluate(async (a) => (await fetch(a.href)).text());
  assert.equal(content, 'Sunflowers, beans');
  await state(message(alice, 'seeds.txt'), 'Read').waitFor();

  // They arrive in the order in which they were chosen.
  await alice.getByTestId('attach-media').setInputFiles([picture, await sound(2)]);
  await message(bob, 'Voice message, 2 s').waitFor();
  assert.equal(await ofKind(bob, 102).count(), before + 1);
  await happen(alice.getByTestId('composer'), 'paste', 'pasted.png', 'image/png', PNG);
  await until('two pictures', async () => (await ofKind(bob, 102).count()) === before + 2);
  const size = await ofKind(bob, 102).last().locator('img').evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  assert.deepEqual(size, [1, 1]);
  // The other picture is shown as large as it is, although its small version says 640 pixels. It is the source that
  // is shown: of an SVG the server makes no small version.
  const drawing = ofKind(bob, 102).nth(before).locator('img');
  await until('the drawing', () => drawing.evaluate((image) => image.complete && image.naturalWidth === 240));
  assert.equal(await ofKind(bob, 102).nth(before).locator('img').evaluate((image) => image.clientWidth), 240);

  const log = alice.getByRole('log');
  await happen(log, 'dragover', 'dropped.txt', 'text/plain', 'aGk=');
  await alice.getByTestId('drop-area').waitFor();
  await shot('desktop-drop');
  await happen(log, 'drop', 'dropped.txt', 'text/plain', 'aGk=');
  await message(bob, 'dropped.txt').waitFor();
  await gone('the drop area', alice.getByTestId('drop-area'));
  await gone('the progress', alice.getByTestId('uploading'));
  await shot('desktop-files');
});

test('an upload shows how far it is, is cancelled, fails and is sent again', async (context) => {
  const { server, page, panes, picture: shot } = await openTwo(context);
  const [alice, bob] = panes;
  await open(alice, AB);
  await open(bob, AB);
  // The second of three parts waits.
  await server.control('storage', { minPartSize: 1_000_000 });
  let puts = 0;
  const held = [];
  await page.route(`${server.api}/**`, (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    puts += 1;
    return puts === 1 ? route.continue() : void held.push(route);
  });
  const large = { name: 'plan.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2_500_000, 7) };
  await alice.getByTestId('attach-file').setInputFiles(large);
  const sending = message(alice, 'plan.bin');
  const percent = () => sending.getByRole('progressbar').evaluate((bar) => bar.value);
  await until('a part of the way', async () => (await percent()) > 0 && (await percent()) < 100);
  await state(sending, 'Sending').waitFor();
  await shot('desktop-upload');
  // What is written meanwhile is not held up.
  await alice.getByTestId('composer').fill('It takes a while');
  await alice.getByTestId('send').click();
  await message(bob, 'It takes a while').waitFor();
  await sending.getByTestId('upload-cancel').click();
  await gone('the message', sending);
  await page.unroute(`${server.api}/**`);
  for (const route of held) await route.abort().catch(() => {});
  await server.control('storage', { faults: Array(20).fill('corrupt') });
  const wrong = { name: 'seeds.csv', mimeType: 'text/csv', buffer: Buffer.from('bean,pea') };
  await alice.getByTestId('attach-file').setInputFiles(wrong);
  const failed = message(alice, 'seeds.csv');
  await failed.getByTestId('resend').waitFor({ timeout: 60_000 });
  assert.equal(await failed.getByTestId('uploading').count(), 0);
  await server.control('storage', { faults: [] });
  await failed.getByTestId('resend').click();
  await message(bob, 'seeds.csv').waitFor();
  await state(failed, 'Read').waitFor();
  assert.equal(await failed.count(), 1);
  assert.equal(await message(bob, 'plan.bin').count(), 0, 'a cancelled file was sent');
});

test('without object storage it is said, and what is gone is not offered again', async (context) => {
  const { server, page, panes, picture: shot } = await openTwo(context);
  const [alice] = panes;
  await open(alice, AB);
  await server.control('storage', { off: true });
  await alice.getByTestId('attach-media').setInputFiles([picture]);
  const failed = alice.getByTestId('failed');
  await failed.filter({ hasText: 'this server takes no files' }).waitFor();
  await failed.getByTestId('resend').waitFor();
  await shot('desktop-no-storage');
  await page.reload();
  await failed.filter({ hasText: 'attach it again' }).waitFor();
  assert.equal(await failed.getByTestId('resend').count(), 0, 'the file is not in this page');
});

test('a video gets a still and arrives', async (context) => {
  const { panes, picture: shot } = await openTwo(context);
  const [alice, bob] = panes;
  await open(alice, AB);
  await open(bob, AB);
  // Filmed here: a square that moves.
  await alice.getByRole('log').evaluate(async (log) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const pen = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let n = 0; n < 30; n++) {
      pen.fillStyle = '#0f766e';
      pen.fillRect(0, 0, 160, 90);
      pen.fillStyle = '#fde047';
      pen.fillRect(n * 4, 30, 30, 30);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await ended;
    const data = new DataTransfer();
    data.items.add(new File(pieces, 'square.webm', { type: 'video/webm' }));
    log.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  });
  const video = ofKind(bob, 104).locator('video');
  await video.waitFor();
  await state(ofKind(alice, 104), 'Read').waitFor();
  const poster = await video.evaluate(async (video) => {
    const still = Object.assign(new Image(), { src: video.poster });
    await still.decode();
    return [still.naturalWidth, still.naturalHeight];
  });
  assert.deepEqual(poster, [160, 90]);
  await video.evaluate((video) => video.play());
  await until('it plays', () => video.evaluate((video) => video.currentTime > 0));
  await shot('desktop-video');
});
