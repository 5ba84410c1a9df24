//! The command-line interface that W3C's vc-jose-cose test suite runs: `issue|verify --input FILE --key FILE --feature FEATURE --output
//! FILE`. The answer, `{"result", "data"}`, is written to the output: `success`, `failure`, `indeterminate` for a feature that is not
//! supported, `error` where the question itself cannot be read.

use std::{collections::HashMap, error::Error, fs};

#[path = "jose_suite/document.rs"]
mod document;
#[path = "jose_suite/method.rs"]
mod method;
#[path = "jose_suite/suite.rs"]
mod suite;

const USAGE: &str = "usage: jose_suite issue|verify --input FILE --key FILE --feature FEATURE --output FILE";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let action = arguments.next().ok_or(USAGE)?;
    let mut options = HashMap::new();
    while let Some(name) = arguments.next() {
        options.insert(name, arguments.next().ok_or(USAGE)?);
    }
    let option = |name: &str| options.get(name).ok_or_else(|| format!("{name} is missing; {USAGE}"));
    let output = option("--output")?;
    let text = |name: &str| -> Result<String, Box<dyn Error>> {
        let path = option(name)?;
        fs::read_to_string(path).map_err(|error| format!("{path}: {error}").into())
    };
    let answer = match (text("--input"), text("--key")) {
        (Ok(input), Ok(key)) => suite::run(&action, option("--feature")?, &input, &key),
        (Err(error), _) | (_, Err(error)) => suite::Answer::error(error.to_string()),
    };
    fs::write(output, answer.to_json().to_string())?;
    Ok(())
}
