//! `waymark demo play`: a recorded week of events, replayed through the same door as any source's.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Context, Exit, Failure, Outcome, counted, say};
use crate::actor::Actor;
use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::config::Config;
use crate::contributions::{self, Envelope, Receipt, Speaker};
use crate::web::i18n::{Locale, Words};

const WEEK: &str = include_str!("../../demo/week.jsonl");
const SOURCE: &str = "https://community.example/demo";
/// How long the week takes at speed 1.
const WHOLE: Duration = Duration::from_secs(20);

#[derive(Args)]
pub(super) struct Demo {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Replay a recorded week of events into the demo; its last moment becomes now.
    Play(Play),
}

#[derive(Args)]
struct Play {
    /// 1: the week takes twenty seconds; 2: ten; 0: no time at all.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|n: &f64| n.is_finite() && (0.0..=1000.0).contains(n))
        .ok_or_else(|| "write a number from 0 to 1000".to_owned())
}

impl Demo {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let Verb::Play(play) = self.verb;
        play.run(context).await
    }
}

/// The events of the recorded week, in the order of their delivery, moved so that the time of the last one is `ends`.
pub fn recorded_week(ends: Timestamp) -> Vec<Value> {
    let mut week: Vec<Value> =
        WEEK.lines().map(|line| serde_json::from_str(line).expect("the recorded week is JSON, line by line")).collect();
    let time = |event: &Value| event["time"].as_str().and_then(parse_rfc3339).expect("each recorded event has a time");
    let span = week.last().map_or(time::Duration::ZERO, |last| ends - time(last));
    for event in &mut week {
        event["time"] = Value::String(rfc3339(time(event) + span));
    }
    week
}

impl Play {
    async fn run(self, context: &Context) -> Outcome {
        if !context.has_store() {
            let folder = context.config.data_dir.display();
            let advice = format!(
                "there is no demo in {folder}: start `waymark serve --demo` here first, or name its folder with --data"
            );
            return Err(Failure::new(Exit::NotFound, advice));
        }
        let app = context.open().await?;
        if contributions::source(app.db.read(), SOURCE).await?.is_none() {
            let advice = "this is not the demo: start it once with `waymark serve --demo`, with the same --data folder";
            return Err(Failure::new(Exit::NotFound, advice));
        }
        let week = recorded_week(app.db.now());
        let pause = if self.speed > 0.0 {
            WHOLE.div_f64(self.speed) / u32::try_from(week.len().max(1)).unwrap_or(u32::MAX)
        } else {
            Duration::ZERO
        };
        let words = words();
        let speaker = Speaker::Only(Some(SOURCE.to_owned()));
        let mut counts = [0_usize; 4];
        let mut again = false;
        let total = week.len();
        for (n, event) in week.into_iter().enumerate() {
            let line = told(&event, words);
            let read = vec![Envelope::structured(event)];
            let receipts = contributions::receive_all(&app.db, Actor::Operator, &speaker, read).await?;
            for receipt in &receipts {
                counts[receipt.outcome as usize] += 1;
                again |= n == 0 && receipt.outcome == contributions::Outcome::Duplicate;
                let kept = matches!(receipt.outcome, contributions::Outcome::Accepted | contributions::Outcome::Held);
                if kept || !again {
                    say(&format!("{:>3}/{total}  {}  {line}", n + 1, shown(receipt)));
                }
            }
            // What was played before is passed over without waiting.
            if !again || receipts.iter().any(|receipt| receipt.outcome != contributions::Outcome::Duplicate) {
                rest(pause).await;
            }
        }
        let [accepted, duplicate, held, rejected] = counts;
        let summary =
            json!({"events": total, "accepted": accepted, "duplicate": duplicate, "held": held, "rejected": rejected});
        let text = format!(
            "{}: {accepted} accepted, {duplicate} duplicate, {held} held, {rejected} rejected",
            counted(total, "event")
        );
        context.print(&summary, &text);
        if accepted == 0 && duplicate > 0 {
            say(
                "This week was played already. An event counts once, so nothing has changed; a fresh demo starts with an empty --data folder.",
            );
        }
        app.db.close().await;
        Ok(Exit::Ok)
    }
}

/// Japanese where the terminal says so.
fn words() -> Words {
    let environment = Config::environment();
    let set = |name: &str| environment.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str());
    let tag = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
    Words::new(tag.and_then(Locale::parse).unwrap_or(Locale::En))
}

fn told(event: &Value, words: Words) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let titles = &event["data"]["titles"];
    let title = match text(&titles[words.lang()]) {
        none if none.is_empty() => text(&event["data"]["title"]),
        title => title,
    };
    let who = text(&event["subject"]);
    format!("{:<17}  {:<17}  {title}", text(&event["type"]), who.split_once(':').map_or(who.as_str(), |(_, name)| name))
}

fn shown(receipt: &Receipt) -> String {
    let outcome = format!("{:?}", receipt.outcome).to_lowercase();
    match receipt.reason {
        Some(reason) => format!("{outcome} ({reason})"),
        None => format!("{outcome:<9}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "the replay takes its time so that a person can watch it")]
async fn rest(pause: Duration) {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}
