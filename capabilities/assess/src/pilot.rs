//! Items on trial: shown at fixed positions beside the items that count, to learn their parameters before they count. The one shown
//! least comes next, so that all reach the number of answers asked for at about the same time. They move neither the score nor the
//! choice of the items that count.

use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::item::ItemId;
use crate::pool::{ItemPool, Parameters};
use crate::session::{Moment, State, Test};

/// Added to the position to draw from another stream than the choice of items that count.
const STREAM: u64 = 1 << 32;

/// The item on trial that comes next; `None` where an item that counts comes.
pub fn next<'a>(state: &State, test: Test<'a>, moment: Moment<'_>) -> Option<&'a ItemId> {
    let position = state.position();
    let rule = &test.blueprint.pilot;
    if !rule.positions.contains(&position) || state.offer.is_some() {
        return None;
    }
    let may_come = |(index, pilot): (usize, &'a Parameters)| {
        let shown = *moment.pilots_shown.get(index)?;
        let is_open = shown < rule.answers && !is_near(state, test.pool, pilot);
        is_open.then_some((shown, &pilot.id))
    };
    let open: Vec<(u64, &ItemId)> = test.pool.pilots.iter().enumerate().filter_map(may_come).collect();
    let least = open.iter().map(|(shown, _)| *shown).min()?;
    let rarest: Vec<&ItemId> = open.into_iter().filter(|(shown, _)| *shown == least).map(|(_, item)| item).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(moment.seed);
    rng.set_stream(STREAM + position as u64);
    rarest.choose(&mut rng).copied()
}

/// Whether the person has seen the item or one of its family.
fn is_near(state: &State, pool: &ItemPool, pilot: &Parameters) -> bool {
    let is_near = |other: &Parameters| other.id == pilot.id || other.shares_family_with(pilot);
    state.answers.iter().filter_map(|given| pool.parameters_of(&given.0)).any(is_near)
}
