exam-new = A new exam
exam-settings = Settings
exam-bank-hint = Questions are drawn from one bank.
exam-choose-bank = Go on with this bank
exam-no-banks = There is no item bank yet. Make one or import one first.
exam-colon = {": "}
exam-parts = On this page
exam-part-basics = Basics
exam-part-blueprint = Blueprint
exam-part-sections = Sections and domain titles
exam-part-sitting = Sitting
exam-part-scoring = Scoring
exam-part-release = Release
exam-part-delivery = Delivery
exam-panel = As it stands
exam-panel-good = Ready to publish
exam-panel-open = Still open, or to be set right
exam-panel-plan = { $n ->
    [one] A form has one question
   *[other] A form has { $n } questions
}
exam-told = This exam in words
exam-changes = Lines that publishing changes
exam-no-changes = The published version says the same.
exam-from-where = From
exam-finish = Save and publish
exam-check = Check
exam-keep-draft = Save as a draft
exam-discard = Discard the draft
exam-publish = Publish
exam-publish-means = Whoever begins after you publish sits this version. Attempts that have begun keep theirs. A draft changes nothing for candidates.
exam-published = This version is published.
exam-draft-kept = The draft is saved. You can go on from here later, even where something is still wrong.
exam-draft-gone = The draft is gone. This is the exam as it is published.
exam-not-yet = This cannot be published yet. Everything you typed is still here.
exam-good = The bank can fill this exam. It can be published.
exam-no-slug = Choose a short name, and it can be saved. Everything you typed is still here.
exam-slug-taken = There is an exam or a draft with this short name already. Choose another one.
exam-changed = Somebody else saved this exam while you had it open. Everything you typed is still here; press again, and it replaces theirs.
exam-draft = Draft
exam-draft-beside = It stands beside the version that is published.
exam-draft-only = Not published yet.
exam-drafts = Exams being written
exam-file = See or write it as a file
exam-file-about = Form and file are two views of one thing: what you save here shows in the form, and what you save in the form shows here.
exam-file-text = File of the program: { $name }
exam-file-hint = YAML, exactly as waymark program apply reads it.
exam-file-form = Back to the form
exam-file-place = Line { $line }, column { $column }
exam-file-no-mapping = write it as a mapping: name, colon, value
exam-file-slug = the slug cannot be changed: leave it at { $slug }
exam-domain = Domain
exam-available = In the bank
exam-needed = In a form
exam-weight = Weight (%)
exam-state = Comes to
exam-unit = {""}
exam-enough = enough
exam-short-by = { $n ->
    [one] one too few
   *[other] { $n } too few
}
exam-way-show = Show the fields of this way
exam-cells = Questions by domain
exam-cells-hint = Only the column of the way you chose above counts. Leave a domain empty if nothing is to come from it. Weights add up to 100 %.
exam-no-domains = No question in use in this bank has a domain, so there is nothing to count by. Put approved questions into use, give them domains, or choose another way.
exam-without-domain = { $n ->
    [one] One question has no domain and is
   *[other] { $n } questions have no domain and are
} not drawn.
exam-tags = Rules for tags
exam-tags-hint = How many questions of a form carry a tag. Leave a tag empty where it does not matter.
exam-tag = Tag
exam-least = At least
exam-most = At most
exam-sets = { $n ->
    [one] One set of questions that never meet
   *[other] { $n } sets of questions that never meet
}
exam-sets-hint = Of each set, one question at most stands in a form. Sets are changed where the questions are edited.
exam-in-pretest = { $n ->
    [one] The bank has one question on trial.
   *[other] The bank has { $n } questions on trial.
}
exam-forms = Fixed forms
exam-forms-hint = Each candidate gets one of them, in the order of its list.
exam-form-name = Name of the form
exam-form-items = Ids of its questions, one a line, in their order
exam-form-cut = Points to pass on this form, where they differ
exam-form-add = Add a form
exam-pick = Pick from the bank
exam-pick-item = Question
exam-pick-text = Text
exam-pick-any = All
exam-pick-tag = Tag
exam-pick-words = Words in the id or the question
exam-pick-narrow = Narrow the list
exam-pick-shown = { $shown } of { $all } questions. What is ticked stays in the list.
exam-pick-pretest = On trial
exam-pick-into = Add them to
exam-pick-new = A new form
exam-pick-add = Add what is ticked
exam-row-remove = Remove
exam-row-up = Move up
exam-sections-about = Parts of the exam with a clock, a way of moving and a break of their own. Add none if the exam is one piece.
exam-section-place = Section { $n }
exam-section-add = Add a section
exam-titles = What candidates read for a domain
exam-titles-hint = The table in the result follows this order. A domain that is not here shows the name it has in the bank.
exam-title-place = Domain title { $n }
exam-title-add = Add a domain title
exam-who = Who may begin
exam-time = Time and order
exam-asks-exam = Passed the exam { $title }
exam-asks-credential = Holds { $title }
exam-asks-nothing = There is no other exam or credential to ask for yet.
exam-zone = By the clock of { $zone }.
exam-delivery-about = Windows, vouchers and browsers can change at any time, without a new version.
exam-delivery-windows = opening and closing, seats, a start code for the room, identity papers
exam-delivery-vouchers = codes with which the exam can be begun
exam-delivery-browser = Safe Exam Browser, and what becomes of late answers
exam-delivery-later = They can be set from here once the exam is published.

