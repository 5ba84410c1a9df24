# Titles of errors (problem-<code>), and where useful what to do (problem-<code>-detail).
problem-malformed = The request could not be read
problem-malformed-detail = The request could not be read: { $detail }
problem-validation-failed = Some of it needs to be corrected
problem-validation-failed-detail = Correct the fields listed below and send it again.
problem-sign-in-required = Please sign in
problem-sign-in-required-detail = Sign in first, or send an API key as a Bearer token.
problem-invalid-token = This key or token is not valid
problem-invalid-token-detail = The key or token is unknown, has expired or was withdrawn. Ask whoever gave it to you for a new one.
problem-forbidden = You are not allowed to do this
problem-forbidden-detail = This takes { $needs }.
problem-cross-site = This request did not come from this site
problem-cross-site-detail = Open the page again and repeat what you did there. Nothing was changed.
problem-not-found = Nothing is here
problem-not-found-detail = There is no such page, or it is not for you to see. Check the address.
problem-method-not-allowed = That is not possible here
problem-conflict = It stands differently by now
problem-conflict-detail = Somebody or something was faster. Load it again and repeat your change.
problem-member-exists = There is a member with this e-mail already
problem-link-used = This sign-in link no longer works
problem-link-used-detail = A link works once and for 30 minutes. Ask for a new one.
problem-attempts-used-up = No attempts are left
problem-attempts-used-up-detail = This exam may be taken { $limit } times, and those are used up.
problem-cool-down = The next attempt cannot begin yet
problem-cool-down-detail = You can begin again from { $until }.
problem-attempt-not-started = This attempt has not begun
problem-attempt-closed = This attempt was handed in
problem-attempt-closed-detail = Your answers are in and no longer change. Look at the result.
problem-attempt-over = The time for this attempt is over
problem-attempt-over-detail = It ended at { $at }. Every answer that was saved before then counts.
problem-attempt-open = This attempt is still under way
problem-attempt-open-detail = Hand it in first; then there is a result.
problem-response-stale = This answer was changed in another window
problem-response-stale-detail = Neither version is lost: the problem names the stored one and yours. Load the question again, then choose.
problem-client-op-id-reused = This client_op_id stands for another answer
problem-client-op-id-reused-detail = Draw a new client_op_id for each change, and keep it when you send the same change again.
problem-too-large = That is too large
problem-too-slow = This took too long to arrive
problem-too-slow-detail = The request was not here in full within 15 seconds. Try again, or send less at once.
problem-not-acceptable = None of the forms you accept is there
problem-not-acceptable-detail = A credential is there as text/html, application/vc, application/vc+jwt, image/png, image/svg+xml and application/pdf. Name one of them in Accept, or add a suffix such as .json to the address.
problem-glyphs-missing = This certificate cannot be printed
problem-glyphs-missing-detail = The fonts here cannot draw { $characters }. The credential itself is complete: take it as JSON, JWT, PNG or SVG. Whoever runs this site can add a font or correct the name.
problem-not-implemented = This format is not offered
problem-not-implemented-detail = Ask for format=json.
problem-unsupported-type = This content type is not understood here
problem-unsupported-type-detail = Send it as { $expected }.
problem-too-many = Too many requests
problem-too-many-detail = Wait a moment, then try again.
problem-rate-limited = Too many requests from your address
problem-rate-limited-detail = Nothing is wrong with what you sent. Try again in { $seconds } { $seconds ->
    [one] second
   *[other] seconds
}.
problem-idempotency-key-required = An Idempotency-Key is needed
problem-idempotency-key-required-detail = Send the header Idempotency-Key with a value of your own, so that a repeated request does its work once.
problem-idempotency-key-reused = This Idempotency-Key belongs to another request
problem-idempotency-key-reused-detail = This key was sent before with another body. Use a new key for a new request, and the same key only to repeat one.
problem-idempotency-in-progress = This request is being worked on
problem-idempotency-in-progress-detail = The first request with this Idempotency-Key has not ended yet. Ask again in a moment.
problem-outcome-unknown = It is not certain whether this was saved
problem-outcome-unknown-detail = Look whether it is there before you try again.
problem-unavailable = Not available at the moment
problem-unavailable-detail = Try again in a moment.
problem-issuing-off = Credentials cannot be issued at the moment
problem-issuing-off-detail = The signing key is not available. Whoever runs this site finds the reason in the log, or with `waymark key list`. Nothing was changed.
problem-set-aside = This credential cannot be signed and was set aside
problem-set-aside-detail = What would be signed does not pass our own check, so nobody will ever see it. Other credentials are not affected. Revoke this one and issue it anew; whoever runs this site finds the reason with `waymark fsck`.
problem-status-conflict = The credential does not stand where this step begins
problem-status-conflict-detail = It is { $status }. Only a valid credential can be suspended, only a suspended one reinstated, and there is no way back from revoked.
problem-not-replaceable = Nothing can follow this credential as it stands
problem-not-replaceable-detail = { $reason ->
    [suspended] It is suspended: reinstate it first, or revoke it.
    [expired] Its validity has ended: renew it instead of replacing it.
    [waiting] It is still being signed: try again in a minute.
    [endless] It has no end, so there is nothing to renew.
    [undone] By what is known now its requirements are not met: decide its review first, by keeping or revoking it.
   *[revoked] It was revoked: award it anew.
}
problem-claimed = Its holder has signed in
problem-claimed-detail = They may have seen it. Revoke it instead, with a reason.
problem-key-not-compromised = This key is not compromised
problem-key-not-compromised-detail = It is { $state }. Only what a compromised key signed is issued anew; say so first with waymark key compromise.
problem-precondition-required = Say which state you edit
problem-precondition-required-detail = Read it first, and send its ETag as If-Match.
problem-precondition-failed = It was changed in the meantime
problem-precondition-failed-detail = Read it again, look at what changed, and send your edit with the new ETag.
problem-review-closed = This review is closed already
problem-review-closed-detail = It ended with “{ $outcome }”. Look at the credential: its page says what happened to it.
problem-own-item = Nobody reviews an item that they wrote themselves
problem-own-item-detail = Ask somebody who has not written or changed this item since it was last approved.
problem-item-state-conflict = The item does not stand where this step begins
problem-item-state-conflict-detail = It is { $state }. Open the item again: its page shows what can be done with it now.
problem-internal = Something went wrong on our side
problem-internal-detail = It was recorded. If it happens again, tell whoever runs this site and name the reference below.
problem-go-home = To the start page
problem-reference = Reference: { $id }
problem-no-credential = There is no credential to check
problem-no-credential-detail = { $reason }
# What a refused call needs, in words.
needs-staff-enter = a staff role; whoever runs this site gives them
needs-members-read = a role that may read members: owner, admin, issuer or auditor
needs-members-enrol = a role that may enrol members: owner, admin or issuer
needs-members-rename = a role that may change names: owner, admin or issuer
needs-credentials-reissue = the role owner or admin, which may issue anew after a compromise
needs-tokens-mint = the role owner or admin
needs-program-read = a staff role
needs-program-apply = the role owner or admin, which may change the program
needs-banks-author = a role that may write questions: owner, admin or examiner
needs-banks-read = a role that may see item banks: owner, admin, examiner or auditor
needs-banks-keys = a role that may see the keys of questions: owner, admin or examiner
needs-banks-review = a role that may review questions: owner, admin or examiner
needs-results-read = a role that may see exam results: owner, admin, examiner or auditor
needs-results-release = a role that may release exam results: owner, admin or examiner
needs-sources-read = a staff role, or the key of a source
needs-events-send = the key of a source, or the role owner or admin
needs-handles-link = the role owner or admin, which may say whose a handle is
needs-contributions-void = the role owner or admin, which may take contributions back
needs-credentials-read = a role that may read credentials: owner, admin, issuer or auditor
needs-credentials-issue = a role that may issue credentials: owner, admin or issuer
needs-issuers-know = a role that may say which issuers are known: owner or admin
needs-keys-manage = a role that may change signing keys: owner or admin
needs-credentials-status = a role that may revoke and suspend: owner, admin or issuer
needs-jobs-read = a role that may see long work: owner, admin, issuer or auditor
needs-jobs-cancel = a role that may stop long work: owner, admin or issuer
needs-audit-read = a role that may read the audit log: owner, admin or auditor
needs-operations-read = the role owner or admin
needs-own-session = the member themselves, signed in with a browser: keys and tokens do not do
needs-conformance = a key of the role conformance
needs-member = a member’s session or token; an API key is none
problem-already-claimed = The account is in use already
problem-already-claimed-detail = Its member signs in by themselves, or holds a staff role: no link to claim it can be made. They can ask for a sign-in link at /login.
problem-already_marked = This response has been marked
problem-already_marked-detail = Somebody has given a mark for it in the meantime. Look at the queue again.
