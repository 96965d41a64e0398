//! Answers as codes: neighbouring items that nearly everybody was given are read together, one code for one pattern of
//! answers, so that a person costs one look-up for several items. Items few people were given keep one code an answer.

use core::ops::Range;

use crate::numeric::parallel;
use crate::responses::Responses;

/// Items read together must have been given to at least this share of the people; below it a pattern of mostly missing
/// answers saves nothing.
const DENSE: f64 = 0.7;

/// People whose codes lie in one piece of memory.
const CHUNK: usize = 1024;

/// The codes of every person, and what each code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Coding {
    /// `meaning_starts[code]..meaning_starts[code + 1]` are the (item, category) pairs of a code; some code nobody has.
    meaning_starts: Vec<usize>,
    meanings: Vec<(u16, u8)>,
    persons: usize,
    chunks: Vec<Chunk>,
}

/// The codes of some people; `starts[person]..starts[person + 1]` are a person's.
#[derive(Debug, Clone)]
struct Chunk {
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Coding {
    /// Codes every `stride`-th person; a group of items has at most `patterns` patterns.
    pub(crate) fn new(responses: &Responses, patterns: usize, stride: usize, threads: usize) -> Self {
        let persons = responses.persons().div_ceil(stride);
        let units = units(responses, patterns);
        let coder = Coder::new(responses, &units);
        let ranges: Vec<_> = (0..persons).step_by(CHUNK).map(|first| first..persons.min(first + CHUNK)).collect();
        let chunks = parallel::map(threads, &ranges, |range| coder.chunk(responses, range.clone(), stride));
        let mut coding = Self { meaning_starts: vec![0], meanings: Vec::new(), persons, chunks };
        for unit in &units {
            coding.name_patterns(responses, unit, &coder);
        }
        coding
    }

    pub(crate) fn persons(&self) -> usize {
        self.persons
    }

    pub(crate) fn len(&self) -> usize {
        self.meaning_starts.len() - 1
    }

    pub(crate) fn of(&self, person: usize) -> &[u32] {
        let Chunk { starts, codes } = &self.chunks[person / CHUNK];
        let place = person % CHUNK;
        &codes[starts[place] as usize..starts[place + 1] as usize]
    }

    /// The (item, category) pairs of a code.
    pub(crate) fn meaning(&self, code: usize) -> &[(u16, u8)] {
        &self.meanings[self.meaning_starts[code]..self.meaning_starts[code + 1]]
    }

    /// Appends what the patterns of a unit mean, in the order of their codes.
    fn name_patterns(&mut self, responses: &Responses, unit: &[usize], coder: &Coder) {
        let radix = |item: usize| responses.categories(item) + coder.missing[item];
        for pattern in 0..unit.iter().map(|item| radix(*item)).product() {
            for item in unit {
                let digit = pattern / coder.weight[*item] % radix(*item);
                if digit >= coder.missing[*item] {
                    self.meanings.push((*item as u16, (digit - coder.missing[*item]) as u8));
                }
            }
            self.meaning_starts.push(self.meanings.len());
        }
    }
}

fn answered(responses: &Responses, item: usize) -> usize {
    responses.counts(item).iter().sum()
}

/// 1 when somebody has no answer to an item, which is then one more possibility in a pattern.
fn missing(responses: &Responses, item: usize) -> usize {
    usize::from(answered(responses, item) < responses.persons())
}

fn units(responses: &Responses, patterns: usize) -> Vec<Vec<usize>> {
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for item in 0..responses.items() {
        let dense = answered(responses, item) as f64 >= DENSE * responses.persons() as f64;
        let radix = (responses.categories(item) + missing(responses, item)).max(1);
        match units.last_mut() {
            Some(unit) if dense && radix <= room => {
                unit.push(item);
                room /= radix;
            }
            _ => {
                units.push(vec![item]);
                room = if dense { patterns / radix } else { 0 };
            }
        }
    }
    units
}

/// Turns answers to codes: those of a unit are the digits of a number, to which the first code of the unit is added.
struct Coder {
    /// Per item: its unit, the unit's first code, what a category counts, and 1 where no answer is a digit too, 0.
    unit: Vec<u32>,
    first: Vec<usize>,
    weight: Vec<usize>,
    missing: Vec<usize>,
    units: usize,
}

impl Coder {
    fn new(responses: &Responses, units: &[Vec<usize>]) -> Self {
        let items = responses.items();
        let mut coder = Self {
            unit: vec![0; items],
            first: vec![0; items],
            weight: vec![1; items],
            missing: vec![0; items],
            units: units.len(),
        };
        let mut first = 0;
        for (number, unit) in units.iter().enumerate() {
            let mut weight = 1;
            for item in unit {
                // Nobody has a code for the missing answer to a single item.
                coder.missing[*item] = if unit.len() > 1 { missing(responses, *item) } else { 0 };
                coder.unit[*item] = number as u32;
                coder.first[*item] = first;
                coder.weight[*item] = weight;
                weight *= responses.categories(*item) + coder.missing[*item];
            }
            first += weight;
        }
        coder
    }

    fn chunk(&self, responses: &Responses, persons: Range<usize>, stride: usize) -> Chunk {
        let mut chunk = Chunk { starts: Vec::with_capacity(persons.len() + 1), codes: Vec::new() };
        let answers: usize = persons.clone().map(|person| responses.of(person * stride).len()).sum();
        chunk.codes.reserve_exact(answers.min(persons.len() * self.units));
        chunk.starts.push(0);
        for person in persons {
            self.person(responses, person * stride, &mut chunk.codes);
            chunk.starts.push(chunk.codes.len() as u32);
        }
        chunk
    }

    /// Appends the codes of a person, one for every unit of which something was answered.
    fn person(&self, responses: &Responses, person: usize, codes: &mut Vec<u32>) {
        let answers = responses.of(person);
        let mut first = 0;
        while first < answers.len() {
            let item = usize::from(answers[first].item);
            let (unit, mut code) = (self.unit[item], self.first[item]);
            let mut end = first;
            while end < answers.len() && self.unit[usize::from(answers[end].item)] == unit {
                let item = usize::from(answers[end].item);
                code += self.weight[item] * (usize::from(answers[end].category) + self.missing[item]);
                end += 1;
            }
            codes.push(code as u32);
            first = end;
        }
    }
}
