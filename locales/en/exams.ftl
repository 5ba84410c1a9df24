exam-new = A new exam
exam-bank = Item bank
exam-bank-hint = Questions are drawn from one bank.
exam-choose-bank = Go on with this bank
exam-no-banks = There is no item bank yet. Make one or import one first.
exam-from-bank = Questions come from the bank { $bank }.
exam-slug = Short name
exam-slug-hint = It stands in the address: a-z, 0-9 and -, up to 64. It cannot be changed later.
exam-slug-taken = There is an exam with this short name already. Choose another one.
exam-title-ja = Title in Japanese
exam-title-en = Title in English
exam-description-ja = What candidates read before they begin, in Japanese
exam-description-en = What candidates read before they begin, in English
exam-blueprint = How many questions from where
exam-blueprint-hint = Leave a domain empty if nothing is to come from it.
exam-by-file = This exam draws its questions by rules that this page does not change: by weights, by groups of ids, or as fixed forms. They stand in the file below and stay as they are.
exam-no-domains = No question of this bank has a domain. Give the questions domains first.
exam-domain = Domain
exam-available = In the bank
exam-needed = In a form
exam-state = Enough?
exam-enough = Enough
exam-short = Too few
exam-total = Questions in a form:
exam-without-domain = { $n ->
    [one] One question has no domain and is
   *[other] { $n } questions have no domain and are
} not drawn.
exam-minutes = Minutes
exam-cut = Points to pass
exam-cut-hint = A right answer is one point, unless the question says otherwise.
exam-attempts = Attempts for each member
exam-attempts-hint = Leave it empty for no limit.
exam-cool-down = Days to wait between attempts
exam-release = Results
exam-release-at-once = Candidates see them as soon as they hand in
exam-release-held = Staff look at them first and release them
exam-more = More settings
exam-pretest = Unscored questions on trial
exam-pretest-hint = { $n ->
    [one] The bank has one question on trial.
   *[other] The bank has { $n } questions on trial.
} Candidates cannot tell them from the others.
exam-avoid = Nothing from the candidate's last so many forms
exam-exposure = A question stands in at most so many forms
exam-scale = Scale
exam-scale-hint = Shown beside the points, so that forms of different lengths compare. Fill in all three or none.
exam-scale-min = Lowest
exam-scale-cut = Just passed
exam-scale-max = Highest
exam-sections-from = Say in words how each domain went, from so many questions on
exam-sections-from-hint = Leave it empty to show numbers.
exam-check = Check
exam-publish = Publish
exam-publish-means = Whoever begins from then on sits this version. Attempts that have begun keep theirs.
exam-published = This version is published.
exam-not-yet = This cannot be published yet:
exam-good = The bank can fill this exam. It can be published.
exam-file = The same as a file of the program
exam-settings = Settings
exam-sum-items = A form has { $n } scored { $n ->
    [one] question
   *[other] questions
} from the bank { $bank }.
exam-sum-groups = A form has one question from each group of the bank { $bank }.
exam-sum-forms = There are { $n } fixed forms.
exam-sum-minutes = It takes up to { $n } minutes.
exam-sum-pretest = { $n } more are on trial and count nothing.
exam-sum-attempts = Each member has { $n ->
    [one] one attempt.
   *[other] { $n } attempts.
}
exam-sum-attempts-free = Each member may try as often as they like.
exam-sum-cool-down = Between two attempts lie at least { $n ->
    [one] one day.
   *[other] { $n } days.
}
exam-sum-cut = { $n } points pass.
exam-sum-cut-percent = { $n } % of the points pass.
exam-sum-at-once = Results are shown at once.
exam-sum-held = Results wait until staff release them.
exam-sum-on = Results are released at a set time.
