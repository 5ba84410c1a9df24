# Front page, tracks, the member's page, the staff's start page.
list-comma = ,{" "}
breadcrumbs = You are here
pager = Further pages
pager-next = Next page

home-title = { $issuer }: recognition that anyone can check
home-title-plain = Recognition that anyone can check
home-lead = Pass exams and contribute, and receive credentials that anyone can check by a link or a QR code.
home-to-me = To my page
home-tracks = What you can earn
home-no-tracks = Nothing can be earned here yet. The staff publish tracks under “Staff”.
home-verify = Check a credential
home-verify-label = Address of the credential
home-verify-hint = The address from a résumé, a profile or a QR code. Files can be checked on the next page.
home-verify-button = Check

track-kind-certification = Certification
track-kind-learning = Learning badge
track-kind-milestone = Milestone badge
track-kind-title = Title
track-kind-thanks = Thanks badge
track-issued-by = Issued by{" "}
track-takes = What it takes
track-to-me = See where you stand
track-sign-in = Sign in to begin
track-holders = Who holds it
track-holds = How long it holds
track-holds-months = { $n ->
    [one] One month from the day it was earned.
   *[other] { $n } months from the day it was earned.
}
track-holds-ever = It does not expire.
track-term = Its term
track-term-decided = It is given for a term. Two people decide each time until when.
track-term-usual = { $n ->
    [one] Usually that is one month.
   *[other] Usually that is { $n } months.
}
track-term-months = { $n ->
    [one] Its term is one month from the day on which everything is met.
   *[other] Its term is { $n } months from the day on which everything is met.
}

asked-all = All of these
asked-any = One of these
asked-at-least = At least { $n } of these
asked-exam = Pass the exam “{ $title }”
asked-contributions = { $n ->
    [one] Make one contribution
   *[other] Make { $n } contributions
}
asked-held = Hold “{ $track }”
asked-held-ever = Have earned “{ $track }”
asked-tenure-days = { $n ->
    [one] Be a member for one day
   *[other] Be a member for { $n } days
}
asked-tenure-months = { $n ->
    [one] Be a member for one month
   *[other] Be a member for { $n } months
}
asked-attested = Have someone in the role “{ $role }” vouch for you
rule-kinds = What counts: { $kinds }.
rule-window = { $n ->
    [one] Only contributions of the last day count.
   *[other] Only contributions of the last { $n } days count.
}
rule-per-day = No day counts for more than { $n }.
rule-per-giver = No more than { $n } from the same person count.
rule-distinct = Each piece of work counts once.

state-met = Met
state-in-progress = In progress
state-not-started = Not started
state-waiting = Waiting
figure-facts = { $have } of { $need }
figure-requirements = { $have } of { $need }
figure-days = { $have } of { $need } days
figure-months = { $have } of { $need } months
missing-exam = Take the exam and pass it.
missing-contribute = { $n ->
    [one] One more: { $kinds }.
   *[other] { $n } more: { $kinds }.
}
missing-hold = Earn “{ $track }” first.
missing-wait = Nothing to do but wait: met on { $date }.
missing-attested = Ask someone in the role “{ $role }” to vouch for you.
missing-join = The day you joined is not on record. Please ask the office.
missing-any = Any one of the following will do.
missing-some = { $n ->
    [one] One more of the following.
   *[other] { $n } more of the following.
}
to-do = { $title }: { $missing }
action-exam = Go to the exam
action-contribute = How it is counted
action-track = See what it takes
facts-earlier = { $n ->
    [one] and one earlier
   *[other] and { $n } earlier
}
facts-summary = { $uncounted ->
    [0] { $counted } counted
   *[other] { $counted } counted, { $uncounted } not
}

why-voided = Taken back.
why-voided-because = Taken back: { $reason }
why-window = Too long ago: no longer counted since { $date }.
why-daily = { $date } was full: no day counts for more than { $n }.
why-giver = No more than { $n } from the same person count.
why-same = The same piece of work was counted already.
why-same-as = The same piece of work was counted already on { $date }: “{ $title }”.
why-not-passed = Not passed.
why-not-passed-score = Not passed: { $points } of { $of }.
why-superseded = An earlier one is enough.
why-ended = Ended on { $date }.
why-ahead = Dated ahead: it counts from { $date }.
why-after = It came after everything was met on { $date }.
fact-exam = Exam result
fact-exam-score = Exam result: { $points } of { $of }
fact-credential = Received “{ $track }”
fact-attestation = Vouched for by someone in the role “{ $role }”
fact-panel = Decision of the panel on “{ $title }”
fact-membership = Joined

kind-question-asked = a question
kind-answer-posted = an answer
kind-answer-accepted = an accepted answer
kind-idea-submitted = an idea
kind-idea-supported = support for an idea
kind-idea-shipped = an idea put into practice
kind-content-published = a published page
kind-content-viewed = page views
kind-event-held = a gathering held
kind-event-attended = a gathering attended
kind-talk-given = a talk
kind-review-published = a published review
kind-referral-made = a newcomer brought in
kind-mentoring-session = a mentoring session
kind-thanks-given = thanks received
kind-change-merged = a merged change

