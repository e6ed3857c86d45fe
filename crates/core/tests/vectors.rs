//! The golden numbers of Keras and PyTorch, natively. Browsers check the same files through `convscope-wasm`.
#![cfg(feature = "vectors")]

use convscope_core::vectors::check;
use std::{fs, path::Path};

#[test]
fn golden_vectors() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut files: Vec<_> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "safetensors"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no vector files in {}", directory.display());
    let mut failures = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let report = check(&fs::read(&file).unwrap()).unwrap();
        println!("{name}: {} cases, {}", report.cases.len(), report.reference);
        for case in report.cases {
            println!("  {:<48} {:>9.4} {}", case.name, case.ratio, case.tensor);
            match case.error {
                Some(error) => failures.push(format!("{name}: {}: {error}", case.name)),
                None if !case.passed => failures.push(format!(
                    "{name}: {}: the error of {} is {} times what is allowed",
                    case.name, case.tensor, case.ratio
                )),
                None => {}
            }
        }
    }
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn other_files_are_refused() {
    for bytes in [&b""[..], b"not safetensors", b"\x02\0\0\0\0\0\0\0{}"] {
        assert_eq!(check(bytes).unwrap_err().code(), "format");
    }
}
