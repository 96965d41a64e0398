//! Which kind of post and which job family the name of a post tells, by the synonyms of
//! `content/requirements/defaults.toml`. The levels of a family are only the start: the officer sets what a post needs.

use melek_framework::{JobFamily, PostKind, RequirementDefaults, requirement_defaults};

use crate::identity::name_key;

/// The family whose levels a new post starts with, by the rule stated in the file of defaults: the longest synonym in the
/// name among the families of its kind, else the family of a managerial kind, else the fallback.
pub(crate) fn family_of_post(kind: PostKind, post: &str) -> &'static JobFamily {
    let defaults = requirement_defaults();
    let of_kind = || defaults.families.iter().filter(|family| family.kinds.contains(&kind));
    let managerial = matches!(kind, PostKind::Jpt | PostKind::Administrator | PostKind::Pengawas);
    longest(of_kind(), post)
        .or_else(|| of_kind().find(|family| managerial && family.kinds == [kind]))
        .or_else(|| defaults.family(RequirementDefaults::FALLBACK))
        .expect("the fallback family is shipped, see the test of the framework")
}

/// The kind of a post when a file leaves several open ("struktural"): that of the longest synonym in its name among the
/// families of these kinds, else `otherwise`.
pub(crate) fn kind_of_post(kinds: &[PostKind], otherwise: PostKind, post: &str) -> PostKind {
    if let [only] = kinds {
        return *only;
    }
    let kind_of = |family: &JobFamily| family.kinds.iter().copied().find(|kind| kinds.contains(kind));
    let families = requirement_defaults().families.iter().filter(|family| kind_of(family).is_some());
    longest(families, post).and_then(kind_of).unwrap_or(otherwise)
}

/// The family with the longest synonym that stands in the name of a post; the first of several.
fn longest<'a>(families: impl Iterator<Item = &'a JobFamily>, post: &str) -> Option<&'a JobFamily> {
    let post = name_key(post);
    let matches = families.filter_map(|family| {
        let found = family.synonyms.iter().filter(|synonym| contains_words(&post, synonym));
        found.map(String::len).max().map(|length| (length, family))
    });
    matches.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, family)| family)
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
    fn a_post_that_names_no_family_takes_that_of_a_managerial_kind_or_the_fallback() {
        let family = |kind, post| family_of_post(kind, post).id.as_str();
        assert_eq!(family(PostKind::Fungsional, "PRANATA  KOMPUTER Ahli Muda"), "pranata-komputer");
        assert_eq!(family(PostKind::Fungsional, "Sesuatu Yang Lain"), RequirementDefaults::FALLBACK);
        assert_eq!(family(PostKind::Administrator, "Sesuatu Yang Lain"), "administrator");
        assert_eq!(family(PostKind::Administrator, "Camat Kota"), "lurah-camat");
        assert_eq!(family(PostKind::Pelaksana, "Juru Kecamatan"), RequirementDefaults::FALLBACK);
    }

    #[test]
    fn a_synonym_counts_only_as_whole_words() {
        assert!(contains_words("camat kota", "camat"));
        assert!(!contains_words("kecamatan kota", "camat"));
    }
}
