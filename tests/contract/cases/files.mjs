// Uploads and what they lead to: limits, hashes, names, parts that come late or never, addresses, forms.
import { createHash } from 'node:crypto';
import { orText } from '../connection.mjs';

const MB = 1 << 20;
const md5 = (value) => createHash('md5').update(value).digest('hex');
const wholeOf = (file) => md5(md5(file));

/** An answer without what stands for the storage: its address and what is signed. */
function plain(value, key = '') {
  if (Array.isArray(value)) {
    return key === 'header' || key === 'query' ? value.map((pair) => pair.key).sort() : value.map((inner) => plain(inner));
  }
  if (typeof value === 'string') {
    if (key === 'uploadID' || key === 'id') {
      const known = orText(Buffer.from(value, 'base64').toString());
      return typeof known === 'object' ? { keys: Object.keys(known).sort(), a: known.a, d: known.d, e: known.e } : value;
    }
    if (!/^https?:/.test(value)) return value;
    const { pathname, searchParams } = new URL(value);
    return { path: pathname.startsWith('/object/') ? pathname : '<storage>', query: [...searchParams.keys()].sort() };
  }
  if (value === null || typeof value !== 'object') return value;
  if (key === 'formData') return Object.keys(value).sort();
  return Object.fromEntries(Object.entries(value).map(([inner, found]) => [inner, plain(found, inner)]));
}

async function limits({ t, call }) {
  await t.answer('part_limit', () => call('part_limit', {}));
  await t.answer('part_limit without a body', () => call('part_limit', undefined));
  for (const size of [1, 5 * MB - 1, 5 * MB, 5 * MB + 1, 5 * MB * 10_000, 5 * MB * 10_000 + 1, 2 ** 40, 5 * 2 ** 30 * 10_000, 5 * 2 ** 30 * 10_000 + 1, '5', 1.5, null]) {
    await t.answer(`part_size ${size}`, () => call('part_size', { size }));
  }
}

const BEGINNINGS = {
  'size 1': { size: 1 }, 'a part': { size: 5 * MB }, 'a part and a byte': { size: 5 * MB + 1, maxParts: 2 },
  'two parts, signed for one': { size: 10 * MB, maxParts: 1 }, 'two parts, signed for none': { size: 10 * MB, maxParts: 0 },
  'two parts, signed for three': { size: 10 * MB, maxParts: 3 }, 'two parts, signed for all': { size: 10 * MB, maxParts: -1 },
  'one part, signed for all': { maxParts: -1 }, 'one part, signed for none': { maxParts: 0 },
  'part size of the caller': { size: 10 * MB, partSize: MB, maxParts: 2 }, 'no part size': { partSize: undefined },
  'size below 0': { size: -1 }, 'no size': { size: undefined }, 'too large': { size: 5 * 2 ** 30 * 10_000 + 1 },
  'hash in capitals': { hash: 'ABCDEF0123456789ABCDEF0123456789' }, 'hash too short': { hash: 'abcd' }, 'hash of an odd length': { hash: 'abc' },
  'hash that is none': { hash: 'z'.repeat(32) }, 'no hash': { hash: undefined }, 'hash as a number': { hash: 5 },
  'no name': { name: undefined }, 'name with a slash before': { name: '/x' }, 'name of spaces': { name: ' ' },
  'name of somebody else': { name: 'other/x' }, 'name as a number': { name: 5 }, 'no content type': { contentType: undefined },
  'parts as text': { maxParts: '1' }, 'size as text': { size: '1' },
};

async function beginning({ t, ann, call }) {
  const one = { hash: md5('beginning'), size: 5, partSize: 5 * MB, maxParts: 1, name: `${ann}/x`, contentType: 'text/plain', cause: 'c' };
  for (const [name, over] of Object.entries(BEGINNINGS)) {
    await t.answer(`begin: ${name}`, () => call('initiate_multipart_upload', { ...one, ...over }));
  }
  for (const name of [`${ann}/`, `${ann}`, `${ann}/../x`, `${ann}//x`, `${ann}/a b`, `${ann}/é`, `${ann}/${'n'.repeat(1100)}`, `${ann}x/y`]) {
    await t.answer(`begin: name ${name.slice(0, 40)}`, () => call('initiate_multipart_upload', { ...one, name }));
  }
  await t.answer('begin: by the application', async () =>
    plain(await t.admin('/object/initiate_multipart_upload', { ...one, name: 'anything/x' })));
}

