//! How much a browser loads.
use std::io::Write;
use std::path::PathBuf;

use crate::build::dist;
use crate::tools::Done;

/// Everything together, gzip, in bytes.
const BUDGET: usize = 400_000;

/// What only those load who ask for it, or nobody as long as the wasm file can be had.
const OPTIONAL: [&str; 8] = [
    "cjs",
    "copy.js",
    "inline.js",
    "lib",
    "packed.js",
    "diagnose.js",
    "react.js",
    "vue.js",
];

/// Prints the table; an error if it is more than the budget.
pub(crate) fn run() -> Done {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![dist()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let is_loaded = path.extension().is_some_and(|e| e == "js" || e == "wasm");
            if path
                .file_name()
                .is_some_and(|name| OPTIONAL.iter().any(|o| name == *o))
            {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if is_loaded {
                files.push(path);
            }
        }
    }
    files.sort();
    println!(
        "{:32} {:>9} {:>9} {:>9}",
        "file (bytes)", "raw", "gzip", "brotli"
    );
    let mut sum = [0; 3];
    for file in files {
        let bytes = std::fs::read(&file)?;
        let sizes = [bytes.len(), gzip(&bytes)?.len(), brotli(&bytes)?];
        let name = file
            .strip_prefix(dist())
            .unwrap_or(&file)
            .display()
            .to_string();
        println!("{name:32} {:>9} {:>9} {:>9}", sizes[0], sizes[1], sizes[2]);
        sum.iter_mut()
            .zip(sizes)
            .for_each(|(sum, size)| *sum += size);
    }
    println!(
        "total: {:.1} KB gzip, {:.1} KB brotli, {:.1} KB raw (budget {:.0} KB gzip)",
        sum[1] as f64 / 1e3,
        sum[2] as f64 / 1e3,
        sum[0] as f64 / 1e3,
        BUDGET as f64 / 1e3
    );
    if sum[1] > BUDGET {
        return Err("the package is larger than its budget".into());
    }
    Ok(())
}

/// The bytes as a gzip file, without optional header fields.
pub(crate) fn gzip(bytes: &[u8]) -> Done<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(bytes: &[u8]) -> Done<usize> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out.len())
}
