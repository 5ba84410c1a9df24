# What a reader of a report can do further: whose is it, ask the holder, many at once, a report to keep.
whose-title = Is it theirs?
whose-label = Full name or e-mail address, as on the résumé
whose-hint = It is compared and forgotten: it is neither stored nor put into an address. What is stored here is never shown.
whose-button = Compare
whose-given = You asked about
whose-answer-matches = It matches
whose-answer-differs = It does not match
whose-answer-cannot-tell = That cannot be told
whose-matches-name = The credential was issued to this name. Other people may have the same name.
whose-matches-email = The credential belongs to the holder of this address.
whose-differs-name = The credential was issued to another name. Names change and are written in several ways: ask before you conclude anything.
whose-differs-email = The credential names another address. People have several: ask which one they were registered with.
whose-differs-address = This is not the address that the holder has confirmed to the issuer. People have several: ask which one they registered with.
whose-no-name = The credential states no name in a way that can be compared.
whose-no-email = The credential states no address in a way that can be compared.
whose-no-address = The holder has confirmed no address to the issuer.
whose-unproved = What the credential says is not proved, so nothing was compared.
whose-honest = A match says whom it was issued to. It does not say that the person before you is that person.
whose-nothing-title = Whom do you mean?
whose-nothing-why = No name and no address was typed, or it is longer than any.
whose-nothing-help = Go back and type the full name or the e-mail address from the résumé.
after-nothing-title = Which credential do you mean?
after-nothing-why = The form came without the credential it is about.
after-nothing-help = Check the credential once more, and go on from its report.

ask-title = Ask the holder
ask-lead = The holder is asked on their own page, and by mail where they have confirmed an address. They can confirm that it is theirs or decline. You get a page with an address of your own, where the answer appears. You learn nothing else about them.
ask-note = Who is asking? (optional)
ask-note-hint = Your name or company, at most 120 characters. The holder reads it, marked as not checked.
ask-button = Ask whether it is theirs
ask-not-here-title = Its holder cannot be asked here
ask-not-here-why = Only the holder of a credential that this site issued, that is shown and in force, can be asked.
ask-not-here-help = Ask the person themselves to show it, or turn to its issuer.
ask-off-title = This holder takes no such questions
ask-off-why = They have switched them off.
ask-off-help = That says nothing about the credential. Ask the person themselves.
ask-too-often-title = This holder was asked often today
ask-too-often-why = Only a few questions a day reach one person, whoever asks.
ask-too-often-help = Try again tomorrow, or ask the person themselves.
ask-note-fault-title = The note cannot be shown
ask-note-fault-why = It is longer than 120 characters, or has characters that cannot be seen.
ask-note-fault-help = Go back and shorten it to a name or a company.

question-title = Your question to the holder
question-standing-waiting = No answer yet
question-standing-confirmed = Confirmed by the holder
question-standing-declined = The holder declined to answer
question-standing-ended = Nobody answered in time
question-asked-at = Asked { $time }.
question-confirmed-at = Confirmed by the holder { $time }.
question-declined-at = Declined { $time }.
question-open-until = It can be answered until { $time }.
question-kept-until = This page stays until { $time }.
question-keep-address = Keep the address of this page and look again later. Nobody else has it.
question-note = What you wrote
question-credential = The credential’s page
question-honest = The answer was given by whoever is signed in as the holder. It changes nothing about the state.
question-somebody = Somebody asked { $time } whether this is yours.
question-they-say = They say they are
question-unchecked = Nobody has checked who wrote that. Follow no link or demand in it.
question-confirm = Yes, it is mine
question-decline = I do not answer
question-answer-until = You can answer until { $time }. Whoever asked learns your answer and its time, nothing else.
questions-title = Questions about your credentials
questions-lead = Whoever sees a credential that you show can ask here whether it is yours. You answer with one press, or not at all.
questions-none = Nobody has asked.
questions-standing-waiting = Waiting for you
questions-standing-confirmed = You confirmed
questions-standing-declined = You declined
questions-standing-ended = Not answered in time
questions-switch = Do you take such questions?
questions-on = Yes. At most five a day reach you.
questions-off = No. Whoever tries is told so.
questions-turn-off = Take no more questions
questions-turn-on = Take questions again
mail-question-subject = Somebody asks whether a credential is yours
mail-question-body =
    Hello,

    somebody who sees your credential { $number } asks whether it is yours. Sign in and confirm or decline:

    { $link }

    They learn your answer and its time, nothing else. You can switch such questions off on the same page.

