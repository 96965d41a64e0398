//! How much and how hard a text is to read.

use melek_web::Locale;

/// Letters beyond which a word is long to Björnsson's index.
const SHORT_WORD: usize = 6;

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let not_in_word = |c: char| !(c.is_alphanumeric() || c == '-' || c == '\'' || c == '’');
    text.split(not_in_word).filter(|word| word.chars().any(char::is_alphanumeric))
}

/// Every line is at least one sentence: options and parts end without a full stop.
fn sentences(text: &str) -> usize {
    let ends = |line: &str| {
        line.split(['.', '!', '?', ':', ';'])
            .filter(|part| words(part).any(|word| word.chars().any(char::is_alphabetic)))
            .count()
    };
    text.lines().map(|line| ends(line).max(usize::from(words(line).next().is_some()))).sum()
}

/// English: Flesch's reading ease, higher is easier (60 to 70 plain English). Indonesian: Björnsson's LIX, lower is easier (40 to 50 newspaper text
/// in the languages it was made for); Flesch's weights hold for English only, and LIX counts letters, not syllables.
///
/// # Formula
/// Flesch: 206.835 − 1.015 × words ÷ sentences − 84.6 × syllables ÷ words. LIX: words ÷ sentences + 100 × words of more than 6 letters ÷ words.
///
/// # Source
/// Flesch (1948), A new readability yardstick, Journal of Applied Psychology 32, 221–233. Björnsson (1968), Läsbarhet, Stockholm: Liber.
///
/// # Limits
/// Syllables are counted as groups of vowels without a silent final e. A text without a word has the value 0.
pub(super) fn ease(text: &str, locale: Locale) -> f64 {
    let count = words(text).count();
    if count == 0 {
        return 0.0;
    }
    let count = count as f64;
    let per_sentence = count / sentences(text).max(1) as f64;
    match locale {
        Locale::En => {
            let syllables: usize = words(text).map(syllables).sum();
            206.835 - 1.015 * per_sentence - 84.6 * syllables as f64 / count
        }
        Locale::Id => {
            let long = words(text).filter(|word| word.chars().count() > SHORT_WORD).count();
            per_sentence + 100.0 * long as f64 / count
        }
    }
}

/// The name of the formula of a language.
pub(super) fn formula(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Flesch 1948",
        Locale::Id => "LIX, Björnsson 1968",
    }
}

fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let is_vowel = |c: char| "aeiouyáéíóú".contains(c);
    let mut groups = 0;
    let mut before = false;
    for c in word.chars() {
        groups += usize::from(is_vowel(c) && !before);
        before = is_vowel(c);
    }
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(silent)).max(1)
}

pub(super) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => 0.0,
        length if length % 2 == 0 => (numbers[middle - 1] + numbers[middle]) / 2.0,
        _ => numbers[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formulas_give_what_is_computed_by_hand() {
        // 6 words, 1 sentence, 6 syllables; 4 words in 2 sentences, 2 of them with more than 6 letters.
        assert!((ease("The cat sat on the mat.", Locale::En) - (206.835 - 6.09 - 84.6)).abs() < 1e-9);
        assert!((ease("Simpan dokumen. Periksa lagi.", Locale::Id) - (2.0 + 50.0)).abs() < 1e-9);
    }

    #[test]
    fn syllables_are_groups_of_vowels() {
        assert_eq!(["cat", "table", "make", "official", "the", "nth"].map(syllables), [1, 2, 1, 3, 1, 1]);
    }

    #[test]
    fn a_line_without_a_full_stop_is_a_sentence() {
        assert_eq!(sentences("Pilih satu jawaban\nA. Simpan\n12"), 4);
        assert_eq!(ease("", Locale::Id), 0.0);
    }
}
