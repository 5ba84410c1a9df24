# Thanks between members, in the program's name, and who was not thanked.
problem-thanks-limit = You have said thanks as often as you may for now
problem-thanks-limit-detail = `reason` says which limit it is, `not_before` from when on you can say it again.
problem-thanks-settled = This word of thanks can no longer be changed so
problem-thanks-settled-detail = It was taken back or taken out, staff keep it back, or its hour is over. Open the page again to see how it stands.
needs-thanks-give = a role that may thank in the program’s name: owner, admin or issuer
needs-thanks-watch = a role that may see who thanked whom: owner, admin, issuer or auditor
needs-thanks-moderate = the role owner or admin, which may step in where thanks are misused
me-thanks-link = Thanks: say it, and read yours
thanks-title = Thanks
thanks-about = Somebody stayed late, explained it a third time, or fixed what nobody saw. Tell them.
thanks-give = Say thanks
thanks-left = { $n ->
    [0] You have none left this week. From { $until } on you can say it again.
    [one] You can say it once more this week. The next week begins { $until }.
   *[other] You can say it { $n } more times this week. The next week begins { $until }.
 }
thanks-to = To whom
thanks-to-hint = Their whole handle, such as @hikari, or their whole name as it appears here.
thanks-to-staff-hint = Their whole handle, their whole name as it appears here, or their member id.
thanks-somebody-else = Somebody else
thanks-reason = What for
thanks-reason-hint = A sentence or two they will be glad to find again: what they did, and what it changed. 3 to 500 characters.
thanks-link = Where it can be seen (optional)
thanks-link-hint = The address of the discussion, the page, the recording.
thanks-named = My name may stand with it where others read it
thanks-named-hint = The person you thank always sees who it is from. Others see it only if they show it, and your name only with this tick.
thanks-send = Say thanks
thanks-done = Said. They will find it on their page.
thanks-wrong = Please change this
thanks-off = In this program members do not thank each other here.
thanks-rules = How often, and why there are limits
thanks-rule-week = { $n ->
    [one] Once a week, from Monday to Sunday, so that it keeps its weight.
   *[other] Up to { $n } times a week, from Monday to Sunday, so that each keeps its weight.
 }
thanks-rule-person = { $n ->
    [one] One and the same person once within { $days } days.
   *[other] One and the same person up to { $n } times within { $days } days.
 }
thanks-rule-both-ways = { $days ->
    [one] Once two people have thanked each other, neither thanks the other again until the next day.
   *[other] Once two people have thanked each other, neither thanks the other again for { $days } days.
 }
