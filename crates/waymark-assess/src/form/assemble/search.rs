//! Choosing units so that every cell gets its number, tags keep their bounds and no two of an enemy set meet: a depth-first search with a
//! bound on its work. A unit is an item, or all items of a cell that share a stimulus.
//!
//! The search is complete: at each step it takes the cell with the least to spare, tries its units in the order given, and shuts a unit
//! that led nowhere out of what follows. Whether cells and tags can still be served is counted after every step.

/// What is chosen as a whole.
#[derive(Debug, Clone)]
pub struct Unit {
    pub cell: usize,
    /// Places in the plan's list of items.
    pub items: Vec<usize>,
    /// Tag and how many of the items carry it.
    pub tags: Vec<(usize, u32)>,
    /// The enemy sets that the items belong to.
    pub sets: Vec<usize>,
}

impl Unit {
    pub fn size(&self) -> u32 {
        u32::try_from(self.items.len()).expect("a bank has far fewer than 2^32 items")
    }

    /// Items without any bounded tag, at most.
    fn bare(&self) -> u32 {
        self.size() - u32::from(!self.tags.is_empty())
    }
}

/// Cells with their numbers, tags with their bounds, and what there is to choose from.
#[derive(Debug, Clone)]
pub struct Problem {
    pub needs: Vec<u32>,
    /// At least, at most.
    pub bounds: Vec<(u32, u32)>,
    pub units: Vec<Unit>,
    pub by_cell: Vec<Vec<usize>>,
    by_tag: Vec<Vec<usize>>,
    /// Most bounded tags that one item carries.
    per_item: u32,
    /// Cells of which a unit carries a bounded tag.
    taggable: Vec<bool>,
    pub by_set: Vec<Vec<usize>>,
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Solution(Vec<usize>),
    /// There is none.
    Impossible,
    /// None was found within the bound.
    GaveUp,
}

impl Problem {
    pub fn new(needs: Vec<u32>, bounds: Vec<(u32, u32)>, units: Vec<Unit>, sets: usize) -> Self {
        let mut by_cell = vec![vec![]; needs.len()];
        let (mut by_tag, mut by_set) = (vec![vec![]; bounds.len()], vec![vec![]; sets]);
        for (n, unit) in units.iter().enumerate() {
            by_cell[unit.cell].push(n);
            unit.tags.iter().for_each(|(tag, _)| by_tag[*tag].push(n));
            unit.sets.iter().for_each(|set| by_set[*set].push(n));
        }
        let tags = |unit: &Unit| unit.tags.iter().map(|(_, n)| n).sum::<u32>().div_ceil(unit.size().max(1));
        let per_item = units.iter().map(tags).max().unwrap_or(0);
        let mut taggable = vec![false; needs.len()];
        units.iter().filter(|unit| !unit.tags.is_empty()).for_each(|unit| taggable[unit.cell] = true);
        Self { needs, bounds, units, by_cell, by_tag, per_item, taggable, by_set }
    }

    /// Tries units in `order` (per cell), without those that `shut` names, for at most `steps` steps.
    pub fn search(&self, order: &[Vec<usize>], shut: impl Fn(usize) -> bool, steps: u32) -> Found {
        let mut state = State::new(self);
        for unit in (0..self.units.len()).filter(|unit| shut(*unit)) {
            state.shut(unit);
        }
        if !state.can_go_on() {
            return Found::Impossible;
        }
        state.steps = steps;
        match state.fill(order) {
            Some(true) => Found::Solution(state.chosen),
            Some(false) => Found::Impossible,
            None => Found::GaveUp,
        }
    }
}

struct State<'p> {
    problem: &'p Problem,
    need: Vec<u32>,
    /// Items of each cell in units that are open.
    open: Vec<u32>,
    /// Items with each tag in open units, by cell and tag.
    tagged: Vec<Vec<u32>>,
    /// Items without a bounded tag in open units of cells that have tags.
    bare: u32,
    /// Items with each tag in what is chosen.
    have: Vec<u32>,
    shut: Vec<bool>,
    /// Units in the order in which they were shut, so that it can be undone.
    trail: Vec<usize>,
    chosen: Vec<usize>,
    steps: u32,
}

impl<'p> State<'p> {
    fn new(problem: &'p Problem) -> Self {
        let (cells, tags) = (problem.needs.len(), problem.bounds.len());
        let mut state = Self {
            problem,
            need: problem.needs.clone(),
            open: vec![0; cells],
            tagged: vec![vec![0; tags]; cells],
            bare: 0,
            have: vec![0; tags],
            shut: vec![false; problem.units.len()],
            trail: vec![],
            chosen: vec![],
            steps: 0,
        };
        for unit in &problem.units {
            state.open[unit.cell] += unit.size();
            state.bare += state.bare_of(unit);
            unit.tags.iter().for_each(|(tag, n)| state.tagged[unit.cell][*tag] += n);
        }
        state
    }

