# Before an exam.
intro-eyebrow = Exam
intro-questions = Questions
intro-questions-value = { $count } { $count ->
    [one] question
   *[other] questions
}
intro-time = Time
intro-time-value = { $minutes } minutes
intro-attempts = Attempts
intro-attempts-left = { $left } of { $limit } left
intro-attempts-unlimited = as many as you like
intro-result = Result
intro-result-at-once = as soon as you hand in
intro-result-held = later, once it is released
intro-cut-points = { $points } of { $of }
intro-earlier = Your earlier attempts
intro-earlier-passed = Passed
intro-earlier-failed = Not passed
intro-earlier-held = Result not released yet
intro-passed = You have passed this exam. Nothing more needs to be done here.
intro-once-more = Sit it once more
intro-once-more-means = You may, for practice. A pass stays a pass: failing a later attempt does not take it away.
intro-how = How it works
intro-how-saved = Every answer is saved as soon as you choose it, at the latest when you go on to the next question. If your connection drops or the browser closes, open this page again and go on where you were.
intro-how-clock = The clock is ours, not your device's. It runs from the moment you begin and does not stop when you leave.
intro-how-back = You can go back, change answers and flag questions until you hand in. In an exam with sections, one that you have finished may be closed. When the time is over, the attempt is handed in for you with everything that was saved.
intro-how-cool-down = After an attempt you wait { $days } { $days ->
    [one] day
   *[other] days
} before the next one.
intro-open = You have begun this exam and the clock is running.
intro-go-on = Go on with the exam
intro-none-left = You have used all attempts at this exam.
intro-not-before = Your next attempt can begin from { $until }.
intro-agreement = Before you begin
intro-agree = I answer on my own, and I do not pass the questions on.
intro-must-agree = Tick this to begin.
intro-begin = Begin: { $minutes } minutes from now
form-problem = There is a problem
form-error-prefix = Error:
# During an exam.
player-time-left = Time left:
player-minutes-left = { $minutes } min left
player-half-left = Half of the time is left.
player-section-left = { $time } in this section ({ $total } in all)
player-hide-time = Hide the time
player-show-time = Show the time
player-saved = Saved { $time }
player-nothing-saved = Nothing to save yet
player-unsaved = Not saved
player-saving = Saving…
player-waiting = { $count } not sent yet, trying again
player-offline = You are offline. Your answer is kept in this window and sent as soon as the connection is back. The clock goes on. Do not close this window.
player-refused = This answer was not accepted. Load the question again and choose once more.
player-signed-out = You are no longer signed in. Sign in again in another window, then load this question again.
player-over = The time is over. Everything that was saved counts.
player-load-again = Load this question again
player-question-of = Question { $position } of { $count }
player-choose-one = Choose one.
player-choose-exactly = Choose { $count }.
player-choose-any = Choose all that apply.
player-stimulus = What the questions are about
player-order = Put these in order: give each of the { $count } its place, 1 being the first.
player-no-place = no place yet
player-match-one = Choose the match for each.
player-match-any = Tick everything that belongs to each.
player-targets = To choose from
player-no-pair = not matched yet
player-type-number = Type a number, without a unit.
player-type-text = Type your answer (up to { $count } characters).
player-write = Write your answer here (up to { $count } characters).
player-count = { $count } of { $most } characters
player-fill = Fill each gap.
player-fill-once = Fill each gap with one of the words. Each word can be used once.
player-fill-reuse = Fill each gap with one of the words. A word can be used more than once.
player-pool = Words
player-gap = Gap { $number }
player-no-word = choose…
player-hotspot = The numbers are those on the picture.
player-upload = Hand in one file ({ $kinds }, up to { $megabytes } MB).
player-uploaded = Your file has been received.
player-no-upload = No file has been handed in yet.
player-upload-choose = File
player-upload-other = Replace it with another file
player-upload-send = Send this file
player-upload-none = Choose a file first, then send it.
player-upload-kind = This kind of file is not taken here. Send one of these: { $kinds }.
player-upload-large = The file is larger than { $megabytes } MB. Make it smaller and send it again.
player-upload-many = Too many files have been sent for this attempt. The last one received stays.
player-clear = Take my answer back
player-back = Back
player-next = Save and next
player-save-and-review = Save and review
player-flag = Flag for later
player-unflag = Remove the flag
player-navigator = Questions
player-cell = Question { $position }, { $state }
player-cell-flagged = , flagged
player-unseen = not seen yet
player-unanswered = not answered
player-answered = answered
player-incomplete = too few chosen
player-flagged = flagged
player-to-review = Review and hand in
player-keys = Keyboard
player-keys-choose = 1 to 9 or A to D: choose an option
player-keys-move = N: save and next. P: back
player-keys-flag = F: flag or remove the flag
player-keys-on = Use these keys
player-conflict = This question was answered in another window
player-conflict-detail = The form below shows what is stored. Choose again if you want to change it.
player-conflict-yours = What you chose here was not stored:
player-conflict-none = nothing
# Before handing in.
review-title = Review your answers
review-answered = You answered { $answered } of { $count } questions.
review-all-done = Every question is answered and none is flagged.
review-unanswered = Not answered ({ $count })
review-incomplete = Fewer options chosen than asked for ({ $count })
review-incomplete-means = These are not complete yet, and an incomplete answer does not score. Open them and choose as many as asked.
review-flagged = Flagged ({ $count })
review-go-to = Question { $position }
review-hand-in = Hand in
review-hand-in-detail = After handing in, answers can no longer be changed.
review-submit = Hand in all { $count } questions
review-back = Back to the questions
# Afterwards.
result-title = Result
result-passed = Passed
result-failed = Not passed this time
result-received = Your answers are in
result-expired = The time ran out, and the attempt was handed in for you. Every answer that was saved in time counted.
result-score = Score
result-score-value = { $points } of { $max } points
result-cut = Needed to pass
result-points = { $points } points
result-answered = Answered
result-answered-value = { $answered } of { $count }
result-closed-at = Handed in
result-sections = Section by section
result-section = Section
result-right = Right
result-of = Questions
result-next = What happens next
result-next-passed = The result counts towards your tracks at once. My page shows what it completes and what is still missing.
result-next-left = You can try again: { $left } { $left ->
    [one] attempt is
   *[other] attempts are
} left. The questions will be drawn anew.
result-next-again = You can try again as often as you like. The questions will be drawn anew.
result-next-none-left = This was the last attempt. My page shows what else you can do.
result-next-held = The result is not released yet. You will find it at this address once it is.
result-to-me = To my page
result-to-exam = To the exam
result-ordinal = Attempt { $ordinal }
# The staff's pages of results.
staff-results = Exam results
staff-results-about = Who sat which exam and how it came out; release what is held.
results-no-exams = There is no exam yet. Exams come with the program: waymark program apply.
results-held-count = { $count } { $count ->
    [one] result waits
   *[other] results wait
}
results-policy-at-once = Candidates see their result as soon as they hand in.
results-policy-held = Results are held until you release them. Before that they count for nothing, and candidates do not see them.
results-none = Nobody has handed in yet. Results appear here as soon as somebody does.
results-outcome = Outcome
results-failed = Not passed
results-state = State
results-held = Held
results-released = Released { $at }
results-expired = handed in when the time was over
results-reason = Reason (optional)
results-reason-hint = It is written into the audit log. Candidates do not see it.
results-release-means = Whoever passed may get a credential right away. A release cannot be taken back.
results-release-all = Release { $count } { $count ->
    [one] held result
   *[other] held results
}
results-release-one = Release
results-done = { $count ->
    [0] Nothing was held any more.
    [one] One result is released.
   *[other] { $count } results are released.
}
# Marking by people.
staff-marking = Marking
staff-marking-about = Essays and files that candidates handed in, to be marked by a rubric.
marking-about = You see the question and the answer, not whose it is.
marking-none = Nothing waits to be marked.
marking-waiting = { $count ->
    [one] One answer waits.
   *[other] { $count } answers wait.
}
marking-since = waiting since { $at }
marking-done = The mark has been recorded.
marking-title = Mark an answer
marking-question = Question
marking-answer = Answer
marking-file-about = The candidate handed in a file. It has not been checked for harmful content: open it with care.
marking-file = Download the file
marking-rubric = Rubric
marking-most = 0 to { $most } points; fractions like 1/2 are fine
marking-note = Note (optional)
marking-note-hint = For other staff and for appeals. Candidates do not see it.
marking-once = A mark is given once and stands in the audit log.
marking-give = Record the mark
marking-marked = This answer has been marked.
marking-points-wrong = Give points for each line of the rubric, from 0 to the number stated there.
result-next-marking = Some of your answers are marked by people. The result appears on this page when they have finished.
results-waiting = being marked
# Voiding an item.
void-title = Void an item
void-about = An item turned out to be broken after people had sat it. Here you see whom that concerns before anything changes.
void-none = Nobody has handed in yet, so there is nothing to score again. Withdraw the item in its bank instead.
void-item = Item
void-item-line = { $item } · version { $version } · in { $count } { $count ->
    [one] attempt
   *[other] attempts
}
void-treatment = What becomes of it
void-full-credit = Everybody who had it gets its points. Nobody is worse off.
void-drop = It counts for nobody. The pass mark shrinks in step; somebody who passed may fail.
void-reason = Reason
void-reason-hint = Needed to void it. It is written into the audit log.
void-show = Show what would change
void-do = Void the item
void-do-means = Everybody concerned gets a new score at once. Credentials stay as they are; where one rests on a result that turned, a review opens.
void-effect = What would change
void-effect-done = What changed
void-effect-count = { $attempts ->
    [one] One attempt is
   *[other] { $attempts } attempts are
} scored again; { $flips ->
    [0] no verdict turns.
    [one] one verdict turns.
   *[other] { $flips } verdicts turn.
}
void-before = Before
void-after = After
void-now-passes = Passes now
void-now-fails = Fails now
void-done = The item is voided, and everybody concerned has a new score.
void-already = Voided before
void-wrong-choice = Choose an item and what becomes of it.
void-wrong-reason = Write down why it is voided, in up to 500 characters.
result-scaled = On the exam's scale
result-scaled-value = { $score } (from { $min } to { $max }, { $cut } to pass)
result-level = How it went
result-level-meets = Meets the mark
result-level-needs-work = Needs work
result-level-too-few = Too few questions to say
intro-result-on = on { $at }
results-policy-on = Results are released by themselves at a set time.
results-void = Void an item

