# The overview of the program, a member's timeline, renewal on a member's page, and the page about one person.
overview-title = Overview
overview-lead = What each track is for, how far it has come this year, and what waits for somebody.
overview-goals = Goals of { $year }
overview-no-tracks = There are no tracks yet. Make one, say what it is for, and it appears here.
overview-this-year = { $n ->
    [0] Not awarded to anybody this year
    [one] Awarded to one person this year
   *[other] Awarded to { $n } people this year
}
overview-renewed = { $n ->
    [one] and renewed once
   *[other] and renewed { $n } times
}
overview-measure-awards = Measured by awards
overview-of-target = { $n } of { $target }
overview-owner = Answers for it: { $name }
overview-no-goal = No goal is written down for it.
overview-awards = Awards
overview-all = All tracks
overview-awards-means = An award counts in the year and month in which it was earned, on the program's calendar. Renewals are no new awards and do not count towards a target; the months hold both. A replacement counts once with what it replaced; what was revoked does not count.
overview-waiting = What waits
overview-none-waiting = Nothing waits.
overview-dead-letters = Deliveries nobody could read
overview-items = Items to review
overview-by-month = Awards by month
overview-plot = { $name } by month: { $total } in all, { $most } in the highest month. The table on this page has every month.

timeline-mine-title = All your contributions
timeline-lead = Everything that reached us of you, the latest first: where it came from, what counts it, and why something does not count.
timeline-see-all = { $n ->
    [one] See this one with its details
   *[other] See all { $n }
}
timeline-years = Years
timeline-all = All years
timeline-year = { $year }
timeline-total = { $n ->
    [one] One contribution in all
   *[other] { $n } contributions in all
}
timeline-none-here = There is nothing in this year.
timeline-earlier = Earlier ones
timeline-links = { $n ->
    [one] One link that you handed in waits for somebody to look at it.
   *[other] { $n } links that you handed in wait for somebody to look at them.
}
timeline-links-open = Your links
given-voided = Taken back
given-by-link = Handed in as a link
given-by-gathering = A gathering
given-by-table = From a list
action-link = Hand in a link
advice-voided = If you think that is a mistake, tell those who run the program.
advice-held = There is nothing to do: you see here what comes of it.
advice-newer = Newer contributions count again.
advice-other-day = Contributions of other days count.
advice-other-people = Contributions that other people accept count.
advice-other-work = Another piece of work counts.
advice-other-kind = A contribution of another kind counts.
advice-other-source = A contribution from another place counts.
advice-acceptance = It counts once somebody else accepts it where you made it.
advice-wait = There is nothing to do: it counts by itself then.
advice-from-now = What you do from now on counts.

renewal-title = Renewal
renewal-until = It holds until { $date }. A renewal goes on from that day.
renewal-grace = It can still be renewed until { $date }.
renewal-met = Renewal earned on { $date }

person-parts = Parts of this page
person-no-credentials = No credential was awarded to them yet.
person-attempts = Exam attempts
person-no-attempts = They have not sat an exam here.
person-attempt-created = Begun, the clock has not started
person-attempt-in-progress = Under way
person-attempt-submitted = Handed in
person-attempt-expired = Closed by the clock
person-attempt-ended = Ended by staff
person-attempt-scored = Scored
person-attempt-voided = Void
person-passed = Passed: { $points } of { $max }
person-failed = Not passed: { $points } of { $max }
person-result-held = Not released yet
person-held = Waiting for a person
person-no-handles = No handle is known. Events that name them by one wait until somebody says whose it is.
person-handle-linked = Linked by staff, for all sources
person-claim-open = Claimed, not proved yet
person-claim-proved = Proved
person-claim-refused = Refused
person-claim-released = Given back
person-no-ties = No affiliation is on record.
person-ties-means = Affiliations are for reports. No requirement can see them.
person-from = since { $from }
person-from-to = { $from } to { $to }
person-stated-by = Stated by { $name }
person-no-attestations = Nobody has vouched for them.
person-said-by = Said by { $name }
person-taken-back = Taken back on { $date }: { $reason }
person-no-strikes = There are none.
person-strikes-open = Record or lift a strike
person-until = Ends on { $date }
person-lifted = Lifted on { $date }
person-audit = Audit log
person-audit-means = Entries about this person, their credentials, handles, attestations and strikes, the newest first.
person-no-audit = Nothing was written down about them.
person-done-by = By { $name }
record-operator = the operator, on the command line
person-over = No longer stands
