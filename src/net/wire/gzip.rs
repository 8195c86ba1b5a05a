//! GZIP of frames (wire.md §2.1): the server counts the bytes of a frame as they come, so that with it a
//! text of 200 KB gets through. What is small is stored, which costs nothing.
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
const HEADER_BYTES: usize = 10;
/// CRC and length.
const TRAILER_BYTES: usize = 8;
/// Kind and length of a block that is stored as it is, and the most that fits into one.
const BLOCK_BYTES: usize = 5;
const BLOCK_BYTES_MAX: usize = 65_535;
const LEVEL: u8 = 6;
/// Most that a frame is unpacked to.
const PLAIN_BYTES_MAX: usize = 64 << 20;

/// A frame that is to have at most `most` bytes; it has more only if it cannot be made smaller.
pub fn pack(plain: &[u8], most: usize) -> Vec<u8> {
    let stored = HEADER_BYTES + BLOCK_BYTES + plain.len() + TRAILER_BYTES;
    let mut frame = Vec::with_capacity(stored.min(most));
    frame.extend(MAGIC);
    frame.extend([0; 6]);
    frame.push(0xff);
    if stored <= most && plain.len() <= BLOCK_BYTES_MAX {
        let length = plain.len() as u16;
        frame.push(1);
        frame.extend(length.to_le_bytes());
        frame.extend((!length).to_le_bytes());
        frame.extend(plain);
    } else {
        frame.extend(compress_to_vec(plain, LEVEL));
    }
    frame.extend(crc(plain).to_le_bytes());
    frame.extend((plain.len() as u32).to_le_bytes());
    frame
}

/// What is in a frame. One that is not packed is what it is: a gateway may not do it. `None` if it is
/// broken.
pub fn unpack(frame: &[u8]) -> Option<Vec<u8>> {
    if !frame.starts_with(&MAGIC) {
        return Some(frame.to_vec());
    }
    let (body, trailer) = frame.split_last_chunk::<TRAILER_BYTES>()?;
    // Extra fields are announced in the fourth byte; no server writes any.
    if body.len() < HEADER_BYTES || body[MAGIC.len()] != 0 {
        return None;
    }
    let plain = decompress_to_vec_with_limit(&body[HEADER_BYTES..], PLAIN_BYTES_MAX).ok()?;
    let trailer = u64::from_le_bytes(*trailer);
    let is_whole = trailer >> 32 == plain.len() as u64 && trailer as u32 == crc(&plain);
    is_whole.then_some(plain)
}

/// CRC-32 of a text, four bits at a time.
fn crc(bytes: &[u8]) -> u32 {
    let four = |mut value: u32| {
        for _ in 0..4 {
            value = (value >> 1) ^ (0xedb8_8320 & (value & 1).wrapping_neg());
        }
        value
    };
    let mut table = [0; 16];
    for (value, entry) in (0..).zip(&mut table) {
        *entry = four(value);
    }
    let next = |crc: u32, half: u32| (crc >> 4) ^ table[((crc ^ half) & 15) as usize];
    let step = |crc, byte: &u8| {
        let byte = u32::from(*byte);
        next(next(crc, byte), byte >> 4)
    };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again_small_and_large() {
        // The check value of CRC-32.
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        for (size, most) in [
            (0, 100),
            (77, 100),
            (78, 100),
            (200_000, 51_200),
            (70_000, 100_000),
        ] {
            let plain: Vec<u8> = (0..size).map(|n| b"some words "[n % 11]).collect();
            let frame = pack(&plain, most);
            assert!(frame.len() <= most, "{size}: {}", frame.len());
            assert_eq!(unpack(&frame).as_deref(), Some(plain.as_slice()));
        }
    }

    #[test]
    fn what_is_broken_is_nothing_and_what_is_not_packed_stays() {
        let mut frame = pack(b"words", 100);
        assert_eq!(unpack(b"plain").as_deref(), Some(b"plain".as_slice()));
        assert_eq!(unpack(&frame[..12]), None);
        frame[16] ^= 1;
        assert_eq!(unpack(&frame), None, "another word");
        frame[16] ^= 1;
        frame[3] = 8;
        assert_eq!(unpack(&frame), None, "with a name");
    }
}
