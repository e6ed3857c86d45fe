//! That no small function of the kernels is left as a call in their loops: a call costs more than such a function does,
//! and compilers that weigh size leave some where nobody expects it.

use crate::wasm;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use wasmparser::{KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// Functions of as many instructions or fewer are small: on a processor they come to about half as many.
const SMALL: usize = 48;

const CRATE: &str = "convscope_kernels";

/// A function's instructions, and the functions that its loops call.
struct Function {
    instructions: usize,
    called: Vec<u32>,
}

/// Looks into what cargo compiled, which still has its names; nothing is inlined later.
pub(crate) fn check() -> Result<()> {
    for path in wasm::compiled() {
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let found = small_calls(&bytes)?;
        if !found.is_empty() {
            let list: Vec<String> = found.into_iter().collect();
            bail!(
                "small functions are called in loops of the kernels, mark them #[inline(always)]:\n{}",
                list.join("\n")
            );
        }
    }
    Ok(())
}

/// The small functions of the kernels that loops of the kernels call, each with a caller.
fn small_calls(bytes: &[u8]) -> Result<BTreeSet<String>> {
    let mut imported = 0;
    let mut functions = Vec::new();
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => functions.push(function(&body)?),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(map) = subsection? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let of_kernels = |index: u32| names.get(&index).copied().filter(|name| name.contains(CRATE));
    let mut found = BTreeSet::new();
    let mut callers = 0;
    for (index, function) in (imported..).zip(&functions) {
        let Some(caller) = of_kernels(index) else { continue };
        callers += 1;
        for &callee in &function.called {
            let small = callee
                .checked_sub(imported)
                .is_some_and(|callee| functions[callee as usize].instructions <= SMALL);
            if let (Some(name), true) = (of_kernels(callee), small) {
                found.insert(format!("{name} in {caller}"));
            }
        }
    }
    if callers == 0 {
        bail!("no function of {CRATE} has a name");
    }
    Ok(found)
}

fn function(body: &wasmparser::FunctionBody<'_>) -> Result<Function> {
    let (mut instructions, mut called) = (0, Vec::new());
    let mut blocks = Vec::new();
    for operator in body.get_operators_reader()? {
        instructions += 1;
        match operator? {
            Operator::Loop { .. } => blocks.push(true),
            Operator::Block { .. } | Operator::If { .. } => blocks.push(false),
            Operator::End => {
                blocks.pop();
            }
            Operator::Call { function_index } if blocks.contains(&true) => called.push(function_index),
            _ => {}
        }
    }
    Ok(Function { instructions, called })
}
