//! The one place that writes to standard output: results of commands, for people and scripts. What a person should
//! know besides goes to standard error, everything else to the log.

use std::io::Write;

/// Prints a line; a reader that went away (a closed pipe) is no error.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Tells a person something besides the result, on standard error.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