examf-language-ja = Japanese
examf-language-en = English
examf-language-und = No language stated
examf-row-cell = Domain { $name }
examf-row-tag = Tag { $name }
examf-row-form = Form { $name }
examf-row-sections = Section { $place }, { $field }
examf-row-domains = Domain title { $place }, { $field }
examf-slug = Short name
examf-slug-hint = It stands in the address and names the file: a-z, 0-9 and -, up to 64. It cannot be changed later.
examf-bank = Item bank
examf-title = Title
examf-description = What candidates read before they begin
examf-way = How questions are drawn
examf-way-domains = So many from each domain
examf-way-weights = So many in all, shared out by weight
examf-way-groups = One from each group of ids that begin alike
examf-way-forms = Fixed forms that you put together
examf-blueprint-items = Questions in all (with weights)
examf-blueprint-group-by-id-prefix = Letters of the id that make a group (with groups)
examf-blueprint-pretest = Unscored questions on trial
examf-blueprint-pretest-hint = Candidates cannot tell them from the others.
examf-blueprint-avoid-last-attempts = Nothing from the candidate's last so many forms
examf-blueprint-avoid-last-attempts-hint = 1 to 20, or nothing where questions may come again.
examf-blueprint-exposure-at-most = A question stands in at most so many forms
examf-blueprint-exposure-at-most-hint = Counted over all forms of this exam. Leave it empty for no limit.
examf-sections = Sections
examf-domains = Domain titles
examf-sections-name = Mark
examf-sections-name-hint = Such as first or part-2. Candidates read the heading.
examf-sections-title = Heading
examf-sections-domains = Domains in it
examf-sections-minutes = Minutes
examf-sections-minutes-hint = For every section or for none; together they are the minutes of the exam.
examf-sections-navigation = Moving about
examf-sections-navigation-free = In any order
examf-sections-navigation-linear = Forward only
examf-sections-navigation-locked = In any order, closed once left
examf-sections-break-minutes = Break after it, in minutes
examf-domains-domain = Domain in the bank
examf-domains-title = What candidates read
examf-sitting-practice = For practice
examf-sitting-practice-hint = No credential and no record comes of it.
examf-sitting-admission = When it may be begun
examf-sitting-admission-open = At any time
examf-sitting-admission-window = While a window is open
examf-sitting-admission-seat = While a window is open in which one has a seat
examf-sitting-requires = What comes first
examf-sitting-requires-hint = Only who meets everything that is ticked may begin.
examf-sitting-voucher = Ask for a voucher when it begins
exam-elsewhere = Results from elsewhere
examf-outside-sources = Sources whose keys may send results
examf-outside-sources-hint = One on a line, spelled as in the key, for example https://centre.example. “any” stands for every source. Empty means the same, so name them where a credential follows.
examf-sitting-fee = Fee to show
examf-sitting-fee-hint = Shown only; it is paid elsewhere.
examf-sitting-agreement = What candidates agree to before they begin
examf-sitting-agreement-hint = If you change the text, it is asked again at the next attempt.
examf-rules-attempts = Attempts for each member
examf-rules-attempts-hint = Leave it empty for no limit.
examf-rules-cool-down-days = Days to wait between attempts
examf-sitting-cool-down = How days are counted
examf-sitting-cool-down-hours = 24 hours each
examf-sitting-cool-down-calendar = By the calendar, ending at midnight
examf-timing-minutes = Minutes for the exam
examf-timing-grace-seconds = Grace after the end, in seconds
examf-timing-grace-seconds-hint = How long answers that are on their way are still taken; 300 at most.
examf-sitting-untimed = Without a clock (practice only)
examf-navigation = Moving between questions
examf-navigation-hint = Where there are sections, each has its own way.
examf-navigation-free = In any order
examf-navigation-linear = Forward only
examf-navigation-locked = In any order, closed once left
examf-sitting-connection-pauses-minutes = Minutes for which a lost connection stops the clock, in all
examf-sitting-connection-pauses-minutes-hint = Leave it empty, and the clock runs on.
examf-sitting-downtime = Time that the server was away
examf-sitting-downtime-credited = Is given back
examf-sitting-downtime-lost = Is lost
examf-cut-by = What passes
examf-cut-by-points = So many points
examf-cut-by-percent = So many percent
examf-scoring-cut = Points to pass
examf-scoring-cut-hint = Used with points. A right answer is one point, unless the question says otherwise.
examf-scoring-cut-percent = Percent to pass
examf-scoring-cut-percent-hint = Used with percent. Write 75, 66.67 or 200/3.
examf-scoring-scale = Scale
examf-scoring-scale-hint = Shown beside the points, so that different forms compare. Fill in all three or none.
examf-scoring-scale-min = Lowest
examf-scoring-scale-cut = Just passed
examf-scoring-scale-max = Highest
examf-scoring-sections-from = Say in words how each domain went, from so many questions on
examf-scoring-sections-from-hint = Leave it empty to show numbers.
examf-release = When candidates learn the result
examf-release-at-once = As soon as they hand in
examf-release-held = When staff have looked and release it
examf-release-on = On a day and time
examf-release-on-hint = Used with a day and time.

