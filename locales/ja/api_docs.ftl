# API の説明の画面。
api-title = API
api-lead = API キーまたはメンバーのトークンを Bearer として送ります。時刻は UTC、ID には種類を表す接頭辞が付き、知らない項目は受け付けません。エラーは問題文書（RFC 9457）で返り、code の値は変わりません。呼び出しの要約は日本語、そのほかの細かな説明は英語です。
api-download = 同じ内容の OpenAPI 3.1 文書
api-public = キーは不要
api-sent = 送る内容
api-answered = 返る内容
api-schemas = データの形
api-tag-program = コース
api-tag-members = メンバー
api-tag-exams = 試験
api-tag-banks = 問題バンク
api-tag-contributions = 貢献
api-tag-credentials = 認定
api-tag-issuers = 登録済みの発行者
api-tag-jobs = 一括処理
api-tag-verification = 検証
api-tag-webhooks = Webhook
