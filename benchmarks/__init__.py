"""How fast the app is, each time against a plain loop that does the same without it, in one run on one machine.

`make bench` runs them all. What they showed stands in docs/performance.md. No test depends on a time.
"""
