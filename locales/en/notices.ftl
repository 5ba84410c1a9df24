# What members are told, on their page and by mail.
nav-notices = Notices
nav-unread = { $n ->
    [one] one unread
   *[other] { $n } unread
  }
notices-none = Nothing yet. When you earn something, come near to it, or should renew it, it stands here.
notices-new = New
notices-read-all = Mark all as read
notices-mark-read = Mark as read
notices-mark-unread = Mark as unread
notices-older = Older notices
notices-settings = How you are told
notices-settings-about = Every notice stands on your page. Choose what also comes by mail, and how soon.
notices-saved = Saved.
notices-no-mail = This site sends no mail, so everything stands on your page only. What you choose here counts from the day it does.
notices-address = Mail goes to { $address }.
notices-unproved = No mail goes out yet: sign in once by a link that was mailed to your address, so that it is proved to be yours.
notices-stopped = You have ended all mail of this kind. Notices stand on your page only.
notices-begin = Send me mail again
notices-hours = Summaries go at eight in the morning by the clocks of this program, weekly ones on Mondays. What you have read by then is left out.
notices-save = Save
notices-end-title = End mail with notices
notices-end-about = With this button no more notices come by mail. They still stand on your page, and mail that you ask for, such as a link to sign in, still comes.
notices-end = End this mail
notices-ended = Done. No notice comes by mail any more.
notices-ended-still = Notices still stand on your page. What you had chosen is kept, should you want mail again.
notices-kind-earned = Earned
notices-kind-near = Near a goal
notices-kind-reminder = Renewal
notices-kind-standing = Changes to what you hold
notices-kind-result = Exam results
notices-kind-sitting = Exam dates
notices-kind-contribution = What you handed in
notices-kind-thanks = Thanks
notices-about-earned = A certification or badge was awarded to you, or renewed.
notices-about-near = Little is left to something that you have begun.
notices-about-reminder = Something that you hold ends soon, or has ended and can still be renewed.
notices-about-standing = Something that you hold was suspended, revoked, reinstated or corrected.
notices-about-result = The result of an exam can be seen.
notices-about-sitting = A date for which you have a seat was moved or cancelled.
notices-about-contribution = Something was not accepted, waits for a person, or a strike was written down.
notices-about-thanks = Somebody thanked you.
notices-way-at-once = by mail at once
notices-way-daily = in a daily mail
notices-way-weekly = in a weekly mail
notices-way-here = only on my page
notices-title = “{ $title }”
notices-earned = You have earned “{ $title }”.
notices-earned-many = You have earned { $n } at once: { $titles }.
notices-earned-many-more = You have earned { $n } at once, among them { $titles }.
notices-renewed = “{ $title }” was renewed.
notices-renewed-until = “{ $title }” was renewed, until { $date }.
notices-replaced = A corrected “{ $title }” took the place of the one before.
notices-suspended = “{ $title }” was suspended.
notices-revoked = “{ $title }” was revoked.
notices-reinstated = “{ $title }” is valid again.
notices-near = You are nearly there: “{ $title }”.
notices-reminder = “{ $title }” ends on { $date }. Renew it before then to carry it on.
notices-grace = “{ $title }” ended on { $date }. It can still be renewed, up to and including { $until }.
notices-result = Your result in “{ $exam }” can be seen.
notices-window-moved = “{ $name }”, for which you have a seat in the exam “{ $exam }”, is now from { $from } to { $to }.
notices-window-cancelled = “{ $name }” ({ $from }), for which you had a seat in the exam “{ $exam }”, was cancelled. The reason: { $reason }
notices-held = { $n } of what you gave on or around { $date } waits for a person to look at it before it counts.
notices-refused-link = A link that you handed in was not accepted. The reason is on your page, where you can answer.
notices-refused-handle = A handle that you claimed was not confirmed. The reason is on your page.
notices-refused-attendance = The organizer did not confirm that you were at a gathering. The reason is on your page.
notices-strike = A strike was written down: until it ends, somebody looks at what arrives for you before it counts. The reason is on your page.
notices-thanks = Somebody thanked you.
notices-gone = What this was about is no longer there.
notices-open-earned = See it
notices-open-near = See what is missing
notices-open-reminder = See how to renew
notices-open-standing = See what happened
notices-open-result = See the result
notices-open-sitting = See the dates
notices-open-contribution = See the reason
notices-open-thanks = Read it
notices-letter-one = { $text } ({ $issuer })
notices-letter-many = { $n } notices from { $issuer }
notices-letter-more = And { $n } more, on your page.
notices-letter =
    Hello { $name },

    { $notices }

    --
    { $issuer }
    Choose what comes by mail: { $settings }
    End this mail with one click, without signing in: { $unsubscribe }
