//! Items that look like each other: the share of runs of three words that two texts have in common.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use melek_web::Locale;

use super::reading::words;
use crate::item::{Item, ItemId};
use crate::item_text::item_text;

/// Pairs at least this alike are listed.
pub(crate) const ALIKE: f64 = 0.3;
const RUN: usize = 3;

/// Two items that share much of their text.
#[derive(Debug, Clone, PartialEq)]
pub struct AlikePair {
    pub first: ItemId,
    pub second: ItemId,
    /// Runs of three words in both texts as a share of those in either (Jaccard), 0 to 1; the higher of the two languages.
    pub similarity: f64,
}

pub(super) fn alike(items: &[Item], seed: u64) -> Vec<AlikePair> {
    let runs = |locale| items.iter().map(move |item| runs(&item_text(item, seed, locale))).collect::<Vec<_>>();
    let languages = Locale::ALL.map(runs);
    let mut pairs = Vec::new();
    for (index, first) in items.iter().enumerate() {
        for (other, second) in items.iter().enumerate().skip(index + 1) {
            let shares = languages.iter().map(|runs| shared(&runs[index], &runs[other]));
            let similarity = shares.fold(0.0, f64::max);
            if similarity >= ALIKE {
                pairs.push(AlikePair { first: first.id.clone(), second: second.id.clone(), similarity });
            }
        }
    }
    pairs.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    pairs
}

fn runs(text: &str) -> BTreeSet<u64> {
    let words: Vec<String> = words(text).map(str::to_lowercase).collect();
    let hash = |run: &[String]| {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        hasher.finish()
    };
    words.windows(RUN).map(hash).collect()
}

fn shared(first: &BTreeSet<u64>, second: &BTreeSet<u64>) -> f64 {
    let both = first.intersection(second).count();
    let either = first.len() + second.len() - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_wholly_like_itself_and_not_at_all_like_another() {
        let (one, other) = (runs("satu dua tiga empat lima"), runs("enam tujuh delapan sembilan"));
        assert_eq!((shared(&one, &one), shared(&one, &other)), (1.0, 0.0));
        assert_eq!(shared(&runs("satu dua tiga empat"), &runs("satu dua tiga lima")), 1.0 / 3.0);
    }
}
