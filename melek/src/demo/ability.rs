//! What an invented person can really do: a draw from the population of the blueprint, moved a little by the post
//! held, by age and by area. All shifts are invented; surveys of officials find safety weakest, which is the only
//! thing they copy. Logits.

use melek_framework::AreaId;
use melek_irt::ability::Prior;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use time::Date;

use super::staff::Invented;

/// Mean of an area against the others.
const OF_AREA: [f64; AreaId::COUNT] = [0.05, 0.1, -0.1, -0.15, 0.0];

/// For each year below `MIDDLE_AGE`, and as much less for each above.
const OF_A_YEAR: f64 = 0.015;
const MIDDLE_AGE: i32 = 42;

pub type Ability = [f64; AreaId::COUNT];

/// The ability of the person at a position of the staff, the same in every test.
pub fn of_person(
    prior: &Prior<{ AreaId::COUNT }>,
    person: &Invented,
    (today, seed, position): (Date, u64, usize),
) -> Ability {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(position as u64 + 1);
    let younger = f64::from(MIDDLE_AGE - person.age(today));
    let shift = person.seat.post.shift + OF_A_YEAR * younger;
    let mut ability = prior.draw(&mut rng);
    for (value, of_area) in ability.iter_mut().zip(OF_AREA) {
        *value += shift + of_area;
    }
    ability
}