/** Sends a file, or what stands for it, to where an upload is signed. */
async function put({ body: { data } }, n, file) {
  const { sign } = data.upload;
  const part = sign.parts[n];
  const url = new URL(part.url || sign.url);
  const pairs = (list) => (list ?? []).flatMap(({ key, values }) => values.map((value) => [key, value]));
  for (const [key, value] of [...pairs(sign.query), ...pairs(part.query)]) url.searchParams.append(key, value);
  const headers = Object.fromEntries([...pairs(sign.header), ...pairs(part.header)].filter(([key]) => !/^(host|content-length)$/i.test(key)));
  const response = await fetch(url, { method: 'PUT', body: file, headers });
  return { status: response.status, isWhole: response.headers.get('etag') === `"${md5(file)}"` };
}

async function wholes({ t, ann, call }) {
  const begin = (file, over) => t.as(ann, '/object/initiate_multipart_upload', {
    hash: wholeOf(file), size: file.length, partSize: 5 * MB, maxParts: 1, name: `${ann}/w.txt`, contentType: 'text/plain', cause: '', ...over,
  });
  const end = (begun, parts, over) => call('complete_multipart_upload',
    { uploadID: begun.body.data.upload.uploadID, parts, name: `${ann}/w.txt`, contentType: 'text/plain', cause: '', ...over });
  const file = `whole ${t.suffix}`;
  const begun = await begin(file);
  await t.answer('whole: ended before it is there', () => end(begun, [md5(file)]));
  await t.answer('whole: sent', () => put(begun, 0, file));
  await t.answer('whole: ended with another hash', () => end(begun, [md5('other')]));
  await t.answer('whole: ended without hashes', () => end(begun, []));
  await t.answer('whole: ended under a name of somebody else', () => end(begun, [md5(file)], { name: 'other/w' }));
  await t.answer('whole: ended without a name', () => end(begun, [md5(file)], { name: '' }));
  await t.answer('whole: signed again', () => call('auth_sign', { uploadID: begun.body.data.upload.uploadID, partNumbers: [1] }));
  await t.answer('whole: ended', () => end(begun, [md5(file)]));
  await t.answer('whole: ended again', () => end(begun, [md5(file)]));
  await t.answer('whole: ended again under another name', () => end(begun, [md5(file)], { name: `${ann}/other.txt` }));
  await t.answer('whole: begun again', async () => plain(await begin(file, { name: `${ann}/third.txt` })));
  await t.answer('whole: begun again with another size', async () => plain(await begin(file, { size: 3, name: `${ann}/fourth.txt` })));
  const short = `short ${t.suffix}`;
  const wrong = await begin(short, { size: short.length + 1 });
  await t.answer('whole: shorter than said', async () => [await put(wrong, 0, short), await end(wrong, [md5(short)]), await end(wrong, [md5(short)])]);
  const said = `said ${t.suffix}`;
  const other = await begin(said);
  await t.answer('whole: other bytes than said', async () =>
    [await put(other, 0, said.replace('said', 'done')), await end(other, [md5(said)]), await end(other, [md5(said)])]);
  const key = (id) => Buffer.from(JSON.stringify(id)).toString('base64');
  for (const [name, uploadID] of Object.entries({
    none: '', text: 'abc', 'no JSON': Buffer.from('x').toString('base64'), 'an empty one': key({}), 'of type 3': key({ a: 3, b: '', c: 'x', d: 1, e: md5('') }),
    'of nothing, whole': key({ a: 2, b: '', c: 'openim/temp/none', d: 1, e: md5('') }),
    'of nothing, in parts': key({ a: 1, b: 'none', c: 'openim/data/hash/none', d: 1, e: md5('') }),
  })) {
    await t.answer(`upload ID ${name}: ended`, () => call('complete_multipart_upload', { uploadID, parts: [], name: `${ann}/n`, contentType: '' }));
    await t.answer(`upload ID ${name}: signed`, () => call('auth_sign', { uploadID, partNumbers: [1, 2] }));
  }
}

