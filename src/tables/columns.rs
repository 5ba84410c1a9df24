//! Which column of a table means what: by its name in Japanese or English, or as somebody says.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::text::plain_header;

/// What a column can mean in the tables of one room.
pub trait Meaning: Copy + Eq + Send + Sync + 'static {
    /// Every one, in the order in which a page offers them.
    fn all() -> &'static [Self];

    fn as_str(self) -> &'static str;

    /// Names under which it is known, as [`plain_header`] writes them.
    fn names(self) -> &'static [&'static str];

    fn parse(text: &str) -> Option<Self> {
        Self::all().iter().copied().find(|meaning| meaning.as_str() == text)
    }

    /// By the name in a header.
    fn named(header: &str) -> Option<Self> {
        let plain = plain_header(header);
        Self::all().iter().copied().find(|meaning| meaning.names().contains(&plain.as_str()))
    }
}

/// What each column means by its name. Where two have names of the same meaning, the first has it.
pub fn guess<M: Meaning>(header: &[String]) -> Vec<Option<M>> {
    let mut taken = vec![];
    header
        .iter()
        .map(|name| {
            let meaning = M::named(name).filter(|meaning| !taken.contains(meaning))?;
            taken.push(meaning);
            Some(meaning)
        })
        .collect()
}

/// What somebody said that the columns mean, where it fits this header; else what their names say.
pub fn meant<M: Meaning>(header: &[String], given: Option<&[Option<M>]>) -> Vec<Option<M>> {
    given.filter(|given| given.len() == header.len()).map_or_else(|| guess(header), <[_]>::to_vec)
}

/// What a posted form says of `count` columns: `column_0=email&…`. What is no meaning is none.
pub fn of_form<M: Meaning>(form: &BTreeMap<String, String>, count: usize) -> Vec<Option<M>> {
    (0..count).map(|at| form.get(&format!("column_{at}")).and_then(|text| M::parse(text))).collect()
}

/// Meanings that stand there twice.
pub fn repeated<M: Meaning>(meanings: &[Option<M>]) -> Vec<Finding> {
    let twice = |meaning: &&M| meanings.iter().filter(|m| **m == Some(**meaning)).count() > 1;
    let said = |meaning: &M| {
        let detail = format!("two columns are taken for `{}`: choose one", meaning.as_str());
        Finding::file("repeated_column", detail).naming(meaning.as_str())
    };
    M::all().iter().filter(twice).map(said).collect()
}

/// Meanings that no column has, of those that a table cannot do without; each with its name in Japanese.
pub fn missing<M: Meaning>(meanings: &[Option<M>], needed: &[(M, &str)]) -> Vec<Finding> {
    let absent = needed.iter().filter(|(meaning, _)| !meanings.contains(&Some(*meaning)));
    let said = |(meaning, ja): &(M, &str)| {
        let name = meaning.as_str();
        let detail = format!("no column is named `{name}` or `{ja}`: name one so, or say which one it is");
        Finding::file("missing_column", detail).naming(name)
    };
    absent.map(said).collect()
}

/// A header with what its columns mean.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'t, M> {
    pub header: &'t [String],
    pub meanings: &'t [Option<M>],
}

impl<M: Meaning> Columns<'_, M> {
    fn at(&self, meaning: M) -> Option<usize> {
        self.meanings.iter().position(|m| *m == Some(meaning))
    }

    /// Whether some column means it.
    pub fn has(&self, meaning: M) -> bool {
        self.at(meaning).is_some()
    }

    /// What stands in the row under this meaning; none where nothing does.
    pub fn cell<'c>(&self, cells: &'c [String], meaning: M) -> Option<&'c str> {
        cells.get(self.at(meaning)?).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// What the file calls the column of this meaning.
    pub fn called(&self, meaning: M) -> &str {
        self.at(meaning).and_then(|at| self.header.get(at)).map_or(meaning.as_str(), String::as_str)
    }

    /// A cell beyond the header, which no column names.
    pub fn extra(&self, cells: &[String]) -> Option<Finding> {
        let extra = cells.iter().skip(self.header.len()).find(|text| !text.is_empty())?;
        let detail = "the row has more cells than the header: put a cell that holds the separator into quotation marks";
        Some(Finding::error("extra_cell", "", extra, detail))
    }

    /// That nothing stands under this meaning.
    pub fn unfilled(&self, meaning: M) -> Finding {
        let name = self.called(meaning);
        Finding::error("missing_value", name, "", format!("`{name}` is empty: fill it in"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Fruit {
        Apple,
        Pear,
    }

    impl Meaning for Fruit {
        fn all() -> &'static [Self] {
            &[Self::Apple, Self::Pear]
        }

        fn as_str(self) -> &'static str {
            match self {
                Self::Apple => "apple",
                Self::Pear => "pear",
            }
        }

        fn names(self) -> &'static [&'static str] {
            match self {
                Self::Apple => &["apple", "りんご"],
                Self::Pear => &["pear"],
            }
        }
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_was_said_counts_where_it_fits_the_header() {
        let header = texts(&["りんご（任意）", "Apple", "price"]);
        let by_name = [Some(Fruit::Apple), None, None];
        assert_eq!(meant::<Fruit>(&header, None), by_name, "the first of two has it");
        let said = [None, Some(Fruit::Apple), Some(Fruit::Pear)];
        assert_eq!(meant(&header, Some(&said[..])), said);
        assert_eq!(meant(&header, Some(&said[..2])), by_name, "another file");
        let form = [("column_1", "pear"), ("column_2", "plum")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(of_form::<Fruit>(&BTreeMap::from(form), 3), [None, Some(Fruit::Pear), None]);
    }

    #[test]
    fn cells_are_found_by_what_they_mean() {
        let header = texts(&["a", "b"]);
        let columns = Columns { header: &header, meanings: &[None, Some(Fruit::Pear)] };
        let cells = texts(&["1", "2", "", "x"]);
        assert_eq!((columns.cell(&cells, Fruit::Pear), columns.cell(&cells, Fruit::Apple)), (Some("2"), None));
        assert_eq!((columns.called(Fruit::Pear), columns.called(Fruit::Apple)), ("b", "apple"));
        assert_eq!(columns.extra(&cells).and_then(|f| f.value).as_deref(), Some("x"));
        assert_eq!(columns.extra(&cells[..3]), None);
        assert_eq!(columns.unfilled(Fruit::Pear).column.as_deref(), Some("b"));
        assert_eq!(columns.cell(&cells[..1], Fruit::Pear), None, "a row that is too short");
        let twice = repeated(&[Some(Fruit::Pear), Some(Fruit::Pear), Some(Fruit::Apple)]);
        assert_eq!(twice.iter().map(|f| (f.code, &*f.named)).collect::<Vec<_>>(), [("repeated_column", "pear")]);
        let needed = [(Fruit::Apple, "りんご"), (Fruit::Pear, "梨")];
        let absent = missing(&[None, Some(Fruit::Pear)], &needed);
        assert_eq!(absent.iter().map(|f| (f.code, &*f.named)).collect::<Vec<_>>(), [("missing_column", "apple")]);
    }
}
