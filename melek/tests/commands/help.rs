//! `--help` of every command, as a newcomer reads it. A change of it shows in the change under review.

use crate::program::{finish, program};

const COMMANDS: [&str; 39] = [
    "",
    "serve",
    "demo",
    "import",
    "import staff",
    "export",
    "export answers",
    "user",
    "user create",
    "items",
    "items check",
    "items statistics",
    "items preview",
    "items blind",
    "items export",
    "items import",
    "items cuts",
    "bank",
    "bank simulate",
    "bank activate",
    "bank calibrate",
    "session",
    "session replay",
    "session rescore",
    "irt",
    "irt calibrate",
    "irt score",
    "irt fit",
    "irt dif",
    "irt link",
    "irt compare",
    "irt simulate",
    "irt report",
    "backup",
    "restore",
    "migrate",
    "doctor",
    "help",
    "--version",
];

fn help_of(command: &str) -> String {
    let mut words: Vec<&str> = command.split_whitespace().collect();
    if !matches!(command, "help" | "--version") {
        words.push("--help");
    }
    let said = finish(program(&words), "").well().said();
    said.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_command_explains_itself() {
    for command in COMMANDS.iter().filter(|command| !matches!(**command, "help" | "--version")) {
        let name = if command.is_empty() { "melek".to_owned() } else { command.replace(' ', "_") };
        insta::assert_snapshot!(name, help_of(command));
    }
}

#[test]
fn no_command_is_missing_from_the_list() {
    let listed = |help: &str| -> Vec<String> {
        let after = help.split("Commands:\n").nth(1).unwrap_or_default();
        let lines = after.lines().take_while(|line| line.starts_with("  "));
        let first = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
        lines.filter(|line| !line.starts_with("   ")).map(first).filter(|name| name != "help").collect()
    };
    for top in listed(&help_of("")) {
        assert!(COMMANDS.contains(&top.as_str()), "{top}");
        for below in listed(&help_of(&top)) {
            assert!(COMMANDS.contains(&format!("{top} {below}").as_str()), "{top} {below}");
        }
    }
}

#[test]
fn no_line_is_wider_than_a_page() {
    for command in COMMANDS {
        for line in help_of(command).lines() {
            assert!(line.chars().count() <= 110, "{command}: {line}");
        }
    }
}