me-next = Next for you
me-missing = What is missing
me-no-tracks = Nothing can be earned here yet. Once a track is published, this page shows what you need for it.
me-all-reached = You have reached everything that is in your own hands today.
me-credentials = Your credentials
me-no-credentials = None yet. A credential appears here the moment you have earned it, and nobody else sees it unless you publish it.
me-tracks = Where you stand
me-reached = Reached on { $date }
me-what-it-took = What it took
me-contributions = Recent contributions
me-no-contributions = None yet. What you do in the connected places arrives here by itself, with a word on what it counts for.
me-refreshed = Your progress has changed.
given-counts = Counts
given-not = Does not count
given-why = { $track }: { $why }
given-unasked = No track asks for it.
given-after = It came after “{ $track }” was reached.
shelf-valid = Valid
shelf-expired = Expired
shelf-suspended = Suspended
shelf-revoked = Revoked
shown-private = Only you
shown-link = By link
shown-public = Public

staff-members = Members
staff-members-about = Who takes part: find somebody, see how far they have come, add a person.
staff-group-people = People
staff-group-exams = Exams and item banks
staff-group-courses = Tracks and requirements
staff-group-contributions = Contributions and sources
staff-group-credentials = Credentials
staff-group-operations = Settings and operation
staff-people = { $n ->
    [one] One person
   *[other] { $n } people
}
staff-events = { $n ->
    [0] None
    [one] One event
   *[other] { $n } events
}
staff-held = Contributions of unknown people
staff-held-about = Contributions of people whom we do not know yet. Nothing is lost: each is credited once we know whose it is.
staff-examiner = You are signed in as an examiner: you write and review questions, decide what is drawn and what it takes to pass, and release results. The pages of members and credentials are open to those who run the program and who issue.
staff-now = Right now
staff-accepted = Contributions credited
staff-waiting = Events waiting to be processed
staff-oldest = Oldest, waiting since
staff-no-members = There are no members yet. Enrol one here. Whoever you issue a credential to with “Issue many from a table” (under “Credentials”) becomes one; your own software enrols them by the API.
staff-name = Name
staff-joined = Joined
staff-reached = Reached
staff-nearest = Next
staff-email = E-mail
staff-email-verified = (address confirmed)
staff-handles = Handles
staff-affiliation = Affiliation
staff-id = Id
staff-progress = Progress
staff-contributions = Contributions
staff-no-contributions = No contributions yet.
staff-take-back = Take back
staff-reason = Reason
staff-reason-seen = The member reads it.
held-none = Nothing is held.
held-wrong = That did not work
held-no-such-member = No member has this address. Enrol them first, or check the spelling.
held-unknown-handle = No member has this handle yet.
held-unverified-address = No member has confirmed this address yet. It is credited when they sign in by a mailed link.
held-form-not-listed = The source does not list this form of subject.
held-whose = E-mail of the member whose handle is “{ $handle }”
held-credit = Credit to this member
held-dismiss = Dismiss
me-exam-open = You are in the middle of “{ $title }”. The clock is running until { $until }.
lapsed-revoked = Revoked on { $date }
lapsed-suspended = Suspended since { $date }
lapsed-expired = Expired on { $date }
lapsed-revoked-now = It does not come back by itself. If you think it is a mistake, or want to know how to earn it again, ask { $issuer }.
lapsed-suspended-now = It is not valid for now; it can be reinstated. To learn what it is waiting for, ask { $issuer }.
lapsed-expired-now = To have it renewed, ask { $issuer }: they issue the next one.
lapsed-see = See this credential
staff-lapsed = { $title }: { $words }
staff-open-credential = Open this credential
staff-what-it-took = What was counted
staff-missing-exam = The exam has not been passed yet.
staff-missing-hold = “{ $track }” has to be earned first.
staff-missing-wait = Met on { $date } by waiting alone.
staff-missing-attested = Somebody in the role “{ $role }” has to vouch for them.
staff-missing-join = The day they joined is not on record.
# News of credentials, and names.
shelf-replaced = Replaced
me-acted-for = Staff made a token that acts in your name for one hour on { $at }. If you do not know why, ask them.
news-replaced = “{ $title }” was replaced by a corrected one on { $date }. Its number and who may see it are as before; the link and the files are new.
news-replaced-open = Open the one that stands
news-renewed = “{ $title }” was renewed on { $date }.
news-renewed-open = Open the new one
news-revoked = “{ $title }” was revoked on { $date }.
news-revoked-open = See why, and whom to ask
me-name-link = Your name has changed, or is written wrongly?
name-title = Another name
name-now = Here you appear as { $name }.
name-waits = You asked for “{ $name }” on { $date }. Staff will look at it.
name-about = Staff change the name on your word, and can then replace the credentials that carry the old one. The number of a credential stays.
name-wanted = The name you want to appear under
name-wanted-hint = As it should stand on a certificate.
name-note = Anything staff should know (optional)
name-note-hint = Only staff read this.
name-ask = Ask for it
name-asked = Staff have your request.
name-wrong = Nothing was sent yet
name-wrong-name = Write a name of 1 to 120 characters, on one line.
name-wrong-note = Shorten the note to 500 characters of plain text.
name-wrong-unchanged = This is your name here already.
staff-names = Names to change
staff-names-count = { $n ->
    [one] One request
   *[other] { $n } requests
}
staff-names-about = Members who ask to appear under another name.
names-about = These members ask to appear under another name. Open one to change the name, or to leave it as it is.
names-none = Nobody waits for another name.
names-from-to = { $from } → { $to }
names-since = since { $date }
name-heading = Name
name-asked-staff = They asked to appear as “{ $name }” on { $date }.
name-asked-note = They wrote: { $text }
name-new = Name
name-new-hint = What is signed already keeps its name until you replace it.
name-change = Change the name
name-decline = Leave it as it is
name-elsewhere = These credentials stand under another name:
name-elsewhere-under = as { $name }
name-elsewhere-replace = Replace it…
name-done-renamed = The name is changed.
name-done-declined = The request is closed; the name stays.
