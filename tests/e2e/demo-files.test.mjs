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
  const before = await ofKind(bob, 102).count();
  await alice.getByTestId('attach-file').setInputFiles([text('seeds.txt', 'Sunflowers, beans'), text('empty.txt', '')]);
  await alice.getByTestId('notice').getByText('it is empty').waitFor();
  const link = message(bob, 'seeds.txt').getByRole('link');
  await link.waitFor();
  const content = await link.evaluate(async (a) => (await fetch(a.href)).text());
  assert.equal(content, 'Sunflowers, beans');
  await state(message(alice, 'seeds.txt'), 'Read').waitFor();

  await alice.getByTestId('attach-media').setInputFiles([picture, await sound(2)]);
  await message(bob, 'Voice message, 2 s').waitFor();
  await happen(alice.getByTestId('composer'), 'paste', 'pasted.png', 'image/png', PNG);
  await until('two pictures', async () => (await ofKind(bob, 102).count()) === before + 2);
  const size = await ofKind(bob, 102).last().locator('img').evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  assert.deepEqual(size, [1, 1]);

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
