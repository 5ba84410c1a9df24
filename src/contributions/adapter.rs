//! How a source speaks: as CloudEvents, or in a language of its own that an adapter reads; and what its file says about that, each mistake named.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{Faults, Fields};
use crate::error::Fault;

/// The language of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Adapter {
    /// `POST /api/v1/events`, with a key.
    #[default]
    CloudEvents,
    GitHub,
    Discourse,
    Forgejo,
    /// RSS 2.0 and Atom, fetched.
    Feed,
}

impl Adapter {
    /// Each with its word.
    pub const WORDS: &[(&str, Self)] = &[
        ("cloudevents", Self::CloudEvents),
        ("github", Self::GitHub),
        ("discourse", Self::Discourse),
        ("forgejo", Self::Forgejo),
        ("feed", Self::Feed),
    ];

    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, adapter)| *adapter == self).map_or("", |(word, _)| word)
    }

    /// Every adapter by its word: for the schema of the file.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().map(|(word, _)| *word)
    }

    /// Whether it delivers to `/hooks/{slug}`, signed with a secret that both sides know.
    pub fn is_hook(self) -> bool {
        matches!(self, Self::GitHub | Self::Discourse | Self::Forgejo)
    }

    pub(super) fn is_plain(&self) -> bool {
        *self == Self::CloudEvents
    }

    /// What it can tell of, with the type that it becomes where the file maps nothing.
    pub fn native(self) -> &'static [(Native, &'static str)] {
        use Native as N;
        match self {
            Self::CloudEvents => &[],
            Self::GitHub => &[
                (N::PullRequestMerged, "change.merged"),
                (N::ReviewSubmitted, "review.published"),
                (N::IssueOpened, "issue.reported"),
                (N::DiscussionCreated, "question.asked"),
                (N::DiscussionAnswered, "answer.accepted"),
            ],
            Self::Discourse => &[
                (N::SolutionAccepted, "answer.accepted"),
                (N::PostLiked, "thanks.given"),
                (N::TopicCreated, "question.asked"),
            ],
            Self::Forgejo => &[(N::PullRequestMerged, "change.merged"), (N::IssueOpened, "issue.reported")],
            Self::Feed => &[(N::ArticlePublished, "content.published")],
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$inner])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant),)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Every word: for the schema of the file.
            pub fn words() -> impl Iterator<Item = &'static str> {
                Self::WORDS.iter().map(|(word, _)| *word)
            }
        }
    };
}

words! {
    /// Something that happens in another system and can be credited.
    Native {
        PullRequestMerged = "pull_request.merged",
        /// A review that approves, asks for changes or says something.
        ReviewSubmitted = "review.submitted",
        IssueOpened = "issue.opened",
        DiscussionCreated = "discussion.created",
        DiscussionAnswered = "discussion.answered",
        SolutionAccepted = "solution.accepted",
        PostLiked = "post.liked",
        TopicCreated = "topic.created",
        ArticlePublished = "article.published",
    }
}

words! {
    /// Who of those whom an event names is credited.
    Credit {
        /// Who wrote what was merged, accepted, liked, opened.
        Author = "author",
        Reviewer = "reviewer",
        /// Who merged it.
        Merger = "merger",
        /// Whom the description of a pull request names in lines `Co-authored-by:`.
        CoAuthors = "co_authors",
    }
}

impl Native {
    /// Whom it names; the first is credited where the file says nothing.
    pub fn credits(self) -> &'static [Credit] {
        match self {
            Self::PullRequestMerged => &[Credit::Author, Credit::CoAuthors, Credit::Merger],
            Self::ReviewSubmitted => &[Credit::Reviewer],
            _ => &[Credit::Author],
        }
    }

    /// Whether the title that comes with it was written by whoever can be credited, and by nobody else: they opened the thing themselves. A review stands
    /// under its author's title, an accepted answer under the question's.
    pub fn is_titled_by_whom_it_credits(self) -> bool {
        matches!(self, Self::IssueOpened | Self::DiscussionCreated | Self::TopicCreated)
    }
}

/// One line of the map: when that happens there, these are credited with this type here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub when: Native,
    pub r#type: String,
    pub credit: Vec<Credit>,
}

/// `map: [{when: …, type: …, credit: …}]`; the usual map of the adapter where it is left out.
pub(super) fn map(fields: &mut Fields<'_>, adapter: Adapter, faults: &mut Faults) -> Vec<Rule> {
    let at = fields.at("map");
    let usual = |(when, kind): &(Native, &str)| Rule {
        when: *when,
        r#type: (*kind).to_owned(),
        credit: when.credits()[..1].to_vec(),
    };
    let Some(value) = fields.value("map") else { return adapter.native().iter().map(usual).collect() };
    if adapter.native().is_empty() {
        faults.push(Fault::new(at, "not_for_this_adapter", "CloudEvents say their type themselves: leave `map` out"));
        return vec![];
    }
    let Some(entries) = value.as_array().filter(|entries| !entries.is_empty()) else {
        faults.push(Fault::new(at, "not_a_list", "write a list of {when, type, credit} here"));
        return vec![];
    };
    let rules = entries.iter().enumerate().filter_map(|(n, entry)| rule(entry, &format!("{at}/{n}"), adapter, faults));
    rules.collect()
}

