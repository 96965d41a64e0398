//! How long many people took over many items, in seconds: a time for every answer, no cell for what was not asked.

/// Items a position of two bytes can name, as in [`crate::responses`].
const MOST_ITEMS: usize = u16::MAX as usize;

/// A time that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TimeError {
    #[error("{seconds} seconds on item {item}; a time is a finite number above 0")]
    NotPositive { item: u16, seconds: f64 },
}

/// Times that cannot be kept. Persons and items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TimesError {
    #[error("{0} items; between 1 and 65,535 can be kept")]
    Items(usize),
    #[error("person {person} has {cells} cells, but there are {items} items")]
    RowLength { person: usize, cells: usize, items: usize },
    #[error("person {person} has a time on item {item}, but there are only {items} items")]
    UnknownItem { person: usize, item: u16, items: usize },
    #[error("person {person} has two times on item {item}; keep one of them")]
    Twice { person: usize, item: u16 },
    #[error("person {person}")]
    Time { person: usize, source: TimeError },
}

/// How long one person took over one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    item: u16,
    seconds: f64,
    logarithm: f64,
}

impl Time {
    /// A time, or why it cannot be one.
    ///
    /// # Arguments
    /// `item`: position from 0. `seconds`: finite and above 0, typically 1 … 600.
    ///
    /// # Source
    /// Definition.
    pub fn new(item: u16, seconds: f64) -> Result<Self, TimeError> {
        if seconds > 0.0 && seconds.is_finite() {
            Ok(Self { item, seconds, logarithm: libm::log(seconds) })
        } else {
            Err(TimeError::NotPositive { item, seconds })
        }
    }

    /// Position of the item, from 0.
    pub fn item(&self) -> u16 {
        self.item
    }

    /// Seconds, above 0.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Natural logarithm of the seconds.
    pub fn logarithm(&self) -> f64 {
        self.logarithm
    }
}

/// Times person by person, in the order in which people were given; within a person by item.
///
/// ```
/// use melek_irt::response_time::Times;
/// // Two people, three items; the second person was not shown the last item.
/// let times = Times::from_rows(3, [[Some(12.0), Some(30.5), Some(8.0)], [Some(20.0), Some(41.0), None]])?;
/// assert_eq!((times.persons(), times.items(), times.total()), (2, 3, 5));
/// assert_eq!(times.of(1)[1].seconds(), 41.0);
/// # Ok::<(), melek_irt::response_time::TimesError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    items: usize,
    /// `starts[person]..starts[person + 1]` are the person's times.
    starts: Vec<usize>,
    times: Vec<Time>,
}

impl Times {
    /// Times of people given as (item, seconds) pairs in any order.
    ///
    /// # Arguments
    /// `items`: 1 … 65,535. `persons`: seconds finite and above 0; no item twice.
    ///
    /// # Source
    /// Definition.
    pub fn new<P, I>(items: usize, persons: P) -> Result<Self, TimesError>
    where
        P: IntoIterator<Item = I>,
        I: IntoIterator<Item = (u16, f64)>,
    {
        if items == 0 || items > MOST_ITEMS {
            return Err(TimesError::Items(items));
        }
        let mut times = Self { items, starts: vec![0], times: Vec::new() };
        for (person, own) in persons.into_iter().enumerate() {
            let start = times.times.len();
            for (item, seconds) in own {
                if usize::from(item) >= items {
                    return Err(TimesError::UnknownItem { person, item, items });
                }
                times.times.push(Time::new(item, seconds).map_err(|source| TimesError::Time { person, source })?);
            }
            let own = &mut times.times[start..];
            own.sort_unstable_by_key(Time::item);
            if let Some(pair) = own.windows(2).find(|pair| pair[0].item == pair[1].item) {
                return Err(TimesError::Twice { person, item: pair[0].item });
            }
            times.starts.push(times.times.len());
        }
        Ok(times)
    }

    /// Times from rows of seconds, one row a person, one cell an item, `None` where there is no time.
    ///
    /// # Arguments
    /// `items`: cells a row, 1 … 65,535. `rows`: seconds, finite and above 0.
    ///
    /// # Source
    /// Definition.
    pub fn from_rows<P, R>(items: usize, rows: P) -> Result<Self, TimesError>
    where
        P: IntoIterator<Item = R>,
        R: AsRef<[Option<f64>]>,
    {
        let mut persons = Vec::new();
        for (person, row) in rows.into_iter().enumerate() {
            let row = row.as_ref();
            if row.len() != items {
                return Err(TimesError::RowLength { person, cells: row.len(), items });
            }
            let own: Vec<(u16, f64)> =
                (0..=u16::MAX).zip(row).filter_map(|(item, seconds)| Some((item, (*seconds)?))).collect();
            persons.push(own);
        }
        Self::new(items, persons)
    }

    /// Number of people, those without any time included.
    ///
    /// # Source
    /// Definition.
    pub fn persons(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of items, those without any time included.
    pub fn items(&self) -> usize {
        self.items
    }

    /// Number of times kept.
    ///
    /// # Source
    /// Definition.
    pub fn total(&self) -> usize {
        self.times.len()
    }

    /// The times of one person, by item.
    ///
    /// # Arguments
    /// `person`: below [`Times::persons`].
    ///
    /// # Source
    /// Definition.
    pub fn of(&self, person: usize) -> &[Time] {
        &self.times[self.starts[person]..self.starts[person + 1]]
    }

    /// Log seconds item by item, in the order of people.
    pub(crate) fn logarithms_by_item(&self) -> Vec<Vec<f64>> {
        let mut by_item = vec![Vec::new(); self.items];
        for time in &self.times {
            by_item[usize::from(time.item)].push(time.logarithm);
        }
        by_item
    }

    pub(crate) fn all(&self) -> &[Time] {
        &self.times
    }
}