# Who may begin, and when.
catalogue-title = Exams
catalogue-about = What you can sit now, and what is still missing for the others.
catalogue-none = There is no exam yet. Look in again later.
catalogue-ready = You can begin
catalogue-not-yet = Not yet
catalogue-under-way = Under way
catalogue-practice = Practice
catalogue-look = Look at it
intro-untimed = No clock
intro-begin-untimed = Begin
intro-fee = Fee
intro-fee-elsewhere = Paid elsewhere; nothing is charged here.
intro-practice = You can take it for practice. No credential comes of it.
intro-windows = When you can sit it
intro-seats-free = { $count ->
    [0] no seat left
    [one] { $count } seat left
   *[other] { $count } seats left
  }
intro-seat-take = Take a seat
intro-seat-mine = Your seat
intro-seat-cancel = Give it back
intro-asked = What is still missing
intro-voucher = Voucher code
intro-voucher-hint = It is used up when you begin. Hyphens, spaces and case do not matter.
intro-voucher-refused = This code does not begin this exam: it is mistyped, used, expired, or for another one. Check it, or ask whoever gave it to you.
intro-start-code = Start code
intro-start-code-hint = The people in the room tell you.
intro-start-code-wrong = This is not the start code of this room. Ask the people who look after it.
eligible-met = Met
eligible-open = Missing
eligible-from = From { $at }.
eligible-attempts = Attempts left: { $about }
eligible-attempts-todo = They are used up. Talk to whoever runs this exam.
eligible-cool-down = The pause between two attempts is over
eligible-cool-down-todo = Wait until it is over.
eligible-exam = The exam { $about } passed
eligible-exam-todo = Sit that one first.
eligible-credential = The credential { $about } held
eligible-credential-todo = Earn it first; if you had it, renew it.
eligible-window = A window is open
eligible-window-todo = None is open to you now. Where a seat is asked for, take one first; where no window is listed, look in again later.
eligible-seat = A seat is yours
eligible-seat-todo = Take one in a window that has seats left.
eligible-identity = Your papers were seen
eligible-identity-todo = Show them to the people in the room.
# What staff did, as the candidate reads it.
notice-time-added = { $minutes } { $minutes ->
    [one] minute was
   *[other] minutes were
  } added to your time.
