# Issuing many credentials from a table.
bulk-title = Issue many from a table
bulk-about = Upload a table with one recipient a row. You see what would be issued before anything is.
bulk-step-file = File
bulk-step-columns = Columns
bulk-step-check = Check
bulk-step-issue = Issue
bulk-track = What everybody receives
bulk-track-hint = Leave it open if a column of the table names it row by row.
bulk-track-by-column = A column of the table says it
bulk-file = File
bulk-file-hint = CSV as Excel and Google Sheets save it, or NDJSON. Up to 1,000 rows and 2 MB.
bulk-more = Encoding and language
bulk-encoding = Encoding
bulk-encoding-auto = Find out
bulk-encoding-cp932 = Shift_JIS (CP932, Excel in Japan)
bulk-encoding-hint = Change it if the names below look garbled.
bulk-locale = Language of new recipients
bulk-locale-hint = For rows that name none. Their credential and their mail are written in it.
bulk-read = Read the file
bulk-not-read = The file cannot be used as it is
bulk-example = What a table looks like
bulk-example-csv =
    name,email,awarded_at,evidence,evidence_date
    Hikari Nanase,hikari@example.org,,https://example.org/work/1,
    Aoi Sato,aoi@example.org,2026-04-01,https://example.org/work/2,2026-04-01
