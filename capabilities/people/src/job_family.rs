//! Which kind of post and which job family the name of a post tells, by the synonyms of
//! `content/requirements/defaults.toml`. The levels of a family are only the start: the officer sets what a post needs.

use melek_framework::{JobFamily, PostKind, requirement_defaults};

/// The family whose levels a new post starts with.
pub(crate) fn family_of_post(kind: PostKind, post: &str) -> &'static JobFamily {
    requirement_defaults().recognise(kind, post)
}

/// The kind of a post when a file leaves several open ("struktural"): that of the longest synonym in its name among the
/// families of these kinds, else `otherwise`.
pub(crate) fn kind_of_post(kinds: &[PostKind], otherwise: PostKind, post: &str) -> PostKind {
    if let [only] = kinds {
        return *only;
    }
    let post = post.to_lowercase();
    let families = requirement_defaults().families.iter();
    let matches = families.filter_map(|family| {
        let kind = kinds.iter().copied().find(|kind| family.kinds.contains(kind))?;
        let found = family.synonyms.iter().filter(|synonym| contains_words(&post, synonym));
        found.map(String::len).max().map(|length| (length, kind))
    });
    matches.reduce(|best, next| if next.0 > best.0 { next } else { best }).map_or(otherwise, |(_, kind)| kind)
}

/// Whether `words` stands in `text` and not inside longer words.
fn contains_words(text: &str, words: &str) -> bool {
    let ends_word = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(start, found)| {
        ends_word(text[..start].chars().next_back()) && ends_word(text[start + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRUCTURAL: [PostKind; 3] = [PostKind::Pengawas, PostKind::Administrator, PostKind::Jpt];

    #[test]
    fn the_name_of_a_structural_post_tells_its_rank() {
        let kind = |post| kind_of_post(&STRUCTURAL, PostKind::Pengawas, post);
        assert_eq!(kind("KEPALA DINAS KESEHATAN"), PostKind::Jpt);
        assert_eq!(kind("Kepala Bidang Kesehatan Masyarakat"), PostKind::Administrator);
        assert_eq!(kind("Kepala Subbagian Umum"), PostKind::Pengawas);
        assert_eq!(kind("Sesuatu Yang Lain"), PostKind::Pengawas);
    }

    #[test]
    fn a_synonym_counts_only_as_whole_words() {
        assert!(contains_words("camat kota", "camat"));
        assert!(!contains_words("kecamatan kota", "camat"));
    }
}
