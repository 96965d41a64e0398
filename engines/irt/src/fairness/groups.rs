//! Who belongs to which group. Names of groups are the caller's; here a group is a number from 0.

/// Marks a person who belongs to none of the groups that are compared.
const LEFT_OUT: u16 = u16::MAX;

/// Groups that cannot be compared. Persons and groups count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GroupsError {
    #[error("person {person} has group number 65,535; the largest is 65,534")]
    Number { person: usize },
    #[error("{groups} groups; a comparison needs at least two")]
    Few { groups: usize },
    #[error("group {group} has nobody; number the groups from 0 without gaps")]
    Empty { group: u16 },
    #[error("group {group} is unknown; there are {groups} groups, counted from 0")]
    Unknown { group: u16, groups: usize },
    #[error("group {group} cannot be compared with itself")]
    Same { group: u16 },
}

/// A group for every person, numbered from 0 without gaps. Group 0 is the reference, the others are focal: the groups
/// of which one asks whether the item treats them differently from the reference.
///
/// ```
/// use melek_irt::fairness::Groups;
/// let groups = Groups::new(&[0, 0, 1, 2, 1])?;
/// assert_eq!(groups.sizes(), [2, 2, 1]);
/// let pair = groups.pair(2, 1)?; // group 2 becomes the reference, group 1 focal, group 0 stays out
/// assert_eq!((pair.of(3), pair.of(4), pair.of(0)), (Some(0), Some(1), None));
/// # Ok::<(), melek_irt::fairness::GroupsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    of: Vec<u16>,
    sizes: Vec<usize>,
}

impl Groups {
    /// The groups, or why they cannot be compared.
    ///
    /// # Arguments
    /// `of`: one group number a person, in the order of the responses; 0 … 65,534, every number up to the largest
    /// occurs, and at least two do.
    ///
    /// # Source
    /// Definition; reference and focal group: Holland & Thayer (1988), in Wainer & Braun, *Test Validity*, 129–145.
    pub fn new(of: &[u16]) -> Result<Self, GroupsError> {
        if let Some(person) = of.iter().position(|group| *group == LEFT_OUT) {
            return Err(GroupsError::Number { person });
        }
        let groups = of.iter().max().map_or(0, |largest| usize::from(*largest) + 1);
        let mut sizes = vec![0; groups];
        for group in of {
            sizes[usize::from(*group)] += 1;
        }
        if let Some(group) = sizes.iter().position(|size| *size == 0) {
            return Err(GroupsError::Empty { group: group as u16 });
        }
        if groups < 2 {
            return Err(GroupsError::Few { groups });
        }
        Ok(Self { of: of.to_vec(), sizes })
    }

    /// Two of the groups, the others left out: `reference` becomes 0 and `focal` 1.
    ///
    /// # Arguments
    /// Two different groups that exist.
    ///
    /// # Source
    /// Definition.
    pub fn pair(&self, reference: u16, focal: u16) -> Result<Self, GroupsError> {
        let groups = self.sizes.len();
        if let Some(group) = [reference, focal].into_iter().find(|group| usize::from(*group) >= groups) {
            return Err(GroupsError::Unknown { group, groups });
        }
        if reference == focal {
            return Err(GroupsError::Same { group: focal });
        }
        let renumbered = |group: &u16| match *group {
            group if group == reference => 0,
            group if group == focal => 1,
            _ => LEFT_OUT,
        };
        let sizes = vec![self.sizes[usize::from(reference)], self.sizes[usize::from(focal)]];
        Ok(Self { of: self.of.iter().map(renumbered).collect(), sizes })
    }

    /// Number of people, those left out included.
    pub fn persons(&self) -> usize {
        self.of.len()
    }

    /// People of each group; as many entries as groups, at least two, none zero.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The group of a person, or `None` for one left out by [`Groups::pair`] and for one that does not exist.
    ///
    /// # Source
    /// Definition.
    pub fn of(&self, person: usize) -> Option<u16> {
        self.of.get(person).copied().filter(|group| *group != LEFT_OUT)
    }
}
