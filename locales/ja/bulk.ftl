# 表からの一括発行。
bulk-title = 表からまとめて発行
bulk-about = 1 行に 1 人を書いた表をアップロードします。発行の前に、内容を確認できます。
bulk-step-file = ファイル
bulk-step-columns = 列
bulk-step-check = 確認
bulk-step-issue = 発行
bulk-track = 授与するもの
bulk-track-hint = 行ごとに違うときは、表の列に書き、ここは空けておきます。
bulk-track-by-column = 表の列に書いてある
bulk-file = ファイル
bulk-file-hint = Excel や Google スプレッドシートで保存した CSV、または NDJSON。1,000 行、2 MB まで。
bulk-more = 文字コードと言語
bulk-encoding = 文字コード
bulk-encoding-auto = 自動で判定
bulk-encoding-cp932 = Shift_JIS（CP932、日本語版 Excel）
bulk-encoding-hint = 下の名前が文字化けしていたら、変えてください。
bulk-locale = 新しい受け取り手の言語
bulk-locale-hint = 表に言語の列がない場合に使います。認定とメールがこの言語になります。
bulk-read = ファイルを読み込む
bulk-not-read = このままでは使えないファイルです
bulk-example = 表の例
bulk-example-csv =
    氏名,メール,授与日,根拠URL,根拠の日付
    七瀬 ひかり,hikari@example.org,,https://example.org/work/1,
    佐藤 葵,aoi@example.org,2026/4/1,https://example.org/work/2,2026/4/1