bulk-by-mail = Whoever has no account yet gets a mail with a link to claim it.
bulk-by-links = This installation sends no mail: once all is issued, you can download links for those who have no account yet.
bulk-earlier = Earlier tables
bulk-when = Uploaded
bulk-state = State
bulk-came-to = Result
bulk-counts = { $done } done, { $failed } not
job-prepared = not started
job-running = running
job-done = done
job-cancelled = stopped
bulk-columns-title = What do the columns mean?
bulk-columns-wrong = The columns do not fit yet
bulk-columns-about = { $file }: { $rows ->
    [one] one row
   *[other] { $rows } rows
}. We guessed from the names; correct what is wrong.
bulk-column = Column
bulk-column-holds = Holds
bulk-column-means = Means
bulk-column-none = not used
bulk-column-name = Name
bulk-column-email = E-mail
bulk-column-locale = Language (ja or en)
bulk-column-track = Track
bulk-column-awarded-at = Awarded on
bulk-column-valid-until = Valid until
bulk-column-evidence = Evidence: web address
bulk-column-evidence-name = Evidence: name
bulk-column-evidence-text = Evidence: description
bulk-column-evidence-date = Evidence: date
bulk-columns-confirm = The columns are right
bulk-other-file = Take another file
bulk-report-title = What would be issued
bulk-rows = Rows
bulk-good = Can be issued
bulk-errors = With errors
bulk-warned = With a warning
bulk-new-members = New recipients
bulk-found = What we found
bulk-row = Row
bulk-who = Recipient
bulk-what = What to do
bulk-is-error = Error
bulk-is-warning = Warning
bulk-errors-download = Download the rows with errors (CSV)
bulk-errors-column = what is wrong
bulk-more-rows = { $n ->
    [one] One more row is in the download.
   *[other] { $n } more rows are in the download.
}
bulk-preview = The first ones, as they would be
bulk-confirm-title = Issue them?
bulk-confirm-means = Each becomes a signed credential, private until its holder shows it. What is issued can be revoked, never unissued.
bulk-sealed = There is no signing key in use, so nothing can be issued now. See waymark doctor.
bulk-none-good = No row can be issued. Correct the rows with errors and upload them again.
bulk-issue-good = { $n ->
    [one] Issue only the one good row
   *[other] Issue only the { $n } good rows
}
bulk-issue-all = { $n ->
    [one] Issue one credential
   *[other] Issue { $n } credentials
}
bulk-back-to-columns = Back to the columns
bulk-job-title = Issuing from a table
bulk-running = Credentials are being issued. You may leave this page; the work goes on.
bulk-refreshed = The progress was updated.
bulk-worked = { $total ->
    [one] { $n } of 1 row
   *[other] { $n } of { $total } rows
}
bulk-issued = Issued
bulk-held = Held already
bulk-failed = Not issued
bulk-left = Not reached
bulk-ended = Ended
bulk-look-again = Look again
bulk-cancel = Stop here
bulk-cancel-means = What was issued until then stands; the rows below are left alone.
bulk-was-cancelled = Somebody stopped this. What was issued until then stands.
bulk-done = Done: { $issued } issued, { $failed } not.
bulk-result-download = Download the result (CSV)
bulk-links-title = Links to claim
bulk-links-about = One link for each credential whose recipient never signed in. Whoever has the link can claim it: hand each to its recipient alone. Downloading makes new links; those made before stop working.
bulk-links-mail = They have had a mail with a link; that one stops working, too.
bulk-links-download = Make links and download them (CSV)
bulk-failed-rows = Rows that were not issued
bulk-in-column = { $column }: { $text }
bulk-on-line = Line { $line }: { $text }
bulk-why-too-large = The file is larger than 2 MB. Split it, or leave out columns that are not needed.
bulk-why-no-file = Choose a file.
bulk-why-forbidden-character = The character U+0000 stands there. A file with it is usually not a text file; save it as CSV UTF-8.
bulk-why-unreadable = The text cannot be read in this encoding. Choose another, or save the file as CSV UTF-8.
bulk-why-no-table = This is not a table. Save it as CSV.
bulk-why-empty = The file is empty. It needs a header and at least one row.
bulk-why-no-rows = There is a header, but no row below it.
bulk-why-too-many-rows = There are more than { $named } rows. Split the file.
bulk-why-too-many-empty-rows = More than { $named } rows stand in the file, empty ones counted. Delete the empty rows and save it again.
bulk-why-too-many-columns = There are more than { $named } columns. Leave out those that are not needed.
bulk-why-open-quote = A quotation mark is opened here and never closed. Close it, or double it if it is meant as a character.
bulk-why-missing-column = No column holds “{ $named }”. Choose which one it is.
bulk-why-missing-track = Choose a track, or the column that names it.
bulk-why-repeated-column = Two columns are taken for “{ $named }”. Choose one.
bulk-why-extra-cell = The row has more cells than the header. A cell that contains the separator must stand in quotation marks.
bulk-why-missing-value = Fill this in.
bulk-why-invalid-time = Write a day such as 2026-04-01 or 2026/4/1.
bulk-why-unknown-locale = Write ja or en.
bulk-why-invalid-email = Write one e-mail address such as name@example.org.
bulk-why-invalid-name = Write a name of 1 to 120 characters, without line breaks and invisible control characters.
bulk-why-recipient = Give either `member` or `recipient`.
bulk-why-malformed = This line is not a JSON object.
bulk-why-unknown-field = This field is not known.
bulk-why-too-long = Shorten the text.
bulk-why-too-many = There are too many entries.
bulk-why-invalid-url = Write a web address that begins with https:// or http://.
bulk-why-invalid-text = Leave out control characters.
bulk-why-repeated = This address stands there twice.
bulk-why-in-the-future = An award cannot be dated ahead. Leave the cell empty for today.
bulk-why-no-evidence = A day in the past needs evidence from that very day: fill in the date of the evidence, too.
bulk-why-unknown-track = There is no such track.
bulk-why-title = A title is decided by people under its own rules; it cannot be issued from a table.
bulk-why-unknown-member = There is no such member.
bulk-why-expired = It would be issued expired: its validity ends before today.
bulk-why-duplicate = Row { $named } names the same recipient for the same track. They get one credential.
bulk-why-known-name = They are enrolled as “{ $named }”; the credential bears that name.
bulk-why-already-held = They hold it already ({ $named }). Nothing new is issued.
# Claiming an award without an account.
claim-title = This was awarded to you
claim-explains = Accept it and you are signed in. It stays private until you say who may see it.
claim-button = Accept and sign in
claim-once = The link works once, within { $days } days. Nobody who only looks at it can use it up.
welcome-title = It is yours
welcome-later = Decide later
claim-not-yet = Not claimed yet
claim-not-yet-means = Its recipient has never signed in here.
claim-mail-again = Send the mail again
claim-show-link = Make a link to hand over
claim-mailed = A mail with a new link is on its way. Links made before no longer work.
claim-link-title = Link to claim
claim-link-for = Hand this to { $name } and to nobody else: whoever opens it becomes them. It works once, within { $days } days.
claim-link-label = Link
claim-link-hint = It is shown only now. Links made before no longer work.
claim-link-back = Back to the credential
mail-award-subject = { $issuer } awarded you: { $title }
mail-award-body =
    Hello { $name },

    { $issuer } has awarded you:

        { $title }

    Open this link and press the button to accept it. It works once, within { $days } days.

    { $link }

    Nobody sees it until you say so. If you know nothing of it, just delete this mail.
