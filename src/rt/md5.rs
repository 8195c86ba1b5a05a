//! MD5, which the object storage and the version lists ask for (data.md §4.3, §6); browsers have none.
//! RFC 1321. It names things, it protects nothing.

/// Left rotations, four a round.
const TURNS: [u32; 16] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/// ⌊2³² · |sin n|⌋ for n from 1.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// A hash in the making.
pub struct Md5 {
    state: [u32; 4],
    block: [u8; 64],
    /// Bytes so far.
    length: u64,
}

impl Default for Md5 {
    fn default() -> Self {
        Md5 {
            state: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
            block: [0; 64],
            length: 0,
        }
    }
}

impl Md5 {
    /// Takes more bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        let mut filled = (self.length % 64) as usize;
        self.length += bytes.len() as u64;
        while filled + bytes.len() >= 64 {
            let (now, later) = bytes.split_at(64 - filled);
            self.block[filled..].copy_from_slice(now);
            self.turn();
            (bytes, filled) = (later, 0);
        }
        self.block[filled..filled + bytes.len()].copy_from_slice(bytes);
    }

    /// The hash of all bytes.
    pub fn finish(mut self) -> [u8; 16] {
        let bits = self.length * 8;
        let filled = (self.length % 64) as usize;
        let padding = if filled < 56 {
            56 - filled
        } else {
            120 - filled
        };
        let mut end = [0; 64];
        end[0] = 0x80;
        self.update(&end[..padding]);
        self.update(&bits.to_le_bytes());
        let mut hash = [0; 16];
        for (bytes, word) in hash.chunks_exact_mut(4).zip(self.state) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        hash
    }

    fn turn(&mut self) {
        let mut words = [0; 16];
        for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        let [mut a, mut b, mut c, mut d] = self.state;
        for step in 0..64 {
            let (mix, word) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let sum = a
                .wrapping_add(mix)
                .wrapping_add(SINES[step])
                .wrapping_add(words[word % 16]);
            let turned = sum.rotate_left(TURNS[step / 16 * 4 + step % 4]);
            (a, b, c, d) = (d, b.wrapping_add(turned), b, c);
        }
        for (word, more) in self.state.iter_mut().zip([a, b, c, d]) {
            *word = word.wrapping_add(more);
        }
    }
}

/// The hash of some bytes.
pub fn hash(bytes: &[u8]) -> [u8; 16] {
    let mut md5 = Md5::default();
    md5.update(bytes);
    md5.finish()
}

/// A hash as text: lower-case hexadecimal.
pub fn hex(hash: [u8; 16]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    hash.iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_hash_of_the_standard() {
        for (text, expected) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ] {
            assert_eq!(hex(hash(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_come() {
        let bytes: Vec<u8> = (0..1_000u32).map(|n| (n * n) as u8).collect();
        let whole = hash(&bytes);
        for size in [1, 3, 55, 56, 57, 63, 64, 65, 128, 999] {
            let mut md5 = Md5::default();
            bytes.chunks(size).for_each(|chunk| md5.update(chunk));
            assert_eq!(md5.finish(), whole, "{size}");
        }
    }
}