exam-wrong-missing = Fill this in.
exam-wrong-no-blueprint = Say how many questions come from where.
exam-wrong-some-minutes = Give minutes to every section, or to none.
exam-wrong-untimed = Only practice can go without a clock: tick “For practice” too, or untick this.
exam-wrong-scale = The scale’s pass mark lies between its ends, such as 100, 720 and 1000.
exam-wrong-time = Enter a day and a time, such as 2027-04-01 09:00.
exam-wrong-sections-forms = Fixed forms keep the order of their lists, so that they have no sections. Remove the sections, or choose another way.

exam-sum-comma = {", "}
exam-sum-from = { $name } ({ $n })
exam-sum-items = A form has { $n } scored { $n ->
    [one] question
   *[other] questions
} from the bank { $bank }.
exam-sum-parts = They are: { $list }.
exam-sum-weights = By weight that makes: { $list }.
exam-sum-groups = A form has one question from each group of the bank { $bank }; a group is { $n ->
    [one] the first letter of an id.
   *[other] the first { $n } letters of an id.
}
exam-sum-forms = { $n ->
    [one] There is one fixed form.
   *[other] There are { $n } fixed forms, and each candidate gets one of them.
}
exam-sum-tags = Of its questions: { $list }.
exam-sum-tag = { $least } to { $most } with the tag { $tag }
exam-sum-tag-exactly = { $most } with the tag { $tag }
exam-sum-tag-least = at least { $least } with the tag { $tag }
exam-sum-tag-most = at most { $most } with the tag { $tag }
exam-sum-pretest = { $n } more are on trial and count nothing.
exam-sum-exposure = No question stands in more than { $n ->
    [one] one form.
   *[other] { $n } forms.
}
exam-sum-avoid = Nothing comes from the candidate's last { $n ->
    [one] form.
   *[other] { $n } forms.
}
exam-sum-section = { $place }. { $title } ({ $domains }).
exam-sum-section-minutes = { $n ->
    [one] It has 1 minute.
   *[other] It has { $n } minutes.
}
exam-sum-section-free = Its questions can be taken in any order.
exam-sum-section-linear = It goes forward only.
exam-sum-section-locked = It is closed once left.
exam-sum-break = { $n ->
    [one] A break of up to 1 minute follows.
   *[other] A break of up to { $n } minutes follows.
}
exam-sum-practice = It is for practice: no credential comes of it.
exam-sum-open = It can be begun at any time.
exam-sum-window = It can be begun while a window is open.
exam-sum-seat = It can be begun while a window is open in which one has a seat.
exam-sum-requires-exams = These exams are to be passed first: { $list }.
exam-sum-requires-credentials = These credentials are to be held: { $list }.
exam-sum-voucher = Beginning takes a voucher.
exam-sum-agreement = Candidates agree to a text before they begin.
exam-sum-fee = The fee is shown as { $fee }.
exam-sum-attempts = Each member has { $n ->
    [one] one attempt.
   *[other] { $n } attempts.
}
exam-sum-attempts-free = Each member may try as often as they like.
exam-sum-cool-down = Between two attempts lie at least { $n ->
    [one] 24 hours.
   *[other] { $n } times 24 hours.
}
exam-sum-cool-down-calendar = Between two attempts lie at least { $n ->
    [one] one day
   *[other] { $n } days
} of the calendar.
exam-sum-minutes = { $n ->
    [one] It takes up to 1 minute.
   *[other] It takes up to { $n } minutes.
}
exam-sum-untimed = There is no clock.
exam-sum-grace = { $n ->
    [one] Answers that arrive up to 1 second late are taken.
   *[other] Answers that arrive up to { $n } seconds late are taken.
}
exam-sum-pauses = { $n ->
    [one] A lost connection stops the clock, for 1 minute in all.
   *[other] A lost connection stops the clock, for { $n } minutes in all.
}
exam-sum-downtime-lost = Time that the server was away is lost.
exam-sum-free = Questions can be taken in any order.
exam-sum-linear = It goes forward only.
exam-sum-locked = Questions can be taken in any order until one goes on.
exam-sum-cut = { $n ->
    [one] 1 point passes.
   *[other] { $n } points pass.
}
exam-sum-cut-percent = { $n } % of the points pass.
exam-sum-form-cut = { $n } on { $name }
exam-sum-cuts = These forms have a pass mark of their own: { $list }.
exam-sum-scale = Beside the points stands a scale from { $min } to { $max }, on which { $cut } passes.
exam-sum-words = { $n ->
    [one] Domains of 1 question or more are told in words.
   *[other] Domains of { $n } questions or more are told in words.
}
exam-sum-at-once = Results are shown at once.
exam-sum-held = Results wait until staff release them.
exam-sum-on = Results are released on { $at }.
