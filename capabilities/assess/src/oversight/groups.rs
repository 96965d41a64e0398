//! Which units and which posts may be rows of a report. Both tables count the same people, so a unit less a post, or the sum of
//! all less the units shown, is a count too: somebody can compute it. Here units and posts are pooled into "others" until every
//! group of people that can be reached by adding and subtracting rows is empty or has at least the least number of people.
//!
//! Every person is an edge between a unit and a post; what rows can be combined to are the cuts of this graph (the row space of
//! a graph's incidence matrix is spanned by its minimal cuts, Diestel, *Graph Theory*, 1.9). So the smallest cut that is not
//! empty is searched for (Stoer and Wagner 1997, *Journal of the ACM* 44(4), one connected part at a time) until none is
//! too small. Pure.

use std::collections::BTreeSet;

/// Which units and posts are rows of their own; the others of each kind are pooled in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    pub units: Vec<bool>,
    pub posts: Vec<bool>,
}

/// Unit and post of a person, by number.
pub type Place = (usize, usize);

/// Groups of people of so many units and posts.
pub fn choose(people: &[Place], (units, posts): (usize, usize), least: u64) -> Groups {
    let mut sizes = Groups { units: vec![true; units], posts: vec![true; posts] }.sizes(people);
    let mut groups = Groups {
        units: sizes[..units].iter().map(|size| *size >= least).collect(),
        posts: sizes[units + 1..units + 1 + posts].iter().map(|size| *size >= least).collect(),
    };
    while let Some(side) = small_cut(&groups, people, least) {
        sizes = groups.sizes(people);
        let (units_end, posts_start) = (units, units + 1);
        let is_own = |node: &usize| *node < units_end || (*node >= posts_start && *node < posts_start + posts);
        let smallest = |nodes: &BTreeSet<usize>| nodes.iter().copied().filter(is_own).min_by_key(|node| sizes[*node]);
        let rest = (0..sizes.len()).filter(|node| sizes[*node] > 0 && !side.contains(node)).collect();
        match smallest(&side).or_else(|| smallest(&rest)) {
            Some(node) if node < units_end => groups.units[node] = false,
            Some(node) => groups.posts[node - posts_start] = false,
            None => break,
        }
    }
    groups
}

impl Groups {
    /// Node of a person's unit and post: own nodes of units, one for the pooled ones, then the same for posts.
    fn nodes(&self, (unit, post): Place) -> (usize, usize) {
        let (units, posts) = (self.units.len(), self.posts.len());
        let unit = if self.units[unit] { unit } else { units };
        let post = if self.posts[post] { post } else { posts };
        (unit, units + 1 + post)
    }

    fn node_count(&self) -> usize {
        self.units.len() + self.posts.len() + 2
    }

    /// People of every node.
    fn sizes(&self, people: &[Place]) -> Vec<u64> {
        let mut sizes = vec![0; self.node_count()];
        for place in people {
            let (unit, post) = self.nodes(*place);
            sizes[unit] += 1;
            sizes[post] += 1;
        }
        sizes
    }
}

/// One side of a cut with fewer than `least` people, the one with fewer nodes, if there is such a cut.
fn small_cut(groups: &Groups, people: &[Place], least: u64) -> Option<BTreeSet<usize>> {
    let count = groups.node_count();
    let mut weights = vec![vec![0_u64; count]; count];
    for place in people {
        let (unit, post) = groups.nodes(*place);
        weights[unit][post] += 1;
        weights[post][unit] += 1;
    }
    let used: Vec<usize> = (0..count).filter(|&node| weights[node].iter().any(|weight| *weight > 0)).collect();
    for part in connected(&used, &weights, 1) {
        // An edge of `least` people or more is in no small cut: its ends are one.
        let nodes = connected(&part, &weights, least);
        if let Some(side) = small_cut_of(nodes, &weights, least) {
            let rest: BTreeSet<usize> = part.iter().copied().filter(|node| !side.contains(node)).collect();
            return Some(if rest.len() < side.len() { rest } else { side });
        }
    }
    None
}

/// Parts of the nodes that hang together by edges of at least `weight`.
fn connected(nodes: &[usize], weights: &[Vec<u64>], weight: u64) -> Vec<Vec<usize>> {
    let mut left: BTreeSet<usize> = nodes.iter().copied().collect();
    let mut parts = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut part = vec![first];
        let mut next = 0;
        while next < part.len() {
            let near: Vec<usize> = left.iter().copied().filter(|node| weights[part[next]][*node] >= weight).collect();
            for node in near {
                left.remove(&node);
                part.push(node);
            }
            next += 1;
        }
        parts.push(part);
    }
    parts
}

