//! `melek user create`: passwords come in by standard input, codes are shown once, mistakes are sentences.

use melek_db::q;

use crate::program::{Program, Ran};

fn create(program: &Program, more: &[&str], input: &str) -> Ran {
    let words = ["user", "create", "--agency", "Kabupaten Nusa Peraga", "--login", "sri.rahayu"];
    program.run_with(&[&words[..], more].concat(), input)
}

#[tokio::test]
async fn an_officer_gets_the_password_that_came_by_standard_input() {
    let program = Program::new().await;
    let ran = create(&program, &["--role", "officer", "--json"], "sungai-kopi-bulan\n").well();
    assert_eq!(ran.json(), serde_json::json!({"login": "sri.rahayu", "roles": ["officer"], "code": null}));
    let sql = "SELECT COUNT(*) FROM people_account a JOIN people_role r ON r.account_id = a.id
        WHERE a.login = $1 AND r.role = 'officer' AND a.password_hash IS NOT NULL";
    let accounts: i64 = q(sql).bind("sri.rahayu").scalar(&*program.database).await.expect("count");
    assert_eq!(accounts, 1);
}

#[tokio::test]
async fn without_a_password_a_code_is_shown_once() {
    let program = Program::new().await;
    let code = create(&program, &["--role", "item_writer", "--json"], "").well().json()["code"].clone();
    let code = code.as_str().expect("code");
    assert_eq!((code.len(), code.as_bytes()[5]), (11, b'-'));
}

#[tokio::test]
async fn what_cannot_be_is_a_sentence_and_code_2() {
    let program = Program::new().await;
    create(&program, &["--role", "officer"], "sungai-kopi-bulan\n").well();
    let mistakes: [(&[&str], &str, &str); 4] = [
        (&["--role", "officer"], "sungai-kopi-bulan\n", "taken"),
        (&["--role", "officer", "--login", "sri.2"], "kurang\n", "at least"),
        (&["--role", "officer", "--login", "sri.2", "--unit", "Dinas Ajaib"], "sungai-kopi-bulan\n", "no unit"),
        (&["--role", "king", "--login", "sri.2"], "", "not a role"),
    ];
    for (more, input, reason) in mistakes {
        let words: Vec<&str> =
            ["user", "create", "--agency", "Kabupaten Nusa Peraga"].into_iter().chain(more.iter().copied()).collect();
        let words = if more.contains(&"--login") { words } else { [&words[..], &["--login", "sri.rahayu"]].concat() };
        let ran = program.run_with(&words, input);
        assert_eq!(ran.code(), Some(2), "{}", ran.complained());
        assert!(ran.complained().contains(reason), "{}", ran.complained());
    }
}
