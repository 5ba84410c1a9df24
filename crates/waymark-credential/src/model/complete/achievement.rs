//! The rules for the achievement and its results: every reference leads somewhere, every word is on its list.

use super::faults::Faults;
use crate::model::vocabulary::{ACHIEVEMENT_TYPES, IDENTIFIER_TYPES, RESULT_STATUSES, RESULT_TYPES, TARGET_TYPES};
use crate::model::{Achievement, AchievementSubject, Alignment, Image, ResultDescription};

pub(super) fn check(subject: &AchievementSubject, faults: &mut Faults) {
    let achievement = &subject.achievement;
    let place = "/credentialSubject/achievement";
    let criteria = &achievement.criteria;
    faults.unless(
        criteria.id.is_some() || criteria.narrative.is_some(),
        format_args!("{place}/criteria"),
        "needs an id or a narrative",
    );
    if let Some(word) = &achievement.achievement_type {
        faults.word(ACHIEVEMENT_TYPES, word, format_args!("{place}/achievementType"));
    }
    match &achievement.in_language {
        Some(tag) => {
            faults.unless(
                is_language(tag),
                format_args!("{place}/inLanguage"),
                format_args!("`{tag}` is not a language tag"),
            );
        }
        None => faults.add(format_args!("{place}/inLanguage"), "is missing: which language are the texts in?"),
    }
    for (at, related) in achievement.related.iter().enumerate() {
        let language = related.in_language.as_deref().is_none_or(is_language);
        faults.unless(language, format_args!("{place}/related/{at}/inLanguage"), "is not a language tag");
        faults.unless(
            related.id != achievement.id,
            format_args!("{place}/related/{at}/id"),
            "is the achievement itself",
        );
    }
    for (at, other) in achievement.other_identifier.iter().enumerate() {
        faults.word(
            IDENTIFIER_TYPES,
            &other.identifier_type,
            format_args!("{place}/otherIdentifier/{at}/identifierType"),
        );
    }
    image(achievement.image.as_ref(), &format!("{place}/image"), faults);
    alignments(&achievement.alignment, place, faults);
    faults.number(achievement.credits_available.as_ref(), &format!("{place}/creditsAvailable"));
    faults.number(subject.credits_earned.as_ref(), "/credentialSubject/creditsEarned");
    for (at, description) in achievement.result_description.iter().enumerate() {
        scale(description, &format!("{place}/resultDescription/{at}"), faults);
    }
    results(subject, achievement, faults);
}

fn results(subject: &AchievementSubject, achievement: &Achievement, faults: &mut Faults) {
    for (at, result) in subject.result.iter().enumerate() {
        let place = format!("/credentialSubject/result/{at}");
        let says = result.value.is_some() || result.status.is_some() || result.achieved_level.is_some();
        faults.unless(says, place.as_str(), "needs a value, a status or an achievedLevel");
        if let Some(status) = &result.status {
            faults.unless(
                RESULT_STATUSES.contains(&status.as_str()),
                format_args!("{place}/status"),
                format_args!("`{status}` is not on the Open Badges list"),
            );
        }
        alignments(&result.alignment, &place, faults);
        let described = result.result_description.as_ref();
        let description = achievement.result_description.iter().find(|description| Some(&description.id) == described);
        if let (Some(id), None) = (described, description) {
            faults.add(
                format_args!("{place}/resultDescription"),
                format_args!("{id} is no resultDescription of the achievement"),
            );
        }
        if let Some(level) = &result.achieved_level {
            let known = description.is_some_and(|d| d.rubric_criterion_level.iter().any(|known| known.id == *level));
            faults.unless(
                known,
                format_args!("{place}/achievedLevel"),
                format_args!("{level} is no level of the result's description"),
            );
        }
        if let (Some(value), Some(description)) = (&result.value, description) {
            let allowed = &description.allowed_value;
            faults.unless(
                allowed.is_empty() || allowed.contains(value),
                format_args!("{place}/value"),
                format_args!("`{value}` is not an allowed value"),
            );
        }
    }
}

fn scale(description: &ResultDescription, place: &str, faults: &mut Faults) {
    faults.word(RESULT_TYPES, &description.result_type, format_args!("{place}/resultType"));
    if let Some(required) = &description.required_level {
        let known = description.rubric_criterion_level.iter().any(|level| level.id == *required);
        faults.unless(known, format_args!("{place}/requiredLevel"), "is none of its rubric levels");
    }
    alignments(&description.alignment, place, faults);
    for (at, level) in description.rubric_criterion_level.iter().enumerate() {
        alignments(&level.alignment, &format!("{place}/rubricCriterionLevel/{at}"), faults);
    }
}

fn alignments(alignments: &[Alignment], place: &str, faults: &mut Faults) {
    for (at, alignment) in alignments.iter().enumerate() {
        if let Some(word) = &alignment.target_type {
            faults.word(TARGET_TYPES, word, format_args!("{place}/alignment/{at}/targetType"));
        }
    }
}

/// A picture that any reader can fetch or already has (OB 3.0 §B.1.9).
fn image(image: Option<&Image>, place: &str, faults: &mut Faults) {
    let fetchable = ["https:", "http:", "data:image/png;", "data:image/svg+xml;"];
    let fits = image.is_none_or(|image| fetchable.iter().any(|start| image.id.as_str().starts_with(start)));
    faults.unless(fits, format_args!("{place}/id"), "must be a web address or a data: URI of a PNG or an SVG");
}

/// A BCP 47 tag in the form that the Open Badges schemas take: `ja`, `en-GB`, `zh-Hant-TW`.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    primary && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