/// A cut below `least` between merged nodes that hang together.
fn small_cut_of(mut nodes: Vec<Vec<usize>>, weights: &[Vec<u64>], least: u64) -> Option<BTreeSet<usize>> {
    let between = |a: &Vec<usize>, b: &Vec<usize>| -> u64 {
        a.iter().map(|&from| b.iter().map(|&to| weights[from][to]).sum::<u64>()).sum()
    };
    let mut merged: Vec<Vec<u64>> = nodes.iter().map(|a| nodes.iter().map(|b| between(a, b)).collect()).collect();
    while nodes.len() > 1 {
        let (before, last, cut) = phase(&merged);
        if cut < least {
            return Some(nodes[last].iter().copied().collect());
        }
        let moved = std::mem::take(&mut nodes[last]);
        nodes[before].extend(moved);
        for (node, weight) in merged[last].clone().into_iter().enumerate() {
            merged[before][node] += weight;
            merged[node][before] += weight;
        }
        merged[before][before] = 0;
        nodes.swap_remove(last);
        merged.swap_remove(last);
        for row in &mut merged {
            row.swap_remove(last);
        }
    }
    None
}

/// Adds the most tightly connected node until all are in; the last two, and the weight of the cut around the last.
fn phase(weights: &[Vec<u64>]) -> (usize, usize, u64) {
    let mut tightness = weights[0].clone();
    let mut left: Vec<usize> = (1..weights.len()).collect();
    let (mut before, mut last, mut cut) = (0, 0, 0);
    while let Some(at) = (0..left.len()).max_by_key(|&at| tightness[left[at]]) {
        before = last;
        last = left.swap_remove(at);
        cut = tightness[last];
        for node in &left {
            tightness[*node] += weights[last][*node];
        }
    }
    (before, last, cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// People of each combination of units added and posts subtracted, by trying all of them.
    fn smallest_group(groups: &Groups, people: &[Place]) -> Option<u64> {
        let used: Vec<usize> = people
            .iter()
            .flat_map(|place| <[usize; 2]>::from(groups.nodes(*place)))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let sizes = (0_u32..1 << used.len()).map(|chosen| {
            let is_in =
                |node: usize| used.iter().position(|known| *known == node).is_some_and(|at| chosen & (1 << at) != 0);
            let differs = |place: &&Place| {
                let (unit, post) = groups.nodes(**place);
                is_in(unit) != is_in(post)
            };
            people.iter().filter(differs).count() as u64
        });
        sizes.filter(|size| *size > 0).min()
    }

    fn people(counts: &[(usize, usize, usize)]) -> Vec<Place> {
        counts.iter().flat_map(|&(unit, post, count)| std::iter::repeat_n((unit, post), count)).collect()
    }

    #[test]
    fn units_and_posts_of_ten_and_more_are_shown() {
        let people = people(&[(0, 0, 12), (0, 1, 15), (1, 0, 20), (1, 1, 10)]);
        assert_eq!(choose(&people, (2, 2), 10), Groups { units: vec![true; 2], posts: vec![true; 2] });
    }

    #[test]
    fn a_small_unit_is_pooled_with_the_next_smallest() {
        let people = people(&[(0, 0, 4), (1, 0, 30), (2, 0, 40)]);
        assert_eq!(choose(&people, (3, 1), 10).units, [false, false, true]);
    }

    #[test]
    fn a_unit_less_a_post_does_not_leave_a_handful() {
        // Of the 40 people of unit 0, 35 hold post 0, which nobody else holds: the other 5 would be the difference.
        let people = people(&[(0, 0, 35), (0, 1, 5), (1, 1, 50)]);
        let groups = choose(&people, (2, 2), 10);
        assert!(!(groups.units[0] && groups.posts[0]), "{groups:?}");
    }

    #[test]
    fn a_unit_with_its_own_posts_only_is_no_danger() {
        let people = people(&[(0, 0, 35), (1, 1, 50)]);
        assert_eq!(choose(&people, (2, 2), 10), Groups { units: vec![true; 2], posts: vec![true; 2] });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_group_that_can_be_computed_is_small(
            people in prop::collection::vec((0_usize..4, 0_usize..4), 6..60),
            least in 2_u64..6,
        ) {
            let groups = choose(&people, (4, 4), least);
            let smallest = smallest_group(&groups, &people);
            prop_assert!(smallest.is_none_or(|size| size >= least), "{smallest:?} in {groups:?}");
        }
    }
}
