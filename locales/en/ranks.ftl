ranks-title = Points and ranks
ranks-about = Points thank you for what you give. They are no proof of skill: they stand in no credential, and nobody who checks one sees them.
ranks-more = How you came there, and who sees it
ranks-no-ladders = This program has no points and ranks.
ranks-none-yet = No rank yet
ranks-since = since { $date }
ranks-points = { $n ->
    [one] 1 point
   *[other] { $n } points
}
ranks-points-of = { $of ->
    [one] { $n } of 1 point
   *[other] { $n } of { $of } points
}
ranks-next = { $n ->
    [one] One more point to “{ $title }”.
   *[other] { $n } more points to “{ $title }”.
}
ranks-at-the-top = This is the highest rank of this ladder.
ranks-history = Ranks reached: { $title }
ranks-no-ladders-staff = This program has no points and ranks, so nobody has any. A ladder begins them, if you want them.
ranks-no-history = None reached so far. The first step above says how many points it takes.
ranks-gone = Taken back on { $date }, because what had counted was taken back or came with another date.
ranks-earlier = Reached by the ladder as it was then (version { $version }).
ranks-unlisted = { $n ->
    [one] And one earlier one.
   *[other] And { $n } earlier ones.
}
ranks-you-show = Your public profile names your ranks.
ranks-you-hide = Nobody but you and those who run the program sees your points and ranks.
ranks-show = Name my ranks on my public profile
ranks-hide = Hide my ranks from others
ranks-they-show = This member’s public profile names these ranks.
ranks-they-hide = This member does not show these to others.
ranks-on-profile = Ranks
ranks-on-profile-about = Ranks say how much somebody has given. They are no proof of skill.
ladders-title = Points and ranks
ladders-about = A ladder says what brings points and which ranks they reach. It is there to encourage; nothing that is signed depends on it.
ladders-new = A new ladder
ladders-none = There is no ladder yet, and a program does well without one. Where you want one, “A new ladder” begins it; it is tried on everybody before it is published.
ladders-version = Version { $n }, published { $date }
ladders-steps = { $n ->
    [one] One rank
   *[other] { $n } ranks
}
ladders-steps-beyond = { $n ->
    [0] Ranks without end
    [one] One named rank, then ranks without end
   *[other] { $n } named ranks, then ranks without end
}
ladder-about = Say what brings points, and at how many points a rank is reached. Try it on your members before you publish it.
ladder-locked = This ladder is kept in files. Change ladders/ in the folder of the program and apply it again.
ladder-slug = Short name
ladder-slug-hint = Small letters, digits and hyphens. It stands in addresses and cannot be changed later.
ladder-title-ja = Name in Japanese
ladder-title-en = Name in English
ladder-description-ja = What it is for, in Japanese
ladder-description-en = What it is for, in English
ladder-part-points = What brings points
ladder-part-points-about = A row that is left empty is no row. What somebody did to their own object brings nothing.
ladder-contribution-n = Contribution { $n }
ladder-type = Type
ladder-unsent = No source sends contributions of the type “{ $type }”, so they bring nobody a point yet. Take one of the types that the field offers, or add this one to a source.
ladder-type-hint = Such as answer.accepted.
ladder-points = Points
ladder-sources = Only from these sources
ladder-sources-hint = Names of sources, between commas. Leave it empty for all.
ladder-exams = Points for passing an exam, once
ladder-credentials = Points for receiving a credential or badge, once
ladder-part-steps = Ranks
ladder-part-steps-about = From the lowest to the highest. A rank is known by its name: whoever has reached it keeps it, with its date, also when the points change.
ladder-step-n = Rank { $n }
ladder-at = Reached at (points)
ladder-step-title-ja = Name in Japanese
ladder-step-title-en = Name in English
ladder-part-beyond = Ranks without end
ladder-part-beyond-about = After the last rank, a further one each time so many more points are gathered. Leave it empty where the ladder ends.
ladder-every = Every … points
ladder-beyond-title-ja = Name in Japanese
ladder-beyond-title-ja-hint = With {"{n}"} where its number goes: 達人 {"{n}"}
ladder-beyond-title-en = Name in English
ladder-beyond-title-en-hint = With {"{n}"} where its number goes: Master {"{n}"}
ladder-publish-about = Publishing counts everybody again. Nobody loses a rank by it; what is already reached by the new ladder is dated by the day it was reached.
ladder-preview = See who would stand where
ladder-preview-title = Who would stand where
ladder-preview-all = { $n ->
    [0] Nothing is recorded of anybody yet.
    [one] Counted for the one member of whom something is recorded.
   *[other] Counted for all { $n } members of whom something is recorded.
}
ladder-preview-first = Counted for the first { $n } members; there are more.
ladder-preview-nobody = Nobody has given anything yet, so nobody would stand on a step. You can publish the ladder as it is; it counts what comes in.
ladder-preview-below = No rank yet
ladder-preview-none = none
ladder-people = { $n ->
    [one] 1 person
   *[other] { $n } people
}
ladder-person = Member
ladder-rank = Rank
ladder-today = Points today
ladder-more-rows = More rows
ladder-as-file = The same as a file
ladder-done-published = This version is published. Members are being counted by it.
ladder-done-same = The published version says the same; there is nothing to publish.
ladder-good = Nothing is wrong. It can be published.
ladder-not-yet = This cannot be published yet. Everything you typed is still here.
ladder-slug-taken = There is a ladder with this short name already. Choose another one.
ladder-field-of = { $row }, { $field }
ladder-wrong-missing-field = Fill this in.
ladder-wrong-invalid-slug = Use small letters, digits and hyphens, at most 60.
ladder-wrong-invalid-text = Write a text here.
ladder-wrong-long-title = Write a name of at most 80 characters on one line.
ladder-wrong-invalid-number = Write a whole number above 0; for points at most 10,000.
ladder-wrong-invalid-type = Use letters, digits, dots and hyphens, such as change.merged.
ladder-wrong-same-type = This type, from the same place, stands further up already. Keep one of them.
ladder-wrong-not-ascending = Ranks go up: write more points than for the rank before.
ladder-wrong-same-title = Another rank has this name. Give this one its own.
ladder-wrong-no-number = Write {"{n}"} where the number of the rank goes.
ladder-wrong-every-too-small = Write at least the most points that one thing brings, so that nobody skips a rank.
ladder-wrong-no-points = Say what brings points.
ladder-wrong-no-steps = Name at least one rank, or ranks without end.
ladder-wrong-not-a-list = Name at most 100 ranks.
ladder-wrong-unknown-exam = There is no such exam that is published.
ladder-wrong-unknown-track = There is no such track that is published.
ladder-wrong-forbidden-character = Leave out the invisible character.
