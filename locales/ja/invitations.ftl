# 仲間に入るまで：表からの登録、招待、参加した人に最初にたずねること。

invitations-title = 招待
invitations-card = リンクで招待し、表からまとめて登録し、だれが参加したかを確かめます。
invitations-about = 招待は一人に一つです。リンクが使えるのは 30 日以内に一度だけで、新しいリンクを作ると前のものは使えなくなります。
invitations-one = 一人を招待する
invitations-language = 案内に使う言語
invitations-by-mail = リンクをメールで送るか、自分で渡すために作るかを選べます。
invitations-by-link = このサイトはメールを送りません。リンクを作り、本人に渡してください。
invitations-send = 招待を送る
invitations-make-link = リンクを作る
invitations-wrong = 招待できませんでした
invitations-wrong-claimed = このアドレスの方はすでにサインインしているか、運営の役割を持っています。招待は必要ありません。
invitations-all = 招待の一覧
invitations-none = 該当する招待はありません。上で一人ずつ招待するか、表からまとめて登録するか、ほかの状態を見てください。
invitations-state = 状態
invitations-sent = リンクの作成
invitations-until = 期限
invitations-do = 操作
invitations-not-yet = 送信中
invitations-again = もう一度送る
invitations-new-link = 新しいリンク
invitations-withdraw = 取り下げる
invitations-for = { $what }（{ $name }）
invitations-open = 返事待ち
invitations-expired = 期限切れ
invitations-overtaken = 別の方法で参加
invitations-accepted = 参加
invitations-declined = 辞退
invitations-withdrawn = 取下げ
invitations-done-sent = 新しいリンクをメールで送っています。前のリンクは使えなくなりました。
invitations-done-withdrawn = 取り下げました。リンクはもう使えません。あらためて送ることもできます。
invitations-link-title = 参加用のリンク
invitations-back = 招待の一覧に戻る

invitation-title = { $program }への招待
invitation-dear = { $name } さん
invitation-by = { $program }の { $name } さんから招待が届いています。
invitation-by-program = { $program }から招待が届いています。
invitation-about = メンバーになると、これまでに達成したことと次の目標を確かめられ、だれでも真偽を確認できる認定を受けられます。受けた認定は、あなたが公開するまで、あなた以外には見えません。
invitation-accept = 参加してサインインする
invitation-once = リンクが使えるのは { $days } 日以内に一度だけです。開いて見るだけなら、何度でも見られます。
invitation-kept = 登録されている内容
invitation-kept-name = 氏名
invitation-kept-email = メールアドレス
invitation-kept-language = 言語
invitation-kept-handles = ほかの場所での名前
invitation-kept-organization = 所属
invitation-kept-means = この内容を見られるのは運営の担当者だけです。違うところがあれば、担当者に知らせてください。
invitation-language-ja = 日本語
invitation-language-en = 英語
invitation-not = 参加を希望しない
invitation-decline-means = 招待は終わり、このリンクは使えなくなります。名簿でまとめて送る招待も、今後は届きません。
invitation-decline = 招待を辞退する
invitation-declined = 招待を辞退しました
invitation-declined-means = 招待は終わりました。ほかに必要な手続きはありません。
invitation-declined-kept = 氏名とメールアドレスは、まだ{ $program }に登録されています。削除を希望する場合の連絡先：
invitation-declined-ask = 氏名とメールアドレスは、まだ{ $program }に登録されています。削除を希望する場合は、招待した担当者に伝えてください。

mail-invitation-subject = { $program }への招待
mail-invitation-body =
    { $name } 様

    { $by }

    次のリンクから、登録されている内容を確かめ、参加するか辞退するかを選べます。リンクが使えるのは { $days } 日以内に一度だけです。

    { $link }

    あなたについての情報は、どこにも公開されていません。{ $program }にお心当たりがなければ、このメールは破棄してください。