notice-paused = Your clock was stopped.
notice-resumed = Your clock runs again.
notice-ended = Your attempt was ended. What was saved counts.
notice-voided = Your attempt was voided.
notice-allowed = Your time was adjusted to what you are allowed.
notice-downtime = The server was away. That time was given back to you.
pause-staff = Your clock stands
pause-break = Your break
pause-left = { $minutes } { $minutes ->
    [one] minute is
   *[other] minutes are
  } left when it runs again.
pause-until = It runs again at { $at }, by itself.
pause-saved = Everything you answered is saved. Questions are hidden until the clock runs again.
pause-end = End the break now
pause-look = Look whether it runs again
pause-voided = This attempt was voided
pause-voided-means = It does not count: neither as an attempt nor with a result. A voucher that began it can be used again.
check-title = Check my system
check-about = Try before the clock runs whether this browser and this connection carry an exam.
check-passed = Works
check-failed = Does not work
check-not-checked = Not checked
check-reached = The server answers
check-script = Scripts run
check-script-todo = Without them each answer is saved when you press a button, not by itself.
check-storage = The browser keeps answers while the network is away
check-storage-todo = Leave private browsing, or allow this site to store data.
check-connection = The connection is quick enough
check-connection-todo = Move nearer to the router, or use another network.
check-clock = The clock of this device is about right
check-clock-todo = Let it be set by itself. In an exam the server's clock counts.
check-without-script = You can sit an exam without scripts as well: every page works by its buttons.
# Staff.
candidates-title = Candidates
candidates-none = Nobody has begun this exam yet.
candidates-done = Done. The candidate is told on their page.
candidates-started = Began
candidates-told = What they were told
candidates-steps = Steps
candidates-take = Take a step
candidates-reason = Reason
candidates-reason-hint = The candidate reads it, and it is written into the audit log.
candidates-minutes = Minutes (for more time; a pause without them lasts until you end it)
candidates-add-time = Add time
candidates-pause = Stop the clock
candidates-continue = Let the clock run
candidates-end = End the attempt
candidates-void = Void the attempt
candidates-state-created = Not begun
candidates-state-in-progress = At work
candidates-state-paused = Clock stands
candidates-state-submitted = Handed in
candidates-state-expired = Time over
candidates-state-ended = Ended by staff
candidates-state-scored = Scored
candidates-state-voided = Voided
windows-title = Windows and seats
windows-none = No window is planned. Without one, exams that ask for a window cannot be begun.
windows-new = Plan a window
windows-name = Name
windows-opens = Opens
windows-closes = Closes
windows-day = Day
windows-clock = Time
windows-seats = Seats
windows-seats-hint = Leave it empty where there is no limit.
windows-start-code = Start code
windows-start-code-hint = For a room: nobody begins before you have said it. Leave it empty where there is no room.
windows-say = Say it when everybody is to begin.
windows-cuts = Its end cuts the time of who begins late; accommodations move it.
windows-identity = Nobody begins before their papers were seen
windows-make = Plan it
windows-taken = { $taken } taken
windows-taken-of = { $taken } of { $seats } taken
windows-roster = Roster
windows-nobody = Nobody has taken a seat yet.
windows-registered = Took the seat
windows-papers = Papers
windows-seen = seen at { $at }
windows-see = Papers seen
vouchers-title = Vouchers
vouchers-counts = { $made } made, { $redeemed } used.
vouchers-not-needed = This exam asks for no voucher. Say so in its file (sitting: voucher: true), and only codes begin it.
vouchers-count = How many
vouchers-count-hint = Up to { $most } at once.
vouchers-batch = What they are for
vouchers-batch-hint = For yourself: who gets them. Optional.
vouchers-expires = Last day
vouchers-expires-hint = Leave it empty where they do not expire.
vouchers-once = The codes come as a file, once. They are kept nowhere and cannot be shown again.
vouchers-make = Make codes
allowed-title = Accommodations
allowed-about = What this person is allowed in exams beyond others. It is in force at once, in an attempt that is under way as well.
allowed-none = Nothing is approved for this person.
allowed-every = Every exam
allowed-what = { $percent } % of the time, and { $minutes } minutes more
allowed-breaks = breaks of { $minutes } minutes in all
allowed-ended = ended { $at }
allowed-end = End it for attempts to come
allowed-new = Approve an accommodation
allowed-exam = Exam
allowed-percent = Time in per cent
allowed-percent-hint = 100 is the time of everybody, 150 half as much again.
allowed-minutes = Minutes more
allowed-break-minutes = Breaks, in minutes
allowed-break-hint = The clock stands in them. In all of an attempt, when the person needs them.
allowed-reason = Reason
allowed-reason-hint = Only people who may approve accommodations read it.
allowed-approve = Approve
allowed-done = Done. It is in force now.
review-section = Section { $name }
review-section-detail = Leaving it closes it for good: you cannot come back. What you answered is saved.
review-section-leave = Finish this section and go on
review-break-detail = You may take a break: the clock stands, and the questions are hidden until you end it.
review-break = Take a break
# The player: what it says of itself.
player-offline-count = You are offline. Answers kept on this device: { $count }. They are sent as soon as the connection is back. The clock goes on; you can go on answering.
player-read-only = Reading only
player-lease = This exam is open in another window or on another device.
player-lease-means = Answers are written there. Here you can read along. Take over to write here; the other one will then only read. This is noted.
player-take-over = Write here instead
player-lease-kept = These answers were chosen here and not saved. Copy what you need; if you write here again, they will be sent.
player-late-waiting = The time is over and these answers could not be sent in time. They stay on this device and are sent as soon as the connection is back; whether they count is for the examiners.
player-late-kept = The time was over before these answers arrived. They are not scored. The examiners have them as evidence, with the time of arrival.
player-late-rejected = The time was over before these answers arrived. This exam does not accept late answers: they are not scored. You can copy them here.
player-long-offline = No connection for more than a minute. These answers are on this device only; copy them if you want to be safe.
player-not-here = Without a connection, only questions that are already loaded can be opened. Your answers are kept.
player-not-yet = Not everything is saved yet. Hand in once the connection is back.
player-flag-not = The flag could not be saved. Try again once the connection is back.
player-conflict-stored = Stored, from the other window
player-conflict-mine = Chosen here
player-keep-stored = Keep the stored one
player-keep-mine = Keep mine
player-kept = Your answers, for copying
player-go-on = Go on
player-message = Message from the examiners
player-message-read = I have read it
player-keys-other = Alt+Shift with N, P or F does the same everywhere. ?: show this sheet
# The receipt.
receipt-title = Receipt
receipt-link = Receipt: what was saved when
receipt-about = What was saved when, and a code that stands for it. Keep it if you want to be able to show later what you handed in.
receipt-code = Code
receipt-started = Begun
receipt-late = { $count } { $count ->
    [one] answer
   *[other] answers
} arrived after the end. They are kept as evidence and not scored.
receipt-file = Save as a file
receipt-to-result = To the result
receipt-saved = Saved answers
receipt-question = Question
receipt-last-saved = Last saved
receipt-revision = Changes
receipt-code-means = The code is computed from this receipt and from a fingerprint of every answer. The answers themselves are not in it. In full:
# Staff: the live monitor.
live-title = Live monitor
live-about = Who sits this exam now, and how their answers arrive. Open a name to see what happened, or to send a message.
live-as-of = As of { $time }
live-away = The connection ended. Load the page again.
live-load-again = Load again
live-none = Nobody sits this exam now, and nobody did in the last twelve hours.
live-state = State
live-state-created = Not begun
live-state-in-progress = At work
live-state-submitted = Handed in
live-state-expired = Time over
live-state-paused = Clock stands
live-state-ended = Ended by staff
live-state-voided = Voided
live-state-scored = Handed in
live-quiet = Not heard from
live-answered = Answered
live-progress = { $answered } of { $count }
live-deadline = Deadline
live-contact = Last contact
live-saved = Last saved, lag
live-unsent = { $count } not sent
live-focus = Left the window
live-late = Late answers
# Staff: one attempt.
timeline-title = What happened
timeline-holds = The log is whole: each event holds the fingerprint of the one before it.
timeline-broken = The log was changed after it was written. Keep a copy and tell whoever runs this server.
timeline-file = The log as a file (JSON)
timeline-none = Nothing is written down about this attempt.
timeline-more = { $count } earlier events are in the file.
timeline-note = { $by }: { $reason }
timeline-started = Began
timeline-viewed = Saw a question
timeline-answered = Answer saved
timeline-flagged = Flag set or removed
timeline-lease-taken = A window began to write
timeline-lease-lost = An older window tried to write
timeline-late-answers = Answers arrived after the end
timeline-message-read = Read a message
timeline-browser-refused = The browser was refused
timeline-closed = Closed
timeline-section-left = Closed a section
timeline-break-taken = Took a break
timeline-break-ended = Came back from a break
timeline-time-credited = Was given back the time that the server was away
timeline-allowed = An accommodation came into force
timeline-navigated = Went to a question
timeline-focus-lost = Left the window
timeline-focus-back = Came back to the window
timeline-network-lost = Lost the connection
timeline-network-back = Was connected again
timeline-resumed = Opened the player again
timeline-message-sent = A message was sent
timeline-time-added = Time was added
timeline-paused = Paused
timeline-gone-on = Went on
timeline-ended = Ended by staff
timeline-voided = Voided by staff
timeline-minutes = { $minutes } min
guide-title = Steps
guide-member = The member
guide-done = Done, and noted.
guide-message = Message to the candidate
guide-message-hint = Appears in the player within about ten seconds and stays until the candidate has confirmed it.
guide-reason = Reason
guide-send = Send the message
guide-messages = Messages
guide-read = Read at { $time }
guide-unread = Not read yet
guide-life = The clock and the end
guide-minutes-wrong = Write minutes as a number from 1 to 600.
guide-reason-wrong = Give a reason of at most { $most } characters.
guide-message-wrong = Write a message of at most { $most } characters.
guide-late-means = These came after the end. They are evidence and change no score.
guide-late-client = By the candidate's device: { $at }
# Staff: how an exam is delivered.
delivery-title = Delivery
delivery-done = Saved. It holds from now on, also for attempts under way.
delivery-late = Answers that arrive after the end
delivery-late-hint = A candidate without a connection may have answered in time and sent too late. Neither choice scores such answers.
delivery-late-keep = Keep them as evidence
delivery-late-reject = Refuse them, and tell the candidate so
delivery-seb = Safe Exam Browser
delivery-seb-about = With a config key, questions open only in Safe Exam Browser with that configuration. A browser that does not fit is stopped; nothing is handed in for the candidate, and what was saved stays.
delivery-config-keys = Config keys
delivery-keys-hint = One a line, 64 hex digits each, as the configuration tool shows them. Leave it empty to allow any browser.
delivery-browser-keys = Browser exam keys
delivery-browser-hint = Only if you want to allow certain versions of the browser. One a line.
delivery-config-wrong = One of the config keys is not 64 hex digits.
delivery-browser-wrong = One of the browser exam keys is not 64 hex digits.
delivery-save = Save
# Staff: results from outside.
outside-title = Results from outside
outside-about = Results of this exam that somebody else delivered, such as a test centre or a hands-on lab. They count like our own and carry the deliverer's name. Pass or fail is decided by this exam's cut.
outside-done = The result counts now.
outside-none = No results came from outside. Send them by the API, or paste a CSV file below.
outside-list = Received
outside-candidate = Candidate
outside-delivered-by = Delivered by
outside-at = Date
outside-version = Correction { $version }
outside-accepted = Counts
outside-correction = Counts, and replaces an earlier one
outside-corrected = Replaced by a correction
outside-held = Held: nobody is known under this name
outside-duplicate = Known already
outside-rejected = Not accepted
outside-readable = Readable
outside-member = Member id
outside-assign = This is the member
outside-unknown-member = No member has this id. Copy it from the member's page; it begins with mem_.
outside-file = Take in a file
outside-csv = CSV
outside-csv-hint = The first row names the columns: candidate, score, delivered_by and at are needed; of, form, sections (alpha=3/5; beta=2/4) and reference may be there. Candidates are mem_…, handle:… or an e-mail address.
outside-check = Check
outside-take = Take in
outside-report-checked = Checked: nothing is stored yet
outside-report-taken = Taken in
outside-line = Line
outside-why = Why
outside-unknown-column = There is no column “{ $name }” for results.
outside-missing-column = The column “{ $name }” is missing.
outside-not-csv = Line { $line } has another number of columns than the first one.
outside-too-many = Take in at most { $most } results at once.
outside-empty = There is no result below the first row.
