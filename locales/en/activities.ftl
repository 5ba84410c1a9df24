# Activities: questions, answers and ideas as sources told them. Each figure has its definition.
activities-title = Questions and ideas
activities-lead = Counted from stored events alone. What was taken back at its source, or by staff, is not counted.
activities-from = From
activities-to = To
activities-source = Source
activities-all-sources = All sources
activities-show = Show
activities-wrong = These days cannot be shown
activities-wrong-day = Write both days as year-month-day, for example 2026-11-21.
activities-wrong-order = The first day lies before the last, and both within { $n } days.
activities-none = Nothing was told in these days. Figures appear once a source sends questions, answers or ideas.
activities-asked = Questions asked
activities-asked-means = Different questions whose “question.asked” lies in the period.
activities-answered = Questions answered
activities-answered-means = Of these, the ones that somebody else answered before the period ended: by an “answer.posted” or an “answer.accepted”. What askers say to their own question does not count.
activities-accepted = Questions with an accepted answer
activities-accepted-means = Of the questions asked, the ones of which an answer was accepted before the period ended. An answer of the asker, one accepted by its own author, and one that is no longer accepted do not count.
activities-median = Median time to the first answer
activities-median-means = Of the answered questions, half waited no longer than this for the first answer of somebody else; of an even number, the mean of the middle two. Where no “answer.posted” came, the moment of acceptance is taken.
activities-submitted = Ideas submitted
activities-submitted-means = Different ideas whose first “idea.submitted” lies in the period.
activities-supports = Support for ideas
activities-supports-means = Once for each person and idea with an “idea.supported” in the period. Supporting one's own idea does not count.
activities-supports-of = { $ideas ->
    [one] { $n } for one idea
   *[other] { $n } for { $ideas } ideas
}
activities-shipped = Ideas put into practice
activities-shipped-means = Different ideas whose first “idea.shipped” lies in the period, whenever they were submitted.
activities-credited = People credited for those
activities-credited-means = Authors and co-authors whom “idea.shipped” names for the ideas put into practice, each person once.
activities-share = { $percent } % ({ $n } of { $of })
activities-none-asked = No questions
activities-no-median = No answers
activities-under-a-minute = under a minute
activities-minutes = { $n } min
activities-hours = { $hours } h { $n } min
activities-days = { $days } d { $n } h
activities-to-others = { $n ->
    [one] One more answer belongs to a question of an earlier time, or does not say to which question it belongs.
   *[other] { $n } more answers belong to questions of an earlier time, or do not say to which question they belong.
}
activities-months = By month
activities-month = Month
activities-plot = { $name } by month: { $total } in all, { $most } in the highest month. The table below has every month.
activities-waiting = Questions without an answer
activities-waiting-count = { $n ->
    [one] One question waits.
   *[other] { $n } questions wait, the oldest first.
}
activities-none-waiting = No question of these days is without an answer.
activities-question = Question
activities-asked-at = Asked
activities-waits = Waiting for
