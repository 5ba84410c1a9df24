# Words that every page uses.
skip-to-content = Skip to content
nav-label = Main
nav-me = My page
nav-exams = Exams
nav-staff = Staff
nav-verify = Check a credential
nav-sign-in = Sign in
sign-out = Sign out
other-language = 日本語
footer-about = Waymark: exams, contributions, and credentials that anyone can check.
