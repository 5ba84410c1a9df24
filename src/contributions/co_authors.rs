//! An idea that was put into practice is often several people's: its event names the co-authors, and each of them is credited as the author is, by a
//! contribution of their own with the same object, time and data. So all of them keep the same record of the decision, and each can be taken back alone.

use serde_json::Value;

use super::envelope::Envelope;
use super::lifecycle::Refusal;
use super::service::{Outcome, Receipt};
use super::subject::Subject;

/// The type whose events may name co-authors.
const SHIPPED: &str = "idea.shipped";
const MOST: usize = 10;

/// Those whom `data.co_authors` names, each once, without whom the event itself credits.
pub(super) fn of(event: &Envelope) -> Result<Vec<Subject>, Refusal> {
    let wrong = |what: String| Refusal::InvalidData(format!("`data.co_authors` {what}"));
    let listed = match event.data.get("co_authors").filter(|_| event.kind == SHIPPED) {
        None | Some(Value::Null) => return Ok(vec![]),
        Some(Value::Array(listed)) if listed.len() <= MOST => listed,
        Some(_) => return Err(wrong(format!("is a list of at most {MOST} members: [\"handle:hikari\"]"))),
    };
    let author = event.subject.as_deref().and_then(|subject| Subject::read(subject).ok());
    let mut named: Vec<Subject> = vec![];
    for one in listed {
        let subject = one.as_str().and_then(|text| Subject::read(text).ok());
        let subject = subject.ok_or_else(|| wrong("names each as mem_…, handle:… or mailto:…".to_owned()))?;
        if author.as_ref() != Some(&subject) && !named.contains(&subject) {
            named.push(subject);
        }
    }
    Ok(named)
}

/// The events of the co-authors of what was taken just now, each with the place of the event that names them. A repetition names nobody anew: what it said
/// the first time stands.
pub(super) fn further(events: &[Envelope], receipts: &[Receipt]) -> (Vec<usize>, Vec<Envelope>) {
    let (mut places, mut further) = (vec![], vec![]);
    let taken = events.iter().zip(receipts).enumerate();
    for (place, (event, _)) in
        taken.filter(|(_, (_, receipt))| matches!(receipt.outcome, Outcome::Accepted | Outcome::Held))
    {
        for subject in of(event).unwrap_or_default() {
            places.push(place);
            further.push(Envelope {
                id: format!("{}/co-author/{}", event.id, subject.text),
                subject: Some(subject.text),
                data: without_co_authors(&event.data),
                ..event.clone()
            });
        }
    }
    (places, further)
}

/// The same record; who else was credited stands with the author's.
fn without_co_authors(data: &Value) -> Value {
    let mut data = data.clone();
    if let Some(members) = data.as_object_mut() {
        members.remove("co_authors");
    }
    data
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shipped(kind: &str, co_authors: Value) -> Envelope {
        let event = json!({
            "specversion": "1.0", "id": "e-1", "source": "s", "type": kind, "subject": "handle:hikari",
            "data": {"object": "ideas/1", "co_authors": co_authors},
        });
        Envelope::structured(event).expect("well formed")
    }

    #[test]
    fn each_is_named_once_and_the_author_is_no_co_author() {
        let event = shipped(SHIPPED, json!(["handle:Tsukumo", "handle:hikari", "handle:tsukumo", "handle:petra"]));
        let named: Vec<String> = of(&event).expect("fine").into_iter().map(|subject| subject.text).collect();
        assert_eq!(named, ["handle:tsukumo", "handle:petra"]);
        assert_eq!(of(&shipped("change.merged", json!("anything"))).expect("not read"), vec![]);
    }

    #[test]
    fn a_list_that_cannot_be_read_is_refused() {
        for wrong in [json!("handle:a"), json!([7]), json!(["a"]), json!(vec!["handle:a"; MOST + 1])] {
            let refusal = of(&shipped(SHIPPED, wrong.clone())).expect_err("refused");
            assert!(refusal.detail().contains("data.co_authors"), "{wrong}");
        }
    }

    #[test]
    fn those_of_a_repetition_are_not_told_again() {
        let event = shipped(SHIPPED, json!(["handle:petra"]));
        for (outcome, n) in
            [(Outcome::Accepted, 1), (Outcome::Held, 1), (Outcome::Duplicate, 0), (Outcome::Rejected, 0)]
        {
            let (places, told) = further(std::slice::from_ref(&event), &[Receipt::of(&event, outcome)]);
            assert_eq!((places.len(), told.len()), (n, n), "{outcome:?}");
            if let Some(told) = told.first() {
                assert_eq!(
                    (told.subject.as_deref(), &told.data),
                    (Some("handle:petra"), &json!({"object": "ideas/1"}))
                );
                assert_eq!(told.id, "e-1/co-author/handle:petra");
            }
        }
    }
}
