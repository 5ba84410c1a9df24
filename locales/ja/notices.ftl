# メンバーへのお知らせ（画面とメール）。
nav-notices = お知らせ
nav-unread = 未読 { $n } 件
notices-none = お知らせはまだありません。認定やバッジを取得したとき、目標に近づいたとき、更新の時期が来たときなどに、ここに届きます。
notices-new = 未読
notices-read-all = すべて既読にする
notices-mark-read = 既読にする
notices-mark-unread = 未読に戻す
notices-older = 以前のお知らせ
notices-settings = お知らせの受け取り方
notices-settings-about = お知らせはすべてこのサイトの画面で読めます。メールでも受け取りたいものと、その頻度を選んでください。
notices-saved = 保存しました。
notices-no-mail = このサイトはメールを送らない設定のため、お知らせは画面だけに届きます。ここでの選択は、メールが使えるようになった時点から有効です。
notices-address = メールの宛先：{ $address }
notices-unproved = メールはまだ送られません。ご自身のアドレスに届いたリンクから一度サインインすると、アドレスの確認が済みます。
notices-stopped = お知らせのメールはすべて停止中です。お知らせは画面だけに届きます。
notices-begin = メールの配信を再開する
notices-hours = まとめてのメールは、このプログラムの時刻で午前 8 時に送ります（週ごとのものは月曜日）。それまでに読んだものは含みません。
notices-save = 保存する
notices-end-title = お知らせメールの停止
notices-end-about = お知らせのメールをすべて停止します。お知らせは引き続き画面で読めます。サインイン用のリンクなど、ご自身の操作で送られるメールは停止しません。
notices-end = メールを停止する
notices-ended = お知らせのメールを停止しました。
notices-ended-still = お知らせは引き続き画面で読めます。これまでの設定は残してあるので、再開すれば元どおりになります。
notices-kind-earned = 取得と更新
notices-kind-near = 目標まであと少し
notices-kind-reminder = 期限と更新の時期
notices-kind-standing = 認定の状態の変更
notices-kind-result = 試験の結果
notices-kind-sitting = 試験の日時
notices-kind-contribution = 届け出と貢献
notices-kind-thanks = 感謝
notices-about-earned = 認定やバッジが授与されたとき、更新されたとき。
notices-about-near = 取り組み中の目標まで、あと少しになったとき。
notices-about-reminder = 期限が近づいたとき、期限が過ぎてもまだ更新できるとき。
notices-about-standing = お持ちの認定が一時停止・取消し・再開・訂正されたとき。
notices-about-result = 試験の結果が見られるようになったとき。
notices-about-sitting = 予約している受験の日時が変わったり、中止になったりしたとき。
notices-about-contribution = 届け出が承認されなかったとき、確認待ちになったとき、注意が記録されたとき。
notices-about-thanks = 感謝の言葉が届いたとき。
notices-way-at-once = すぐにメールで
notices-way-daily = 1 日 1 回まとめてメールで
notices-way-weekly = 週 1 回まとめてメールで
notices-way-here = 画面だけ
notices-title = 「{ $title }」
notices-earned = 「{ $title }」を取得しました。
notices-earned-many = 新たに { $n } 件を取得しました：{ $titles }
notices-earned-many-more = 新たに { $n } 件を取得しました：{ $titles }ほか
notices-renewed = 「{ $title }」が更新されました。
notices-renewed-until = 「{ $title }」が更新され、有効期限が{ $date }になりました。
notices-replaced = 「{ $title }」が、訂正後のものに差し替えられました。
notices-suspended = 「{ $title }」が一時停止になりました。
notices-revoked = 「{ $title }」が取り消されました。
notices-reinstated = 「{ $title }」が再び有効になりました。
notices-near = 「{ $title }」まで、あと少しです。
notices-reminder = 「{ $title }」の有効期限は{ $date }です。続けるには、それまでに更新してください。
notices-grace = 「{ $title }」は{ $date }に期限が切れましたが、{ $until }までは更新できます。
notices-result = 「{ $exam }」の結果が見られるようになりました。
notices-window-moved = 試験「{ $exam }」で予約している「{ $name }」の日時が、{ $from } から { $to } までに変わりました。
notices-window-cancelled = 試験「{ $exam }」で予約していた「{ $name }」（{ $from }）は中止になりました。理由：{ $reason }
notices-held = { $date }ごろの貢献 { $n } 件が、担当者の確認待ちになっています。確認が済むと数えられます。
notices-refused-link = 届け出たリンクは承認されませんでした。理由の確認と返答は、リンクの画面でできます。
notices-refused-handle = 届け出たハンドルは確認できませんでした。理由は、ハンドルの画面で読めます。
notices-refused-attendance = イベントへの参加は、主催者の確認が得られませんでした。理由は画面で読めます。
notices-strike = 注意が記録されました。期間中に届く貢献は、担当者が確認してから数えられます。理由は画面で読めます。
notices-thanks = 感謝の言葉が届きました。
notices-gone = このお知らせの対象は、すでにありません。
notices-open-earned = 見る
notices-open-near = 残りの要件を見る
notices-open-reminder = 更新の方法を見る
notices-open-standing = 詳しく見る
notices-open-result = 結果を見る
notices-open-sitting = 日時を見る
notices-open-contribution = 理由を見る
notices-open-thanks = 読む
notices-letter-one = { $text }（{ $issuer }）
notices-letter-many = { $issuer }からのお知らせ { $n } 件
notices-letter-more = ほか { $n } 件は、画面でお読みください。
notices-letter =
    { $name } 様

    { $notices }

    --
    { $issuer }
    メールの受け取り方を変える： { $settings }
    サインインせずにメールを停止する： { $unsubscribe }
