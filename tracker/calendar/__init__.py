"""My calendar address: meetings, due dates and one's own actions, for Outlook, Apple's calendar, Thunderbird, others.

Everybody who can sign in may have one address. It is shown once and can be revoked; a new one ends the one before. What
it tells is what its person may see today: of other units nothing, not even a number.
"""
