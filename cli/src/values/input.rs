//! What an argument names: a Ux text, a file, standard input.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use emulator::distcore::ux::UxValue;
use emulator::reference::ValueId;

use super::reference;
use super::scan::scan;
use super::{InputArguments, Named};

/// The shortest binary value: particle, type, samples, mean, count, in the legacy form without marker.
const SHORTEST_BINARY: usize = 8 + 1 + 8 + 8 + 4;

/// What one argument names.
pub(crate) struct Input {
    /// The path, or what stands for it.
    pub(crate) name: String,
    pub(crate) values: Vec<Named>,
}

/// All inputs, in their order.
pub(super) fn read(arguments: &InputArguments) -> Result<Vec<Input>> {
    let standard_input = ["-".to_owned()];
    let inputs = if arguments.inputs.is_empty() {
        // With a values file and nothing else, that is what is meant.
        if let Some(file) = arguments.values.as_deref().filter(|_| std::io::stdin().is_terminal()) {
            let name = file.display().to_string();
            return reference::all(file).map(|values| vec![Input { name, values }]);
        }
        if std::io::stdin().is_terminal() {
            bail!(
                "no value given: expected a Ux text, a file, or `-` for standard input, as in `sigemu run app.elf | sigemu plot -`"
            );
        }
        &standard_input[..]
    } else {
        &arguments.inputs[..]
    };
    if inputs.iter().filter(|input| *input == "-").count() > 1 {
        bail!("standard input can be read only once, but `-` is given more often");
    }
    let named = |input: &String| {
        let name = match input.as_str() {
            "-" => "standard input".into(),
            path => crate::output::shortened(path.trim()),
        };
        of_argument(input, arguments).map(|values| Input { name, values })
    };
    inputs.iter().map(named).collect()
}

/// The values of one argument.
fn of_argument(input: &str, arguments: &InputArguments) -> Result<Vec<Named>> {
    // See `shielded`.
    let input = if input.starts_with(" -") {
        input.trim_start()
    } else {
        input
    };
    let path = Path::new(input);
    if input == "-" {
        return of_bytes(&standard_input()?, "standard input", arguments);
    }
    not_empty(input)?;
    // A Ux text is longer than any file name: asking for such a file is an error of its own.
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => bail!("{input}: a directory; expected a file with Ux values"),
        Ok(_) if reference::is_values_file(path) => return reference::all(path),
        Ok(_) => {
            let bytes = std::fs::read(path).with_context(|| format!("{input}: cannot be read"))?;
            return of_bytes(&bytes, input, arguments);
        }
        Err(_) => {}
    }
    if input.contains("Ux") {
        return of_text(input);
    }
    if let Ok(id) = input.parse::<ValueId>() {
        return reference::named(&[(String::new(), id)], arguments);
    }
    if let Some(bytes) = hexadecimal(input.as_bytes()) {
        return binary(&bytes).map_err(|error| anyhow!("the hexadecimal digits given: {error:#}"));
    }
    bail!("{}: no such file, and no Ux text", crate::output::shortened(input));
}

/// Refuses a path without a character, as of a variable of a shell that is not set.
pub(crate) fn not_empty(path: &str) -> Result<()> {
    if path.is_empty() {
        bail!("an argument is empty; expected a Ux text, a file, or `-` for standard input");
    }
    Ok(())
}

pub(crate) fn standard_input() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .context("standard input cannot be read")?;
    Ok(bytes)
}

