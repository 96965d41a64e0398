//! `melek serve`: opens the data folder and serves until told to stop.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use melek_web::{Clock, Settings};

use crate::output::say;
use crate::wiring::{self, Program};

#[derive(Args)]
#[command(
    after_help = "Without MELEK_DATABASE_URL everything is kept in DATA/melek.sqlite (SQLite). To use PostgreSQL, put its \
    address into MELEK_DATABASE_URL, or into a file named by MELEK_DATABASE_URL_FILE; it is never an \
    argument, because those show in `ps`."
)]
pub struct Serve {
    /// Folder with the database, the agency's own items and backups; made if it is not there
    #[arg(long, default_value = "data", env = "MELEK_DATA")]
    data: PathBuf,
    /// Address to listen on; behind a reverse proxy leave it at this machine alone
    #[arg(long, default_value = "127.0.0.1", env = "MELEK_HOST")]
    host: String,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080, env = "MELEK_PORT")]
    port: u16,
    /// Name of the installation in the footer of every page
    #[arg(long, default_value = "", env = "MELEK_INSTALLATION")]
    installation: String,
    /// Browsers reach the program by HTTPS (through a reverse proxy): cookies become Secure and HSTS is sent
    #[arg(long, env = "MELEK_HTTPS")]
    https: bool,
    /// A reverse proxy that sets X-Forwarded-For is the only way in
    #[arg(long, env = "MELEK_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Minutes ahead of UTC: 420 WIB, 480 WITA, 540 WIT
    #[arg(long, default_value_t = 420, env = "MELEK_UTC_OFFSET_MINUTES")]
    utc_offset_minutes: i32,
}

pub async fn run(arguments: Serve) -> Result<()> {
    wiring::log_to_standard_error("info");
    let settings = Settings {
        installation: arguments.installation,
        secure_cookies: arguments.https,
        behind_proxy: arguments.behind_proxy,
        utc_offset_minutes: arguments.utc_offset_minutes,
        synthetic: wiring::is_synthetic(&arguments.data),
        ..Settings::default()
    };
    let program = Program::open(&arguments.data, Clock::system(), settings).await?;
    let listener = wiring::listen(&arguments.host, arguments.port).await?;
    say(&format!("Melek is served at http://{}/ (Ctrl-C ends it)", listener.local_addr()?));
    program.serve(listener).await
}
