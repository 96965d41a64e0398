//! `melek user create`: an account with a user name and roles, for officers, item writers and administrators. Civil
//! servants get theirs with the staff file and a one-time code.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use melek_db::{Db, q};
use melek_people::{
    CreateUserError, NewUser, Passwords, Role, Scope, SignInCode, create_agency, create_user, find_agency,
};
use melek_web::Clock;
use serde_json::json;
use uuid::Uuid;

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::wiring;

#[derive(Subcommand)]
pub enum User {
    /// Create an account for an officer, an item writer or an administrator
    Create(Create),
}

#[derive(Args)]
#[command(
    after_help = "The password is asked for at the terminal, or read from standard input (its first line). It is never an \
    argument, because arguments show in `ps`. Without a password a code is drawn and printed once; it \
    signs in, and the page Account changes it.\n\n\
    Examples:\n  melek user create --agency \"Kabupaten Nusa Peraga\" --login sri.rahayu --role officer\n  \
    melek user create --agency \"Kabupaten Nusa Peraga\" --login rsud --role officer \\\n    \
    --unit \"RSUD Nusa Peraga\" < password.txt"
)]
pub struct Create {
    #[command(flatten)]
    data: DataFolder,
    /// Name of the agency; it is created if it is not there yet
    #[arg(long, value_name = "NAME")]
    agency: String,
    /// User name: 3 to 60 small letters, digits, dots, dashes or underscores
    #[arg(long)]
    login: String,
    /// Name shown on pages; without it the user name
    #[arg(long)]
    name: Option<String>,
    /// officer, item_writer or administrator; may be given more than once
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<Role>,
    /// An officer's unit, with everything below it; without it the whole agency
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// Print {"login":"…","roles":[…],"code":"…"} instead of a sentence
    #[arg(long)]
    json: bool,
}

pub async fn run(command: User) -> Result<()> {
    let User::Create(arguments) = command;
    let password = read_password()?;
    let db = wiring::open_database(&arguments.data.path).await?;
    let clock = Clock::system();
    let scope = scope(&db, &clock, &arguments).await?;
    let code = password.is_none().then(SignInCode::random);
    let secret = password.as_deref().or(code.as_ref().map(SignInCode::as_str)).unwrap_or_default();
    let user = NewUser {
        login: &arguments.login,
        name: arguments.name.as_deref().unwrap_or(&arguments.login),
        password: secret,
        person: None,
        roles: arguments.roles.iter().map(|role| (*role, Some(scope.clone()))).collect(),
    };
    create_user(&db, &clock, &Passwords::new(), &user).await.map_err(refused)?;
    db.close().await;
    let code = code.as_ref().map(SignInCode::as_str);
    if arguments.json {
        let roles: Vec<&str> = arguments.roles.iter().map(|role| role.id()).collect();
        say(&json!({ "login": arguments.login, "roles": roles, "code": code }).to_string());
    } else {
        say(&format!("{} can sign in.", arguments.login));
        if let Some(code) = code {
            say(&format!("Code for signing in: {code} (shown only now; the page Account changes it)"));
        }
    }
    Ok(())
}

/// At a terminal it is asked for twice; otherwise it is the first line of standard input. `None` for an empty one.
fn read_password() -> Result<Option<String>> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let mut line = String::new();
        stdin.lock().read_line(&mut line).context("the password cannot be read from standard input")?;
        return Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()).filter(|password| !password.is_empty()));
    }
    let terminal = console::Term::stderr();
    terminal.write_str("Password (leave empty for a code): ")?;
    let password = terminal.read_secure_line()?;
    if password.is_empty() {
        return Ok(None);
    }
    terminal.write_str("The same again: ")?;
    if terminal.read_secure_line()? != password {
        return Err(BadInput("the two passwords differ; nobody was created".to_owned()).into());
    }
    Ok(Some(password))
}

/// The agency, or the unit of it.
async fn scope(db: &Db, clock: &Clock, arguments: &Create) -> Result<Scope> {
    let Create { agency: name, unit, .. } = arguments;
    let agency = match (find_agency(db, name).await?, unit) {
        (Some(agency), _) => agency,
        (None, Some(_)) => return Err(BadInput(format!("there is no agency {name}")).into()),
        (None, None) => create_agency(db, clock, name).await.map_err(|error| BadInput(error.to_string()))?,
    };
    let unit_path = match unit {
        Some(unit) => Some(path_of_unit(db, agency, unit).await?),
        None => None,
    };
    Ok(Scope { agency, unit_path })
}

async fn path_of_unit(db: &Db, agency: Uuid, unit: &str) -> Result<String> {
    let sql = "SELECT path FROM people_v_unit WHERE agency_id = $1 AND LOWER(name) = $2";
    let paths: Vec<String> = q(sql).bind(agency).bind(unit.trim().to_lowercase()).scalars(db).await?;
    match paths.as_slice() {
        [path] => Ok(path.clone()),
        [] => Err(BadInput(format!("the agency has no unit {unit}; load its staff file first")).into()),
        several => Err(BadInput(format!("the agency has {} units called {unit}", several.len())).into()),
    }
}

fn refused(error: CreateUserError) -> anyhow::Error {
    match error {
        CreateUserError::Hash(_) | CreateUserError::Database(_) => anyhow::Error::new(error),
        wrong => BadInput(wrong.to_string()).into(),
    }
}
