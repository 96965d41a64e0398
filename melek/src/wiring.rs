//! Puts the program together: data folder, database, office, routes of all capabilities, and what runs beside them.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use melek_assess::{Bank, Desk, blueprint, close_overdue, require_activation};
use melek_db::{Address, Db, Migrations};
use melek_people::{SignInDesk, forget_stale_uploads};
use melek_web::{Clock, NavEntry, Office, Settings};
use tokio::net::TcpListener;

use crate::bad_input::BadInput;
use crate::front;

/// Folder of the agency's own items inside the data folder.
pub const OWN_ITEMS: &str = "items";

/// A file of this name in the data folder says that its people and figures are invented.
pub const SYNTHETIC_MARK: &str = "SYNTHETIC";

/// How often housekeeping is done.
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(60);

/// The tables of all capabilities, in the order of the crate graph.
pub fn migrations() -> [Migrations; 3] {
    [melek_web::MIGRATIONS, melek_people::MIGRATIONS, melek_assess::MIGRATIONS]
}

pub fn is_synthetic(data: &Path) -> bool {
    data.join(SYNTHETIC_MARK).exists()
}

/// Opens the database of a data folder and brings its tables up to date; the folder is made if it is not there.
pub async fn open_database(data: &Path) -> Result<Db> {
    std::fs::create_dir_all(data)
        .map_err(|error| BadInput(format!("the data folder {} cannot be made: {error}", data.display())))?;
    let db = Db::open(&Address::from_environment(data)?).await?;
    db.migrate(&migrations()).await?;
    Ok(db)
}

/// The open items with the agency's own, which lie in the data folder.
pub fn bank(data: &Path) -> Result<Bank, BadInput> {
    Bank::load(Some(&data.join(OWN_ITEMS))).map_err(|error| BadInput(error.to_string()))
}

/// Everything that runs: ready to serve, or to be used by a command.
pub struct Program {
    pub office: Office,
}

impl Program {
    pub async fn open(data: &Path, clock: Clock, settings: Settings) -> Result<Program> {
        let db = open_database(data).await?;
        let bank = bank(data)?;
        require_activation(&db, &bank, blueprint()).await.map_err(|error| BadInput(error.to_string()))?;
        let desk = Desk::open(&db, bank, clock.now_ms()).await?;
        let navigation = [melek_assess::NAVIGATION, &melek_people::NAVIGATION[..]].concat();
        let sign_in = SignInDesk::new(clock.clone());
        let footer = vec![melek_framework::FOOTER, melek_assess::FOOTER];
        let office = Office::new(db, clock, settings).with_navigation(navigation).with_footer(footer);
        Ok(Program { office: office.with(desk).with(sign_in) })
    }

    pub fn service(&self) -> Router {
        let routes = front::routes()
            .merge(melek_framework::routes())
            .merge(melek_people::routes())
            .merge(melek_assess::routes());
        melek_web::router(self.office.clone(), routes)
    }

    /// Serves until told to stop, then writes what was acknowledged.
    pub async fn serve(self, listener: TcpListener) -> Result<()> {
        let service = self.service();
        let housekeeping = tokio::spawn(keep_house(self.office.clone()));
        melek_web::serve(listener, service, melek_web::stop_signal()).await;
        housekeeping.abort();
        self.office.part::<Desk>().shut_down().await;
        self.office.db.close().await;
        Ok(())
    }
}

/// Ends sessions whose campaign is over and forgets staff files nobody confirmed, at once and then every minute.
async fn keep_house(office: Office) {
    let desk = office.part::<Desk>();
    let mut every = tokio::time::interval(HOUSEKEEPING_EVERY);
    loop {
        every.tick().await;
        match close_overdue(&desk, &office.db, office.clock.now_ms()).await {
            Ok(0) => {}
            Ok(closed) => tracing::info!(closed, "sessions of closed campaigns were ended"),
            Err(error) => tracing::error!(%error, "sessions of closed campaigns could not be ended"),
        }
        if let Err(error) = forget_stale_uploads(&office.db, &office.clock).await {
            tracing::error!(%error, "staff files nobody confirmed could not be forgotten");
        }
    }
}

/// A database without anybody, up to date, in a temporary folder: to compare with.
pub async fn empty_database(folder: &Path) -> Result<Db> {
    let db = Db::open(&Address::Sqlite(folder.join("empty.sqlite"))).await?;
    db.migrate(&migrations()).await?;
    Ok(db)
}

/// An office for the preview of an item: an empty database in a temporary folder.
pub async fn preview_office(folder: &Path) -> Result<Office> {
    let db = Db::open(&Address::Sqlite(folder.join("preview.db"))).await?;
    db.migrate(&[melek_web::MIGRATIONS]).await?;
    Ok(Office::new(db, Clock::system(), Settings::default()).with_navigation(Vec::<NavEntry>::new()))
}

pub async fn listen(host: &str, port: u16) -> Result<TcpListener> {
    TcpListener::bind((host, port))
        .await
        .with_context(|| format!("cannot listen on {host}:{port}; is another program using it? Try another --port"))
}

/// One JSON line an event on standard error; `RUST_LOG` chooses how much instead of `level`.
pub fn log_to_standard_error(level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