async function parts({ t, ann, call }) {
  const files = [`${t.suffix}`.padEnd(5 * MB, 'a'), `${t.suffix} end`];
  const hashes = files.map(md5);
  const begin = (over) => t.as(ann, '/object/initiate_multipart_upload', {
    hash: md5(hashes.join(',')), size: files[0].length + files[1].length, partSize: 5 * MB, maxParts: 2, name: `${ann}/p.bin`,
    contentType: 'application/octet-stream', cause: '', ...over,
  });
  const begun = await begin();
  const { uploadID } = begun.body.data.upload;
  const end = (list) => call('complete_multipart_upload', { uploadID, parts: list, name: `${ann}/p.bin`, contentType: '', cause: '' });
  for (const partNumbers of [[1], [2, 1], [0], [-1], [99], [], [1, 1], undefined, ['1']]) {
    await t.answer(`parts: signed ${JSON.stringify(partNumbers)}`, () => call('auth_sign', { uploadID, partNumbers }));
  }
  await t.answer('parts: ended without any', () => end(hashes));
  await t.answer('parts: first', () => put(begun, 0, files[0]));
  await t.answer('parts: ended with one', () => end(hashes));
  await t.answer('parts: second', () => put(begun, 1, files[1]));
  await t.answer('parts: hashes in the wrong order', () => end([...hashes].reverse()));
  await t.answer('parts: hash of one', () => end(hashes.slice(0, 1)));
  await t.answer('parts: ended', () => end(hashes));
  await t.answer('parts: ended again', () => end(hashes));
  await t.answer('parts: begun again', async () => plain(await begin()));
  await t.answer('parts: sent after the end', () => put(begun, 1, files[1]));
}

async function addresses({ t, ann, call }) {
  const name = `${ann}/w.txt`;
  for (const query of [undefined, {}, { type: '' }, { type: 'image' }, { type: 'image', width: '10', height: '10', format: 'png' }, { type: 'video' }, { x: 'y' }]) {
    await t.answer(`address ${JSON.stringify(query)}`, () => call('access_url', { name, query }));
  }
  await t.answer('address of parts', () => call('access_url', { name: `${ann}/p.bin` }));
  await t.answer('address for the application', async () => plain(await t.admin('/object/access_url', { name })));
  await t.answer('address with a query that is none', () => call('access_url', { name, query: 'x' }));
  const get = async (path, method = 'GET') => {
    const response = await fetch(`${t.server.api}/object/${path}`, { method, redirect: 'manual' });
    const location = response.headers.get('location');
    return { status: response.status, location: location && plain(location) };
  };
  for (const path of [name, `${name}?type=image`, `${name}?type=odd`, `${ann}/none`, '', encodeURIComponent(name)]) {
    await t.answer(`GET ${path}`, () => get(path));
  }
  await t.answer('followed', async () => {
    const response = await fetch(`${t.server.api}/object/${name}`);
    return { status: response.status, type: response.headers.get('content-type'), as: response.headers.get('content-disposition'), text: await response.text() };
  });
}

async function forms({ t, ann, call }) {
  const one = { name: `${ann}/form.txt`, size: 5, contentType: 'text/plain', group: 'g', millisecond: 1_000 };
  for (const [name, over] of Object.entries({
    good: {}, 'no name': { name: '' }, 'size 0': { size: 0 }, 'size below 0': { size: -1 }, 'name of somebody else': { name: 'x/y' },
    absolute: { absolute: true }, 'size as text': { size: '5' },
  })) await t.answer(`form: ${name}`, () => call('initiate_form_data', { ...one, ...over }));
  for (const id of ['', 'x', Buffer.from('{}').toString('base64'), Buffer.from(`{"name":"${ann}/form.txt","key":"none"}`).toString('base64').replace(/=+$/, '')]) {
    await t.answer(`form ended: ${id.slice(0, 8)}`, () => call('complete_form_data', { id }));
  }
}

export default {
  name: 'files',
  async run(t) {
    const [ann] = await t.users('ann');
    const call = async (path, body) => plain(await t.as(ann, `/object/${path}`, body));
    const world = { t, ann, call };
    for (const part of [limits, beginning, wholes, parts, addresses, forms]) await part(world);
  },
};
