"""My account: what the installation knows of the person signed in, their password and their private tokens.

Everybody with a role comes here, for themselves only. Sign-in, sign-out and the change of a password are
flask-security's pages in our design; its form also asks whether the account holds today. So are those of the second
factor: authenticator app, passkeys, recovery codes. Who may take evidence home may
make private tokens for scripts.
"""
