//! The files of the repository: those that git has, and new ones that it does not ignore.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
}

/// Paths from the root, with `/`, sorted; files that were removed but not yet committed are left out.
pub fn files() -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = git.output().expect("git lists the files");
    assert!(output.status.success(), "git: {}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let mut files: Vec<_> = list.split_terminator('\0').map(str::to_owned).collect();
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    files
}

/// Those whose names end so.
pub fn files_with(endings: &[&str]) -> Vec<String> {
    let has_ending = |file: &String| endings.iter().any(|ending| file.ends_with(ending));
    files().into_iter().filter(has_ending).collect()
}

pub fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// `people` of `capabilities/people/…`, `db` of `foundation/db/…`, `melek` of `melek/…`.
pub fn crate_of(file: &str) -> Option<&str> {
    let mut parts = file.split('/');
    match parts.next()? {
        "engines" | "foundation" | "capabilities" => parts.next(),
        "melek" => Some("melek"),
        _ => None,
    }
}

/// Fails with one line a finding.
pub fn assert_none(what: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{what}:\n  {}\n", findings.join("\n  "));
}

#[test]
fn files_belong_to_crates_by_their_folder() {
    assert_eq!(crate_of("capabilities/people/src/nip.rs"), Some("people"));
    assert_eq!(crate_of("melek/src/main.rs"), Some("melek"));
    assert_eq!(crate_of("docs/formats/items.md"), None);
}
