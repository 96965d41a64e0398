//! Figures that tell whether a bank gives its keys away.

use melek_web::Locale;

use crate::item::{Item, Task};

/// Share of single-choice items whose key is the longest option or as long as it, in characters, 0 to 1; 0 without such items.
pub fn longest_option_is_key(items: &[Item], locale: Locale) -> f64 {
    let (mut longest, mut count) = (0_u32, 0_u32);
    for item in items {
        let Task::SingleChoice { options, .. } = &item.task else { continue };
        let length = |text: &melek_framework::Text| text.get(locale).chars().count();
        let key = options.iter().filter(|option| option.correct).map(|option| length(&option.entry.text)).max();
        let most = options.iter().map(|option| length(&option.entry.text)).max();
        count += 1;
        longest += u32::from(key == most);
    }
    f64::from(longest) / f64::from(count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;
    use crate::item::Kind;

    #[test]
    fn the_longest_option_of_the_shipped_bank_is_the_key_in_at_most_three_of_ten() {
        let bank = Bank::load(None).expect("bank");
        for locale in Locale::ALL {
            let share = longest_option_is_key(&bank.items, locale);
            assert!(share <= 0.3, "{locale}: {share}");
        }
    }

    #[test]
    fn the_shipped_bank_has_eight_items_of_each_type_and_four_of_each_competence() {
        let bank = Bank::load(None).expect("bank");
        for kind in Kind::ALL {
            let count = bank.items.iter().filter(|item| item.task.kind() == kind).count();
            assert!(count >= 8, "{} {count}", kind.id());
        }
        for competence in melek_framework::CompetenceId::all() {
            let measured =
                |item: &&Item| item.measures.as_ref().is_some_and(|measures| measures.competence == competence);
            let count = bank.items.iter().filter(measured).count();
            assert!(count >= 4, "{competence} {count}");
        }
    }
}
