//! The time of an attempt against a model that counts down instead of comparing moments: a clock that holds what is left, and loses what passes while it
//! runs. 10 000 histories in each property; `WAYMARK_LONG=1` takes a hundred times as many.

use proptest::prelude::*;
use time::{Duration, UtcDateTime};
use waymark_assess::attempt::{
    Allowance, Attempt, Closing, Connection, Course, LOST_AFTER, Navigation, Refused, Section, State, Step, Terms,
};

fn at(seconds: i64) -> UtcDateTime {
    UtcDateTime::UNIX_EPOCH + Duration::seconds(seconds)
}

fn cases() -> ProptestConfig {
    let long = std::env::var_os("WAYMARK_LONG").is_some();
    ProptestConfig { cases: if long { 1_000_000 } else { 10_000 }, ..ProptestConfig::default() }
}

const LIMIT: i64 = 3_600;
const GRACE: i64 = 5;

fn begun(terms: Terms, course: &Course, connection: Connection) -> Attempt {
    let Step::Write(attempt) = Attempt::Created.start(at(0), terms, course, connection) else { panic!("starts") };
    attempt
}

fn terms() -> Terms {
    Terms::of(Duration::seconds(LIMIT), Duration::seconds(GRACE))
}

fn deadline(attempt: &Attempt) -> UtcDateTime {
    attempt.sitting().expect("begun").deadline
}

#[test]
fn the_deadline_is_a_function_of_its_parts() {
    let allowance = Allowance { percent: 150, minutes: 10, break_minutes: 0 };
    let plain = terms();
    assert_eq!(plain.deadline(at(0)), at(3_600));
    let allowed = Terms { allowance, ..plain };
    assert_eq!(allowed.deadline(at(0)), at(5_400 + 600));
    let cut = Terms { cut: Some(at(3_000)), ..plain };
    assert_eq!(cut.deadline(at(0)), at(3_000), "the window cuts whoever begins late");
    let cut_and_allowed = Terms { allowance, ..cut };
    assert_eq!(cut_and_allowed.deadline(at(0)), at(3_000 + 1_800 + 600), "never what a person is allowed");
    let more = Terms { added: Duration::seconds(60), credited: Duration::seconds(30), ..cut_and_allowed };
    assert_eq!(more.deadline(at(0)), at(5_400 + 90), "nor what staff added, or a pause");
    let odd = Allowance { percent: 133, minutes: 0, break_minutes: 0 };
    assert_eq!(odd.of(Duration::seconds(61)), Duration::milliseconds(81_130), "nothing is floored");
    let parts = [20, 40].map(|minutes| allowance.of_part(Duration::minutes(minutes), Duration::minutes(60)));
    assert_eq!(parts[0] + parts[1], allowance.of(Duration::minutes(60)), "sections share what a person is allowed");
}

#[test]
fn an_allowance_comes_into_force_at_once_and_is_never_taken_back() {
    let course = Course::whole(3);
    let attempt = begun(terms(), &course, Connection::RunsOn);
    let half_more = Allowance { percent: 150, ..Allowance::default() };
    let attempt = attempt.allow(&course, at(3_599), half_more).unwrap();
    assert_eq!(deadline(&attempt), at(5_400));
    let attempt = attempt.allow(&course, at(3_700), Allowance::default()).unwrap();
    assert_eq!(deadline(&attempt), at(5_400));
    assert_eq!(attempt.allow(&course, at(5_406), half_more), Err(Refused::Late(at(5_405))), "an end stays an end");
}

#[test]
fn a_void_ends_everything_and_forgets_nothing() {
    let course = Course::whole(3);
    let attempt = begun(terms(), &course, Connection::RunsOn);
    let Ok(Step::Write(ended)) = attempt.end(&course, at(60)) else { panic!("ends") };
    assert_eq!(ended.state(at(61)), State::Ended);
    let Step::Write(voided) = ended.scored().unwrap().void(at(90)) else { panic!("voids") };
    assert_eq!((voided.state(at(91)), voided.void(at(92))), (State::Voided, Step::Already));
    let Attempt::Voided(what) = &voided else { panic!("voided") };
    assert_eq!(what.closed.map(|closed| (closed.how, closed.at)), Some((Closing::Ended, at(60))));
    assert!(!voided.counts(at(30)) && voided.at_work(at(91)).is_err() && voided.settle(&course, at(9_999)).is_none());
    assert_eq!(voided.submit(&course, at(91)), Ok(Step::Already));
}

