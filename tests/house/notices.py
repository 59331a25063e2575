"""`make notices`: who made what this app stands on, as THIRD-PARTY.md.

What is pinned stands in requirements.lock, its licences in the metadata of the installed packages. A package that is
pinned for another machine or Python is not installed here: `make notices` fetches it once to read its metadata, and
from then on its row is taken over from THIRD-PARTY.md as long as its version is pinned.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from itertools import product
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
NOTICES = PROJECT / "THIRD-PARTY.md"
SHIPPED = Path(__file__).with_name("shipped.md")
OF_THE_APP = (
    "postgres",
    "sso",
)  # extras that an installation may use; the rest of the lock is for development
MACHINES = [  # what a marker may ask for: a package counts if any of them needs it
    {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0", "sys_platform": platform,
     "platform_system": {"win32": "Windows", "darwin": "Darwin"}.get(platform, "Linux"),
     "platform_python_implementation": python, "implementation_name": python.lower()}
    for minor, platform, python in product(range(11, 16), ("linux", "win32", "darwin"), ("CPython", "PyPy"))
]  # fmt: skip
REGISTRIES = re.compile(r"//([\w-]+\.)*(pypi\.org|python\.org|pythonhosted\.org)/")
SOURCES = (
    "source",
    "source code",
    "source-code",
    "repository",
    "github",
    "code",
    "homepage",
    "home",
    "home page",
)
Row = tuple[str, str, str, str]  # name, version, licence, where from


def written() -> str:
    """The whole file; ValueError where a package is neither installed nor told of already."""
    rows, of_app = _rows(), needed_by_the_app()
    parts = [
        [row for row in rows if (canonicalize_name(row[0]) in of_app) is wanted] for wanted in (True, False)
    ]
    shipped = SHIPPED.read_text("utf-8").strip()
    return f"{shipped}\n\n{_part('What the app needs', parts[0])}\n\n{_part('What only developing needs', parts[1])}\n"


def pinned() -> list[tuple[str, str]]:
    """Name and version of each package of the lock, in its order; a name stands twice where Pythons differ."""
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    return re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE)


def needed_by_the_app() -> set[str]:
    """The names of all packages that an installation can need, on any machine, with those that they need."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in OF_THE_APP:
        wanted += project["optional-dependencies"][extra]
    here = {canonicalize_name(one.name): one for one in distributions()}
    waiting = [Requirement(one) for one in wanted]
    found: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) not in found:
            found.add((name, extras))
            asked = here[name].requires if name in here else None
            waiting += [more for more in map(Requirement, asked or ()) if _applies(more, extras)]
    return {name for name, _extras in found}


def _applies(one: Requirement, extras: Iterable[str]) -> bool:
    marker = one.marker
    return marker is None or any(
        marker.evaluate({**machine, "extra": extra}) for machine in MACHINES for extra in ("", *extras)
    )


def _rows() -> list[Row]:
    here = {(canonicalize_name(one.name), one.version): row_of(one) for one in distributions()}
    told = {(canonicalize_name(row[0]), row[1]): row for row in _told()}
    known = {**told, **here}
    if missing := [f"{name}=={version}" for name, version in pinned() if (name, version) not in known]:
        raise ValueError(f"no metadata of {', '.join(missing)}: run `make notices`")
    return [known[one] for one in pinned()]


def _told() -> list[Row]:
    if not NOTICES.exists():
        return []
    found = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", NOTICES.read_text("utf-8"), re.MULTILINE)
    return [(name, version, licence, source) for name, version, licence, source in found]


def row_of(one: Distribution) -> Row:
    """What a package says of itself."""
    return one.name, one.version, licence_of(one), source_of(one)


def licence_of(one: Distribution) -> str:
    """As an SPDX expression where the package has one, else in its own words."""
    data = one.metadata
    for said in (data["License-Expression"], data["License"]):
        try:
            return str(canonicalize_license_expression(said or ""))
        except InvalidLicenseExpression:
            pass
    classes = [
        line for line in data.get_all("Classifier") or [] if line.startswith("License :: OSI Approved ::")
    ]
    if classes:
        return " / ".join(line.rpartition(" :: ")[2] for line in classes)
    if data["License"]:
        return data["License"].splitlines()[0].strip()
    files = data.get_all("License-File") or []
    texts = [one.read_text(f"{folder}{name}") for name in files for folder in ("licenses/", "")]
    return next((text.strip().splitlines()[0].strip() for text in texts if text), "not said")


def source_of(one: Distribution) -> str:
    """Where its makers keep it, if they say so; never the address of a registry."""
    links = [line.partition(",")[::2] for line in one.metadata.get_all("Project-URL") or []]
    named = {label.strip().lower(): url.strip() for label, url in reversed(links)}
    offered = [named[label] for label in SOURCES if label in named]
    offered += [one.metadata["Home-page"] or "", *named.values()]
    return next((url for url in offered if url.startswith("http") and not REGISTRIES.search(url)), "not said")


def _part(title: str, rows: list[Row]) -> str:
    lines = [f"## {title}", "", "| package | version | licence | where from |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def fetch_what_is_not_here() -> None:
    """Asks for the packages of which nothing is known, and adds their rows to the file, for `written` to find."""
    known = {(canonicalize_name(row[0]), row[1]) for row in (*_told(), *map(row_of, distributions()))}
    for name, version in pinned():
        if (name, version) in known:
            continue
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                 "--only-binary", ":all:", "--python-version", "3.12", "--dest", folder, f"{name}=={version}"],
                check=True,
            )  # fmt: skip
            (wheel,) = Path(folder).glob("*.whl")
            (found,) = distributions(path=[str(wheel)])
            with NOTICES.open("a", encoding="utf-8") as file:
                file.write(f"| {' | '.join(row_of(found))} |\n")


if __name__ == "__main__":
    fetch_what_is_not_here()
    NOTICES.write_text(written(), "utf-8")
