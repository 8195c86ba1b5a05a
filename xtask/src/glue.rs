//! What is changed in the glue that wasm-bindgen writes.
use std::collections::BTreeMap;

use crate::tools::Done;
use crate::wasm::{IMPORT, Module, block, number, with_section};

/// The line at which the glue takes the module's exports over.
const EXPORTS: &str = "wasm = instance.exports;";

/// Whatever enters the module passes here: `watch` hears of the first trap.
const GUARD: &str = "
let trapped, tell = () => {};
export const watch = (told) => { tell = told; };
const guard = (enter) => (...given) => {
    if (trapped) throw trapped;
    try {
        return enter(...given);
    } catch (error) {
        if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) tell(trapped = error);
        throw error;
    }
};
const guarded = (exports) => {
    const safe = {};
    for (const name in exports) {
        safe[name] = typeof exports[name] === 'function' ? guard(exports[name]) : exports[name];
    }
    return safe;
};
";

/// The glue, telling of traps. A panic is one, and so is a stack that is too deep; the module's memory is
/// in an unknown state then, and it is not entered again.
pub(crate) fn guarded(glue: &str) -> Done<String> {
    if glue.matches(EXPORTS).count() != 1 {
        return Err("the glue takes the exports over in another way than known".into());
    }
    Ok(glue.replace(EXPORTS, "wasm = guarded(instance.exports);") + GUARD)
}

/// Glue and module with short names for their imports. What wasm-bindgen calls them carries a hash each,
/// which nothing compresses, in both files: 4 KB of the download.
pub(crate) fn shortened(glue: &str, wasm: &[u8]) -> Done<(String, Vec<u8>)> {
    let module = Module::read(wasm).ok_or("the module cannot be read")?;
    let mut names = BTreeMap::new();
    let mut section = Vec::new();
    number(&mut section, module.imports.len());
    for (from, name, rest) in &module.imports {
        let count = names.len();
        let short = names.entry(*name).or_insert_with(|| format!("${count:x}"));
        block(&mut section, from.as_bytes());
        block(&mut section, short.as_bytes());
        section.extend(*rest);
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut short = String::new();
    let mut rest = glue;
    while !rest.is_empty() {
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word);
        short += names.get(word).map_or(word, String::as_str);
        let between = after.find(is_word).unwrap_or(after.len());
        let (between, after) = after.split_at(between);
        short += between;
        rest = after;
    }
    Ok((short, with_section(wasm, &module, IMPORT, &section)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_renamed() {
        let wasm = b"\0asm\x01\0\0\0\x02\x0c\x01\x01m\x06__f_1a\x00\x00";
        let glue = "import0 = { __f_1a: () => __f_1ab };";
        let (glue, wasm) = shortened(glue, wasm).unwrap();
        assert_eq!(glue, "import0 = { $0: () => __f_1ab };");
        assert_eq!(
            wasm,
            b"\0asm\x01\0\0\0\x02\x08\x01\x01m\x02$0\x00\x00".as_slice()[..wasm.len()]
        );
    }
}
