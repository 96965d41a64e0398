//! A made-up pool of 500 items and a blueprint as a national test could have it: 30 items; five areas and their 21
//! competences, levels, types, made with AI, village contexts, words, seconds, 40 pairs of enemies, 60 families.

use melek_irt::selection::shadow_test::Rule;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

pub const ITEMS: usize = 500;
pub const LENGTH: usize = 30;
/// Competences of each area.
const AREAS: [usize; 5] = [3, 6, 4, 4, 4];

pub struct Made {
    pub discrimination: Vec<f64>,
    pub difficulty: Vec<f64>,
    pub families: Vec<Option<u32>>,
    pub rules: Vec<Rule>,
}

/// A uniform draw from 0 ≤ u < 1.
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}

/// 0 … below − 1.
fn below(rng: &mut ChaCha8Rng, below: usize) -> usize {
    (uniform(rng) * below as f64) as usize
}

pub fn made(seed: u64) -> Made {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let area_of: Vec<usize> = AREAS.iter().enumerate().flat_map(|(area, &own)| vec![area; own]).collect();
    let competence: Vec<usize> = (0..ITEMS).map(|_| below(&mut rng, 21)).collect();
    let level: Vec<usize> = (0..ITEMS).map(|_| below(&mut rng, 4)).collect();
    let kind: Vec<usize> = (0..ITEMS).map(|_| below(&mut rng, 6)).collect();
    let with_ai: Vec<bool> = (0..ITEMS).map(|_| uniform(&mut rng) < 0.20).collect();
    let village: Vec<bool> = (0..ITEMS).map(|_| uniform(&mut rng) < 0.25).collect();
    // Harder items are longer.
    let words: Vec<f64> =
        level.iter().map(|&level| (30.0 + 15.0 * level as f64 + 90.0 * uniform(&mut rng)).floor()).collect();
    let seconds: Vec<f64> = words.iter().map(|words| (20.0 + 0.5 * words + 40.0 * uniform(&mut rng)).floor()).collect();
    let discrimination = (0..ITEMS).map(|_| 0.6 + 1.4 * uniform(&mut rng)).collect();
    let difficulty = level.iter().map(|&level| level as f64 - 2.1 + 1.2 * uniform(&mut rng)).collect();

    let count = |name: String, has: &dyn Fn(usize) -> bool, least: usize, most: usize| {
        Rule::count(name, (0..ITEMS).map(has), Some(least), Some(most))
    };
    let mut rules = Vec::new();
    for area in 0..5 {
        rules.push(count(format!("area {area}"), &|item| area_of[competence[item]] == area, 4, 8));
    }
    for own in 0..21 {
        rules.push(count(format!("competence {own}"), &|item| competence[item] == own, 1, 2));
    }
    for own in 0..4 {
        rules.push(count(format!("level {own}"), &|item| level[item] == own, 5, 10));
    }
    for own in 0..6 {
        rules.push(count(format!("type {own}"), &|item| kind[item] == own, 3, 8));
    }
    rules.push(count("made with AI".into(), &|item| with_ai[item], 5, 8));
    rules.push(count("village".into(), &|item| village[item], 8, 12));
    let sum = |name: &str, weights: &[f64], least: f64, most: f64| Rule {
        name: name.into(),
        weights: weights.to_vec(),
        minimum: Some(least),
        maximum: Some(most),
    };
    rules.push(sum("words", &words, 2400.0, 2800.0));
    rules.push(sum("seconds", &seconds, 2250.0, 2550.0));
    for pair in 0..40 {
        let one = below(&mut rng, ITEMS);
        let other = (one + 1 + below(&mut rng, ITEMS - 1)) % ITEMS;
        rules.push(Rule::enemies(format!("enemies {pair}"), ITEMS, &[one, other]));
    }
    // Families of two to five variants.
    let mut families = vec![None; ITEMS];
    for family in 0..60 {
        for _ in 0..2 + below(&mut rng, 4) {
            families[below(&mut rng, ITEMS)] = Some(family);
        }
    }
    Made { discrimination, difficulty, families, rules }
}
