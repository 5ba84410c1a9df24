//! The items that a fixed form may hold, narrowed by domain, tag and text. What is ticked stays in the list, whatever it is narrowed to.

use std::collections::BTreeSet;

use super::pointed::Fields;
use super::rows::typed;
use crate::banks;
use crate::database::Read;
use crate::error::Result;
use crate::web::i18n::Words;

/// An item to pick for a fixed form.
pub struct Pick {
    pub slug: String,
    pub text: String,
    pub domain: String,
    pub pretest: bool,
    pub ticked: bool,
}

/// The list to pick from.
#[derive(Default)]
pub struct Picks {
    pub rows: Vec<Pick>,
    /// How many there are when the list is not narrowed.
    pub all: usize,
    /// By what it can be narrowed.
    pub domains: Vec<String>,
    pub tags: Vec<String>,
}

/// Letters of a question in the list of items.
const EXCERPT: usize = 80;

/// The items of the bank by id, as far as the fields ask for them.
pub async fn picks(db: &impl Read, bank: &str, fields: &Fields, w: Words) -> Result<Picks> {
    if !banks::exists(db, bank).await? {
        return Ok(Picks::default());
    }
    let listed = banks::items(db, banks::bank(db, bank).await?.id).await?;
    let drawn: Vec<banks::Listing> = listed.into_iter().filter(|item| item.state.is_drawn()).collect();
    let (mut domains, mut tags) = (BTreeSet::new(), BTreeSet::new());
    for item in &drawn {
        domains.extend(item.content.domain.clone());
        tags.extend(item.content.tags.iter().cloned());
    }
    let ticked: BTreeSet<&str> =
        fields.iter().filter(|(name, _)| name.starts_with("pick/")).map(|(_, slug)| slug.as_str()).collect();
    let (domain, tag) = (typed(fields, "pick-domain"), typed(fields, "pick-tag"));
    let said = typed(fields, "pick-text").map(str::to_lowercase);
    let fits = |item: &banks::Listing, text: &str| {
        domain.is_none_or(|domain| item.content.domain.as_deref() == Some(domain))
            && tag.is_none_or(|tag| item.content.tags.contains(tag))
            && said
                .as_deref()
                .is_none_or(|said| item.slug.to_lowercase().contains(said) || text.to_lowercase().contains(said))
    };
    let mut rows = vec![];
    for item in &drawn {
        let (text, ticked) = (item.content.stem.pick(w.lang()).1, ticked.contains(item.slug.as_str()));
        if ticked || fits(item, text) {
            rows.push(Pick {
                slug: item.slug.clone(),
                text: text.chars().take(EXCERPT).collect::<String>().replace('\n', " "),
                domain: item.content.domain.clone().unwrap_or_default(),
                pretest: item.state == banks::lifecycle::State::Pretest,
                ticked,
            });
        }
    }
    Ok(Picks { rows, all: drawn.len(), domains: domains.into_iter().collect(), tags: tags.into_iter().collect() })
}
