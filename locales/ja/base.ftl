# どのページでも使う言葉。
skip-to-content = 本文へ移動
nav-label = メイン
nav-me = マイページ
nav-exams = 試験
nav-staff = 運営
nav-verify = 認定を確認
nav-sign-in = サインイン
sign-out = サインアウト
other-language = English
footer-about = Waymark：試験と貢献から、だれでも確かめられる認定へ。
