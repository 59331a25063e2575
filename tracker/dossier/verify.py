"""Check this dossier. Needs Python 3.9 or newer and nothing else: python3 -I -S verify.py [--head HASH]

HASH is a head of the journal known from elsewhere: an earlier file, a mail, the page. Exit status: 0 nothing found,
1 something differs. What is checked, and what that proves, stands in README.txt.
"""

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEYS = ["at", "by", "deed", "format", "ids", "number", "previous", "unit", "words"]
N_ = str
TEXTS = {
    "files": N_("{} files as listed."),
    "changed": N_("File changed: {}"),
    "missing": N_("File missing: {}"),
    "extra": N_("File not listed: {}"),
    "unread": N_("Cannot be read: {}"),
    "chain": N_("{} entries of the journal, chain whole, head {}"),
    "hidden": N_("{} entries of other units: number and hash only"),
    "erased": N_("{} texts of the journal are erased."),
    "broken": N_("Journal, entry {}: {}"),
    "number": N_("is missing or stands in the wrong place"),
    "hash": N_("the hash is not that of the text"),
    "format": N_("the text is not in the form of an entry"),
    "previous": N_("does not follow from the entry before it"),
    "words": N_("the words were changed"),
    "seal": N_("Files exchanged: the journal names another list."),
    "no_seal": N_("The end of the journal is missing."),
    "rows": N_("{} ratings as in the journal, {} not comparable"),
    "row": N_("Not as in the journal: review {}, {}"),
    "lost": N_("Missing in evidence.json: review {}, {}"),
    "count": N_("evidence.json is not whole."),
    "head": N_("The head is entry {}: unchanged up to it."),
    "no_head": N_("Head not in the chain: written anew or cut."),
    "alone": N_("Consistent, not compared (without --head)."),
    "good": N_("Nothing differs."),
    "bad": N_("Differences: {}"),
}
said, faults, ratings = [], [], {}


def digest(text):
    return sha256(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text).hexdigest()


def files():
    """Compare each file with the list; returns the list without the journal's own line, as the journal names it."""
    lines = (HERE / "MANIFEST.sha256").read_text("utf-8").splitlines()
    listed = {name: found for found, _, name in (line.partition("  ") for line in lines)}
    there = {path.relative_to(HERE).as_posix(): path for path in HERE.rglob("*") if path.is_file()}
    del there["MANIFEST.sha256"]
    faults.extend(("missing", name) for name in sorted(set(listed) - set(there)))
    faults.extend(("extra", name) for name in sorted(set(there) - set(listed)))
    for name in sorted(set(there) & set(listed)):
        if digest(there[name].read_bytes()) != listed[name]:
            faults.append(("changed", name))
    if not faults:
        said.append(("files", len(listed)))
    return "".join(f"{listed[name]}  {name}\n" for name in sorted(listed) if name != "journal.jsonl")


def journal(sought, manifest):
    """Walk the chain from its first entry to the first broken one, or to its end."""
    number, previous, hidden, erased, found, last = 0, "0" * 64, 0, 0, None, {}
    with (HERE / "journal.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        for entry in map(json.loads, lines):
            number, last, gone = number + 1, {}, 0
            fault = "number" if entry["number"] != number else None
            if not fault and "body" in entry:
                fault, last, gone = of_entry(entry, number, previous)
            if fault:
                return faults.append(("broken", number, fault))
            hidden, erased, previous = hidden + ("body" not in entry), erased + gone, entry["hash"]
            found = number if previous == sought else found
    said.extend([("chain", number, previous), ("hidden", hidden), ("erased", erased)])
    if last.get("deed") != "dossier.seal":
        faults.append(("no_seal",))
    elif last["ids"].get("manifest") != digest(manifest):
        faults.append(("seal",))
    if sought and found is None:
        return faults.append(("no_head",))
    return said.append(("head", found) if sought else ("alone",))


def of_entry(entry, number, previous):
    """What is wrong with an entry, its text as values, and how many of its words are erased."""
    body, words = json.loads(entry["body"]), {field: (salt, text) for field, salt, text in entry["words"]}
    again = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    kept = {field: digest(salt + text) for field, (salt, text) in words.items() if None not in (salt, text)}
    if digest(entry["body"]) != entry["hash"]:
        return "hash", {}, 0
    if again != entry["body"] or sorted(body) != KEYS or body["number"] != number:
        return "format", {}, 0
    if body["previous"] != previous:
        return "previous", {}, 0
    half = [field for field, pair in words.items() if pair.count(None) == 1]
    if half or set(words) != set(body["words"]) or kept != {field: body["words"][field] for field in kept}:
        return "words", {}, 0
    ids, of = body["ids"], "review-of-"
    closed = {name[len(of) :]: value for name, value in ids.items() if name.startswith(of)}
    closed = {"after": ids.get("review")} if body["deed"] == "reviews.correct" else closed
    for field in words:
        about, _, criterion = field.partition(".")
        if about in closed and criterion in ("cost_benefit", "legality", "strategy"):
            ratings[closed[about], criterion] = words[field][1]
    return None, body, len(words) - len(kept)


def rows():
    """Compare each rating of the evidence with what the journal says of it, and the other way round."""
    whole = json.loads((HERE / "evidence.json").read_text("utf-8"))
    there = {(row["review_id"], row["criterion"]): row for row in whole["rows"] if row["review_id"]}
    if len(whole["rows"]) != whole["written"]:
        faults.append(("count",))
    for row in there.values():
        unchanged = " (unchanged)" if "unchanged" in row["marks"] else ""
        row["said"] = row["level"] + unchanged + (": " + row["reason"] if row["reason"] else "")
    other = [key for key, row in there.items() if ratings.get(key) not in (None, row["said"])]
    faults.extend(("row", *key) for key in other)
    if json.loads((HERE / "dossier.json").read_text("utf-8"))["everything"]:
        faults.extend(("lost", *key) for key in sorted(set(ratings) - set(there)))
    unknown = sum(ratings.get(key) is None for key in there)
    said.append(("rows", len(there) - unknown - len(other), unknown))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--head", default="", help="hash of an earlier head of the journal")
    asked = parser.parse_args()
    try:
        journal(asked.head.strip().lower(), files())
        rows()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        faults.append(("unread", f"{type(error).__name__}: {error}"))
    for sign, found in ((" ", said), ("!", faults)):
        for key, *values in found:
            shown = [TEXTS.get(value, value) for value in values]
            if values != [0]:
                print(sign, TEXTS[key].format(*shown))
    print(TEXTS["bad"].format(len(faults)) if faults else TEXTS["good"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