#[test]
fn a_lost_connection_is_credited_as_far_as_the_exam_says() {
    let course = Course::whole(3);
    let attempt = begun(terms(), &course, Connection::Pauses { minutes: 20 });
    let near = attempt.hear(&course, at(LOST_AFTER.whole_seconds())).unwrap();
    assert_eq!(deadline(&near), at(3_600), "a short silence is none");
    // Silent from 60 until 660: ten minutes of twenty.
    let back = near.hear(&course, at(660)).unwrap();
    assert_eq!(deadline(&back), at(4_200));
    // Silent again, past the deadline: while something can still be credited, time does not end the attempt.
    assert_eq!(back.settle(&course, at(4_200 + 600 + GRACE)), None);
    let late = back.hear(&course, at(4_500)).unwrap();
    assert_eq!(deadline(&late), at(4_800), "and no more than twenty in all");
    let Some(Attempt::Closed(closed)) = back.settle(&course, at(4_806)) else { panic!("closes") };
    assert_eq!(closed.at, at(4_805));
    assert_eq!(back.ends_at(&course), Some(at(4_805)));
    let without = begun(terms(), &course, Connection::RunsOn).hear(&course, at(3_000)).unwrap();
    assert_eq!(deadline(&without), at(3_600));
}

#[test]
fn the_time_that_the_server_was_away_is_given_back() {
    let course = Course::whole(3);
    for connection in [Connection::RunsOn, Connection::Pauses { minutes: 20 }] {
        let attempt = begun(terms(), &course, connection);
        let after = attempt.skip(&course, at(30), at(7_230)).expect("credited");
        assert_eq!(deadline(&after), at(3_600 + 7_200), "{connection:?}: all of it, and once");
        assert_eq!(deadline(&after.hear(&course, at(7_231)).unwrap()), at(10_800), "{connection:?}");
    }
    let attempt = begun(terms(), &course, Connection::RunsOn);
    assert_eq!(attempt.skip(&course, at(3_606), at(9_000)), None, "one that was over before stays over");
    assert_eq!(attempt.skip(&course, at(50), at(40)), None, "a clock that was set back gives nothing");
    let paused = attempt.pause(&course, at(100), None).unwrap();
    assert_eq!(paused.skip(&course, at(110), at(500)), None, "a clock that stands is not credited twice");
    assert_eq!(deadline(&paused.go_on(&course, at(500), true).unwrap()), at(4_000));
}

#[derive(Debug, Clone)]
enum Act {
    Wait(i64),
    Pause(Option<i64>),
    Rest,
    GoOn(bool),
    Add(i64),
    Allow(u32, u32),
    Settle,
    Submit,
    Hear,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0_i64..900).prop_map(Act::Wait),
        2 => proptest::option::of(1_i64..600).prop_map(Act::Pause),
        1 => Just(Act::Rest),
        3 => any::<bool>().prop_map(Act::GoOn),
        1 => (0_i64..300).prop_map(Act::Add),
        1 => (100_u32..200, 0_u32..20).prop_map(|(percent, minutes)| Act::Allow(percent, minutes)),
        2 => Just(Act::Settle),
        1 => Just(Act::Submit),
        2 => Just(Act::Hear),
    ];
    proptest::collection::vec(act, 1..40)
}

/// The model: seconds left, and for how many more the clock stands.
#[derive(Debug)]
struct Countdown {
    left: i64,
    stands: Option<Option<i64>>,
    by_staff: bool,
    rest_left: i64,
    own: bool,
    allowed: (u32, u32),
    now: i64,
    over_at: Option<i64>,
}

impl Countdown {
    /// Lets a second pass at a time: no arithmetic with moments.
    fn tick(&mut self) {
        self.now += 1;
        match &mut self.stands {
            Some(None) => {}
            Some(Some(more)) => {
                *more -= 1;
                if self.own {
                    self.rest_left -= 1;
                }
                if *more == 0 {
                    self.stands = None;
                    self.own = false;
                }
            }
            None => self.left -= 1,
        }
        if self.left < -GRACE && self.over_at.is_none() {
            self.over_at = Some(self.now - 1);
        }
    }
}

