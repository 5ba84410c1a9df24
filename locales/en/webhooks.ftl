# Staff: who is told of what happens here.
webhooks-title = Webhooks
webhooks-about = Tell other programs what happens here: a credential is released, an attempt begins, a voucher is used. Each message is signed, so that the receiver knows it comes from you, and is sent again until it gets through.
webhooks-none = Nobody is told yet. Add the address of a program that is to hear of something.
staff-webhooks = Webhooks
staff-webhooks-about = Tell other programs what happens here, and see how each message went.
staff-webhooks-off = { $n ->
    [one] 1 switched off by itself
   *[other] { $n } switched off by themselves
}
webhook-add = Add a receiver
webhook-add-button = Add the receiver
webhook-once = After this you see its secret, once. Have a safe place for it at hand.
webhook-url = Address
webhook-url-hint = An https address with a host name, such as https://hooks.example/waymark. In the demo also http on this machine.
webhook-kinds = Tell it when
webhook-exams = Only for these exams (optional)
webhook-exams-hint = Short names (slugs) of exams with spaces between them. Leave it empty for all exams. It has no effect on credentials.
webhook-exams-only = Only for: { $exams }
webhook-note = Name (optional)
webhook-note-hint = What you call it. Staff alone read it.
webhook-wrong = There is a problem
webhook-wrong-url = Write an https address with a host name and without a port, user name or password. Addresses inside a network are never connected to.
webhook-wrong-kinds = Choose at least one kind of event.
webhook-wrong-exams = Write short names of exams that exist, at most 100.
webhook-wrong-note = Write one line of at most 200 characters.
webhook-kind-credential-released = A credential is released
webhook-kind-credential-suspended = A credential is suspended
webhook-kind-credential-reinstated = A credential is reinstated
webhook-kind-credential-revoked = A credential is revoked
webhook-kind-attempt-started = An attempt begins
webhook-kind-attempt-paused = The clock of an attempt is stopped
webhook-kind-attempt-resumed = The clock of an attempt is started again
webhook-kind-attempt-submitted = A candidate hands in
webhook-kind-attempt-ended = An attempt ends by time or by staff
webhook-kind-attempt-voided = An attempt is voided
webhook-kind-result-released = A result is released
webhook-kind-voucher-used = A voucher is used
webhook-kind-webhook-test = Test
webhook-on = On
webhook-off = Off
webhook-failing = Nothing gets through
webhook-off-alone = Switched off by itself
webhook-off-since = Off since { $at }.
webhook-off-by-staff = Somebody of your staff switched it off.
webhook-off-unanswered = A message was given up after its last try, and no other got through since its first one.
webhook-off-gone = The receiver answered 410 (gone): it wants to be told nothing more.
webhook-off-means = What waited is kept and sent when you switch it on again. What happens meanwhile it is not told.
webhook-failing-since = Nothing has got through since { $at }. Each message is tried { $tries } times within about two and a half days; look below what the receiver answers.
webhook-secret = Secret
webhook-secret-now = Copy the secret now: it is not shown again. The receiver checks signatures with it.
webhook-old-secret = Secret before
webhook-old-until = Used beside the new one until { $at }
webhook-made = Added
webhook-test = Send a test
webhook-enable = Switch on
webhook-disable = Switch off
webhook-rotate = New secret
webhook-rotate-hint = “New secret” makes another secret and shows it once. For 24 hours messages carry a signature by each of the two, so that the receiver can change over in peace.
webhook-deliveries = Messages
webhook-deliveries-none = No message yet. Send a test to see whether the receiver understands it.
webhook-event = Event
webhook-happened = Happened
webhook-state = State
webhook-tries = Tries
webhook-tries-none = None yet
webhook-next = Next try { $at }
webhook-took = ({ $ms } ms)
webhook-body = What is sent
webhook-redeliver = Send again
webhook-delivery-waiting = Waiting
webhook-delivery-delivered = Delivered
webhook-delivery-given-up = Given up
webhook-error-refused = The address is refused: it leads into a network, or is not https.
webhook-error-unsigned = It could not be signed: the file webhooks.secret is missing in the key folder, or is another one. Put it back, or make a new secret.
webhook-edit = Change
webhook-save = Save
webhook-remove-title = Remove
webhook-remove-open = Remove this receiver…
webhook-remove-means = It is told nothing more, what waits for it is dropped, and its messages are no longer listed here.
webhook-remove = Remove it for good
webhook-done-test = A test is on its way. Load the page again in a moment to see what came of it.
webhook-done-enable = It is on. What waited is sent now.
webhook-done-disable = It is off.
webhook-done-edit = Saved.
webhook-done-redeliver = The message is sent again.
webhook-done-removed = The receiver was removed.
webhook-letter-subject = A webhook was switched off: { $host }
webhook-letter =
    Your Waymark no longer tells { $host } what happens.

    { $why }

    What waited is kept. See what the receiver answered, and switch it on again:
    { $page }
