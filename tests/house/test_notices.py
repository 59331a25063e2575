"""Who made what the app stands on: up to date with the lock, and complete for the files of others in the tree."""

from email.message import Message
from typing import Any

import pytest

from tests.house import notices

OF_OTHERS = ("tracker/static/vendor/*", "tracker/fonts/*", "tests/house/*.css")


class Told:
    """A package that says of itself what a test gives it."""

    name, version = "thing", "1.0"

    def __init__(self, texts: dict[str, str] | None = None, **said: Any) -> None:
        self.metadata = Message()
        self.texts = texts or {}
        for key, values in said.items():
            for value in [values] if isinstance(values, str) else values:
                self.metadata[key.replace("_", "-")] = value

    def read_text(self, name: str) -> str | None:
        return self.texts.get(name)


def test_the_notices_are_of_what_the_lock_pins() -> None:
    assert notices.NOTICES.read_text("utf-8") == notices.written(), "run `make notices`"
    assert len(notices.pinned()) > 100


def test_every_file_of_others_in_the_tree_is_named() -> None:
    shipped = notices.SHIPPED.read_text("utf-8")
    files = [path for pattern in OF_OTHERS for path in notices.PROJECT.glob(pattern)]
    names = [path.relative_to(notices.PROJECT).as_posix() for path in files]
    assert len(names) > 5
    assert [name for name in names if name not in shipped] == []


def test_the_notices_name_no_registry() -> None:
    assert not notices.REGISTRIES.search(notices.NOTICES.read_text("utf-8"))


def test_what_the_app_needs_on_any_machine_is_told_apart_from_what_developing_needs() -> None:
    needed = notices.needed_by_the_app()
    assert {"flask", "werkzeug", "psycopg-binary", "authlib", "colorama", "webauthn"} <= needed
    assert needed & {"pytest", "djlint", "pytest-xdist", "playwright"} == set()


@pytest.mark.parametrize(
    ("package", "licence"),
    [
        (Told(License_Expression="MIT"), "MIT"),
        (Told(License="apache-2.0"), "Apache-2.0"),
        (Told(License="Dual", Classifier=["License :: OSI Approved :: BSD License"]), "BSD License"),
        (Told(License="BSD", Classifier=["License :: OSI Approved", "Framework :: Flask"]), "BSD"),
        (Told({"licenses/LICENSE": "MIT License\n\nCopyright"}, License_File="LICENSE"), "MIT License"),
        (Told(), "not said"),
    ],
)
def test_a_licence_is_an_expression_if_there_is_one_else_what_the_package_says(
    package: Any, licence: str
) -> None:
    assert notices.licence_of(package) == licence


@pytest.mark.parametrize(
    ("package", "source"),
    [
        (Told(Project_URL=["Homepage, https://a.example", "Source, https://b.example"]), "https://b.example"),
        (
            Told(Project_URL=["Releases, https://pypi.org/project/a/"], Home_page="https://c.example"),
            "https://c.example",
        ),
        (Told(Home_page="http://packages.python.org/a/"), "not said"),
    ],
)
def test_where_a_package_comes_from_is_its_source_and_no_registry(package: Any, source: str) -> None:
    assert notices.source_of(package) == source
