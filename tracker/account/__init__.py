"""My account: what the installation knows of the person signed in, and their password.

Everybody with a role comes here, for themselves only. Sign-in, sign-out and the change of a password are
flask-security's pages in our design.
"""
