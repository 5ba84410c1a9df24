//! Interactions as kinds of items, each with its key from the declaration and the rule that scores it.

use super::{
    body::gap_name,
    declarations::{Declaration, Mapping},
    processing::{How, Scored},
};
use crate::{
    interchange::{
        draft::{Answer, Area, Draft, Fill, Gap, Kind},
        losses, prose,
        tree::Element,
    },
    mistake::Mistake,
    rational::Rational,
};
use std::collections::{BTreeMap, BTreeSet};

/// Options, gaps, areas of one interaction, values of one key: far more than an item may have, and few enough to look at.
const MOST_PARTS: usize = 1_000;
const MOST_INTERACTIONS: usize = 200;

pub(super) fn read(
    interactions: &[&Element],
    alone: bool,
    declarations: &[Declaration],
    scored: &Scored,
    draft: &mut Draft,
) -> Result<Kind, Vec<Mistake>> {
    let one = |mistake| vec![mistake];
    if interactions.is_empty() {
        return Err(one(losses::unsupported("no interaction")));
    }
    let part = |element: &Element| element.attribute("identifier").is_some();
    let parts = |interaction: &&Element| interaction.find(part).len() > MOST_PARTS;
    let declared =
        |d: &Declaration| d.correct.as_ref().map_or(0, Vec::len).max(d.mapping.as_ref().map_or(0, |m| m.entries.len()));
    if interactions.len() > MOST_INTERACTIONS
        || declarations.len() > MOST_PARTS
        || interactions.iter().any(parts)
        || declarations.iter().any(|d| declared(d) > MOST_PARTS)
    {
        return Err(one(losses::no_question(MOST_PARTS)));
    }
    if *scored == Scored::Unsaid
        && interactions.iter().all(|i| !matches!(i.name.as_str(), "extendedTextInteraction" | "uploadInteraction"))
    {
        draft.losses.push(losses::no_scoring_rule());
    }
    let mut reader = Reader { declarations, scored, draft, wrong: Vec::new() };
    let kind = if interactions.len() > 1
        || (super::body::is_inline(interactions[0]) && !(alone && interactions[0].name == "textEntryInteraction"))
    {
        reader.gaps(interactions)
    } else {
        reader.one(interactions[0])
    };
    match kind {
        Ok(kind) if reader.wrong.is_empty() => Ok(kind),
        Ok(_) => Err(reader.wrong),
        Err(mistake) => Err([reader.wrong, vec![mistake]].concat()),
    }
}

pub(super) struct Reader<'r> {
    pub declarations: &'r [Declaration],
    pub scored: &'r Scored,
    pub draft: &'r mut Draft,
    pub wrong: Vec<Mistake>,
}