    fn bare_of(&self, unit: &Unit) -> u32 {
        if self.problem.taggable[unit.cell] { unit.bare() } else { 0 }
    }

    fn shut(&mut self, unit: usize) {
        if !self.shut[unit] {
            self.shut[unit] = true;
            self.trail.push(unit);
            let problem = self.problem;
            let unit = &problem.units[unit];
            self.open[unit.cell] -= unit.size();
            self.bare -= self.bare_of(unit);
            unit.tags.iter().for_each(|(tag, n)| self.tagged[unit.cell][*tag] -= n);
        }
    }

    fn reopen(&mut self, to: usize) {
        while self.trail.len() > to {
            let n = self.trail.pop().expect("longer than `to`");
            self.shut[n] = false;
            let problem = self.problem;
            let unit = &problem.units[n];
            self.open[unit.cell] += unit.size();
            self.bare += self.bare_of(unit);
            unit.tags.iter().for_each(|(tag, n)| self.tagged[unit.cell][*tag] += n);
        }
    }

    fn fits(&self, n: usize) -> bool {
        let unit = &self.problem.units[n];
        !self.shut[n]
            && unit.size() <= self.need[unit.cell]
            && unit.tags.iter().all(|(tag, n)| self.have[*tag] + n <= self.problem.bounds[*tag].1)
    }

    fn choose(&mut self, n: usize) {
        let problem = self.problem;
        let unit = &problem.units[n];
        self.shut(n);
        self.need[unit.cell] -= unit.size();
        for (tag, count) in &unit.tags {
            self.have[*tag] += count;
            if self.have[*tag] == problem.bounds[*tag].1 {
                problem.by_tag[*tag].iter().for_each(|other| self.shut(*other));
            }
        }
        for set in &unit.sets {
            problem.by_set[*set].iter().for_each(|other| self.shut(*other));
        }
        self.chosen.push(n);
    }

    fn take_back(&mut self, trail: usize) {
        let n = self.chosen.pop().expect("taken back after it was chosen");
        let unit = &self.problem.units[n];
        self.need[unit.cell] += unit.size();
        unit.tags.iter().for_each(|(tag, count)| self.have[*tag] -= count);
        self.reopen(trail);
    }

    /// Whether each cell still has enough, and each tag can still come within its bounds. What this refuses cannot be completed.
    fn can_go_on(&self) -> bool {
        if self.need.iter().zip(&self.open).any(|(need, open)| open < need) {
            return false;
        }
        if !self.tags_share_the_places() {
            return false;
        }
        self.problem.bounds.iter().enumerate().all(|(tag, (least, most))| {
            let (mut reach, mut forced) = (self.have[tag], self.have[tag]);
            for (cell, need) in self.need.iter().enumerate() {
                let with = self.tagged[cell][tag];
                reach += with.min(*need);
                forced += need.saturating_sub(self.open[cell] - with);
            }
            reach >= *least && forced <= *most
        })
    }

    /// Tags together: places that are left hold only so many tags, and what is left of tags and of items without one must fill the places.
    fn tags_share_the_places(&self) -> bool {
        let cells = self.need.iter().zip(&self.problem.taggable);
        let places: u64 = cells.filter(|(_, taggable)| **taggable).map(|(need, _)| u64::from(*need)).sum();
        let (mut wanted, mut room) = (0_u64, u64::from(self.bare));
        for ((least, most), have) in self.problem.bounds.iter().zip(&self.have) {
            wanted += u64::from(least.saturating_sub(*have));
            room += u64::from(most - have);
        }
        wanted <= places * u64::from(self.problem.per_item) && places <= room
    }

    /// Some(true): filled. Some(false): cannot be. None: out of steps.
    fn fill(&mut self, order: &[Vec<usize>]) -> Option<bool> {
        let short = |state: &Self| {
            let wanting = (0..state.need.len()).filter(|cell| state.need[*cell] > 0);
            wanting.min_by_key(|cell| (state.open[*cell] - state.need[*cell], *cell))
        };
        let Some(cell) = short(self) else { return Some(true) };
        let start = self.trail.len();
        for unit in &order[cell] {
            if !self.fits(*unit) {
                continue;
            }
            self.steps = self.steps.checked_sub(1)?;
            let before = self.trail.len();
            self.choose(*unit);
            if self.can_go_on() && self.fill(order)? {
                return Some(true);
            }
            self.take_back(before);
            self.shut(*unit);
            if !self.can_go_on() {
                break;
            }
        }
        self.reopen(start);
        Some(false)
    }
}
