"""Legal references that older concepts still cite, and what stands in their place today.

A short list for German public bodies, to be mended here when the law changes; it is an aid and no legal advice.
The first line that fits decides, so the exact provision stands before the act as a whole.
"""

import re

# What is cited -> what stands there today, and since when
SUCCESSORS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(cited, re.IGNORECASE), today)
    for cited, today in (
        (r"(?<!§)§\s*5\b[^§]*\b(TMG\b|Telemediengesetz)", "§ 5 DDG"),  # 14 May 2024
        (r"(?<!§)§\s*6\b[^§]*\b(TMG\b|Telemediengesetz)", "§ 6 DDG"),  # 14 May 2024
        (
            r"(?<!§)§\s*13\b[^§]*\b(TMG\b|Telemediengesetz)",
            "§ 19 TDDDG",
        ),  # 1 December 2021, renamed 14 May 2024
        (r"\b(TMG\b|Telemediengesetz)", "DDG"),  # 14 May 2024
        (r"\b(TTDSG\b|Telekommunikation-Telemedien-Datenschutz-Gesetz)", "TDDDG"),  # 14 May 2024
        (r"(?<!§)§\s*55\b[^§]*\b(RStV\b|Rundfunkstaatsvertrag)", "§ 18 MStV"),  # 7 November 2020
        (r"\b(RStV\b|Rundfunkstaatsvertrag)", "MStV"),  # 7 November 2020
        (r"\b95/46/EG\b|\b95/46/EC\b", "DSGVO"),  # 25 May 2018
    )
)


def successor(reference: str) -> str | None:
    """What stands in the place of the reference today; None if it is not known as outdated or names that already."""
    found = (today for cited, today in SUCCESSORS if cited.search(reference))
    return next((today for today in found if not re.search(rf"(?<!\w){today}\b", reference)), None)
