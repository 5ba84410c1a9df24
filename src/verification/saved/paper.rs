//! The saved report as PDF: what the page says, with fonts inside, so that it looks the same wherever it is filed.

use waymark_rendering::{Block, Fact, Paper};

use super::Item;
use crate::web::i18n::Words;

pub(super) fn paper(words: Words, made_at: &str, tool: &str, server: &str, items: &[Item]) -> Paper {
    let mut blocks: Vec<Block> = [("saved-made-at", made_at), ("saved-tool", tool), ("saved-server", server)]
        .map(|(k, v)| fact(words.t(k), v))
        .into();
    for item in items {
        blocks.extend(of_item(words, item));
    }
    Paper { language: words.lang().to_owned(), title: words.t("saved-title"), blocks, foot: words.t("saved-honest") }
}

fn fact(label: String, value: &str) -> Block {
    Block::Fact(Fact { label, value: value.to_owned() })
}

fn of_item(words: Words, item: &Item) -> Vec<Block> {
    let line = item.at.map(|at| words.with1("saved-line", "line", at));
    let state = item.view.as_ref().map_or_else(|| words.t("batch-none"), |report| report.state_word.clone());
    let heading = [line, Some(state)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let mut out = vec![Block::Heading(heading)];
    if !item.problem.is_empty() {
        out.push(Block::Text(item.problem.clone()));
    }
    out.extend(item.holder.clone().map(Block::Strong));
    let mut tell = |key: &str, value: &str| {
        if !value.is_empty() {
            out.push(fact(words.t(key), value));
        }
    };
    tell("batch-given", &item.given);
    let Some(report) = &item.view else { return out };
    if let Some(claims) = &report.claims {
        tell("batch-what", &claims.title);
        tell("batch-holder", claims.holder.as_deref().unwrap_or_default());
        tell("batch-issuer", &claims.issuer);
        tell("saved-issuer-id", &claims.issuer_id);
        tell("fact-number", claims.number.as_deref().unwrap_or_default());
        tell("fact-awarded", claims.awarded.as_deref().unwrap_or_default());
        let end = words.t("fact-no-end");
        tell("fact-valid-until", claims.valid_until.as_deref().unwrap_or(&end));
    }
    for check in &report.checks {
        let said = format!("{}: {}", check.outcome_word, check.sentence);
        out.push(fact(check.name.clone(), &said));
    }
    for proof in &item.proofs {
        out.push(Block::Small(format!("{} ({})", words.t("saved-key"), proof.suite)));
        out.push(Block::Text(proof.thumbprint.clone()));
        out.push(Block::Small(proof.method.clone()));
    }
    out.push(Block::Small(words.t("saved-hash")));
    out.push(Block::Text(item.hash.clone()));
    out
}
