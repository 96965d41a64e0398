//! Loads the invented staff as an officer would load a staff file, and opens the campaigns; says under which ids all
//! of them are known afterwards.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use melek_assess::{NewCampaign, open_campaign};
use melek_db::q;
use melek_people::{StaffUpload, find_agency, load_staff};
use melek_web::{Clock, Office};
use uuid::Uuid;

use super::plan::{DAY_MS, PlannedCampaign, Which};
use super::regency::AGENCY;
use super::staff::{Invented, staff_file};

const PEOPLE: &str = "SELECT name, person_id FROM people_v_person WHERE agency_id = $1";
const UNITS: &str = "SELECT name, unit_id, path FROM people_v_unit WHERE agency_id = $1";

/// The regency as the database knows it.
pub struct Loaded {
    pub agency: Uuid,
    /// Ids and names in the order of the staff.
    pub people: Vec<Uuid>,
    pub names: Vec<String>,
    units: HashMap<String, LoadedUnit>,
}

struct LoadedUnit {
    id: Uuid,
    path: String,
}

pub async fn load(office: &Office, staff: &[Invented], loaded_ms: i64) -> Result<Loaded> {
    let clock = Clock::manual(loaded_ms);
    let upload = StaffUpload {
        file_name: "pegawai-nusa-peraga.csv".to_owned(),
        bytes: Arc::from(staff_file(staff)?),
        utc_offset_minutes: office.settings.utc_offset_minutes,
    };
    let read = load_staff(&office.db, &clock, AGENCY, &upload).await?;
    ensure!(!read.has_faults(), "the invented staff file has a fault: {:?}", read.file.faults.first());
    let agency = find_agency(&office.db, AGENCY).await?.context("the agency was not kept")?;
    let kept: Vec<(String, String)> = q(PEOPLE).bind(agency).all(&office.db).await?;
    let kept: HashMap<String, String> = kept.into_iter().collect();
    let names: Vec<String> = staff.iter().map(Invented::full_name).collect();
    let id = |name: &String| -> Result<Uuid> {
        Ok(kept.get(name).with_context(|| format!("{name} was not kept"))?.parse()?)
    };
    let people = names.iter().map(id).collect::<Result<_>>()?;
    let rows: Vec<(String, String, String)> = q(UNITS).bind(agency).all(&office.db).await?;
    let unit = |(name, id, path): (String, String, String)| Ok((name, LoadedUnit { id: id.parse()?, path }));
    let units = rows.into_iter().map(unit).collect::<Result<_>>()?;
    Ok(Loaded { agency, people, names, units })
}

/// Opens the campaigns, each three days before its first; answers their ids.
pub async fn open_campaigns(
    office: &Office,
    (loaded, officer): (&Loaded, Uuid),
    campaigns: &[PlannedCampaign],
) -> Result<BTreeMap<Which, Uuid>> {
    let mut ids = BTreeMap::new();
    for campaign in campaigns {
        let unit = campaign.unit.map(|unit| &loaded.units[unit]);
        let mut then = office.clone();
        then.clock = Clock::manual((campaign.opens_ms - 3 * DAY_MS).min(office.clock.now_ms()));
        let new = NewCampaign {
            agency: loaded.agency,
            unit: unit.map(|unit| unit.id),
            unit_path: unit.map(|unit| unit.path.clone()).unwrap_or_default(),
            title: campaign.title.clone(),
            purpose: campaign.purpose.to_owned(),
            opens_ms: campaign.opens_ms,
            closes_ms: campaign.closes_ms,
            created_by: officer.to_string(),
        };
        ids.insert(campaign.which, open_campaign(&then, new).await?);
    }
    Ok(ids)
}
