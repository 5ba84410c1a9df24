# waymark doctor: what was found, and what to do.
doctor-address = People reach it at { $found }
doctor-address-fix = Put it behind https and set WAYMARK_BASE_URL to that address.
doctor-address-elsewhere = Links and credentials lead to { $found }, and the server listens on another port
doctor-address-elsewhere-fix = Set WAYMARK_BASE_URL to the address that people open. What was signed before keeps the address it was signed with.
doctor-identity = The issuer is known by { $found }
doctor-identity-fix = did:web needs an https base URL that is not this machine; on a test machine set WAYMARK_ISSUER__DID_METHOD=key.
doctor-folder = The data folder can be written: { $found }
doctor-folder-fix = Give the user that runs Waymark the right to write there, or name another folder with WAYMARK_DATA_DIR.
doctor-schema = Database schema: { $found }
doctor-schema-newer = Database schema: { $found }
doctor-schema-newer-fix = A newer Waymark has been at work on this database. Run that version or a later one, or restore the backup that was made before.
doctor-schema-fix = Run `waymark migrate`; make a backup first.
doctor-durability = Committed means stored: { $found }
doctor-durability-fix = Use a local disk for SQLite, or set synchronous_commit and fsync to on in PostgreSQL (version 15 or newer).
doctor-keys = Signing keys: { $found }
doctor-keys-fix = Make them: `waymark key generate`.
doctor-keys-identity = Signing keys: { $found }
doctor-keys-identity-fix = First settle who the issuer is: do what stands under identity above, then run `waymark key generate`.
doctor-keys-mode = Signing keys: { $found }
doctor-keys-mode-fix = Keep others out: chmod 700 for the folder, chmod 600 for the files in it. If somebody may have read a key, treat it as compromised.
doctor-keys-unreadable = Signing keys: { $found }
doctor-keys-unreadable-fix = Let the user that runs Waymark read the key folder and its files: mend owner and mode.
doctor-keys-missing = Signing keys: { $found }
doctor-keys-missing-fix = Put the key file back from the backup with mode 0600, or point WAYMARK_KEYS__DIR to the folder that has it. A new key is no replacement for it.
doctor-keys-sample = Signing keys: { $found }
doctor-keys-sample-fix = Take the sample key out of the key folder and make your own: `waymark key generate`.
doctor-keys-sealed = Signing keys: { $found }
doctor-keys-sealed-fix = Put the passphrase into the file that WAYMARK_KEYS__PASSPHRASE_FILE names, or hand it over with LoadCredentialEncrypted=waymark-key-passphrase in the systemd unit. A running server takes it up by itself.
doctor-keys-passphrase = Signing keys: { $found }
doctor-keys-passphrase-fix = Give the passphrase with which the files were sealed. If it is lost, the keys are lost: run `waymark key rotate` with a new one.
doctor-keys-broken = Signing keys: { $found }
doctor-keys-broken-fix = Move that file out of the key folder, and put the right one back from the backup.
doctor-keys-stopped = Signing keys: { $found }
doctor-keys-stopped-fix = Find the cause in the log and remove it, then start the server anew.
doctor-aside = Set aside, because it would not verify: { $found }
doctor-aside-fix = Run `waymark fsck` for the reason, then `waymark credential revoke` and issue it anew. Nothing else is held up by it.
doctor-program = Program: { $found }
doctor-program-fix = Apply one: `waymark program apply DIR`.
doctor-program-address = Program: no credential can carry the issuer’s address “{ $found }”, so none can be issued
doctor-program-address-fix = Write one such as https://guild.example, without spaces: on the page “Settings” (`/admin/settings`), or as `url` in `program.yaml`, and then `waymark program apply DIR`.
doctor-audit = Audit log: { $found }
doctor-audit-whole = { $rows ->
    [one] One row
   *[other] { $rows } rows, each fits the one before
}
doctor-audit-broken = broken at row { $row }
doctor-audit-fix = Somebody changed the log. Keep the database as evidence and compare it with a backup.
doctor-outbox = Events waiting: { $found }
doctor-outbox-fix = A listener fails again and again: look for “a listener failed” in the server's log.
doctor-outbox-untaken = Events waiting, and nobody has taken any of them up: { $found }
doctor-outbox-untaken-fix = Start `waymark serve`: its worker deals with them within seconds.
doctor-clock = The clock says { $found }
doctor-clock-fix = The newest record lies in the future: set the machine's clock (NTP).
doctor-webhooks = Webhooks in trouble: { $found }
doctor-webhooks-fix = The store could not be read: look at what the server's log says.
doctor-webhooks-off = Webhooks that were switched off because nobody answered: { $found }
doctor-webhooks-off-fix = Mend the receiver or its address on `/admin/webhooks`, then switch it on there or with `waymark webhook enable ID`; what it is owed is sent then.
doctor-webhooks-failing = Webhooks to which nothing gets through at the moment: { $found }
doctor-webhooks-failing-fix = Look at what the receiver answers on `/admin/webhooks`, or try it with `waymark webhook test ID`. It is tried again by itself, and switched off after two and a half days.
doctor-none = none
doctor-mail-wrong = A setting is wrong: { $found }
doctor-mail-wrong-fix = Put it right: until then neither the server nor any other command begins.
doctor-schema-none = There is no data in { $found }
doctor-schema-none-fix = Prepare it with `waymark migrate`, or name the right folder with --data or WAYMARK_DATA_DIR.
doctor-mail = Mail server: { $found }
doctor-mail-fix = Without mail, sign-in links are made with `waymark admin login-link EMAIL`.
doctor-glyphs = Names that no font here can draw: { $found }
doctor-glyphs-fix = Their certificates cannot be printed as PDF; the credentials themselves are complete. Ask the holder how the name may be written, and issue a replacement.

# The audit log
audit-title = Audit log
audit-card = Who changed what, and when.
audit-about = Every change that needs a permission stands here, newest first, with whoever made it. Rows are chained, so that one taken out or altered shows: `waymark audit verify` follows the chain.
audit-action = What was done
audit-action-hint = Such as credential.revoke, or credential for everything done to credentials.
audit-actor = By whom
audit-actor-hint = The id of a member or of a key, or operator for the command line.
audit-object = To what
audit-object-hint = The id or name of what was changed.
audit-show = Show
audit-all = Show everything
audit-none = Nothing has been changed yet. Whatever staff, keys or the command line change from now on stands here by itself.
audit-none-here = No row fits. Look at the spelling, or show everything.
audit-seq = No.
audit-at = When
audit-detail = Details
audit-earlier = Earlier rows
