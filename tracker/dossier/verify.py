"""Check this dossier. Needs Python 3.9 or newer and nothing else: python3 -I -S verify.py [--head HASH]

README.txt says what is checked, and what that proves. Exit status: 0 nothing found, 1 something differs.
"""

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEYS = ["at", "by", "deed", "format", "ids", "number", "previous", "unit", "words"]
N_ = str
# fmt: off
TEXTS = {
    "files": N_("{} files as listed."), "changed": N_("File changed: {}"), "missing": N_("File missing: {}"),
    "extra": N_("File not listed: {}"), "unread": N_("Cannot be read: {}"),
    "chain": N_("{} entries of the journal, chain whole, head {}"),
    "hidden": N_("{} entries of other units: only number and hash, what they follow is unchecked"),
    "bare": N_("Entry {} stands without its text, though this is no dossier of some units only."),
    "erased": N_("{} texts of the journal are erased."), "broken": N_("Journal, entry {}: {}"),
    "number": N_("is missing or stands in the wrong place"),
    "hash": N_("the hash is not that of the text, or the text is not in the form of an entry"),
    "previous": N_("does not follow from the entry before it"), "words": N_("the words were changed"),
    "seal": N_("Files exchanged: the journal names another list."),
    "no_seal": N_("The end of the journal is missing."),
    "rows": N_("{} ratings compared with the journal, {} not comparable"),
    "row": N_("Not as in the journal: review {}, {}"), "lost": N_("Missing in evidence.json: review {}, {}"),
    "unsaid": N_("Texts of the journal are erased, and no entry says so."),
    "head": N_("The head is entry {}: unchanged from entry {} up to it."),
    "later": N_("What came after that head, the files of this dossier as well, is not proven by it."),
    "no_head": N_("Head not in the chain: written anew or cut."),
    "alone": N_("Consistent, not compared (without --head)."), "good": N_("Nothing differs."),
    "bad": N_("Differences: {}"),
}
# fmt: on
said, faults, ratings = [], [], {}


def digest(text):
    return sha256(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text).hexdigest()


def files():
    """Compare each file with the list; returns the list without the journal's own line, as the journal names it."""
    text = (HERE / "MANIFEST.sha256").read_bytes().decode()
    listed = {name: found for found, _, name in (line.partition("  ") for line in text.split("\n") if line)}
    there = {path.relative_to(HERE).as_posix(): path for path in HERE.rglob("*") if path.is_file()}
    there.pop("MANIFEST.sha256")
    lines = {name: f"{listed[name]}  {name}\n" for name in sorted(listed)}
    changed = {name for name in set(there) & set(listed) if digest(there[name].read_bytes()) != listed[name]}
    changed |= {"MANIFEST.sha256"} if "".join(lines.values()) != text else set()
    found = {"missing": set(listed) - set(there), "extra": set(there) - set(listed), "changed": changed}
    faults.extend((key, name) for key in found for name in sorted(found[key]))
    if not faults:
        said.append(("files", len(listed)))
    return "".join(line for name, line in lines.items() if name != "journal.jsonl")


def journal(sought, manifest, some_units):
    """Walk the chain from its first entry to the first broken one, or to its end."""
    number, previous, hidden, erased, found, last, bound, deeds = 0, "0" * 64, 0, 0, None, {}, 1, set()
    with (HERE / "journal.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        for entry in map(json.loads, lines):
            number, last, gone = number + 1, {}, 0
            fault = "number" if entry["number"] != number else None
            if not fault and "body" in entry:
                fault, last, gone = of_entry(entry, number, previous)
            if fault:
                return faults.append(("broken", number, fault))
            if not last:
                hidden, bound = hidden + 1, number + 1
                faults.extend([] if some_units else [("bare", number)])
            erased, previous = erased + gone, entry["hash"]
            deeds.add(last.get("deed"))
            found = (number, bound) if previous == sought and last else found
    said.extend([("chain", number, previous), ("hidden", hidden), ("erased", erased)])
    if erased and not deeds & {"retention.run", "retention.erase"}:
        faults.append(("unsaid",))
    if last.get("deed") != "dossier.seal":
        faults.append(("no_seal",))
    elif last["ids"].get("manifest") != digest(manifest):
        faults.append(("seal",))
    if not sought:
        return said.append(("alone",))
    return (
        said.extend([("head", *found)] + [("later",)] * (found[0] < number))
        if found
        else faults.append(("no_head",))
    )


def of_entry(entry, number, previous):
    """What is wrong with it, its text as values, how many words are erased; remembers what it says of ratings."""
    body, words = json.loads(entry["body"]), {field: (salt, text) for field, salt, text in entry["words"]}
    again = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    kept = {field: digest(salt + text) for field, (salt, text) in words.items() if None not in (salt, text)}
    half = any(pair.count(None) == 1 for pair in words.values())
    odd = digest(entry["body"]) != entry["hash"] or again != entry["body"] or sorted(body) != KEYS
    if odd or body["number"] != number or body["previous"] != previous:
        return "hash" if odd or body["number"] != number else "previous", {}, 0
    if half or set(words) != set(body["words"]) or kept != {field: body["words"][field] for field in kept}:
        return "words", {}, 0
    ids, of = body["ids"], "review-of-"
    closed = {name[len(of) :]: value for name, value in ids.items() if name.startswith(of)}
    closed = {"after": ids.get("review")} if body["deed"] == "reviews.correct" else closed
    for about, _, criterion in (field.partition(".") for field in words):
        if about in closed and criterion in ("cost_benefit", "legality", "strategy"):
            ratings[closed[about], criterion] = words[f"{about}.{criterion}"][1]
    return None, body, len(words) - len(kept)


def rows(everything):
    """Compare each rating of the evidence with what the journal says of it, and the other way round."""
    whole, compared, unknown = json.loads((HERE / "evidence.json").read_text("utf-8")), [], 0
    faults.extend([("unread", "evidence.json")] if len(whole["rows"]) != whole["written"] else [])
    for row in (row for row in whole["rows"] if row["review_id"]):
        key, unchanged = (row["review_id"], row["criterion"]), " (unchanged)" * ("unchanged" in row["marks"])
        here = row["level"] + unchanged + (": " + row["reason"] if row["reason"] else "")
        compared.append(key)
        unknown += ratings.get(key) is None
        faults.extend([("row", *key)] if ratings.get(key) not in (None, here) else [])
    faults.extend(("lost", *key) for key in sorted(set(ratings) - set(compared)) if everything)
    said.append(("rows", len(compared) - unknown, unknown))


def hash_of_64_digits(text):
    return f"{int(text, 16):064x}" if len(text) == 64 else int("")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--head", type=hash_of_64_digits, help="of an earlier head of the journal")
    head = parser.parse_args().head
    try:
        manifest, asked = files(), json.loads((HERE / "dossier.json").read_text("utf-8"))["asked"]
        journal(head, manifest, "units" in asked)
        rows(everything=not asked)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        faults.append(("unread", f"{type(error).__name__}: {error}"))
    for sign, (key, *values) in [*((" ", one) for one in said), *(("!", one) for one in faults)]:
        if values != [0]:
            print(sign, TEXTS[key].format(*(TEXTS.get(value, value) for value in values)))
    print(TEXTS["bad"].format(len(faults)) if faults else TEXTS["good"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