save-title = Save this report
save-lead = The credential is checked once more, and you get the result with its time, the version of this program, the keys and the hash of what was checked. Nothing of it is kept here.
save-page = A page to print
save-json = JSON file
save-pdf = PDF file
saved-title = Verification report
saved-made-at = Made
saved-tool = Made with
saved-server = On
saved-issuer-id = Issuer’s identifier
saved-print = Print this page, or save it as PDF from your browser’s print dialog.
saved-line = Line { $line }
saved-key = Signed with the key of this thumbprint (SHA-256, RFC 7638)
saved-hash = SHA-256 of the document that was checked
saved-honest = This is a copy of one moment. It is not signed, and what it says may have changed since: check the credential again when it matters.

batch-title = Check many at once
batch-many = Check many at once
batch-one = Check a single one
batch-another = Another list
batch-lead = Paste up to { $most } addresses or certificate numbers, or choose a file. You get one line for each, and never lose the others to a mistake in one.
batch-text = Addresses or numbers, one a line
batch-text-hint = A number needs its check code behind it, such as EG-2026-000001 A0B1C2. The holder’s full name does instead if they show the credential to everyone.
batch-file = Or a CSV file
batch-file-hint = With commas, semicolons or tabs, in UTF-8 or Shift_JIS. Columns may be called url, number, check code and name; without a header they are recognized by their form.
batch-look-up = Also fetch credentials, keys and status lists from other sites
batch-button = Check them
batch-csv = Get the result as CSV
batch-again = Each of these checks the list once more, which counts like the first time.
batch-results = Results
batch-problem = This list cannot be read
batch-fault-empty = There is no line in it. Paste a list, or choose a file.
batch-fault-many = It has more than { $most } lines. Send it in parts.
batch-fault-many-picked = With what is in its selections, the list has more than { $most } credentials. Send it in parts.
batch-fault-encoding = The file is in no encoding that is read here. Save it as CSV in UTF-8.
batch-fault-both = You gave a list and a file. Leave only one of them.
batch-summary = Lines: { $all }. Valid: { $valid }, in another state: { $other }, without a result: { $none }.
batch-line = Line
batch-given = Given
batch-state = State
batch-holder = Holder
batch-what = Credential
batch-issuer = Issuer
batch-none = No result
batch-same-as = The same as in line { $line }
batch-why-line-empty = Neither an address nor a number stands in this line.
batch-why-line-too-long = The line is longer than any address or number.
batch-why-line-not-understood = This is neither an address that begins with https:// nor a certificate number.
batch-why-line-no-check-code = The number needs its check code. The holder’s full name does instead if they show the credential to everyone.
batch-why-line-other-site = The address belongs to another site. Tick the box below the list to fetch from there.
batch-why-no-such-number = No credential has this number and this check code; or it was asked for by name, and its holder does not show it to everyone.
batch-why-rate-limited = { $seconds ->
    [one] Too many tries. It can be tried again in 1 second.
   *[other] Too many tries. It can be tried again in { $seconds } seconds.
}
batch-why-out-of-time = It was not ready when the time for the list was up. Check it by itself.
batch-why-unavailable = It could not be checked just now. Try again later.
batch-why-selection-not-open = This selection is not open: its holder has ended it, its last day is over, or the address has a mistake in it. Ask whoever sent it to you for a new one.
batch-why-selection-empty = The selection is open, but its holder shows no credential in it any more.
batch-column-line = line
batch-column-given = given
batch-column-state = state
batch-column-result = result
batch-column-holder = holder
batch-column-title = credential
batch-column-issuer = issuer
batch-column-number = number
batch-column-awarded = awarded
batch-column-valid-until = valid until
batch-column-theirs = name
batch-column-problem = problem
batch-column-explanation = explanation
batch-column-same-as = same as line

finding-recipient-address-differs = Not an address that the holder has confirmed to the issuer.
finding-recipient-address-unknown = The holder has confirmed no address to the issuer.