thanks-rule-withdraw = You can take a word back within an hour; it then counts nowhere and you may say it to somebody else. More than { $n } are not written in a week.
thanks-rules-where = Another program, other numbers: write `thanks: {"{"}per_week: 5, per_person: 2, per_person_days: 30, both_ways_days: 7{"}"}` in program.yaml. What the program says counts toward none of them.
thanks-received = What people thanked you for
thanks-received-about = Only you read these, until you show one: then it stands on your profile, and beside your badge of thanks if it counts for one. You can hide it again at any time.
thanks-received-none = Nothing yet. It will be here when somebody says it.
thanks-unnamed = their name stays with you
thanks-from-program = The people who run this program
thanks-from-somebody = A member
thanks-shown = Others can read it
thanks-hidden = Only you read it
thanks-show = Show it
thanks-hide = Hide it
thanks-given = What you thanked others for
thanks-given-none = You have not thanked anybody here yet. Whom have you been meaning to?
thanks-with-name = with your name
thanks-withdraw = Take it back
thanks-withdraw-until = You can take it back until { $until }.
thanks-withdrawn-reason = its giver took it back
thanks-note-withdrawn = You took it back.
thanks-note-voided = Staff took it out: { $reason }
thanks-note-withheld = Staff keep it back: { $reason }
thanks-why-nobody = We found nobody who alone is called exactly so. Write the whole handle, or the whole name as it appears here.
thanks-why-own-thanks = This one is you. Think of somebody else.
thanks-why-invalid-reason = Say what for, in 3 to 500 characters.
thanks-why-no-reason = Give a reason of 1 to 500 characters.
thanks-why-invalid-url = Write the whole address, such as https://example.org/article, or leave it out.
thanks-why-limit-off = In this program members do not thank each other here.
thanks-why-limit-week = You have said it as often as one can this week. The next week begins { $until }.
thanks-why-limit-written = You have written and taken back many this week. You can go on from { $until }.
thanks-why-limit-person = You have thanked this person several times lately. You can again from { $until }.
thanks-why-limit-both-ways = You two have just thanked each other. You can again from { $until }.
thanks-why-settled = It was taken back or taken out before, or its hour is over. This is how it stands now.
thanks-why-own = Nobody decides here on what is their own. Ask somebody else.
thanks-why-too-often = You have named many people who are not here. Wait a while, and look the handle up first.
thanks-say-to-them = Say thanks to this person
thanks-words = Words of thanks
thanks-words-about = People here had reason to be grateful to { $name }. In their words:
thanks-words-kept = { $name } keeps the words themselves.
state-thanks-meaning = This is a word of thanks. It proves no skill and no knowledge.
thanks-staff-card = Say it in the program’s name; who gave much and was not thanked
thanks-staff-about = What members say to each other, and what the program says to them. Their words are theirs: step in only where they are misused.
thanks-nav = More about thanks
thanks-program-give = Thank somebody in the program’s name
thanks-program-about = They read that it comes from the people who run this program. The audit log keeps who wrote it.
thanks-program-send = Say thanks
thanks-all = What was said
thanks-all-none = Nobody has been thanked yet. The first word could be yours.
thanks-shown-to-all = others can read it
thanks-moderate = Step in
thanks-withhold = Keep it back
thanks-withhold-hint = It goes on counting, but its receiver no longer reads the words and cannot show them. Both people read your reason.
thanks-return = Give it back
thanks-void = Take it out
thanks-void-hint = It counts nowhere any more, and this cannot be undone. Both people read your reason.
thanks-pairs = Who thanks whom most
thanks-pairs-about = Of the last { $days } days, pairs with two words and more between them. Good neighbours look like this, too: it accuses nobody.
thanks-pairs-none = No pair yet. Once members thank each other, those who do it most stand here, so that you can look whether something is off.
thanks-pairs-giver = Said it
thanks-pairs-receiver = Was told
thanks-pairs-times = Times
thanks-pairs-back = And back
unthanked-title = Gave much, was not thanked
unthanked-month = From { $first } to { $last }
unthanked-definition = Gave much: { $much } or more accepted contributions that happened in this month (thanks they received, and what they did to their own, are not counted). Was not thanked: no word of thanks that stands has reached them since the month began, here or through a source. The { $named } who gave most are named.
unthanked-months = Other months
unthanked-before = The month before
unthanked-after = The month after
unthanked-none = Nobody: everyone who gave much this month has heard a thank-you, or nobody has given so much yet.
unthanked-name = Name
unthanked-id = Member
unthanked-count = Contributions
unthanked-latest = The latest
unthanked-thank = Thank them
unthanked-csv = As a table (CSV)
unthanked-suggestion = { $n ->
    [one] Thank you for what you gave this month. It was seen.
   *[other] Thank you for the { $n } things you gave this month. They were seen.
 }
unthanked-mail-subject = { $n ->
    [one] One person gave much last month and was not thanked
   *[other] { $n } people gave much last month and were not thanked
 }
unthanked-mail-line = { $name }: { $n }
unthanked-mail-body =
    In { $month } these people gave much, and nobody has thanked them since
    (name: accepted contributions):

    { $people }

    Thank them, one by one:
    { $link }
