//! Panics without words.
//!
//! A panic is a defect of this SDK, and the page can do nothing with its message. But what makes messages
//! and places of panics is a fifteenth of the download. Every function that only panics becomes a call of
//! the export `panicked`, which tells the page that the engine is gone; then it traps. The optimiser
//! drops what nobody needs any more. Native builds, which the tests run, keep all words.
use std::collections::BTreeSet;
use std::ops::Range;

use crate::tools::Done;
use crate::wasm::{CODE, Module, block, number, with_section};

/// Functions that never return, by the beginnings of their names without hashes.
const PANICS: [&str; 19] = [
    "__rustc::rust_begin_unwind",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "<alloc::vec::Vec<_, _>>::insert_mut::assert_failed",
    "<alloc::vec::Vec<_, _>>::remove::assert_failed",
    "<alloc::vec::Vec<_, _>>::split_off::assert_failed",
    "bytes::panic_advance",
    "core::cell::lazy::panic_poisoned",
    "core::cell::panic_already",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::slice::sort::shared::smallsort::panic_on_ord_violation",
    "core::str::slice_error_fail",
    "std::thread::local::panic_access_error",
];

/// The module with its panics cut short.
pub(crate) fn silenced(wasm: &[u8]) -> Done<Vec<u8>> {
    let module = Module::read(wasm).ok_or("the module cannot be read")?;
    let told = *module
        .exports
        .get("panicked")
        .ok_or("nobody is told of panics")?;
    // No locals; call, unreachable, end.
    let mut body = vec![0, 0x10];
    number(&mut body, told);
    body.extend([0x00, 0x0b]);
    let mut silenced = 0;
    let mut code = Vec::new();
    number(&mut code, module.functions.len());
    for (index, function) in module.functions.iter().enumerate() {
        let name = module.names.get(&(module.imported + index));
        if name.is_some_and(|name| is_panic(name)) {
            silenced += 1;
            block(&mut code, &body);
        } else {
            block(&mut code, function);
        }
    }
    if silenced == 0 {
        return Err("no panics found: has the module no names?".into());
    }
    Ok(with_section(wasm, &module, CODE, &code))
}

/// The optimised module without the places of panics, which nobody reads any more: file name, line and
/// column of each, and the names. They become zeros, which take no room in what is downloaded.
pub(crate) fn forgotten(wasm: &[u8]) -> Done<Vec<u8>> {
    let module = Module::read(wasm).ok_or("the module cannot be read")?;
    let mut memory = Vec::new();
    for (address, bytes) in &module.data {
        memory.resize(memory.len().max(address + bytes.len()), 0);
        memory[*address..address + bytes.len()].copy_from_slice(bytes);
    }
    let word = |at: usize| -> Option<usize> {
        let bytes = memory.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let words = (0..memory.len()).step_by(4).filter_map(word);
    let pointed_at: BTreeSet<usize> = words.collect();
    let mut dead: Vec<Range<usize>> = Vec::new();
    for at in (0..memory.len()).step_by(4) {
        let (Some(name), Some(length)) = (word(at), word(at + 4)) else {
            continue;
        };
        let is_file = memory.get(name..name.saturating_add(length));
        let is_file = is_file.is_some_and(|name| length < 200 && name.ends_with(b".rs"));
        let is_place = word(at + 8).is_some_and(|line| (1..100_000).contains(&line))
            && word(at + 12).is_some_and(|column| (1..1_000).contains(&column));
        if is_file && is_place && !pointed_at.contains(&at) {
            dead.extend([at..at + 16, name..name + length]);
        }
    }
    let mut out = wasm.to_vec();
    for (address, bytes) in &module.data {
        let file = bytes.as_ptr() as usize - wasm.as_ptr() as usize;
        for range in &dead {
            let begin = range.start.max(*address);
            let end = range.end.min(address + bytes.len());
            if begin < end {
                out[file + begin - address..file + end - address].fill(0);
            }
        }
    }
    Ok(out)
}

fn is_panic(name: &str) -> bool {
    let mut plain = String::new();
    let mut depth = 0;
    for c in name.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    PANICS.iter().any(|begin| plain.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_panics_are_forgotten() {
        // At address 8 "a.rs" and "text", then a place in the file, a pointer to the text.
        let mut data = b"a.rstext".to_vec();
        for word in [8_u32, 4, 12, 7, 12, 4] {
            data.extend(word.to_le_bytes());
        }
        let mut section = vec![1, 0, 0x41, 8, 0x0b];
        block(&mut section, &data);
        let mut wasm = b"\0asm\x01\0\0\0\x0b".to_vec();
        block(&mut wasm, &section);
        let forgotten = forgotten(&wasm).unwrap();
        let (before, after) = forgotten.split_at(wasm.len() - data.len());
        assert_eq!(before, &wasm[..before.len()]);
        let expected = [[0; 4].as_slice(), b"text", &[0; 16], &data[24..]].concat();
        assert_eq!(after, expected);
    }

    #[test]
    fn panics_are_known_by_name() {
        assert!(is_panic(
            "core[c5930c85a12de822]::panicking::panic_bounds_check"
        ));
        assert!(is_panic(
            "<alloc[3ca501edff3f0c7c]::vec::Vec<_, _>>::remove::assert_failed"
        ));
        assert!(!is_panic(
            "<hashbrown[5e619d7d1129c59f]::raw::Fallibility>::capacity_overflow"
        ));
        assert!(!is_panic("openim_web::js::error::panicked"));
    }
}
