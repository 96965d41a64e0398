//! Running other programs: what they print goes to the person, or comes back as text.
//!
//! A program that ends badly is an error that names it; what it had to say is printed or part of the error.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs it with its output on the screen; an error when it does not end well.
pub fn run(command: &mut Command) -> Result<()> {
    let name = described(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("{name} could not be started"))?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// Runs it silently; an error with everything it printed when it does not end well.
pub fn run_silently(command: &mut Command) -> Result<()> {
    output_of(command).map(drop)
}

/// Its standard output, without blanks at the end; an error with everything it printed when it does not end well.
pub fn output_of(command: &mut Command) -> Result<String> {
    let name = described(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{name} could not be started"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if !output.status.success() {
        bail!("{name}: {}\n{text}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(text)
}

/// Where a program of this name lies on the search path.
pub fn on_path(name: &str) -> Option<PathBuf> {
    in_folders(name, std::env::split_paths(&std::env::var_os("PATH")?))
}

fn in_folders(name: &str, mut folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders.find_map(|folder| Some(folder.join(name)).filter(|path| is_executable(path)))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn described(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_only_in_the_folders_of_the_search_path() {
        let here = std::env::current_exe().unwrap();
        let (folder, name) = (here.parent().unwrap(), here.file_name().unwrap().to_str().unwrap());
        assert_eq!(in_folders(name, [folder.to_owned()].into_iter()), Some(here.clone()));
        assert_eq!(in_folders(name, [folder.join("elsewhere")].into_iter()), None);
    }

    #[test]
    fn a_file_that_cannot_be_executed_is_no_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
        assert_eq!(in_folders("Cargo.toml", [folder].into_iter()), None);
    }

    #[test]
    fn a_program_that_ends_badly_is_an_error_with_what_it_said() {
        let error = output_of(Command::new("sh").args(["-c", "echo said; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("said") && error.contains("exit status: 3"), "{error}");
    }
}