impl Reader<'_> {
    fn one(&mut self, interaction: &Element) -> Result<Kind, Mistake> {
        match interaction.name.as_str() {
            "choiceInteraction" => self.choice(interaction, "simpleChoice"),
            "hottextInteraction" => {
                self.lose(losses::hottext());
                self.choice(interaction, "hottext")
            }
            "orderInteraction" => self.order(interaction),
            "matchInteraction" => self.matching(interaction),
            "gapMatchInteraction" => self.gap_match(interaction),
            "hotspotInteraction" => self.hotspot(interaction),
            "textEntryInteraction" => match self.entry(interaction)? {
                Fill::Number(ranges) => Ok(Kind::Number(ranges)),
                Fill::Words(words) => Ok(Kind::Words(words)),
                _ => Err(losses::no_right_answer()),
            },
            "extendedTextInteraction" => Ok(Kind::Essay { rubric: None }),
            "uploadInteraction" => Ok(Kind::Upload),
            other => Err(losses::unsupported(other)),
        }
    }

    pub fn lose(&mut self, loss: Mistake) {
        if self.draft.losses.iter().all(|known| known.code != loss.code) {
            self.draft.losses.push(loss);
        }
    }

    pub fn declaration(&self, interaction: &Element) -> Result<Declaration, Mistake> {
        let name = interaction.attribute("responseIdentifier").unwrap_or_default();
        self.declarations.iter().find(|d| d.identifier == name).cloned().ok_or_else(|| {
            Mistake::new(
                "/correct",
                "no_declaration",
                "the interaction names no response declaration of the item: declare the response",
                "responseDeclaration がないため、正答がわかりません。宣言を書いてください",
            )
        })
    }

    /// Whether the sum over a mapping counts, not the exact response.
    pub fn is_mapped(&self, declaration: &Declaration) -> bool {
        match self.scored {
            Scored::Unsaid => declaration.correct.is_none() && declaration.mapping.is_some(),
            scored => scored.how(&declaration.identifier) == Some(&How::Map),
        }
    }

    /// The right answers, by the rule that scores them.
    pub(super) fn right(&mut self, declaration: &Declaration) -> Result<Vec<String>, Mistake> {
        if self.scored.how(&declaration.identifier) == Some(&How::MapPoint) {
            return Err(losses::unsupported("map_response_point"));
        }
        let right: Vec<String> = if self.is_mapped(declaration) {
            let mapping = declaration.mapping.clone().unwrap_or_default();
            self.lose_of(&mapping);
            // A mapping counts an answer once however often it is given (trap a): a set is all that it can mean.
            match declaration.cardinality.as_str() {
                "single" => best(&mapping).into_iter().collect(),
                _ => mapping.positive().map(|entry| entry.key.clone()).collect(),
            }
        } else {
            declaration.correct.clone().unwrap_or_default()
        };
        if right.is_empty() { Err(losses::no_right_answer()) } else { Ok(right) }
    }

    pub fn lose_of(&mut self, mapping: &Mapping) {
        if mapping.punishes() {
            self.lose(losses::penalty());
        }
        if !mapping.is_even() {
            self.lose(losses::uneven_weights());
        }
        let most = mapping.positive().map(|e| e.value).try_fold(Rational::ZERO, Rational::checked_add);
        let bounded = mapping.upper.is_some_and(|upper| most.is_none_or(|most| upper < most));
        if bounded
            || mapping.lower.is_some_and(|lower| lower > Rational::ZERO)
            || mapping.default.is_some_and(|d| d > Rational::ZERO)
        {
            self.lose(losses::bounds());
        }
    }

    /// The text of an option, which is no picture.
    pub fn option(&mut self, element: &Element) -> String {
        let prose = prose::of_nodes(&element.children, &mut |_| None);
        self.wrong.extend(prose.refused);
        if !prose.pictures.is_empty() {
            self.wrong.push(losses::picture_in_option());
        }
        for loss in prose.losses {
            self.lose(loss);
        }
        // What reads as an option by itself needs no sign of Markdown.
        let plain = prose::plain_option(prose::collapse(&element.text()).trim());
        if element.elements().next().is_none() { plain } else { prose.markdown }
    }

    pub(super) fn choice(&mut self, interaction: &Element, name: &str) -> Result<Kind, Mistake> {
        let declaration = self.declaration(interaction)?;
        let multiple = declaration.cardinality != "single";
        let right = self.right(&declaration)?;
        let shuffled = interaction.attribute("shuffle") == Some("true");
        let choices = interaction.find(|e| e.name == name);
        let known = places(choices.iter().copied());
        if let Some(unknown) = right.iter().find(|id| !known.contains_key(id.as_str())) {
            return Err(losses::unknown_identifier(unknown));
        }
        let right: BTreeSet<&str> = right.iter().map(String::as_str).collect();
        let any_fixed = choices.iter().any(|choice| choice.attribute("fixed") == Some("true"));
        let mut answers = Vec::new();
        for choice in choices {
            let id = choice.attribute("identifier").unwrap_or_default();
            answers.push(Answer {
                text: self.option(choice),
                right: right.contains(id),
                fixed: !shuffled || choice.attribute("fixed") == Some("true"),
            });
        }
        let count = answers.iter().filter(|a| a.right).count();
        // 0 stands for any number (trap g).
        let most = interaction.attribute("maxChoices").and_then(|n| n.trim().parse::<u32>().ok()).unwrap_or(1);
        let told = multiple && most > 1 && usize::try_from(most) == Ok(count);
        if multiple && most > 0 && !told && usize::try_from(most).is_ok_and(|most| most < answers.len()) {
            self.lose(losses::max_choices(most));
        }
        let per_part = multiple && self.is_mapped(&declaration);
        let ours = any_fixed || !shuffled || self.ours(interaction);
        Ok(Kind::Choice { multiple, answers, choose: told.then_some(most), stated: ours, per_part })
    }

    /// Waymark states with every choice which options keep their places, even if none does.
    fn ours(&self, interaction: &Element) -> bool {
        interaction
            .attribute("class")
            .is_some_and(|class| class.split_whitespace().any(|c| c == "waymark-fixed-stated"))
    }

    fn order(&mut self, interaction: &Element) -> Result<Kind, Mistake> {
        let declaration = self.declaration(interaction)?;
        let right = self.right(&declaration)?;
        let choices = interaction.find(|e| e.name == "simpleChoice");
        if right.len() != choices.len() {
            return Err(losses::not_all_ordered());
        }
        let known = places(choices.iter().copied());
        let mut options = Vec::new();
        for id in &right {
            let place = known.get(id.as_str()).ok_or_else(|| losses::unknown_identifier(id))?;
            options.push(self.option(choices[*place]));
        }
        Ok(Kind::Order { options, per_part: self.is_mapped(&declaration) })
    }

    fn pairs(&mut self, declaration: &Declaration) -> Result<Vec<(String, String)>, Mistake> {
        let split = |pair: String| {
            let mut parts = pair.split_whitespace().map(str::to_owned);
            Some((parts.next()?, parts.next()?))
        };
        let right = self.right(declaration)?;
        right.into_iter().map(|pair| split(pair.clone()).ok_or_else(|| losses::unknown_identifier(&pair))).collect()
    }

    fn matching(&mut self, interaction: &Element) -> Result<Kind, Mistake> {
        let declaration = self.declaration(interaction)?;
        let pairs = self.pairs(&declaration)?;
        let sets: Vec<&Element> = interaction.all("simpleMatchSet").collect();
        let [sources, targets] = sets.as_slice() else { return Err(losses::unsupported("match sets")) };
        let known = [sources, targets].map(|set| places(set.all("simpleAssociableChoice")));
        let place = |side: usize, id: &str| known[side].get(id).copied().ok_or_else(|| losses::unknown_identifier(id));
        let mut placed = Vec::new();
        for (source, target) in &pairs {
            placed.push((place(0, source)?, place(1, target)?));
        }
        let texts = |reader: &mut Self, set: &Element| {
            set.all("simpleAssociableChoice").map(|c| reader.option(c)).collect::<Vec<_>>()
        };
        let (sources, targets) = (texts(self, sources), texts(self, targets));
        Ok(Kind::Match { sources, targets, pairs: placed, per_part: self.is_mapped(&declaration) })
    }

    fn gap_match(&mut self, interaction: &Element) -> Result<Kind, Mistake> {
        let declaration = self.declaration(interaction)?;
        let pairs = self.pairs(&declaration)?;
        if !interaction.find(|e| e.name == "gapImg").is_empty() {
            return Err(losses::picture_in_option());
        }
        let words: Vec<&Element> = interaction.all("gapText").collect();
        let known = places(words.iter().copied());
        let mut filled = BTreeMap::new();
        for (word, target) in &pairs {
            if filled.insert(target.as_str(), word.as_str()).is_some() {
                return Err(losses::several_words(target));
            }
        }
        let mut gaps = Vec::new();
        for gap in interaction.find(|e| e.name == "gap") {
            let id = gap.attribute("identifier").unwrap_or_default();
            let place = filled.get(id).and_then(|word| known.get(word)).copied();
            let place = place.ok_or_else(|| losses::unknown_identifier(id))?;
            gaps.push(Gap { name: gap_name(id), fill: Fill::Pooled(place) });
        }
        let pool = words.iter().map(|word| self.option(word)).collect();
        Ok(Kind::Gaps { gaps, pool, per_part: self.is_mapped(&declaration) })
    }

    fn hotspot(&mut self, interaction: &Element) -> Result<Kind, Mistake> {
        let declaration = self.declaration(interaction)?;
        let right = self.right(&declaration)?;
        let right: BTreeSet<&str> = right.iter().map(String::as_str).collect();
        let mut areas = Vec::new();
        for choice in interaction.all("hotspotChoice") {
            let id = choice.attribute("identifier").unwrap_or_default();
            let shape = match choice.attribute("shape") {
                Some("rect") => "rect",
                Some("circle") => "circle",
                Some("poly") => "poly",
                other => return Err(losses::unsupported(other.unwrap_or("shape"))),
            };
            let numbers = choice.attribute("coords").unwrap_or_default().split(',').map(pixel);
            let coordinates = numbers.collect::<Option<Vec<_>>>().ok_or_else(|| losses::unsupported("coords"))?;
            let label = choice.attribute("hotspotLabel").or(choice.attribute("ariaLabel")).unwrap_or(id);
            areas.push(Area { shape, coordinates, label: prose::plain_option(label), right: right.contains(id) });
        }
        let image = interaction.find(|e| matches!(e.name.as_str(), "object" | "img")).into_iter().next();
        let side = |name: &str| image.and_then(|image| u32::try_from(pixel(image.attribute(name)?)?).ok());
        // Where the file does not say, the picture does, once it is there.
        let size = side("width").zip(side("height")).unwrap_or_default();
        Ok(Kind::Hotspot { areas, multiple: declaration.cardinality != "single", size })
    }
}

/// Where each identifier stands; the first of two that are the same.
fn places<'e>(choices: impl Iterator<Item = &'e Element>) -> BTreeMap<&'e str, usize> {
    let mut places = BTreeMap::new();
    for (n, choice) in choices.enumerate() {
        places.entry(choice.attribute("identifier").unwrap_or_default()).or_insert(n);
    }
    places
}

/// `12`, `12px`, `12.4`: whole pixels.
fn pixel(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text.strip_suffix("px").unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    whole.parse().ok().filter(|_| fraction.bytes().all(|b| b.is_ascii_digit()))
}

fn best(mapping: &Mapping) -> Option<String> {
    mapping
        .positive()
        .fold(None, |best: Option<&super::declarations::Entry>, entry| match best {
            Some(known) if known.value >= entry.value => Some(known),
            _ => Some(entry),
        })
        .map(|entry| entry.key.clone())
}