fn rule(entry: &Value, at: &str, adapter: Adapter, faults: &mut Faults) -> Option<Rule> {
    let before = faults.len();
    let mut fields = Fields::of(entry, at, faults);
    fields.required("when", faults);
    let known: Vec<(&str, Native)> = adapter.native().iter().map(|(native, _)| (native.as_str(), *native)).collect();
    let when = fields.word("when", &known, faults);
    let kind = fields.required_text("type", faults);
    let said = match fields.value("credit") {
        None => None,
        Some(one @ Value::String(_)) => Some(vec![one]),
        Some(Value::Array(list)) if !list.is_empty() => Some(list.iter().collect()),
        Some(_) => {
            faults.push(Fault::new(format!("{at}/credit"), "not_a_list", "write who is credited: author, or a list"));
            None
        }
    };
    fields.refuse_unknown(faults);
    let when = when?;
    let mut credit = vec![];
    for word in said.into_iter().flatten() {
        match when.credits().iter().find(|credit| Some(credit.as_str()) == word.as_str()) {
            Some(found) if !credit.contains(found) => credit.push(*found),
            Some(_) => {}
            None => {
                let names: Vec<&str> = when.credits().iter().map(|credit| credit.as_str()).collect();
                let detail = format!("{} names: {}", when.as_str(), names.join(", "));
                faults.push(Fault::new(format!("{at}/credit"), "unknown_word", detail));
            }
        }
    }
    if credit.is_empty() {
        credit = when.credits()[..1].to_vec();
    }
    (faults.len() == before).then_some(Rule { when, r#type: kind, credit })
}

/// `from`: what of the other system counts, repositories (`owner/name`, `owner/*`), categories (slug or number), hosts of feeds.
pub(super) fn from(fields: &mut Fields<'_>, adapter: Adapter, faults: &mut Faults) -> Vec<String> {
    let at = fields.at("from");
    let Some(listed) = fields.list("from", faults) else { return vec![] };
    if adapter == Adapter::CloudEvents {
        faults.push(Fault::new(
            at,
            "not_for_this_adapter",
            "CloudEvents are not told apart by place: leave `from` out",
        ));
        return vec![];
    }
    for (n, text) in listed.iter().enumerate() {
        let (right, detail) = match adapter {
            Adapter::GitHub | Adapter::Forgejo => (
                text.split_once('/').is_some_and(|(owner, name)| word(owner) && (word(name) || name == "*")),
                "a repository is owner/name; owner/* stands for all of an owner's",
            ),
            Adapter::Feed => (word(text) && text.contains('.'), "a host is a name such as note.com"),
            _ => (word(text), "a category is its slug or its number"),
        };
        if !right {
            faults.push(Fault::new(format!("{at}/{n}"), "invalid_place", detail));
        }
    }
    listed
}

/// A name such as these systems give: nothing that a path could be made of.
fn word(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    !matches!(text, "" | "." | "..") && text.bytes().all(plain)
}

/// Whether something that happened at `place` counts. Names are compared without regard to case, as these systems do.
pub(super) fn counts_from(from: &[String], place: &str) -> bool {
    let place = place.to_ascii_lowercase();
    from.is_empty()
        || from.iter().map(|listed| listed.to_ascii_lowercase()).any(|listed| match listed.strip_suffix("/*") {
            Some(owner) => place.split_once('/').is_some_and(|(of, name)| of == owner && word(name)),
            None => listed == place,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_by_itself_or_by_its_owner() {
        let from = ["example-guild/docs".to_owned(), "other/*".to_owned()];
        for (place, counts) in [
            ("Example-Guild/Docs", true),
            ("example-guild/docs2", false),
            ("other/anything", true),
            ("others/anything", false),
            ("other", false),
            ("other/", false),
            ("other/..", false),
            ("other/../evil", false),
            ("other/a/b", false),
        ] {
            assert_eq!(counts_from(&from, place), counts, "{place}");
        }
        assert!(counts_from(&[], "anything/at-all"));
    }

    #[test]
    fn only_the_author_of_a_title_is_credited_where_it_is_heard() {
        let heard = Native::WORDS.iter().filter(|(_, native)| native.is_titled_by_whom_it_credits());
        let heard: Vec<_> = heard.map(|(word, native)| (*word, native.credits())).collect();
        let authors: &[Credit] = &[Credit::Author];
        let opened = ["issue.opened", "discussion.created", "topic.created"];
        assert_eq!(heard, opened.map(|word| (word, authors)));
    }

    #[test]
    fn words_are_what_they_are_stored_as() {
        for (word, native) in Native::WORDS {
            assert_eq!(serde_json::to_value(native).expect("written"), *word);
        }
        for (word, adapter) in Adapter::WORDS {
            assert_eq!(serde_json::to_value(adapter).expect("written"), *word);
        }
    }
}
