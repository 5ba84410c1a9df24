# 運営：身元を把握している、ほかの発行者。
known-title = 登録済みの発行者
known-about = 識別子を管理しているのがどの団体かを、あなたの側で確かめてある発行者です。登録すると、検証結果に発行者の自己申告ではなく「こちらで把握している発行者」と出ます。登録しても、無効なものが有効になることはありません。
known-none = まだありません。認定データの外で、だれの識別子かを確かめてから登録してください。
known-since = { $since } から登録
known-was = { $since } から { $ended } まで登録
known-names-are = 名称の移り変わり
known-named-since = { $name }（{ $since } から）
known-rename = 名称が変わった
known-rename-hint = 検証結果には今の名称を表示します。以前の名称で出された認定にはその旨を添え、ほかの発行者がどれかの名称を使っていれば警告します。
known-rename-since = いつからの名称か（任意）
known-rename-since-hint = 空欄なら今日からになります。ほかより前の日を入れると、過去の名称として加わります。
known-rename-button = 名称を加える
known-any-key = 鍵は、発行者自身の文書に載っているものを認めます。
known-keys-are = 認める鍵は次のものだけです。
known-end = 登録を終える
known-add = 発行者を登録する
known-add-button = 登録する
known-issuer = 識別子
known-issuer-hint = 認定データに書かれているとおりに。did:web:certs.example、did:key:z6Mk…、https://… のどれかです。
known-name = 名称
known-name-hint = 検証結果に表示します。認定データの中の名称ではなく、あなたが知っている名称を書いてください。
known-keys = 鍵（任意）
known-keys-hint = 1 行に一つ、マルチキー（z6Mk…）、SHA-256 の拇印、または鍵の完全な ID。書いた場合、ほかの鍵による署名は「把握していない」と扱います。
known-note = 確かめた方法（任意）
known-note-hint = 運営だけが読めます。
known-wrong = 入力を確かめてください
known-wrong-twice = この発行者は登録済みか、あなた自身の発行者です。書き直すときは、先に今の登録を終えてください。
known-wrong-issuer = 認定データに書かれているとおりに、did:web:…、did:key:…、https://… のどれかで入力してください。
known-wrong-name = 名称を 200 文字以内で入力してください。
known-wrong-since = 今日までの日付を入力してください。
known-wrong-name-twice = その日からの名称がすでにあるか、名称が 50 個に達したか、登録が終わっています。
known-wrong-keys = 鍵は 1 行に一つ、20 個までです。z6Mk…、拇印、完全な ID のどれかで入力してください。
known-wrong-note = メモを 500 文字以内にしてください。
staff-known = 登録済みの発行者
staff-known-about = 身元を確かめてある、ほかの団体。
# 発行者の署名鍵：/admin/keys
staff-keys = 署名鍵
staff-keys-about = いま署名している鍵と、その経歴。鍵の交換や、漏えい時の対処をここで行います。
keys-about = 一度でも署名に使った鍵は、この一覧と公開の鍵文書に残ります。過去の署名を、後からでも確かめられるようにするためです。
keys-none = 鍵がまだありません。「設定」のページで作るか、サーバーで `waymark key generate` を実行してください。
keys-sealed = 鍵ファイルが暗号化されたままで、パスフレーズを待っているため、いまは発行できません。検証と試験は続いています。対処は `waymark doctor` で確認できます。
keys-off = いまは発行できません。検証と試験は続いています。{ $why }
keys-did-key = この環境は did:key で署名しています。鍵そのものが発行者の識別子なので、鍵だけを交換することはできません。交換できるようにするには did:web に移ります。https のアドレスを用意し、WAYMARK_ISSUER__DID_METHOD=web を設定して `waymark key generate` を実行し、これまでの認定を発行し直してください。
keys-for-credential = 認定用
keys-for-status-list = ステータスリスト用
keys-for-all = 認定・ステータスリスト共用
keys-for-conformance = 適合性試験用
keys-state-active = 使用中
keys-state-retired = 引退
keys-state-compromised = 漏えい
keys-thumbprint = 鍵の拇印
keys-created = 作成
keys-retired = 引退
keys-revoked = 漏えいの時期
keys-reason = 経緯
keys-reason-hint = 1 行で。運営と監査記録だけに残ります。
keys-since = いつから第三者の手にあったおそれがありますか
keys-since-hint = 空欄なら現在の日時になります。この日付は鍵とともに公開されます。
keys-rotate = 交換する
keys-retire = 引退させる
keys-compromise = 漏えいした…
keys-rotate-title = 鍵を交換する
keys-retire-title = 後継なしで鍵を引退させる
keys-compromise-title = 鍵の漏えいを記録する
keys-what-happens = この操作で起きること
keys-rotate-new = 新しい鍵を作り、これからの署名に使います。この鍵は引退します。
keys-compromise-new = この鍵の使用を直ちにやめ、新しい鍵を作って置き換えます。
keys-keeps-credential = { $n ->
    [0] この鍵で署名した認定はありません。
   *[other] この鍵で署名した認定 { $n } 件は、どこで検証しても有効なままです。
}
keys-keeps-list = { $n ->
    [0] この鍵で署名したステータスリストはありません。
   *[other] この鍵で署名したステータスリスト { $n } 件は、新しい鍵で署名し直します。
}
keys-retire-stops-credential = 次の鍵を作る（`waymark key generate`）まで、何も発行できません。授与はそれまで待ちます。
keys-retire-stops-list = 次の鍵を作るまで、発行も、取消しの公開もできません。24 時間たつと、ほかの検証ツールでは、どの認定も取消しの有無を確かめられなくなります。
keys-compromise-own-credential = { $n ->
    [0] この鍵で署名した認定はありません。今後この鍵の署名が現れたら、ここでは「改ざん」と表示します。
   *[other] ここで署名した認定 { $n } 件は、このサーバーの記録にあるため、ここでは有効なままです。それ以外でこの鍵の署名があるものは、日付にかかわらず「改ざん」と表示します。
}
keys-compromise-others-credential = { $n ->
    [0] ほかの検証ツールは、この鍵を受け付けなくなります。
   *[other] ほかの検証ツールでは、この { $n } 件を偽造と見分けられず、発行し直すまで「確認できません」と表示されます。
}
keys-compromise-own-list = { $n ->
    [0] この鍵で署名したステータスリストはありません。
   *[other] この鍵で署名したステータスリスト { $n } 件は、直ちに新しい鍵で署名し直します。
}
keys-compromise-others-list = 検証ツールの手元にある古いステータスリストは、根拠として使えなくなります。数分のうちに新しいリストへ入れ替わります。
keys-waiting = 署名待ちの授与 { $n } 件は、新しい鍵で署名します。
keys-back = 変更せずに戻る
keys-wrong = まだ何も変更していません
keys-wrong-at = 鍵を作った日から今日までの日付を入れてください。
keys-wrong-reason = 経緯を 1 行、500 文字以内で書いてください。
keys-done-rotate = 新しい鍵に交換しました。
keys-done-retire = 鍵を引退させました。次の鍵を作るまで発行は止まります。
keys-done-compromise = 漏えいを記録しました。この鍵で署名した認定を発行し直すと、ほかの検証ツールでも再び確認できます。
