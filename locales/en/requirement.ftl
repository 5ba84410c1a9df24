asked-exam-points = { $n ->
    [one] Score at least one point in the exam “{ $title }”
   *[other] Score at least { $n } points in the exam “{ $title }”
}
asked-exam-percent = Score at least { $n } % in the exam “{ $title }”
asked-exam-scaled = Reach a scaled score of { $n } in the exam “{ $title }”
asked-types = { $n ->
    [one] Contribute in one way
   *[other] Contribute in { $n } different ways
}
asked-sources = { $n ->
    [one] Contribute in one place
   *[other] Contribute in { $n } different places
}
asked-sum = Contribute { $n } in all
asked-active-days = { $n ->
    [one] Contribute on one day
   *[other] Contribute on { $n } different days
}
asked-streak-days = { $n ->
    [one] Contribute on one day
   *[other] Contribute on { $n } days in a row
}
asked-streak-weeks = { $n ->
    [one] Contribute in one week
   *[other] Contribute in { $n } weeks in a row
}
asked-streak-months = { $n ->
    [one] Contribute in one month
   *[other] Contribute in { $n } months in a row
}
asked-panel = Be given the title “{ $title }”
asked-panel-own = Be proposed by one of the people who run the program, and confirmed by another

rule-sources = Only from: { $sources }.
rule-window-month = Only contributions of the current month count.
rule-window-quarter = Only contributions of the current quarter count.
rule-window-year = Only contributions of the current year count.
rule-since-joining = Only what came after joining counts.
rule-since-award = Only what came after the latest award of “{ $track }” counts.
rule-since-event = Only what came after the latest of these counts: { $kind }.
rule-per-object = { $n ->
    [one] Each piece of work counts once.
   *[other] Each piece of work counts { $n } times at most.
}
rule-hold = { $n ->
    [one] A contribution counts once it has stood for one day.
   *[other] A contribution counts once it has stood for { $n } days.
}
rule-accepted = Someone else has to have accepted it.
rule-own = What you do to your own work counts, too.
rule-reciprocal = Between two people who give to each other, { $n ->
    [one] only one counts
   *[other] only { $n } count
} each way.

figure-amount = { $have } of { $need }
figure-types = { $have } of { $need } ways
figure-sources = { $have } of { $need } places
figure-active-days = { $have } of { $need } days
figure-days-in-a-row = { $have } of { $need } days in a row
figure-weeks-in-a-row = { $have } of { $need } weeks in a row
figure-months-in-a-row = { $have } of { $need } months in a row

missing-exam-points = { $n ->
    [one] Take the exam and score at least one point.
   *[other] Take the exam and score at least { $n } points.
}
missing-exam-percent = Take the exam and score at least { $n } %.
missing-exam-scaled = Take the exam and reach a scaled score of { $n }.
missing-sum = { $amount } more: { $kinds }.
missing-types = { $n ->
    [one] One more way, different from those so far: { $kinds }.
   *[other] { $n } more ways, different from those so far: { $kinds }.
}
missing-sources = { $n ->
    [one] One more place, different from those so far: { $kinds }.
   *[other] { $n } more places, different from those so far: { $kinds }.
}
missing-active-days = { $n ->
    [one] One more day with a contribution: { $kinds }.
   *[other] { $n } more days with a contribution: { $kinds }.
}
missing-streak-days = { $n ->
    [one] One more day, without a break: { $kinds }.
   *[other] { $n } more days, without a break: { $kinds }.
}
missing-streak-weeks = { $n ->
    [one] One more week, without a break: { $kinds }.
   *[other] { $n } more weeks, without a break: { $kinds }.
}
missing-streak-months = { $n ->
    [one] One more month, without a break: { $kinds }.
   *[other] { $n } more months, without a break: { $kinds }.
}
missing-streak-before = The streak is kept if the next one comes before { $date }.
missing-event = Counting begins with the next of these: { $kind }.
missing-panel = The title “{ $title }” is given by the people who decide on it.
staff-missing-exam-points = The score asked for, { $n }, has not been reached yet.
staff-missing-exam-percent = The score asked for, { $n } %, has not been reached yet.
staff-missing-exam-scaled = The scaled score asked for, { $n }, has not been reached yet.
staff-missing-panel = Nobody has given them the title “{ $title }” yet.

why-object = { $n ->
    [one] The same piece of work was counted already.
   *[other] The same piece of work was counted { $n } times already.
}
why-same-type = The same kind counts already; different ones are asked for.
why-same-type-as = The same kind counts already (“{ $title }”, { $date }); different ones are asked for.
why-same-source = The same place counts already; different ones are asked for.
why-same-source-as = The same place counts already (“{ $title }”, { $date }); different ones are asked for.
why-own = Done to your own work.
why-not-accepted = Nobody else has accepted it.
why-reciprocal = Given back and forth between the same two people: no more than { $n } count.
why-hold = Counts from { $date }, if it still stands then.
why-before-start = It came before counting began.
why-streak = The streak was broken on { $date }.
why-no-amount = Its amount adds nothing.
why-below-score = The score was not reached: { $points } of { $of }.
why-no-score = No score is on record.
fact-given = Given to another member: { $kind }

credential-had-types = { $have } different ways ({ $need } needed)
credential-had-sources = { $have } different places ({ $need } needed)
credential-had-active-days = on { $have } days ({ $need } needed)
credential-had-days-in-a-row = { $have } days in a row ({ $need } needed)
credential-had-weeks-in-a-row = { $have } weeks in a row ({ $need } needed)
credential-had-months-in-a-row = { $have } months in a row ({ $need } needed)
review-fact-given = Given to another member
