//! The executables that ship with the example programs, so that a first run needs no cross compiler.

use anyhow::{Context as _, Result};
use sdk::build::Build;

/// Builds each folder of `sdk/examples` anew.
pub(crate) fn run() -> Result<()> {
    let examples = crate::root().join("sdk/examples");
    let mut folders: Vec<_> = std::fs::read_dir(&examples)
        .with_context(|| format!("{}", examples.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("main.c").is_file())
        .collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default();
        let output = folder.join(name).with_extension("elf");
        Build::new([folder.join("main.c")])
            .output(&output)
            .flags(sdk::EXAMPLE_FLAGS)
            .run()
            .with_context(|| format!("{}", folder.display()))?;
        let size = std::fs::metadata(&output)
            .with_context(|| format!("{}", output.display()))?
            .len();
        println!("{} ({} KB)", output.display(), size / 1000);
    }
    Ok(())
}
