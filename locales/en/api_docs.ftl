# The page about the API.
api-title = The API
api-lead = Send an API key or a member token as a Bearer. Times are in UTC, ids carry a prefix, unknown fields are refused. Errors are problem documents (RFC 9457) with a stable code.
api-download = The same as an OpenAPI 3.1 document
api-public = no key needed
api-sent = You send
api-answered = You get
api-schemas = Shapes
api-tag-program = Tracks
api-tag-members = Members
api-tag-exams = Exams
api-tag-banks = Item banks
api-tag-contributions = Contributions
api-tag-credentials = Credentials
api-tag-issuers = Known issuers
api-tag-jobs = Long work
api-tag-verification = Verification
api-tag-webhooks = Webhooks
