//! The body of an item: its text with the answers taken out, and the interactions that they belong to.

use crate::{
    interchange::{
        prose,
        tree::{Element, Node},
    },
    mistake::Mistake,
};

pub(super) struct Body<'e> {
    pub stem: String,
    pub interactions: Vec<&'e Element>,
    /// Whether the one interaction stands in a paragraph of its own, not amid a sentence.
    pub alone: bool,
    pub picture: Option<(String, String)>,
    pub losses: Vec<Mistake>,
}

pub(super) fn is_interaction(element: &Element) -> bool {
    element.name.ends_with("Interaction")
}

pub(super) fn is_inline(element: &Element) -> bool {
    matches!(element.name.as_str(), "textEntryInteraction" | "inlineChoiceInteraction")
}

/// Whether candidates are among those who see a rubric block: `view` lists them all.
pub(super) fn is_for_candidates(block: &Element) -> bool {
    block.attribute("view").unwrap_or_default().split_whitespace().any(|view| view == "candidate")
}

pub(super) fn read<'e>(body: &'e Element, stimulus: Option<&Element>) -> Result<Body<'e>, Vec<Mistake>> {
    let interactions = body.find(is_interaction);
    let alone = interactions.len() == 1 && is_inline(interactions[0]) && stands_alone(body);
    let mut nodes = stimulus.map(|s| without_answers(&s.children)).unwrap_or_default();
    nodes.extend(without_answers(&body.children));
    let mut mark = |element: &Element| -> Option<String> {
        match element.name.as_str() {
            "textEntryInteraction" | "inlineChoiceInteraction" => {
                let name = gap_name(element.attribute("responseIdentifier").unwrap_or_default());
                Some(if alone && element.name == "textEntryInteraction" {
                    String::new()
                } else {
                    format!("{{{{{name}}}}}")
                })
            }
            "gap" => Some(format!("{{{{{}}}}}", gap_name(element.attribute("identifier").unwrap_or_default()))),
            "rubricBlock" if !is_for_candidates(element) => Some(String::new()),
            _ => None,
        }
    };
    let prose = prose::of_nodes(&nodes, &mut mark);
    if !prose.refused.is_empty() {
        return Err(prose.refused);
    }
    Ok(Body {
        stem: prose.markdown,
        interactions,
        alone,
        picture: prose.pictures.into_iter().next(),
        losses: prose.losses,
    })
}

/// A name that a mark in a text can have.
pub(super) fn gap_name(identifier: &str) -> String {
    let kept: String = identifier
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "_-".contains(c) { c } else { '-' })
        .take(60)
        .collect();
    if kept.is_empty() { "gap".into() } else { kept }
}

/// The one inline interaction is the whole text of its block, but for white space.
fn stands_alone(body: &Element) -> bool {
    let holders = body.find(|element| element.elements().any(is_inline));
    holders.last().is_some_and(|holder| {
        let only = holder.elements().count() == 1;
        let text = holder.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.trim()),
            Node::Element(_) => None,
        });
        only && text.collect::<String>().is_empty()
    })
}

/// The text that is shown beside the answers: prompts stay, options go, a hotspot leaves its picture.
fn without_answers(nodes: &[Node]) -> Vec<Node> {
    nodes
        .iter()
        .flat_map(|node| match node {
            Node::Text(_) => vec![node.clone()],
            Node::Element(element) if is_interaction(element) && !is_inline(element) => of_interaction(element),
            Node::Element(element) => {
                let children = without_answers(&element.children);
                vec![Node::Element(Element { children, ..element.clone() })]
            }
        })
        .collect()
}

fn of_interaction(interaction: &Element) -> Vec<Node> {
    let block = |children: Vec<Node>| Node::Element(Element { name: "div".into(), children, ..Element::default() });
    let mut out = Vec::new();
    for node in &interaction.children {
        let Node::Element(element) = node else { continue };
        match element.name.as_str() {
            "prompt" => out.push(block(without_answers(&element.children))),
            "object" | "img" | "picture" if interaction.name == "hotspotInteraction" => out.push(node.clone()),
            // The text of gaps and of words to click is part of the question.
            "simpleChoice"
            | "simpleMatchSet"
            | "simpleAssociableChoice"
            | "gapText"
            | "gapImg"
            | "hotspotChoice"
            | "associableHotspot" => {}
            _ if matches!(interaction.name.as_str(), "gapMatchInteraction" | "hottextInteraction") => {
                out.push(node.clone());
            }
            _ => {}
        }
    }
    vec![block(out)]
}
