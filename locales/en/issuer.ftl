# Staff: issuers of others that this program knows.
known-title = Known issuers
known-about = Whose credentials readers of your verifier may take as theirs: you know who stands behind the identifier. A report then says “known to us” instead of repeating the issuer's own words. It makes nothing valid that is not.
known-none = None yet. Add an issuer once you have made sure, outside of its own credentials, whose identifier it is.
known-since = Known since { $since }
known-was = Known from { $since } to { $ended }
known-names-are = Its names:
known-named-since = { $name }, since { $since }
known-rename = It has another name
known-rename-hint = Reports show the name of today. A credential that bears an earlier one is told as such, and whoever else uses one of them is named.
known-rename-since = Its name since (optional)
known-rename-since-hint = Leave it empty for today. A day before the others adds a name from the past.
known-rename-button = Add the name
known-any-key = By whatever keys its own document lists.
known-keys-are = By these keys alone:
known-end = Know it no longer
known-add = Add an issuer
known-add-button = Add the issuer
known-issuer = Identifier
known-issuer-hint = As its credentials write it: did:web:certs.example, did:key:z6Mk… or https://…
known-name = Name
known-name-hint = What readers will see. Write the name you know it by, not the one in the credential.
known-keys = Keys (optional)
known-keys-hint = One a line: multikey (z6Mk…), SHA-256 thumbprint or full id. Where you name keys, a signature by any other key counts as unknown.
known-note = How you made sure (optional)
known-note-hint = Staff alone read it.
known-wrong = There is a problem
known-wrong-twice = This issuer is known already, or it is your own. End the entry first to write a new one.
known-wrong-issuer = Write the identifier as its credentials do: did:web:…, did:key:… or https://…
known-wrong-name = Write the name under which readers know it, at most 200 characters.
known-wrong-since = Write a day that has come.
known-wrong-name-twice = Another name begins on that day, the entry holds 50 names, or it has ended.
known-wrong-keys = Write at most 20 keys, one a line, each as z6Mk…, thumbprint or full id.
known-wrong-note = Shorten the note to 500 characters.
staff-known = Known issuers
staff-known-about = Other organizations whose credentials you can vouch for.
# The keys of the issuer: /admin/keys.
staff-keys = Signing keys
staff-keys-about = Who signs, and since when. Rotate a key, or say that it got into other hands.
keys-about = Every key that ever signed here stays in this list and in the published key documents, so that what it signed can still be checked.
keys-none = There is no key yet. Make one under “Settings”, or on the server with `waymark key generate`.
keys-sealed = Nothing is issued now: the key files are sealed and wait for their passphrase. Verification and exams go on. `waymark doctor` says what to do.
keys-off = Nothing is issued now; verification and exams go on. { $why }
keys-did-key = This installation signs under did:key: the key is the issuer's identity and cannot be exchanged. To rotate keys, move to did:web: give the server an https address, set WAYMARK_ISSUER__DID_METHOD=web, run `waymark key generate`, and issue anew what was signed before.
keys-for-credential = For credentials
keys-for-status-list = For status lists
keys-for-all = For credentials and status lists
keys-for-conformance = For conformance suites
keys-state-active = In use
keys-state-retired = Retired
keys-state-compromised = Compromised
keys-thumbprint = Thumbprint
keys-created = Made
keys-retired = Retired
keys-revoked = In other hands since
keys-reason = What happened
keys-reason-hint = One line, for staff and the audit log.
keys-since = Since when may somebody else have had it?
keys-since-hint = Leave it empty for now. The day is published with the key.
keys-rotate = Rotate
keys-retire = Retire
keys-compromise = Compromised…
keys-rotate-title = Rotate the key
keys-retire-title = Retire the key without a successor
keys-compromise-title = Mark the key as compromised
keys-what-happens = What happens
keys-rotate-new = A new key is made and signs from now on. This one is retired.
keys-compromise-new = This key signs nothing more, at once. A new one is made and takes its place.
keys-keeps-credential = { $n ->
    [0] It has signed no credential.
    [one] The one credential that it signed stays valid everywhere.
   *[other] The { $n } credentials that it signed stay valid everywhere.
}
keys-keeps-list = { $n ->
    [0] It has signed no status list.
    [one] The one status list that it signed is signed again by the new key.
   *[other] The { $n } status lists that it signed are signed again by the new key.
}
keys-retire-stops-credential = Nothing can be issued until there is another key (`waymark key generate`). Awards wait until then.
keys-retire-stops-list = Nothing can be issued and no revocation can be published until there is another key. After 24 hours other verifiers can no longer tell whether any credential was revoked.
keys-compromise-own-credential = { $n ->
    [0] It has signed no credential. Whatever turns up with its signature is shown as altered here.
    [one] The one credential that it signed here stays valid on this server, which knows it. Anything else with its signature is shown as altered, whatever its date.
   *[other] The { $n } credentials that it signed here stay valid on this server, which knows them. Anything else with its signature is shown as altered, whatever its date.
}
keys-compromise-others-credential = { $n ->
    [0] Other verifiers do not accept this key any longer.
    [one] Other verifiers can no longer tell that credential from a forgery, and show it as unknown, until it is issued anew.
   *[other] Other verifiers can no longer tell those { $n } credentials from forgeries, and show them as unknown, until they are issued anew.
}
keys-compromise-own-list = { $n ->
    [0] It has signed no status list.
    [one] The one status list that it signed is signed again by the new key at once.
   *[other] The { $n } status lists that it signed are signed again by the new key at once.
}
keys-compromise-others-list = Copies of status lists that verifiers keep from before no longer count; they fetch the new ones within minutes.
keys-waiting = { $n ->
    [one] One award that waits for its signature is signed by the new key.
   *[other] { $n } awards that wait for their signature are signed by the new key.
}
keys-back = Leave it as it is
keys-wrong = Nothing was changed
keys-wrong-at = Name a day on which the key existed, and not one ahead.
keys-wrong-reason = Say on one line what happened, in at most 500 characters.
keys-done-rotate = The new key signs from now on.
keys-done-retire = The key is retired. Nothing is issued until there is another.
keys-done-compromise = The key is marked as compromised. Issue anew what it signed, so that others can check it again.
