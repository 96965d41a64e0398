//! `melek demo`: served within seconds, the same the second time, and never over an installation of real people.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::program::{finish, program};

/// A demonstration that is served until it is dropped.
struct Served {
    child: Child,
    announced: Value,
}

impl Served {
    fn start(data: &Path) -> Served {
        let mut command = program(&["demo", "--people", "50", "--port", "0", "--json", "--data"]);
        let mut child =
            command.arg(data).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut line = String::new();
        let said = child.stdout.take().expect("output");
        BufReader::new(said).read_line(&mut line).expect("a line");
        Served { announced: serde_json::from_str(&line).expect("one line of JSON"), child }
    }

    fn get(&self, path: &str) -> String {
        let address = self.announced["address"].as_str().expect("address");
        let host = address.strip_prefix("http://").expect("http");
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn one_sign_in_for_each_role_and_one_at_an_offer_is_printed_and_every_page_says_that_all_is_invented() {
    let folder = tempfile::tempdir().expect("folder");
    let served = Served::start(&folder.path().join("demo"));
    let sign_ins = served.announced["sign_ins"].as_array().expect("sign-ins");
    let roles: Vec<&str> = sign_ins.iter().filter_map(|one| one["role"].as_str()).collect();
    assert_eq!(roles[..3], ["civil_servant", "officer", "item_writer"]);
    // Where so few people take the test there may be nobody to whom a few items more are offered.
    let others: Vec<&str> = sign_ins[3..].iter().filter_map(|one| one["login"].as_str()).collect();
    assert!(others.is_empty() || others == ["pegawai-ditawari"], "{others:?}");
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(served.get("/sign-in").contains("class=\"synthetic\""));
}

#[test]
fn a_second_run_serves_what_is_there() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("demo");
    let first = Served::start(&data).announced["sign_ins"].clone();
    assert_eq!(Served::start(&data).announced["sign_ins"], first);
}

#[test]
fn a_run_that_was_interrupted_is_begun_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let mark = r#"{"complete":false,"people":50,"closes_ms":0,"sign_ins":[]}"#;
    std::fs::write(folder.path().join("SYNTHETIC"), mark).expect("written");
    std::fs::write(folder.path().join("melek.sqlite"), "half a database").expect("written");
    assert!(Served::start(folder.path()).get("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn real_people_are_never_mixed_with_invented_ones() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("staff.csv");
    std::fs::write(&file, "NIP;Nama;Jabatan;Unit\n198609262015051901;Sari;Arsiparis;Bidang Data\n").expect("written");
    let words = ["import", "staff", file.to_str().expect("path"), "--agency", "Kota Asli", "--data"];
    let mut import = program(&words);
    import.arg(folder.path());
    finish(import, "").well();
    let mut demo = program(&["demo", "--port", "0", "--data"]);
    demo.arg(folder.path());
    let ran = finish(demo, "");
    assert_eq!(ran.code(), Some(2), "{}", ran.complained());
    assert!(ran.complained().contains("no demonstration"), "{}", ran.complained());
    assert!(!folder.path().join("SYNTHETIC").exists());
}

#[test]
fn every_session_of_the_demonstration_can_be_played_again_and_is_of_the_bank_in_force() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("demo");
    drop(Served::start(&data));
    let session = |words: &[&str]| {
        let mut command = program(&[&["session"], words].concat());
        command.arg("--data").arg(&data);
        finish(command, "")
    };
    let replayed = session(&["replay", "--json"]).well().json();
    assert!(replayed["sessions"].as_u64() >= Some(40), "{replayed}");
    assert_eq!((&replayed["identical"], &replayed["others"]), (&replayed["sessions"], &json!([])));
    let rescored = session(&["rescore"]).well().said();
    assert!(rescored.starts_with("0 sessions scored again") && rescored.contains("bank in force"), "{rescored}");
    let unknown = session(&["replay", "00000000-0000-0000-0000-000000000001"]);
    assert_eq!(unknown.code(), Some(2), "{}", unknown.complained());
    assert!(unknown.complained().contains("there is no session"), "{}", unknown.complained());
}