/// A Ux text on the command line: all of it has to be one, or text with some in it.
fn of_text(input: &str) -> Result<Vec<Named>> {
    let name = "the text given";
    if !input.contains(char::is_whitespace)
        && super::particle_start(&input.as_bytes()[..input.find("Ux").unwrap_or(0)]) == 0
    {
        let (value, length) = UxValue::parse_text(input.as_bytes()).map_err(|error| anyhow!("{name}: {error}"))?;
        if length < input.len() {
            bail!(
                "{name}: byte {length}: the value ends here, as its count of {} Diracs has it, but {} more bytes follow",
                value.diracs.len(),
                input.len() - length
            );
        }
        return Ok(vec![Named::new("", value)?]);
    }
    let values = scan(input.as_bytes(), name)?;
    if values.is_empty() {
        bail!("{}: no such file, and no Ux text", crate::output::shortened(input));
    }
    Ok(values)
}

/// The values in a file: text with Ux in it, or the binary form.
fn of_bytes(bytes: &[u8], name: &str, arguments: &InputArguments) -> Result<Vec<Named>> {
    if bytes.is_empty() {
        bail!("{name}: empty");
    }
    // The marker decides; the legacy form has none, and is what is no text.
    if has_marker(bytes) {
        return binary(bytes).map_err(|error| anyhow!("{name}: {error:#}"));
    }
    let values = scan(bytes, name)?;
    if !values.is_empty() {
        return Ok(values);
    }
    let ids = reference::ids(bytes);
    if !ids.is_empty() {
        return reference::named(&ids, arguments);
    }
    if find(bytes, b"\"Diracs\"") {
        return crate::ux::json::read(bytes).map_err(|error| anyhow!("{name}: {error:#}"));
    }
    if bytes.len() >= SHORTEST_BINARY && bytes.iter().any(|&c| c < 9) {
        return binary(bytes).map_err(|error| anyhow!("{name}: no Ux text, and as binary Ux data: {error:#}"));
    }
    if let Some(data) = hexadecimal(bytes) {
        // Digits may also be numbers of something else.
        let values = binary(&data);
        if values.is_ok() || has_marker(&data) {
            return values.map_err(|error| anyhow!("{name}: hexadecimal digits: {error:#}"));
        }
    }
    if let Some(format) = other_format(bytes) {
        bail!("{name}: no Ux value, but {format}");
    }
    bail!(
        "{name}: no Ux value in {} bytes (`sigemu run` prints them when its output is no terminal, or with --ux; not on a Bypass \
         core and not with --particle)",
        bytes.len()
    );
}

fn has_marker(bytes: &[u8]) -> bool {
    bytes.get(8..11) == Some(&[0xF0, 0, 0])
}

/// What a text is that `ux convert` reads when it is told so.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let words = |line: &str| -> Vec<String> {
        line.split([',', ';'])
            .map(|word| word.trim().trim_matches('"').to_ascii_lowercase())
            .collect()
    };
    let heading = words(text.lines().next()?);
    if ["position", "mass"]
        .iter()
        .all(|name| heading.iter().any(|word| word == name))
    {
        return Some("CSV: `sigemu ux convert --from csv` reads it");
    }
    let mut numbers = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .filter(|word| !word.is_empty())
        .peekable();
    (numbers.peek().is_some() && numbers.all(|word| word.parse::<f64>().is_ok()))
        .then_some("numbers: `sigemu ux convert --from samples` makes a value of them")
}

fn find(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Binary values, one after another.
pub(crate) fn binary(bytes: &[u8]) -> Result<Vec<Named>> {
    let (mut values, mut offset) = (Vec::new(), 0);
    while offset < bytes.len() {
        let (value, length) = UxValue::parse_binary(&bytes[offset..], None)
            .map_err(|error| anyhow!("malformed Ux data at byte {}: {}", offset + error.offset, error.reason))?;
        values.push(Named::new("", value).with_context(|| format!("byte {offset}"))?);
        offset += length;
    }
    Ok(values)
}

/// The bytes of binary values written in hexadecimal digits, on any number of lines.
fn hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .iter()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|&c| Some(char::from(c).to_digit(16)? as u8))
        .collect();
    digits
        .filter(|digits| digits.len() >= 2 * SHORTEST_BINARY && digits.len().is_multiple_of(2))
        .map(|digits| digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}
