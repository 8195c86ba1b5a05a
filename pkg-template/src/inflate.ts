// Unpacking the module's copy where the browser's own DecompressionStream may be missing (before
// Chrome 80 and Safari 16.4): gzip (RFC 1952) around deflate (RFC 1951).

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const CODE_BITS_MAX = 15;
/** Header without optional fields: the only kind the build writes. */
const HEADER = 10;

/** A canonical Huffman code: how many codes of each length, and the symbols in order of their codes. */
interface Code {
  counts: Uint16Array;
  symbols: Uint16Array;
}

/** The bytes in a base64 text of a gzip file. Throws if it is damaged. */
export function unpack(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const input = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) input[i] = text.charCodeAt(i);
  const size = new DataView(input.buffer).getUint32(input.length - 4, true);
  return new Inflate(input, HEADER, size).run();
}

class Inflate {
  private readonly input: Uint8Array;
  private readonly out: Uint8Array<ArrayBuffer>;
  private at: number;
  private written = 0;
  private held = 0;
  private bits = 0;

  constructor(input: Uint8Array, start: number, size: number) {
    this.input = input;
    this.at = start;
    this.out = new Uint8Array(size);
  }

  run(): Uint8Array<ArrayBuffer> {
    for (let last = 0; !last; ) {
      last = this.take(1);
      const kind = this.take(2);
      if (kind === 0) this.stored();
      else if (kind === 1) this.block(...fixedCodes());
      else if (kind === 2) this.block(...this.codes());
      else throw damaged();
    }
    if (this.written !== this.out.length) throw damaged();
    return this.out;
  }

  private take(count: number): number {
    while (this.bits < count) {
      if (this.at >= this.input.length) throw damaged();
      this.held |= this.input[this.at++]! << this.bits;
      this.bits += 8;
    }
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.bits -= count;
    return value;
  }

  private symbol({ counts, symbols }: Code): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= CODE_BITS_MAX; length += 1) {
      code |= this.take(1);
      const count = counts[length]!;
      if (code - count < first) return symbols[index + (code - first)]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw damaged();
  }

  private stored(): void {
    this.held = 0;
    this.bits = 0;
    const length = this.input[this.at]! | (this.input[this.at + 1]! << 8);
    this.at += 4;
    this.out.set(this.input.subarray(this.at, this.at + length), this.written);
    this.at += length;
    this.written += length;
  }

  private codes(): [Code, Code] {
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const count = this.take(4) + 4;
    const ordered = new Uint8Array(19);
    for (let i = 0; i < count; i += 1) ordered[CODE_ORDER[i]!] = this.take(3);
    const meta = codeOf(ordered);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.symbol(meta);
      if (symbol < 16) lengths[i++] = symbol;
      else {
        const value = symbol === 16 ? lengths[i - 1]! : 0;
        const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
        lengths.fill(value, i, i + times);
        i += times;
      }
    }
    return [codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals))];
  }

  private block(literals: Code, distances: Code): void {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.out[this.written++] = symbol;
        continue;
      }
      const length = LENGTH_BASE[symbol - 257]! + this.take(LENGTH_BITS[symbol - 257]!);
      const code = this.symbol(distances);
      const extra = code < 2 ? 0 : (code >> 1) - 1;
      const base = code < 2 ? code : (2 + (code & 1)) << extra;
      const distance = base + 1 + this.take(extra);
      if (distance > this.written) throw damaged();
      // Byte by byte: the two ranges may overlap.
      for (let i = 0; i < length; i += 1, this.written += 1) {
        this.out[this.written] = this.out[this.written - distance]!;
      }
    }
  }
}

function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(CODE_BITS_MAX + 1);
  for (const length of lengths) counts[length]! += 1;
  counts[0] = 0;
  const next = new Uint16Array(CODE_BITS_MAX + 2);
  for (let length = 1; length <= CODE_BITS_MAX; length += 1) next[length + 1] = next[length]! + counts[length]!;
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length) symbols[next[length]!++] = symbol;
  });
  return { counts, symbols };
}

function fixedCodes(): [Code, Code] {
  const lengths = new Uint8Array(288).map((_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
  return [codeOf(lengths), codeOf(new Uint8Array(30).fill(5))];
}

function damaged(): Error {
  return new Error("the copy of the engine's module is damaged");
}
