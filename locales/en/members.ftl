sign-in-title = Sign in
sign-in-ready = Your link is good. One press and you are in.
sign-in-button = Sign in now
sign-in-once = The link works once. Nobody who only looks at it can use it up.
sign-in-by-mail = We send you a link by e-mail; there is no password to remember.
sign-in-email = E-mail address
sign-in-send = Send me a link
sign-in-asked = If this address belongs to a member, a link is on its way. It works once, within 30 minutes.
sign-in-without-mail = This installation sends no mail. Ask the staff for a sign-in link: they make one on your page, under “Access and affiliations”. Whoever runs the server can also make one with this command:
mail-sign-in-subject = Your sign-in link
mail-sign-in-body =
    Hello,

    open this link and press the button to sign in. It works once, within 30 minutes.

    { $link }

    If you did not ask for it, nothing happens: just delete this mail.
