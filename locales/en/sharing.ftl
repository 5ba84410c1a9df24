credential-what = The credential
credential-check = Check it now
credential-manage = Who sees it
credential-download = Download
credential-basis-decided = Requirements met
credential-basis-approved = Approved by the issuer
credential-public-reason = The issuer's reason: { $reason }
credential-taken-met = Met
# One of several ways, which was not taken.
credential-taken-not-needed = Not needed
credential-had = { $have } ({ $need } needed)
credential-had-days = { $have } days ({ $need } needed)
credential-had-months = { $have } months ({ $need } needed)
credential-qr = QR code of this page
credential-qr-hint = Leads to this page. Check that the address begins with the domain you expect.
fact-basis = Basis
manage-who-sees = Who sees it
manage-who-sees-legend = You decide, and you can change it at any time.
visibility-private = Only me
visibility-private-means = The link answers as if there were nothing. Files you have given away can still be checked.
visibility-link = Whoever has the link
visibility-link-means = For a résumé, an application, LinkedIn. Search engines are told to stay out.
visibility-public = Everyone
visibility-public-means = It may also appear in public lists of this program.
manage-written-as = The credential itself, its badge and its certificate are in the language it was awarded in:
manage-check-code-hint = For someone without the link: with the number and this code they can check it under “Check a credential”, “Other ways and questions”. Whoever has the code can check it even while it is private.
manage-save = Save
manage-saved-private = Saved. Only you can see it now.
manage-saved-link = Saved. Whoever has the link can see it now.
manage-saved-public = Saved. Everyone can see it now.
manage-revoked = This credential was revoked and will not become valid again. If you think that is a mistake, ask { $issuer }.
manage-share = Share it
manage-as-others = As others see it
manage-linkedin = Add to LinkedIn
manage-linkedin-warning = LinkedIn keeps the link. If you make the credential private later, the link shows nothing.
manage-private-now = Only you can see this. Choose “Whoever has the link” to share it.
manage-download-hint = The JSON is the credential itself. The picture carries it inside; phones often remove it when they save pictures.

nav-showing = Show what you earned
nav-profile = Public profile
nav-selections = Selections
nav-resume = Résumé lines
form-error-heading = There is a problem
preview-notice = This is how others see it, or will once you publish it. Right now only you are looking.
order-up = Up
order-down = Down
copy = Copy
copied = Copied.

manage-as-others-would = As others would see it
manage-read-through = Only you can see it, but you opened it to the readers of { $n ->
    [one] one selection. End that selection
   *[other] { $n } selections. End those selections
  } to take it back:
manage-switches = What others see beside it
manage-switches-legend = All of this is off until you switch it on.
manage-saved-switches = Saved.
switch-score = Show my results
switch-score-none = This credential holds no results, so there is nothing to show.
switch-score-means = The page shows the { $n ->
    [one] result
   *[other] { $n } results
  } in the signed file.
switch-evidence = Show my evidence
switch-evidence-none = This credential holds no evidence, so there is nothing to show.
switch-evidence-means = The page shows the { $n ->
    [one] piece
   *[other] { $n } pieces
  } of evidence in the signed file.
switch-listed = List me among the holders
switch-listed-means = Your name stands in the public list of this track, while the credential is valid and everyone may see it. Search engines may find the list.
switch-listed-not-public = The public list of holders takes credentials that everyone may see. Choose “Everyone” above first.
switch-file-keeps = These switches are about the page. The signed file itself holds the results and evidence and cannot be changed: whoever can open the page can also download the file and read them there.
particulars-results = Results
particulars-needed = ({ $value } needed)

profile-title = Public profile
profile-lead = One page with the credentials you choose, in your order. It is off until you publish it, and you can end it at any time.
profile-is-published = Your profile is public at this address.
profile-is-off = Your profile is off. Its address answers as if there were nothing.
profile-step-text = Name and text
profile-handle = Name in the address
profile-handle-hint = 3 to 30 of a-z, 0-9 and -. It stays yours, even if you choose another one later.
profile-about = About you
profile-about-hint = A few words, plain text. May stay empty.
profile-found = Search engines may find it
profile-found-means = Off: whoever has the address can open it, and search engines are told to stay out.
profile-step-choose = Credentials
profile-choose = Which ones stand on your profile?
profile-choice-private = Only you can see this one. Open it to others first.
profile-no-credentials = You have no credentials yet. What you earn can be shown from here.
profile-step-order = Order
profile-entry-private = Private: not shown
profile-step-publish = Publish
profile-publish = Publish my profile
profile-publish-means = Whoever has the address { $address } can then open it.
profile-needs-handle = Choose and save a name for the address first.
profile-end = End my profile
profile-end-means = From that moment the address answers as if there were nothing. Your text and order are kept for you, and nobody else gets the name.
profile-eyebrow = Profile
profile-credentials = Credentials
profile-nothing = Nothing is shown here at the moment.
profile-read-at = Read from the issuer's records on { $time }.
profile-honest = Open a credential to have its signature checked. Its holder chose what stands here.
profile-fault-invalid-handle = The name in the address needs 3 to 30 of a-z, 0-9 and -, with at least one letter, and no hyphen at either end.
profile-fault-reserved-handle = This name could be taken for the site itself. Choose another one.
profile-fault-taken-handle = This name, or one that looks like it, is taken. Choose another one.
profile-fault-too-many-handles = You have taken five names already. Choose one of them again.
profile-fault-no-handle = Choose and save a name for the address before you publish.
profile-fault-invalid-text = The text may have 1,000 characters, without invisible control characters. Shorten it.
profile-fault-private = One of them is private. Open it to others first, or leave it out.
profile-fault-too-many = Choose at most 60 credentials.

