//! The binary format of WebAssembly, as far as the build looks into it.

/// Sections.
pub(crate) const CUSTOM: u8 = 0;
pub(crate) const IMPORT: u8 = 2;
const CODE: u8 = 10;

/// What is known of a module.
#[derive(Default)]
pub(crate) struct Module<'a> {
    /// All sections: kind and bytes.
    pub(crate) sections: Vec<(u8, &'a [u8])>,
    /// What is imported: module, name, and the rest of the entry.
    pub(crate) imports: Vec<(&'a str, &'a str, &'a [u8])>,
    /// Functions that are imported; they come first in the numbering.
    pub(crate) imported: usize,
    /// Bodies.
    pub(crate) functions: Vec<&'a [u8]>,
}

impl<'a> Module<'a> {
    /// Reads a module; `None` if it is none.
    pub(crate) fn read(wasm: &'a [u8]) -> Option<Self> {
        let mut module = Module::default();
        // Past magic and version.
        let mut at = Cursor(wasm.get(8..)?);
        while !at.0.is_empty() {
            let (kind, mut section) = (at.byte()?, at.block()?);
            module.sections.push((kind, section.0));
            match kind {
                IMPORT => {
                    module.imports = section.imports()?;
                    let functions = module.imports.iter().filter(|(_, _, of)| of[0] == 0);
                    module.imported = functions.count();
                }
                CODE => {
                    for _ in 0..section.number()? {
                        module.functions.push(section.block()?.0);
                    }
                }
                _ => {}
            }
        }
        Some(module)
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Bytes behind their length.
    fn block(&mut self) -> Option<Cursor<'a>> {
        let length = self.number()?;
        let (block, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Cursor(block))
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.block()?.0).ok()
    }

    /// What is imported: module, name, kind and type.
    fn imports(&mut self) -> Option<Vec<(&'a str, &'a str, &'a [u8])>> {
        let mut imports = Vec::new();
        for _ in 0..self.number()? {
            let (module, name, begin) = (self.text()?, self.text()?, self.0);
            match self.byte()? {
                0 => drop(self.number()?),
                // A table has a type before its limits; a global a type and whether it changes.
                1 => {
                    self.byte()?;
                    self.limits()?;
                }
                2 => self.limits()?,
                _ => {
                    self.byte()?;
                    self.byte()?;
                }
            }
            imports.push((module, name, &begin[..begin.len() - self.0.len()]));
        }
        Some(imports)
    }

    fn limits(&mut self) -> Option<()> {
        let bounded = self.byte()? & 1 == 1;
        self.number()?;
        if bounded {
            self.number()?;
        }
        Some(())
    }
}

/// Writes a number.
pub(crate) fn number(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes bytes behind their length.
pub(crate) fn block(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, bytes.len());
    out.extend(bytes);
}

/// The module with another section of a kind.
pub(crate) fn with_section(wasm: &[u8], module: &Module<'_>, kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = wasm[..8].to_vec();
    for (of, section) in &module.sections {
        out.push(*of);
        block(&mut out, if *of == kind { bytes } else { section });
    }
    out
}
