//! The one place that writes to standard output: results of commands, for people and scripts. Everything else goes to the log.

use std::io::Write;

/// Prints a line; a reader that went away (a closed pipe) is no error.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