selections-title = Selections
selections-lead = Several credentials for one reader: one link and one QR code for an application or a client. Each selection ends when you say so.
selections-none = You have made no selection yet.
selection-title = A selection
selection-new = New selection
selection-new-lead = Choose what this reader should see. Nothing is open yet: you see the page first and publish it then.
selection-choose = Which credentials?
selection-choose-private = Private until now
selection-private-means = Only you can see these. If you choose one, whoever has the link of this selection can see it and save its signed file until the selection ends. Its own page stays closed. A file that was saved cannot be called back.
selection-private-yes = Yes, the reader of this selection may see the private ones I ticked
selection-note = A word to the reader
selection-note-hint = Plain text, shown at the top. May stay empty.
selection-until-label = Open until
selection-until-hint = The last day, in the program's time zone. Empty: until you end it.
selection-go-on = Go on and look at it
selection-what = What is in it
selection-state = State
selection-made = Made
selection-until = Open until
selection-draft = Draft
selection-open = Open
selection-ended = Ended
selection-is-open = Whoever has this link can read it.
selection-is-draft = A draft: nobody but you sees it. Look at it, then publish it.
selection-is-ended = It has ended. Its link answers as if there were nothing.
selection-entry-hidden = Private: not shown
selection-entry-private = Private, shown here
selection-open-until = Open until the end of { $date }.
selection-publish = Publish the link
selection-discard = Discard
selection-end = End now
selection-end-means = Once ended, a selection does not open again. Files that its reader saved can still be checked.
selection-of = Credentials of { $name }
selection-eyebrow = Selected credentials
selection-nothing = Nothing in this selection is shown at the moment.
selection-own-page = Its own page, with every check
selection-honest = Each signature was checked just now by the issuer's own server. For a second opinion, give the file to any verifier of Verifiable Credentials.
selection-download = All as one file (JSON)
selection-fault-invalid-text = The word to the reader may have 1,000 characters, without invisible control characters. Shorten it.
selection-fault-in-the-past = The last day is over already. Choose a later one, or none.
selection-fault-invalid-day = Write the last day as 2026-12-31.
selection-fault-nothing-chosen = Choose at least one credential.
selection-fault-too-many = Choose at most { $most } credentials.
selection-fault-private = You ticked a private credential. Confirm below that this reader may see it, or untick it.
selection-fault-too-many-selections = You have 50 selections that have not ended. End one first.

holders-title = Holders: { $track }
holders-lead = Those who asked to be listed and whose credential is valid today. Others may hold it without being listed.
holders-none = Nobody is listed yet. Holders decide for themselves whether they stand here.
holders-name = Name
holders-pages = Pages
holders-first = To the beginning
holders-next = More holders

resume-title = Résumé lines
resume-lead = What you hold today, ready to copy. Oldest first, as résumés ask for it.
resume-lapsed = { $n ->
    [one] One credential that is
   *[other] { $n } credentials that are
  } expired, suspended or revoked { $n ->
    [one] is
   *[other] are
  } left out.
resume-none = You hold nothing to put here yet. What you earn appears by itself.
resume-private = Private credentials stand here by their number, without a link: others could not open it.
resume-western = Japanese résumé (履歴書), Western years
resume-era = Japanese résumé (履歴書), era years
resume-one-era = Use the same kind of years on the whole sheet.
resume-career = Japanese career history (職務経歴書)
resume-english = English
resume-signature = E-mail signature
resume-signature-hint = Your name and the credentials that others can open.
resume-signature-text = Plain text
resume-signature-html = HTML
resume-text-file = Plain text
resume-csv-title = Credential
resume-csv-issuer = Issuer
resume-csv-awarded = Awarded
resume-csv-until = Valid until
resume-csv-number = Number
resume-csv-url = Address
# What came before and after a credential.
around-reader-replaced = On { $date } the issuer put a corrected one in its place.
around-reader-renewed = It was renewed on { $date }.
around-reader-replaces = It came in the place of an earlier one, which was signed on { $date }.
around-reader-renews = It renews an earlier one, which was signed on { $date }.
around-holder-replaced = On { $date } the issuer put a corrected one in its place. Share that one, and download its files anew: those of this one no longer verify.
around-holder-renewed = It was renewed on { $date }.
around-holder-replaces = It came in the place of the one that was signed on { $date }. Number, check code and who may see it are as before; the link is a new one.
around-holder-renews = It renews the one that was signed on { $date }.
around-open-replaced = Open the one that stands
around-open-renewed = Open the later one
around-open-replaces = Open the earlier one
around-open-renews = Open the earlier one
download-pdf = PDF (certificate)
embed-open = See all checks
manage-embed = Show it on a website
manage-embed-frame = A card that says how the credential stands
manage-embed-badge = Only the badge, with its state below
manage-embed-hint = Copy the code into your page. What it shows is up to date within five minutes, and gone when you make the credential private.
