# Before an exam.
intro-eyebrow = Exam
intro-questions = Questions
intro-questions-value = { $count } { $count ->
    [one] question
   *[other] questions
}
intro-time = Time
intro-attempts = Attempts
intro-attempts-left = { $left } of { $limit } left
intro-attempts-unlimited = as many as you like
intro-result = Result
intro-result-at-once = as soon as you hand in
intro-result-held = later, once it is released
intro-cut-points = { $points } of { $of }
intro-cut-points-alone = { $points ->
    [one] 1 point
   *[other] { $points } points
}
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
intro-begin = { $minutes ->
    [one] Begin: 1 minute from now
   *[other] Begin: { $minutes } minutes from now
}
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
player-look = Text size and colours
player-look-text = Text
player-look-usual = As usual
player-look-large = Larger
player-look-largest = Much larger
player-look-contrast = Contrast
player-look-high = High
player-look-theme = Background
player-look-system = As your device has it
player-look-light = Light
player-look-dark = Dark
player-conflict = This question was answered in another window
player-conflict-detail = The form below shows what is stored. Choose again if you want to change it.
player-conflict-yours = What you chose here was not stored:
player-conflict-none = nothing
# Before handing in.
review-title = Review your answers
review-answered = { $count ->
    [one] You answered { $answered } of 1 question.
   *[other] You answered { $answered } of { $count } questions.
}
review-all-done = Every question is answered and none is flagged.
review-unanswered = Not answered ({ $count })
review-incomplete = Fewer options chosen than asked for ({ $count })
review-incomplete-means = These are not complete yet, and what is left out may cost points. Open them and choose as many as asked.
review-flagged = Flagged ({ $count })
review-go-to = Question { $position }
review-hand-in = Hand in
review-hand-in-detail = After handing in, answers can no longer be changed.
review-submit = { $count ->
    [one] Hand in the one question
   *[other] Hand in all { $count } questions
}
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
} left.
result-next-again = You can try again as often as you like.
# Which questions another attempt has: drawn from a bank, the only fixed form, one of several.
result-next-drawn = The questions will be drawn anew.
result-next-same = The questions will be the same.
result-next-forms = The questions may be other ones.
# Questions that staff voided after the attempt.
result-voided-full = { $n ->
    [one] One question of this attempt turned out to be broken
   *[other] { $n } questions of this attempt turned out to be broken
}. Everybody who had it gets its points, you too.
result-voided-drop = { $n ->
    [one] One question of this attempt turned out to be broken and counts
   *[other] { $n } questions of this attempt turned out to be broken and count
} for nobody. The points that can be had, and those needed to pass, are fewer in step.
# Questions that belong to no domain: the only section, or one beside others.
result-section-all = All questions
result-section-other = Other questions
result-next-none-left = This was the last attempt. My page shows what else you can do.
result-next-held = Your result is not shown yet: staff look at it first and then release it. No date is set. It will stand on this page.
result-to-me = To my page
result-to-exam = To the exam
result-ordinal = Attempt { $ordinal }
# The staff's pages of results.
staff-results = Exam results
staff-exams = Exams
staff-exams-about = Make exams and change their settings, open windows, see results and release what is held.
results-link = Results
results-no-exams = There is no exam yet. Make the first one with “A new exam”.
results-held-count = { $n } { $n ->
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
marking-waiting = { $n ->
    [one] One answer waits.
   *[other] { $n } answers wait.
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
result-next-marking-on = Some of your answers are marked by people. The result appears on this page when they have finished, but not before { $at }.
result-next-marking-held = Some of your answers are marked by people. When they have finished, staff look at the result and then release it. No date is set. It will stand on this page.
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
results-policy-on = Results are released by themselves on { $at }.
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
intro-asks-then = When all of this is met, you begin with:
intro-voucher = Voucher code
intro-voucher-hint = It is used up when you begin. Hyphens, spaces and case do not matter.
intro-voucher-refused = This code does not begin this exam: it is mistyped, used, expired, or for another one. Check it, or ask whoever gave it to you.
intro-start-code = Start code
intro-start-code-hint = The people in the room tell you.
intro-start-code-wrong = This is not the start code of this room. Ask the people who look after it.
eligible-met = Met
eligible-open = Missing
eligible-attempts = { $left } of { $limit } attempts left
eligible-attempts-todo = They are used up. Talk to whoever runs this exam: they can void an attempt that should not count.
eligible-cool-down = The wait between two attempts, { $days } { $days ->
    [one] day
   *[other] days
}, is over
eligible-cool-down-todo = Wait until it is over.
eligible-exam = You have passed “{ $about }”
eligible-exam-todo = Sit that exam first.
eligible-credential = You hold “{ $about }”
eligible-credential-todo = Earn it first; if yours has expired, renew it.
eligible-window = A window is open in which you can begin
eligible-window-todo = No window is planned yet. Look in again later, or ask whoever runs this exam.
eligible-window-no-window = No dates are planned at the moment. They will appear on this page; if you cannot wait, ask whoever runs this exam.
eligible-seat = You have a seat
eligible-seat-todo = Choose a window with a free seat and take one.
eligible-seat-no-window = No dates are planned at the moment, so there is no seat to take yet. They will appear on this page, and you can take one there; if you cannot wait, ask whoever runs this exam.
eligible-seat-full = Every seat on the planned dates is taken. One comes free when somebody gives theirs back; for another date, ask whoever runs this exam.
eligible-ask = { $name } ({ $email })
eligible-identity = Staff have seen your papers
eligible-identity-todo = Show them to the people in the room before you begin.
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
windows-cuts = Whoever begins late stops at its end (later for those with an accommodation).
windows-identity = Nobody begins before their papers were seen
windows-make = Plan it
windows-fault-name = Write a name of 1 to 120 characters.
windows-fault-opens = Write when it opens: a day and a time.
windows-fault-closes = Write when it closes: a day and a time.
windows-fault-backwards = Let the window close after it opens.
windows-fault-seats = Write a number of seats from 1 to 100000, or leave it empty.
windows-fault-start-code = Shorten the start code to 40 characters.
windows-taken = { $taken } taken
windows-taken-of = { $taken } of { $seats } taken
windows-roster = Roster
windows-nobody = Nobody has taken a seat yet.
windows-registered = Took the seat
windows-papers = Papers
windows-seen = seen at { $at }
windows-see = Papers seen
windows-fault-below-taken = Keep as many seats as are taken, or cancel the window.
windows-change = Change this window
windows-change-about = { $n ->
    [0] Nobody has a seat yet. It can be changed until it opens.
    [one] One person has a seat and keeps it. If the times change, they get a notice. It can be changed until it opens.
   *[other] { $n } people have a seat and keep it. If the times change, they get a notice. It can be changed until it opens.
}
windows-keep = Keep the changes
windows-back = Back to the window
windows-changed = The window was changed.
windows-cancel = Cancel this window
windows-cancel-title = Cancel “{ $name }”?
windows-cancel-means = Nobody can take a seat or begin in it any more.
windows-cancel-told = { $n ->
    [0] Nobody has a seat, so nobody gets a notice.
    [one] The one person who has a seat gets a notice with your reason.
   *[other] The { $n } people who have a seat get a notice with your reason.
}
windows-cancel-final = This cannot be undone. It stays on the list, marked as cancelled.
windows-cancel-reason = Reason
windows-cancel-reason-hint = Those who have a seat read it, and so does everybody who looks for a date. Up to 500 characters.
windows-cancel-reason-wrong = Write a reason of 1 to 500 characters.
windows-cancel-done = The window was cancelled. Whoever had a seat gets a notice.
windows-cancelled = Cancelled
windows-cancelled-at = Cancelled at { $at }
windows-own = Your own seat: somebody else of the staff looks at your papers.
vouchers-title = Vouchers
vouchers-counts = { $made } made, { $redeemed } used.
vouchers-not-needed = This exam begins without a voucher. To ask for one, tick “Ask for a voucher when it begins” under “Sitting” in the exam’s settings.
vouchers-count = How many
vouchers-count-hint = Up to { $most } at once.
vouchers-batch = What they are for
vouchers-batch-hint = For yourself: who gets them. Optional.
vouchers-expires = Last day
vouchers-expires-hint = Leave it empty where they do not expire.
vouchers-once = The codes come as a file, once. They are kept nowhere and cannot be shown again. Open this page anew to see them counted above.
vouchers-fault-count = Write a number from 1 to { $most }.
vouchers-fault-batch = Shorten it to 80 characters.
vouchers-fault-expires = Write a day like 2027-04-01, or leave it empty.
vouchers-fault-past = This day is over: choose one that lies ahead, or leave it empty.
vouchers-make = Make codes
allowed-title = Accommodations
allowed-about = What this person is allowed in exams beyond others. It is in force at once, in an attempt that is under way as well.
allowed-none = Nothing is approved for this person.
allowed-every = Every exam
allowed-what = { $minutes ->
    [one] { $percent } % of the time, and 1 minute more
   *[other] { $percent } % of the time, and { $minutes } minutes more
}
allowed-percent-of = { $percent } % of the time
allowed-minutes-more = { $minutes ->
    [one] 1 minute more
   *[other] { $minutes } minutes more
}
allowed-breaks = { $minutes ->
    [one] breaks of 1 minute in all
   *[other] breaks of { $minutes } minutes in all
}
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
review-section = Finish “{ $name }”
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
player-picture-missing = The picture of this question is missing until the connection is back. You can answer other questions first.
player-not-yet = Not everything is saved yet. Hand in once the connection is back.
player-flag-not = The flag could not be saved. Try again once the connection is back.
player-conflict-stored = Stored, from the other window
player-conflict-mine = Chosen here
player-keep-stored = Keep the stored one
player-keep-mine = Keep mine
player-kept = Your answers, for copying
player-kept-file = Save these answers as a file
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
timeline-more = { $count ->
    [one] One earlier event is in the file.
   *[other] { $count } earlier events are in the file.
}
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
timeline-proctor = The proctoring service stepped in
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
delivery-seb-file = Settings file
delivery-seb-file-about = This file opens Safe Exam Browser at the page of this exam. Hand it to the candidates, and ask for its config key here. If you change it in the configuration tool, the key is another one: copy that into the field above. Encrypt it there with a password if candidates are not to read it.
delivery-seb-key = Its config key
delivery-seb-asked = Asked for
delivery-seb-download = Download exam.seb
delivery-seb-ask = Save, and ask for this key
seb-intro = This exam opens in Safe Exam Browser only. Open the settings file that you were given, and begin there.
seb-lead = Its questions open only in Safe Exam Browser with the settings of this exam.
seb-refused = This Safe Exam Browser runs with other settings than this exam asks for.
seb-todo = What to do
seb-todo-file = Open the settings file that you were given. Its name ends in .seb, and it starts Safe Exam Browser.
seb-todo-sign-in = Sign in there, and go on where you were.
seb-todo-already = If you are in Safe Exam Browser already, ask the examiners: its settings are not those of this exam, or scripts are switched off in it.
seb-safe = Nothing was handed in, and everything that was saved is kept.
seb-again = Try again
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
outside-taken-back = Taken back
outside-accepted = Counts
outside-would-count = Would count
outside-would-correct = Would count, and replace an earlier one
outside-would-hold = Unknown: would be held
outside-would-hold-todo = Nobody is known under this name. Correct it in the file, or take the row in and say afterwards who it is.
outside-held-todo = Say who it is under “To settle”.
outside-correction = Counts, and replaces an earlier one
outside-corrected = Replaced by a correction
outside-held = Held: nobody is known under this name
outside-duplicate = Known already
outside-rejected = Not accepted
outside-member = Member: mem_…, handle:… or a proved e-mail address
outside-assign = This is the member
outside-unknown-member = Nobody is known under that. Copy the member's id from their page; it begins with mem_.
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
outside-passes = { $score }, passed
outside-fails = { $score }, not passed
outside-fault = { $column }: { $why }
outside-fault-missing = this column is needed.
outside-fault-not-a-text = write a text of 1 to 200 characters.
outside-fault-not-points = write a number from 0, such as 26, 26.5 or 53/2, with no more digits than can be kept exactly.
outside-fault-not-sections = write name=right/of for each section, as in alpha=3/5; beta=2/4, never more right than there are.
outside-fault-not-a-time = write a time like 2026-11-21T09:00:00Z.
outside-fault-ahead = this time has not come yet.
outside-fault-more-than-all = the score is more than there is. Give the number of points in the column of, where the form has another one than our exam.
outside-fault-unknown-field = results have no such column.
outside-fault-practice-exam = This exam is for practice: its results count for nothing.
outside-fault-another-sender = Somebody else sent this result, and only they or staff correct it.
outside-fault-taken-back = Staff took this result back.
outside-fault-own-result = this is a result of your own. Ask somebody else of the staff to send it.
settle-title = To settle
settle-about = What of the results from outside asks for somebody: candidates whom nobody knows, two results of one sitting, and corrections of what had counted.
settle-none = There is nothing to settle.
settle-unknown-count = Results whose candidate nobody knows: { $count }. They count for nothing yet.
settle-unknown = Unknown candidates
settle-unknown-todo = Ask the deliverer for the right name and let them send the result again, or say here who it is. Take back what belongs to nobody here.
settle-doubles = Two results of one sitting?
settle-doubles-todo = Both count, and lie less than twelve hours apart. If it was one sitting that was told twice, take one of them back; if it was two, there is nothing to do.
settle-corrections = Corrections of what had counted
settle-corrections-about = The correction counts already, and what it replaced does not. No credential is revoked by it.
settle-was = Before
settle-is = Now
settle-received = Received
settle-todo = What to do
settle-fell = Passed before, not any more. If a credential rests on it, a review is open: decide there.
settle-rose = Passed now: what follows from it comes by itself.
settle-moved = It was somebody else's before. If a credential rests on that, a review is open: decide there.
settle-same = Nothing: the verdict is the same.
settle-reviews = To the reviews
settle-take-back = Take back
settle-reason = Why
settle-no-reason = Say why the result is taken back, in at most 500 characters.
settle-taken-back = Taken back. It counts no more, and its sender cannot bring it in again. If a credential rested on it, a review is open.
# Points, lengths of time and people, as all pages write them.
points-mixed = { $whole } { $part }
points-about = about { $value }
length-minutes = { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
}
length-minutes-seconds = { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
} { $seconds } { $seconds ->
    [one] second
   *[other] seconds
}
person-key = API key “{ $name }”
person-operator = Operator, by command line
person-waymark = Waymark itself
person-gone = Somebody no longer listed
# Sections of an exam.
part-list = Sections
part-of = Section { $number } of { $count }:
part-closed = closed
part-open = open now
part-ahead = not opened yet
part-answered = { $answered } of { $count } answered
part-questions = { $count } { $count ->
    [one] question
   *[other] questions
}
part-forward-only = Forward only: once you have gone on, a question cannot be opened again.
player-shut = cannot be opened now
player-lease-form = Since this page was loaded, another window has begun to write. The form below shows what is stored. If you save here now, make sure that the other window is closed.
review-answered-open = { $count ->
    [one] Of the one question that is open now you answered { $answered }.
   *[other] Of the { $count } questions that are open now you answered { $answered }.
}
review-ahead = If you hand in now, the sections that are not opened yet are handed in without answers: { $count } { $count ->
    [one] question
   *[other] questions
}.
pause-until-staff = It runs again when staff let it. This page then goes on by itself; without scripts, press the button below.
# How long somebody has.
intro-breaks = Breaks
intro-breaks-own = Up to { $time } in all, when you need them. The clock stands meanwhile.
intro-allowed-percent = Approved for you: { $percent } % of the usual { $usual }.
intro-allowed-minutes = { $minutes ->
    [one] Approved for you: 1 minute more than the usual { $usual }.
   *[other] Approved for you: { $minutes } minutes more than the usual { $usual }.
}
intro-allowed-both = { $minutes ->
    [one] Approved for you: { $percent } % of the usual { $usual }, and 1 minute more.
   *[other] Approved for you: { $percent } % of the usual { $usual }, and { $minutes } minutes more.
}
intro-time-cut = If you begin now, you have { $time } instead of { $usual }: your time ends with the window, at { $at }.
intro-sections = They come in this order. A section that is not open yet shows nothing of its questions.
intro-section-free = You can go back and forth within it.
intro-section-locked = You can go back and forth within it; once you have left it, it stays closed.
intro-section-linear = Forward only: no question can be opened again.
intro-section-break = Then a break of up to { $time }; the clock stands.
intro-moving-free = You can go back, change answers and flag questions until you hand in.
intro-moving-linear = Forward only: once you have gone on, a question cannot be opened again.
intro-how-end = When the time is over, the attempt is handed in for you with everything that was saved.
intro-how-clock-pauses = The clock is ours, not your device's. If your connection is lost, it stands, for up to { $time } in all; otherwise it does not stop when you leave.
intro-how-untimed = There is no clock. You can leave and come back, for { $days } days from when you begin; then the attempt is handed in with everything that was saved.
intro-begin-for = Begin: { $time } from now
intro-cut-percent = { $percent } % of the points
intro-start-code-limited = Too many start codes were tried. Wait a few minutes, ask the people in the room for the right one, and try again.
eligible-cool-down-until = You can begin again from { $at }.
eligible-window-open = The window “{ $name }” is open until { $at }
eligible-window-from = The next one opens on { $at }. Come back then.
catalogue-asks = To begin, you will be asked for:
catalogue-ask-agreement = your agreement to its terms
catalogue-ask-voucher = a voucher code
catalogue-ask-start-code = the start code that is said in the room
# More of the result.
result-ended = Staff ended this attempt. Every answer that was saved before counted.
result-cut-percent = { $percent } % of the points, which is { $points }
result-levels-mean = This exam says in words how each section went. Pass or fail is decided by all points together.
result-again = Sit it again
result-next-practice = This was practice: nothing comes of it but what you learned.
result-next-on = Your result will be shown on this page on { $at }.
result-next-keep = Your answers are kept. The receipt says what was saved when; keep it until the result is there.
void-item-version = { $item } · version { $version }
timeline-colon = :{" "}
timeline-how-first = the first one
timeline-how-taken-over = taken over from another one
timeline-how-quiet = the one before had fallen silent
timeline-by-submitted = handed in
timeline-by-expired = the time was over
timeline-by-ended = by staff
timeline-policy-keep = kept as evidence
timeline-policy-reject = refused
timeline-flag-set = set
timeline-flag-removed = removed
