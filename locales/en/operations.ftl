# waymark doctor: what was found, and what to do.
doctor-address = People reach it at { $found }
doctor-address-fix = Put it behind https and set WAYMARK_BASE_URL to that address.
doctor-identity = The issuer is known by { $found }
doctor-identity-fix = did:web needs an https base URL that is not this machine; on a test machine set WAYMARK_ISSUER__DID_METHOD=key.
doctor-folder = The data folder can be written: { $found }
doctor-folder-fix = Give the user that runs Waymark the right to write there, or name another folder with WAYMARK_DATA_DIR.
doctor-schema = Database schema: { $found }
doctor-schema-fix = Run `waymark migrate`; make a backup first.
doctor-durability = Committed means stored: { $found }
doctor-durability-fix = Use a local disk for SQLite, or set synchronous_commit and fsync to on in PostgreSQL (version 15 or newer).
doctor-keys = Signing keys: { $found }
doctor-keys-fix = Run `waymark key generate`, or put the key files back from the backup with mode 0600.
doctor-program = Program: { $found }
doctor-program-fix = Apply one: `waymark program apply DIR`.
doctor-audit = Audit log, rows checked or first broken row: { $found }
doctor-audit-fix = Somebody changed the log. Keep the database as evidence and compare it with a backup.
doctor-outbox = Events waiting: { $found }
doctor-outbox-fix = A listener fails again and again: look for “a listener failed” in the server's log.
doctor-outbox-untaken = Events waiting, and nobody has taken any of them up: { $found }
doctor-outbox-untaken-fix = Start `waymark serve`: its worker deals with them within seconds.
doctor-clock = The clock says { $found }
doctor-clock-fix = The newest record lies in the future: set the machine's clock (NTP).
doctor-mail = Mail server: { $found }
doctor-mail-fix = Without mail, sign-in links are made with `waymark admin login-link EMAIL`.
