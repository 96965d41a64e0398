//! Answers as codes: neighbouring items that nearly everybody was given are read together, one code for one pattern of
//! answers, so that a person costs one look-up for several items. Items few people were given keep one code an answer.

use crate::responses::Responses;

/// Items read together must have been given to at least this share of the people; below it a pattern of mostly missing
/// answers saves nothing.
const DENSE: f64 = 0.7;

/// The codes of every person, and what each code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Coding {
    /// `meaning_starts[code]..meaning_starts[code + 1]` are the (item, category) pairs of a code.
    meaning_starts: Vec<usize>,
    meanings: Vec<(u16, u8)>,
    starts: Vec<usize>,
    codes: Vec<u32>,
}

impl Coding {
    /// Codes every `stride`-th person; a group of items has at most `patterns` patterns.
    pub(crate) fn new(responses: &Responses, patterns: usize, stride: usize) -> Self {
        let answered = answered(responses);
        let units = units(responses, &answered, patterns);
        let mut coder = Coder::new(responses, &answered, &units);
        let persons = responses.persons().div_ceil(stride);
        let mut starts = Vec::with_capacity(persons + 1);
        starts.push(0);
        let mut codes = Vec::new();
        for person in (0..responses.persons()).step_by(stride) {
            coder.person(responses, person, &mut codes);
            starts.push(codes.len());
        }
        let Coder { meaning_starts, meanings, .. } = coder;
        Self { meaning_starts, meanings, starts, codes }
    }

    pub(crate) fn persons(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn len(&self) -> usize {
        self.meaning_starts.len() - 1
    }

    pub(crate) fn of(&self, person: usize) -> &[u32] {
        &self.codes[self.starts[person]..self.starts[person + 1]]
    }

    /// The (item, category) pairs of a code.
    pub(crate) fn meaning(&self, code: usize) -> &[(u16, u8)] {
        &self.meanings[self.meaning_starts[code]..self.meaning_starts[code + 1]]
    }
}

fn answered(responses: &Responses) -> Vec<usize> {
    let mut answered = vec![0; responses.items()];
    for person in 0..responses.persons() {
        for response in responses.of(person) {
            answered[usize::from(response.item)] += 1;
        }
    }
    answered
}

/// Categories an item adds to a pattern: one more when somebody has no answer.
fn radix(responses: &Responses, answered: &[usize], item: usize) -> usize {
    responses.categories(item) + usize::from(answered[item] < responses.persons())
}

fn units(responses: &Responses, answered: &[usize], patterns: usize) -> Vec<Vec<usize>> {
    let dense = |item: usize| answered[item] as f64 >= DENSE * responses.persons() as f64;
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for item in 0..responses.items() {
        let radix = radix(responses, answered, item).max(1);
        let joins = dense(item) && radix <= room;
        match units.last_mut() {
            Some(unit) if joins => {
                unit.push(item);
                room /= radix;
            }
            _ => {
                units.push(vec![item]);
                room = if dense(item) { patterns / radix } else { 0 };
            }
        }
    }
    units
}

const UNSEEN: u32 = u32::MAX;

/// Numbers patterns as they are met.
struct Coder {
    unit: Vec<u32>,
    weight: Vec<usize>,
    missing: Vec<usize>,
    radix: Vec<usize>,
    numbered: Vec<Vec<u32>>,
    meaning_starts: Vec<usize>,
    meanings: Vec<(u16, u8)>,
}

impl Coder {
    fn new(responses: &Responses, answered: &[usize], units: &[Vec<usize>]) -> Self {
        let items = responses.items();
        let mut coder = Self {
            unit: vec![0; items],
            weight: vec![1; items],
            missing: vec![0; items],
            radix: vec![1; items],
            numbered: Vec::with_capacity(units.len()),
            meaning_starts: vec![0],
            meanings: Vec::new(),
        };
        for (number, unit) in units.iter().enumerate() {
            let mut weight = 1;
            for item in unit {
                coder.unit[*item] = number as u32;
                coder.weight[*item] = weight;
                coder.radix[*item] = radix(responses, answered, *item).max(1);
                coder.missing[*item] = coder.radix[*item] - responses.categories(*item).min(coder.radix[*item]);
                weight *= coder.radix[*item];
            }
            coder.numbered.push(vec![UNSEEN; weight]);
        }
        coder
    }

    /// Appends the codes of a person, one for every unit of which something was answered.
    fn person(&mut self, responses: &Responses, person: usize, codes: &mut Vec<u32>) {
        let answers = responses.of(person);
        let mut first = 0;
        while first < answers.len() {
            let unit = self.unit[usize::from(answers[first].item)];
            let mut pattern = 0;
            let mut end = first;
            while end < answers.len() && self.unit[usize::from(answers[end].item)] == unit {
                let item = usize::from(answers[end].item);
                pattern += self.weight[item] * (usize::from(answers[end].category) + self.missing[item]);
                end += 1;
            }
            let code = &mut self.numbered[unit as usize][pattern];
            if *code == UNSEEN {
                *code = (self.meaning_starts.len() - 1) as u32;
                self.meanings.extend(answers[first..end].iter().map(|answer| (answer.item, answer.category)));
                self.meaning_starts.push(self.meanings.len());
            }
            codes.push(*code);
            first = end;
        }
    }
}
