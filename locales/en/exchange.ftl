# Banks from and to files of other systems.
exchange-title = Import into { $bank }
exchange-link = Import and export
exchange-about = Choose a file of items. You see what it would change, item by item, before anything is stored.
exchange-new-bank = There is no bank with the short name { $slug } yet. Importing makes it; the name stands in addresses and files and cannot be changed later.
exchange-file = File
exchange-file-hint = A QTI package (ZIP) or item (XML), Moodle XML, GIFT, Aiken, CSV, JSON or YAML. Pictures that a file names: pack the file and its pictures into one ZIP. Up to 16 MiB, text in UTF-8; a CSV also as Excel writes it in Japanese (Shift_JIS).
exchange-format = Format
exchange-format-auto = Find out
exchange-read = Read the file
exchange-reading = The file is sent and read …
exchange-storing = The items are stored …
exchange-columns = The columns of a CSV
exchange-columns-about = The first line names the columns, in any order; one row is one item of single or multiple choice. Only id and question have to be there.
exchange-column = Column
exchange-column-holds = What stands there
exchange-column-example = Example
exchange-column-id = A short name that never changes. The same id in a later file changes that item.
exchange-example-id = net-1
exchange-column-question = The question. Markdown is understood.
exchange-example-question = Which port does HTTPS use?
exchange-column-options = The options, one a column, without a gap.
exchange-example-options = 443 · 80 · 22
exchange-column-correct = Which option is right, counted from 0: 0 is column a, 1 is column b. Several with semicolons between them.
exchange-example-correct = 0 (or 0;2)
exchange-column-domain = The domain by which an exam draws items.
exchange-example-domain = networks
exchange-column-tags = Tags, with semicolons between them.
exchange-example-tags = tls;ports
exchange-column-rationale = Why it is so: shown to candidates once the exam is over, where the exam says so.
exchange-example-rationale = HTTPS is served at 443 unless an address says otherwise.
exchange-column-figure = The file name of a picture that is packed into one ZIP with the CSV.
exchange-example-figure = ports.png
exchange-column-figure-alt = What is to be seen in it, for those who cannot see it.
exchange-example-figure-alt = A table of well-known ports
exchange-columns-languages = For two languages, write a column for each: question_ja and question_en, a_ja and a_en, rationale_ja and rationale_en.
exchange-sample-link = Download a sample CSV
exchange-sample =
    id,question,a,b,c,d,correct,domain,tags,rationale
    net-1,Which port does HTTPS use?,443,80,22,25,0,networks,tls;ports,HTTPS is served at 443 unless an address says otherwise.
    net-2,Which of these addresses are private?,10.0.0.1,8.8.8.8,192.168.1.1,1.1.1.1,0;2,networks,addresses,
exchange-not-read = The file was not read
exchange-why-no-file = No file came along. Choose one.
exchange-why-too-large = The file is larger than 16 MiB. Split it.
exchange-why-busy = Other files are being read at the moment. Try again in a few seconds.
exchange-why-gone = The file is no longer kept. Choose it again.
exchange-would = Nothing is stored yet. This is what { $file } would do:
exchange-done = The items are in the bank.
exchange-nothing = There is nothing to store: every item is in the bank already or was rejected.
exchange-confirm = Import these items
exchange-confirm-about = Imported items are in use at once. An item that changed gets a new version; attempts that have begun keep theirs.
exchange-to-bank = Look at the bank
exchange-another = Choose another file
exchange-rows = Item by item
exchange-item = Item
exchange-place = Line
exchange-state = What happens
exchange-notes = Why, and what is lost
exchange-state-imported = New
exchange-state-updated = New version
exchange-state-unchanged = Unchanged
exchange-state-rejected = Rejected
exchange-state-file = File
exchange-more = { $n ->
    [one] One more row is not shown. The command line (waymark bank import --dry-run --json) lists them all.
   *[other] { $n } more rows are not shown. The command line (waymark bank import --dry-run --json) lists them all.
}
exchange-out = Take the bank along
exchange-out-about = Each file holds the right answers; that you fetched it is recorded.
exchange-out-title = Export { $bank }
exchange-out-choose = Choose a format and a language
exchange-out-language = Language
exchange-out-language-hint = For formats that hold only one language (Moodle XML, GIFT, Aiken, QTI). CSV, JSON and YAML hold all.
exchange-out-fetch = Fetch the file
exchange-with-pictures = With the pictures that it names, as one ZIP (CSV, JSON and YAML)