member-table-title = 表からメンバーを登録
member-table-about = 1 行に 1 人を書いた表を使います。行ごとの結果を確かめるまでは登録されず、招待するまではだれにも連絡しません。
member-table-language = 言語の書かれていない行の言語
member-table-language-hint = 案内と認定に使います。あとで本人が変えられます。
member-table-example =
    氏名,メール,言語,ハンドル,所属,役職
    七瀬 ひかり,hikari@example.org,ja,hikari,例の会,理事
    Ada Lovelace,ada@example.org,en,,,
member-table-needed = 氏名とメールは必須です。ほかは省けます。
member-table-no-handles = ハンドルを登録できるのは owner と admin だけです。
member-table-column-name = 氏名
member-table-column-email = メールアドレス
member-table-column-language = 言語（ja または en）
member-table-column-handles = ハンドル
member-table-column-organization = 所属
member-table-column-title = 役職
member-table-report-about = まだだれも登録していません。登録済みの方の内容は変わりません。
member-table-outcome-enrolled = 登録する
member-table-outcome-known = 登録済み
member-table-outcome-rejected = 登録しない
member-table-outcome-waiting = 順番待ち
member-table-outcome-cancelled = 未処理
member-table-outcome-failed = 失敗
member-table-none-new = 新しく登録する行がありません。列に戻るか、別のファイルを選んでください。
member-table-start = { $n } 人を登録する
member-table-who = 氏名とメール
member-table-more = ほか { $n } 行は、登録を始めたあとにダウンロードできる結果で確認できます。
member-table-job = 表からの登録
member-table-cancelled = 途中で中止しました。それまでに登録した方はそのままです。
member-table-invite = 招待
member-table-invite-mail = この表の方のうち、まだ一度もサインインしていない方に、リンクをメールで送ります。返事を待っている方に二通目は送らず、辞退した方にも送りません。
member-table-invite-links = このサイトはメールを送りません。まだ一度もサインインしていない方のリンクを、一人に一つずつ表にしてダウンロードします。見られるのは今だけです。作り直すと、前のリンクは使えなくなります。
member-table-links-end = 自分で渡したいときは、リンクをダウンロードしてください。メールで送ったリンクは使えなくなります。
member-table-send-all = 招待を送る
member-table-links-all = リンクを作ってダウンロード
member-table-invited = { $n ->
    [0] 送る相手は残っていません。
   *[other] { $n } 通のメールを送っています。
}
member-table-why-missing-column = { $named ->
    [email] メールアドレス
   *[other] 氏名
}の列がありません。どの列か選んでください。
member-table-why-repeated-column = 同じ意味の列が二つあります。一つだけにしてください。
member-table-why-twice-in-file = 前の行と同じアドレスです。一人として扱います。
member-table-why-other-name = 別の氏名で登録されています。上書きはしません。
member-table-why-handle-known = ほかのメンバーのハンドルです。直すか、空欄にしてください。
member-table-why-invalid-handle = ハンドルは a〜z、0〜9、-、_ の 1〜40 文字で書いてください。
member-table-why-too-many-handles = ハンドルは五つまでです。
member-table-why-handles-by-role = ハンドルを登録できるのは owner と admin だけです。この列を外してください。
member-table-why-invalid-organization = 1〜120 文字で書いてください。改行や見えない制御文字は使えません。
member-table-why-invalid-title = 1〜120 文字で書いてください。改行や見えない制御文字は使えません。
member-table-why-title-alone = 役職だけでは登録できません。所属も書くか、役職を空欄にしてください。

defaults-title = これから受ける認定の公開範囲
defaults-welcome = { $program }へようこそ
defaults-joined = サインインしました。はじめに二つだけお聞きします。どちらも、あとからいつでも変えられます。
defaults-saved = 保存しました。
defaults-legend = これから受ける認定は、だれに見せますか
defaults-hint = 新しい認定は、ここで選んだ範囲で始まります。一つひとつの認定のページで変えられます。すでに持っている認定には影響しません。
defaults-private-means = あなたが見せるまで、ほかの人には何も見えません。
defaults-language = 案内に使う言語
defaults-language-hint = これから受ける認定も、この言語で書かれます。
defaults-later = あとで決める
defaults-notices = お知らせの種類と頻度