fn allowed_seconds((percent, minutes): (u32, u32)) -> i64 {
    LIMIT * i64::from(percent) / 100 + i64::from(minutes) * 60
}

proptest! {
    #![proptest_config(cases())]

    /// Pauses, breaks, added time and accommodations in any order: what is left is what the countdown says, to the second, and the end is where it ends.
    #[test]
    fn any_history_leaves_what_a_countdown_leaves(acts in acts()) {
        let course = Course::whole(3);
        let rest = Allowance { break_minutes: 10, ..Allowance::default() };
        let mut attempt = begun(Terms { allowance: rest, ..terms() }, &course, Connection::RunsOn);
        let mut model = Countdown {
            left: LIMIT, stands: None, by_staff: false, rest_left: 600, own: false, allowed: (100, 0), now: 0, over_at: None,
        };
        let mut submitted = None;
        for act in acts {
            let now = at(model.now);
            let open = submitted.is_none() && model.over_at.is_none();
            match act {
                Act::Wait(seconds) => (0..seconds).for_each(|_| model.tick()),
                Act::Pause(length) => {
                    let done = attempt.pause(&course, now, length.map(Duration::seconds));
                    prop_assert_eq!(done.is_ok(), open && model.stands.is_none());
                    if let Ok(after) = done {
                        attempt = after;
                        (model.stands, model.by_staff) = (Some(length), true);
                    }
                }
                Act::Rest => {
                    let done = attempt.rest(&course, now);
                    prop_assert_eq!(done.is_ok(), open && model.stands.is_none() && model.rest_left > 0);
                    if let Ok(after) = done {
                        attempt = after;
                        (model.stands, model.by_staff, model.own) = (Some(Some(model.rest_left)), false, true);
                    }
                }
                Act::GoOn(by_staff) => {
                    let done = attempt.go_on(&course, now, by_staff);
                    prop_assert_eq!(done.is_ok(), open && model.stands.is_some() && (by_staff || !model.by_staff));
                    if let Ok(after) = done {
                        attempt = after;
                        (model.stands, model.own) = (None, false);
                    }
                }
                Act::Add(seconds) => {
                    let done = attempt.add(&course, now, Duration::seconds(seconds));
                    prop_assert_eq!(done.is_ok(), open);
                    if let Ok(after) = done {
                        attempt = after;
                        model.left += seconds;
                    }
                }
                Act::Allow(percent, minutes) => {
                    let done = attempt.allow(&course, now, Allowance { percent, minutes, break_minutes: 0 });
                    prop_assert_eq!(done.is_ok(), open);
                    if let Ok(after) = done {
                        attempt = after;
                        let better = (model.allowed.0.max(percent), model.allowed.1.max(minutes));
                        model.left += allowed_seconds(better) - allowed_seconds(model.allowed);
                        model.allowed = better;
                    }
                }
                Act::Hear => {
                    if let Ok(after) = attempt.hear(&course, now) {
                        prop_assert!(open);
                        attempt = after;
                    }
                }
                Act::Settle => {
                    if let Some(after) = attempt.settle(&course, now) {
                        attempt = after;
                    }
                }
                Act::Submit => match attempt.submit(&course, now) {
                    Ok(Step::Write(after)) => {
                        prop_assert!(submitted.is_none());
                        attempt = after;
                        submitted = submitted.or(Some(model.over_at.unwrap_or(model.now)));
                    }
                    Ok(Step::Already) => prop_assert!(attempt.is_closed()),
                    Err(refused) => prop_assert!(open && model.stands.is_some() && model.by_staff, "{:?}", refused),
                },
            }
            let now = at(model.now);
            if let Some(over) = model.over_at.filter(|_| submitted.is_none()) {
                prop_assert!(attempt.is_closed() || attempt.settle(&course, now).is_some_and(|after| after.is_closed()));
                let closed = attempt.settle(&course, now).unwrap_or_else(|| attempt.clone());
                let Attempt::Closed(closed) = closed else { panic!("{closed:?}") };
                prop_assert_eq!((closed.how, closed.at), (Closing::Expired, at(over)), "closed when its time was over");
            } else if submitted.is_none() {
                let left = attempt.settle(&course, now).unwrap_or_else(|| attempt.clone()).remaining(now);
                prop_assert_eq!(left, Duration::seconds(model.left.max(0)));
                prop_assert_eq!(attempt.at_work(now).is_ok(), model.stands.is_none());
            }
        }
    }

    /// Whatever the sections, their clocks, their breaks and what a candidate does: a section opens after the one before it was closed, is never
    /// opened again, and the last clock ends the attempt.
    #[test]
    fn sections_open_in_order_and_close_for_good(
        shapes in proptest::collection::vec((0_usize..3, proptest::option::of(1_u32..30), proptest::option::of(1_u32..10)), 1..5),
        moves in proptest::collection::vec((0_u32..12, 0_i64..900, any::<bool>()), 1..40),
    ) {
        let sections: Vec<Section> = shapes.iter().enumerate().map(|(n, (navigation, minutes, break_minutes))| Section {
            name: format!("s{n}"), minutes: *minutes, navigation: Navigation::ALL[*navigation], break_minutes: *break_minutes,
        }).collect();
        let names: Vec<String> = (0..sections.len() * 2).map(|position| format!("s{}", position / 2)).collect();
        let course = Course::new(sections.clone(), names.iter().map(String::as_str));
        let mut attempt = begun(terms(), &course, Connection::RunsOn);
        let ends = attempt.ends_at(&course).expect("time ends it");
        prop_assert!(ends <= at(LIMIT + GRACE + 60 * 40));
        let (mut now, mut gone, mut reached) = (0_i64, 0_usize, 0_u32);
        for (position, wait, leave) in moves {
            now += wait;
            if let Some(after) = attempt.settle(&course, at(now)) {
                attempt = after;
            }
            let Attempt::InProgress(sitting) = attempt else { break };
            prop_assert!(sitting.place.at >= gone, "no way back");
            gone = sitting.place.at;
            let section = course.section_of(position);
            match attempt.show(&course, position, at(now)) {
                Ok(after) => {
                    let section = section.expect("of the form");
                    prop_assert!((gone..=course.last_with(gone)).contains(&section));
                    if sections[section].navigation == Navigation::Linear {
                        prop_assert!(position >= reached && attempt.may_answer(&course, position, at(now)).is_ok() == (position == reached));
                    }
                    attempt = after;
                    reached = reached.max(position);
                    prop_assert!(attempt.may_answer(&course, position, at(now)).is_ok());
                }
                Err(Refused::SectionUnopened) => prop_assert!(section.is_none_or(|s| s > gone || sections[s].navigation == Navigation::Linear)),
                Err(Refused::SectionClosed) => prop_assert!(section.is_some_and(|s| s < gone || position < reached)),
                Err(other) => prop_assert!(matches!(other, Refused::Paused(_)), "{:?}", other),
            }
            if leave {
                let open = match attempt { Attempt::InProgress(sitting) => sitting.place.at, _ => break };
                match attempt.leave(&course, &sections[open].name, at(now)) {
                    Ok(after) => {
                        attempt = after.expect("the section that stands open was named");
                        // Twice, or late: what was opened since stays open.
                        if !matches!(attempt, Attempt::InProgress(sitting) if sitting.paused(at(now)).is_some()) {
                            prop_assert_eq!(attempt.leave(&course, &sections[open].name, at(now)), Ok(None));
                        }
                    }
                    Err(Refused::LastSection) => prop_assert!(course.after(gone).is_none()),
                    Err(other) => prop_assert!(matches!(other, Refused::Paused(_)), "{:?}", other),
                }
            }
        }
        let end = attempt.settle(&course, at(1_000_000)).unwrap_or(attempt);
        prop_assert!(end.is_closed(), "{:?}", end);
    }

    /// A clock that jumps gives nobody more than the exam allows, and no acknowledged moment is lost.
    #[test]
    fn clock_jumps_give_nobody_time(jumps in proptest::collection::vec(-100_000_i64..100_000, 1..20)) {
        let course = Course::whole(3);
        let attempt = begun(terms(), &course, Connection::RunsOn);
        let mut now = 0;
        for jump in jumps {
            now += jump;
            prop_assert!(attempt.remaining(at(now)) <= Duration::seconds(LIMIT));
            prop_assert_eq!(attempt.at_work(at(now)).is_ok(), now <= LIMIT + GRACE);
            prop_assert!(attempt.counts(at(now.min(LIMIT + GRACE))));
        }
        prop_assert_eq!(deadline(&attempt), at(LIMIT));
    }
}
