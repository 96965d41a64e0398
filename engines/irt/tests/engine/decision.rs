use melek_irt::decision::Verdict;

#[test]
fn four_to_one_decides_and_anything_between_is_not_sure_yet() {
    let verdicts = [0.0, 0.2, 0.200_1, 0.5, 0.799_9, 0.8, 1.0].map(Verdict::from_probability);
    let [none, fifth, above, even, below, four_fifths, sure] = verdicts;
    assert_eq!([none, fifth], [Verdict::NotMet; 2]);
    assert_eq!([above, even, below], [Verdict::NotSure; 3]);
    assert_eq!([four_fifths, sure], [Verdict::Met; 2]);
}

#[test]
fn what_cannot_be_computed_is_not_sure() {
    assert_eq!(Verdict::from_probability(f64::NAN), Verdict::NotSure);
}
