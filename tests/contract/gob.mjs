// Go's gob, as far as the gateway's two envelopes need it: a definition of the struct, then one value.
const REQUEST = ['ReqIdentifier', 'Token', 'SendID', 'OperationID', 'MsgIncr', 'Data'];
/** The definition of `Req` with the fields above: a number, four texts, bytes. */
const REQUEST_DEFINITION = Buffer.from(
  '5dff810301010352657101ff82000106010d5265714964656e7469666965720104000105546f6b656e010c00010653656e644944010c0001' +
  '0b4f7065726174696f6e4944010c0001074d7367496e6372010c00010444617461010a000000', 'hex');
const REQUEST_TYPE = [0xff, 0x82];
const NUMBER = 2;
const TEXT = 6;

function unsigned(value) {
  if (value < 128) return [value];
  const bytes = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [256 - bytes.length, ...bytes];
}
const signed = (value) => unsigned(value >= 0 ? value * 2 : (-value - 1) * 2 + 1);

/** A request as the gateway reads it; fields that are empty are left out. */
export function encodeRequest(request) {
  const parts = [Buffer.from(REQUEST_TYPE)];
  let last = -1;
  REQUEST.forEach((name, index) => {
    const value = request[name];
    if (!value || value.length === 0) return;
    parts.push(Buffer.from(unsigned(index - last)));
    last = index;
    if (typeof value === 'number') return parts.push(Buffer.from(signed(value)));
    const bytes = Buffer.from(value);
    parts.push(Buffer.from(unsigned(bytes.length)), bytes);
  });
  const value = Buffer.concat([...parts, Buffer.from([0])]);
  return Buffer.concat([REQUEST_DEFINITION, Buffer.from(unsigned(value.length)), value]);
}

class Reader {
  #at = 0;

  constructor(bytes) {
    this.data = bytes;
  }

  unsigned() {
    const first = this.data[this.#at++];
    if (first < 128) return first;
    let value = 0;
    for (let left = 256 - first; left > 0; left -= 1) value = value * 256 + this.data[this.#at++];
    return value;
  }

  signed() {
    const value = this.unsigned();
    return value % 2 ? -Math.floor(value / 2) - 1 : value / 2;
  }

  bytes() {
    const length = this.unsigned();
    this.#at += length;
    return Buffer.from(this.data.subarray(this.#at - length, this.#at));
  }

  text() {
    return this.bytes().toString();
  }
}

/** A struct of numbers, texts and bytes, after the definition that it carries. */
export function decodeResponse(bytes) {
  const from = new Reader(bytes);
  from.unsigned(); // length of the definition
  from.signed(); // its type
  from.unsigned(); // a struct's type …
  from.unsigned(); // … whose first field is what all types have:
  from.unsigned();
  from.text(); // a name
  from.unsigned();
  from.signed(); // and a number
  from.unsigned();
  from.unsigned(); // second: the fields
  const fields = Array.from({ length: from.unsigned() }, () => {
    from.unsigned();
    const name = from.text();
    from.unsigned();
    const kind = from.signed();
    from.unsigned();
    return { name, kind };
  });
  from.unsigned(); // end of the struct's type
  from.unsigned(); // end of the definition
  from.unsigned(); // length of the value
  from.signed(); // its type
  const value = {};
  let index = -1;
  for (let step = from.unsigned(); step !== 0; step = from.unsigned()) {
    index += step;
    const { name, kind } = fields[index];
    value[name] = kind === NUMBER ? from.signed() : kind === TEXT ? from.text() : from.bytes();
  }
  return value;
}
