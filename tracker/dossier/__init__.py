"""The dossier: one ZIP with everything an auditor takes home, and what checks it without this app.

`packing` puts it together, `contents` are its files, `verify.py` leaves with it and needs only Python's standard
library. It stands above the rooms, since it takes something from many of them.

The files are hashed first; an entry of the journal names the hash of their list; then the journal itself is added, up
to that entry. So whoever knows a head of the journal finds every change, also of the list.
"""
