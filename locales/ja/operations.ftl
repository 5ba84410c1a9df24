# waymark doctor：見つかったことと、どうすればよいか。
doctor-address = 公開アドレス：{ $found }
doctor-address-fix = https で公開し、そのアドレスを WAYMARK_BASE_URL に設定してください。
doctor-identity = 発行者の識別子：{ $found }
doctor-identity-fix = did:web には、このマシン以外の https アドレスが要ります。試用なら WAYMARK_ISSUER__DID_METHOD=key にしてください。
doctor-folder = データフォルダーへの書き込み：{ $found }
doctor-folder-fix = Waymark を動かすユーザーに書き込み権限を与えるか、WAYMARK_DATA_DIR で別のフォルダーを指定してください。
doctor-schema = データベースの構造：{ $found }
doctor-schema-fix = バックアップを取ってから `waymark migrate` を実行してください。
doctor-durability = 書き込みの確実さ：{ $found }
doctor-durability-fix = SQLite はローカルディスクに置いてください。PostgreSQL（15 以降）では synchronous_commit と fsync を on にしてください。
doctor-keys = 署名鍵：{ $found }
doctor-keys-fix = `waymark key generate` を実行するか、バックアップから鍵ファイルを権限 0600 で戻してください。
doctor-program = プログラム：{ $found }
doctor-program-fix = `waymark program apply DIR` で適用してください。
doctor-audit = 監査ログ（確認した行数、または最初に壊れた行）：{ $found }
doctor-audit-fix = ログが書き換えられています。データベースを証拠として保存し、バックアップと比べてください。
doctor-outbox = 処理待ちのイベント：{ $found }
doctor-outbox-fix = 同じ処理が失敗し続けています。サーバーのログで「a listener failed」を探してください。
doctor-outbox-untaken = まだ手が付けられていない処理待ちのイベント：{ $found }
doctor-outbox-untaken-fix = `waymark serve` を起動してください。数秒で処理されます。
doctor-clock = 時計：{ $found }
doctor-clock-fix = 最新の記録が未来の日時です。マシンの時計を合わせてください（NTP）。
doctor-mail = メールサーバー：{ $found }
doctor-mail-fix = メールなしでは、`waymark admin login-link EMAIL` でサインインリンクを作ります。