bulk-by-mail = まだアカウントのない方には、受け取り用リンクをメールで送ります。
bulk-by-links = このサイトはメールを送りません。発行後に、アカウントのない方の受け取り用リンクをまとめてダウンロードできます。
bulk-earlier = これまでの表
bulk-when = アップロード日時
bulk-state = 状態
bulk-came-to = 結果
bulk-counts = 完了 { $done } 件、発行できず { $failed } 件
job-prepared = 開始前
job-running = 実行中
job-done = 完了
job-cancelled = 中止
bulk-columns-title = 列の意味を確認してください
bulk-columns-wrong = 列の割り当てが足りません
bulk-columns-about = { $file }（{ $rows } 行）。見出しから推定しました。違うところを直してください。
bulk-column = 列の見出し
bulk-column-holds = 中身の例
bulk-column-means = 意味
bulk-column-none = 使わない
bulk-column-name = 氏名
bulk-column-email = メールアドレス
bulk-column-locale = 言語（ja または en）
bulk-column-track = コース
bulk-column-awarded-at = 授与日
bulk-column-valid-until = 有効期限
bulk-column-evidence = 根拠の URL
bulk-column-evidence-name = 根拠の名前
bulk-column-evidence-text = 根拠の説明
bulk-column-evidence-date = 根拠の日付
bulk-columns-confirm = この割り当てで進む
bulk-other-file = 別のファイルにする
bulk-report-title = 発行内容の確認
bulk-rows = 行数
bulk-good = 発行できる行
bulk-errors = エラーのある行
bulk-warned = 注意のある行
bulk-new-members = 新しい受け取り手
bulk-found = 見つかったこと
bulk-row = 行
bulk-who = 受け取り手
bulk-what = 内容と直し方
bulk-is-error = エラー
bulk-is-warning = 注意
bulk-errors-download = エラー行のみ CSV でダウンロード
bulk-errors-column = 直すところ
bulk-more-rows = ほか { $n } 行はダウンロードした CSV で確認できます。
bulk-preview = 発行後の見本（はじめの数件）
bulk-confirm-title = 発行しますか
bulk-confirm-means = 署名された認定になり、本人が公開するまで誰にも見えません。発行後の取消しはできますが、なかったことにはできません。
bulk-sealed = 使える署名鍵がないため、いまは発行できません。waymark doctor で確認してください。
bulk-none-good = 発行できる行がありません。エラー行を直して、もう一度アップロードしてください。
bulk-issue-good = 正しい { $n } 行だけ発行する
bulk-issue-all = { $n } 件を発行する
bulk-back-to-columns = 列の割り当てに戻る
bulk-job-title = 表からの発行
bulk-running = 発行しています。このページを離れても処理は続きます。
bulk-refreshed = 進み具合を更新しました。
bulk-worked = { $total } 行中 { $n } 行
bulk-issued = 発行
bulk-held = 保有済み
bulk-failed = 発行できず
bulk-left = 未処理
bulk-ended = 終了
bulk-look-again = 最新の状態を見る
bulk-cancel = ここで中止する
bulk-cancel-means = それまでに発行した分はそのまま残り、以降の行は処理しません。
bulk-was-cancelled = 途中で中止されました。それまでに発行した分は有効です。
bulk-done = 完了しました。発行 { $issued } 件、発行できず { $failed } 件。
bulk-result-download = 結果を CSV でダウンロード
bulk-links-title = 受け取り用リンク
bulk-links-about = 一度もサインインしていない方の認定ごとに、リンクを 1 つ作ります。リンクを持つ人は誰でも受け取れるため、必ず本人だけに渡してください。ダウンロードのたびに新しく作り、前のリンクは使えなくなります。
bulk-links-mail = メールで送ったリンクも使えなくなります。
bulk-links-download = リンクを作って CSV でダウンロード
bulk-failed-rows = 発行できなかった行
bulk-in-column = { $column }：{ $text }
bulk-on-line = { $line } 行目：{ $text }
bulk-why-too-large = ファイルが 2 MB を超えています。分けるか、不要な列を除いてください。
bulk-why-no-file = ファイルを選んでください。
bulk-why-forbidden-character = U+0000 という文字が入っています。テキストでないファイルかもしれません。CSV UTF-8 で保存し直してください。
bulk-why-unreadable = この文字コードでは読めません。別の文字コードを選ぶか、CSV UTF-8 で保存し直してください。
bulk-why-no-table = 表として読めません。CSV で保存してください。
bulk-why-empty = ファイルが空です。見出しと 1 行以上のデータが必要です。
bulk-why-no-rows = 見出しの下にデータがありません。
bulk-why-too-many-rows = { $named } 行を超えています。ファイルを分けてください。
bulk-why-too-many-empty-rows = 空の行を含めて { $named } 行を超えています。空の行を削除して、もう一度保存してください。
bulk-why-too-many-columns = { $named } 列を超えています。不要な列を除いてください。
bulk-why-open-quote = ここで始まる引用符（"）が閉じていません。閉じるか、文字として使うなら 2 つ重ねてください。
bulk-why-missing-column = 「{ $named }」の列がありません。どの列か選んでください。
bulk-why-missing-track = コースを選ぶか、コースの書かれた列を選んでください。
bulk-why-repeated-column = 「{ $named }」が 2 列に割り当てられています。1 つにしてください。
bulk-why-extra-cell = 見出しより列の多い行です。区切り文字を含む値は引用符（"）で囲んでください。
bulk-why-missing-value = 値を入れてください。
bulk-why-invalid-time = 2026-04-01 または 2026/4/1 のように書いてください。
bulk-why-unknown-locale = ja または en と書いてください。
bulk-why-invalid-email = name@example.org のようなメールアドレスを 1 つ書いてください。
bulk-why-invalid-name = 1〜120 文字の氏名を書いてください。改行や見えない制御文字は使えません。
bulk-why-recipient = `member` か `recipient` のどちらか一方を書いてください。
bulk-why-malformed = JSON オブジェクトではない行です。
bulk-why-unknown-field = 知らない項目です。
bulk-why-too-long = 文字数を減らしてください。
bulk-why-too-many = 件数が多すぎます。
bulk-why-invalid-url = https:// または http:// で始まる URL を書いてください。
bulk-why-invalid-text = 制御文字を除いてください。
bulk-why-repeated = 同じ URL が 2 回書かれています。
bulk-why-in-the-future = 未来の授与日は使えません。今日なら空欄にしてください。
bulk-why-no-evidence = 過去の授与日には、同じ日の根拠が必要です。根拠の日付も入れてください。
bulk-why-unknown-track = そのようなコースはありません。
bulk-why-title = 称号は所定の手続きで人が決めるもので、表からは発行できません。
bulk-why-unknown-member = そのようなメンバーはいません。
bulk-why-expired = 有効期限がすでに過ぎているため、発行しても期限切れになります。
bulk-why-duplicate = { $named } 行目と同じ人に同じコースです。発行されるのは 1 件です。
bulk-why-known-name = 「{ $named }」として登録されています。認定にはその名前が載ります。
bulk-why-already-held = すでに持っています（{ $named }）。新しくは発行しません。
# アカウントのない方の受け取り。
claim-title = あなたに授与されました
claim-explains = 受け取ると、サインインした状態になります。公開範囲を決めるまで、ほかの人には見えません。
claim-button = 受け取ってサインインする
claim-once = リンクは { $days } 日以内に一度だけ使えます。開いて見ただけでは使用済みになりません。
welcome-title = 受け取りました
welcome-later = あとで決める
claim-not-yet = まだ受け取られていません
claim-not-yet-means = 本人はまだ一度もサインインしていません。
claim-mail-again = メールをもう一度送る
claim-show-link = 手渡し用のリンクを作る
claim-mailed = 新しいリンクをメールで送りました。以前のリンクはもう使えません。
claim-link-title = 受け取り用リンク
claim-link-for = { $name } さん本人だけに渡してください。開いた人が本人としてサインインします。{ $days } 日以内に一度だけ使えます。
claim-link-label = リンク
claim-link-hint = 表示するのはこの一度だけです。以前のリンクはもう使えません。
claim-link-back = 認定に戻る
mail-award-subject = { $issuer }より「{ $title }」の授与のお知らせ
mail-award-body =
    { $name } 様

    { $issuer }より、次のとおり授与されました。

        { $title }

    次のリンクを開き、ボタンを押すと受け取れます。{ $days } 日以内に一度だけ使えます。

    { $link }

    公開範囲を決めるまで、ほかの人には見えません。お心当たりがなければ、このメールは削除してください。
