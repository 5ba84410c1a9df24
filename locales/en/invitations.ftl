# How people come in: members from a table, invitations, and what whoever joins is asked first.

invitations-title = Invitations
invitations-card = Invite people by link, bring in members from a table, see who has come.
invitations-about = An invitation brings one person in. Its link works once, within 30 days; a new link takes the place of the one before.
invitations-one = Invite one person
invitations-language = Language they are written to in
invitations-by-mail = Send the link by mail, or make it to hand over yourself.
invitations-by-link = This site sends no mail. You get a link to hand over yourself.
invitations-send = Send the invitation
invitations-make-link = Make a link
invitations-wrong = The invitation was not made
invitations-wrong-claimed = Whoever has this address signs in here already, or is staff. They need no invitation.
invitations-all = All invitations
invitations-none = None here. Invite somebody above, bring in a table, or look under another state.
invitations-state = State
invitations-sent = Link made
invitations-until = Works until
invitations-do = What to do
invitations-not-yet = Being sent
invitations-again = Send again
invitations-new-link = New link
invitations-withdraw = Withdraw
invitations-for = { $what }: { $name }
invitations-open = Open
invitations-expired = Expired
invitations-overtaken = Came in another way
invitations-accepted = Accepted
invitations-declined = Declined
invitations-withdrawn = Withdrawn
invitations-done-sent = A letter with a new link is on its way. Links made before no longer work.
invitations-done-withdrawn = Withdrawn: the link no longer works. You can send it again.
invitations-link-title = Link to join
invitations-back = Back to the invitations

invitation-title = { $program } invites you
invitation-dear = Dear { $name },
invitation-by = { $name } of { $program } invites you to join.
invitation-by-program = { $program } invites you to join.
invitation-about = Members see what they have achieved and what comes next, and earn credentials that anyone can check. What you earn is yours alone to see until you say otherwise.
invitation-accept = Accept and sign in
invitation-once = The link works once, within { $days } days. Nobody who only looks at it can use it up.
invitation-kept = What is kept about you
invitation-kept-name = Name
invitation-kept-email = E-mail address
invitation-kept-language = Language
invitation-kept-handles = Names elsewhere
invitation-kept-organization = Organization
invitation-kept-means = Only the people who run the program see this. If something is wrong, tell them.
invitation-language-ja = Japanese
invitation-language-en = English
invitation-not = I do not want to join
invitation-decline-means = The invitation ends, and its link stops working. You will not be sent another one with a list of people.
invitation-decline = Decline the invitation
invitation-declined = You have declined
invitation-declined-means = The invitation has ended. You need not do anything else.
invitation-declined-kept = { $program } still keeps your name and address. To have them removed, write to
invitation-declined-ask = { $program } still keeps your name and address. To have them removed, tell whoever invited you.

mail-invitation-subject = { $program } invites you
mail-invitation-body =
    Dear { $name },

    { $by }

    Follow this link to see what is kept about you, and to accept or decline. It works once, within { $days } days:

    { $link }

    Nothing about you is public. If you do not know { $program }, ignore this letter.

member-table-title = Members from a table
member-table-about = One person a row. Nobody is enrolled before you have seen what becomes of each row, and nobody is written to before you invite them.
member-table-language = Language of people whose row names none
member-table-language-hint = What they are written to in, and what they earn is written in. They can change it.
member-table-example =
    name,email,language,handle,organization,title
    Ada Lovelace,ada@example.org,en,ada,Example Guild,Board member
    七瀬 ひかり,hikari@example.org,ja,,,
member-table-needed = Name and address are needed; the rest may be left out.
member-table-no-handles = Handles are taken from owners and admins only.
member-table-column-name = Name
member-table-column-email = E-mail address
member-table-column-language = Language (ja or en)
member-table-column-handles = Handles
member-table-column-organization = Organization
member-table-column-title = Title there
member-table-report-about = Nobody has been enrolled yet. Whoever is known stays as they are.
member-table-outcome-enrolled = becomes a member
member-table-outcome-known = known already
member-table-outcome-rejected = left out
member-table-outcome-waiting = in the queue
member-table-outcome-cancelled = not dealt with
member-table-outcome-failed = failed
member-table-none-new = No row brings in anybody new. Go back to the columns or choose another file.
member-table-start = Enrol { $n ->
    [one] one person
   *[other] { $n } people
}
member-table-who = Person
member-table-more = { $n ->
    [one] One more row is in the report that you can download once the work has begun.
   *[other] { $n } more rows are in the report that you can download once the work has begun.
}
member-table-job = Enrolling from a table
member-table-cancelled = Stopped. Whoever was enrolled until then stays.
member-table-invite = Invite them
member-table-invite-mail = Whoever of this table never signed in gets a letter with a link. Nobody gets a second letter while their invitation is open, and whoever declined gets none.
member-table-invite-links = This site sends no mail. You get a table of links, one for each person of this table who never signed in. It is made only now: making it again makes new links, and those made before stop working.
member-table-links-end = If you would rather hand links over yourself, download them. They take the place of links that were mailed.
member-table-send-all = Send the invitations
member-table-links-all = Make links and download them
member-table-invited = { $n ->
    [0] Nobody is left to write to.
    [one] One letter is on its way.
   *[other] { $n } letters are on their way.
}
member-table-why-missing-column = No column says the { $named ->
    [email] e-mail address
   *[other] name
}. Choose one.
member-table-why-repeated-column = Two columns have the same meaning. Choose one.
member-table-why-twice-in-file = An earlier row has this address: they are one member.
member-table-why-other-name = They are enrolled under another name. Nothing is overwritten.
member-table-why-handle-known = This handle is another member’s. Correct it or leave it out.
member-table-why-invalid-handle = A handle is 1 to 40 of a–z, 0–9, - and _.
member-table-why-too-many-handles = Write at most five handles.
member-table-why-handles-by-role = Only owners and admins may say whose a handle is. Leave the column out.
member-table-why-invalid-organization = Write 1 to 120 characters, without line breaks or invisible marks.
member-table-why-invalid-title = Write 1 to 120 characters, without line breaks or invisible marks.
member-table-why-title-alone = A title needs the organization where it is held. Fill that in, or leave the title out.

defaults-title = Who sees what you earn
defaults-welcome = Welcome to { $program }
defaults-joined = You are signed in. Two questions, and you can change both answers at any time.
defaults-saved = Saved.
defaults-legend = Who may see what you will earn?
defaults-hint = This is how each new credential begins. You can change every one of them on its own page; what you hold already stays as it is.
defaults-private-means = Nobody else sees anything until you show it.
defaults-language = In which language are you written to?
defaults-language-hint = What you earn from now on is written in it, too.
defaults-later = Decide later
defaults-notices = What you are told of, and how often
