//! Sums as bars, in whole units that a template writes down. A drawing has a sentence for who does not see it, and a table with the same numbers stands beside it.

/// Units of the drawing: a bar with the gap behind it, the bar alone, the height of the highest.
const STEP: u64 = 10;
const BAR: u64 = 8;
pub const HEIGHT: u64 = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub x: u64,
    pub y: u64,
    pub width: u64,
    pub height: u64,
}

/// How wide a drawing of so many sums is.
pub fn width(sums: usize) -> u64 {
    (sums as u64 * STEP).max(STEP)
}

/// The bars against `most`, which fills the height. What is something is seen, however small beside it.
pub fn bars(sums: &[u64], most: u64) -> Vec<Bar> {
    let seen = sums.iter().zip(0_u64..).filter(|(sum, _)| **sum > 0);
    let bar = |(sum, at): (&u64, u64)| {
        let height = (sum.saturating_mul(HEIGHT) / most.max(1)).clamp(2, HEIGHT);
        Bar { x: at * STEP, y: HEIGHT - height, width: BAR, height }
    };
    seen.map(bar).collect()
}

/// The drawing of one figure over time, as `_plot.html` writes it.
#[derive(Debug, Clone)]
pub struct Plot {
    pub name: String,
    /// What is counted.
    pub means: String,
    pub total: String,
    /// The drawing in one sentence.
    pub label: String,
    pub width: u64,
    pub height: u64,
    pub bars: Vec<Bar>,
    /// What stands below its two ends.
    pub first: String,
    pub last: String,
}

impl Plot {
    /// One that has its name and nothing else yet.
    pub fn named(name: String) -> Self {
        let text = String::new;
        Self {
            name,
            means: text(),
            total: text(),
            label: text(),
            width: width(0),
            height: HEIGHT,
            bars: vec![],
            first: text(),
            last: text(),
        }
    }

    /// The sums, the highest of which fills the height.
    pub fn drawn(mut self, sums: &[u64]) -> Self {
        self.width = width(sums.len());
        self.height = HEIGHT;
        self.bars = bars(sums, sums.iter().copied().max().unwrap_or_default());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_height_and_the_smallest_is_seen() {
        let drawn = bars(&[1000, 0, 1], 1000);
        assert_eq!(drawn, [Bar { x: 0, y: 0, width: 8, height: 100 }, Bar { x: 20, y: 98, width: 8, height: 2 }]);
        assert_eq!((bars(&[0, 0], 0), width(0), width(3)), (vec![], 10, 30));
    }
}
