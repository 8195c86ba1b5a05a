// Pictures and files go out in parts, and are there for the other side, byte by byte.
import assert from 'node:assert/strict';
import { call, events, newMessages, test } from '../e2e/harness.mjs';
import { OTHER_SIDES, enter, receives, register, world } from './world.mjs';

const MB = 1 << 20;

/** Makes `window.file`; what it holds depends on `seed`. */
const makeFile = (page, size, name, type, seed) => page.evaluate(([size, name, type, seed]) => {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 7 + (at >> 8) * 13 + seed) & 255;
  window.file = new File([bytes], name, { type });
}, [size, name, type, seed]);

/** Whether what an address gives is what `makeFile` made. */
async function isWhole(url, size, seed) {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(bytes.length, size);
  assert.ok(bytes.every((byte, at) => byte === ((at * 7 + (at >> 8) * 13 + seed) & 255)), `${url} has other bytes`);
}

const seeds = () => Math.floor(Math.random() * 200) + 1;

for (const sdk of OTHER_SIDES) {
  test(`a picture and a file of three parts are sent by ${sdk}`, async (context) => {
    const server = await world(context);
    const [ann, bob] = await register('Ann', 'Bob');
    const [a, b] = [await enter(server, ann, { sdk }), await enter(server, bob)];
    const send = (make) => a.evaluate(async ([recvID, make]) => {
      const file = window.file;
      const info = { uuid: `${Math.random()}`, type: file.type, size: file.size, width: 4, height: 3, url: '' };
      const picture = { sourcePicture: info, bigPicture: info, snapshotPicture: info, sourcePath: '', file };
      const plain = { filePath: '', fileName: file.name, uuid: info.uuid, sourceUrl: '', fileSize: file.size, fileType: file.type, file };
      try {
        const { data: message } = await window.sdk[make](make.startsWith('createImage') ? picture : plain);
        return (await window.sdk.sendMessage({ recvID, groupID: '', message })).data;
      } catch (error) {
        throw new Error(`${make}: ${error.stack ?? ''} ${JSON.stringify(error)}`);
      }
    }, [bob.id, make]);
    const [one, two] = [seeds(), seeds()];
    await makeFile(a, 6 * MB + 3, 'cat.png', 'image/png', one);
    const picture = await send('createImageMessageByFile');
    const seen = await receives(b, picture.clientMsgID);
    assert.equal(seen.pictureElem.sourcePicture.url, picture.pictureElem.sourcePicture.url);
    await isWhole(seen.pictureElem.sourcePicture.url, 6 * MB + 3, one);
    await makeFile(a, 12 * MB + 1, 'report.pdf', 'application/pdf', two);
    const file = await send('createFileMessageByFile');
    const { fileElem } = await receives(b, file.clientMsgID);
    assert.deepEqual([fileElem.fileName, fileElem.fileSize], ['report.pdf', 12 * MB + 1]);
    await isWhole(fileElem.sourceUrl, 12 * MB + 1, two);
    const told = (await events(a, 'OnProgress')).filter(({ clientMsgID }) => clientMsgID === file.clientMsgID);
    assert.equal(told.at(-1).progress, 100);
    assert.equal((await newMessages(b)).length, 2);
  }, { seconds: 180 });
}

test('uploadFile: small, of several parts, and what the server has already', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const [a, b] = [await enter(server, ann), await enter(server, bob)];
  const upload = async (page, name) => page.evaluate(async (name) => {
    const { data } = await window.sdk.uploadFile({ name, contentType: window.file.type, uuid: name, file: window.file });
    return data.url;
  }, name);
  const seed = seeds();
  for (const size of [1, 1000, 5 * MB, 16 * MB + 5]) {
    await makeFile(a, size, `of${size}.bin`, 'application/octet-stream', seed);
    await isWhole(await upload(a, `of${size}.bin`), size, seed);
  }
  const last = (await events(a, 'UploadComplete')).at(-1);
  assert.equal(last.streamSize, 16 * MB + 5);
  // Somebody else has the same: nothing need be sent.
  await makeFile(b, 16 * MB + 5, 'mine.bin', 'application/octet-stream', seed);
  await isWhole(await upload(b, 'mine.bin'), 16 * MB + 5, seed);
  assert.equal((await events(b, 'UploadComplete')).at(-1).streamSize, 16 * MB + 5);
  // As a new face: it is an address like any other.
  const face = await upload(b, 'face.bin');
  await call(b, 'setSelfInfo', { faceURL: face });
  assert.equal((await call(b, 'getSelfUserInfo')).faceURL, face);
}, { seconds: 180 });
