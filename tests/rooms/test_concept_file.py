"""Reading a concept file: what is taken over, what is refused whole, and how well the refusal says where."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.concept.file import BYTES, parse_concept, read_concept
from tracker.concept.lines import Lines
from tracker.concept.problems import WORDS, ConceptRefused, Problem, ProblemKind
from tracker.concept.schema import ConceptFile, FileChannel
from tracker.rules.words import ChannelState, Criterion

EXAMPLE = Path(__file__).parents[2] / "examples" / "ihk-region-stuttgart.toml"

ORGANISATION = '[organisation]\nname = "Stadt Beispielhausen"\n'
PROMISE = "[evaluation]\nreviews_per_year = 4\n"
UNIT = '[[units]]\nkey = "stadt"\nname = "Stadt"\n'
CHANNEL = '[[channels]]\nplatform = "Mastodon"\nname = "Stadt"\nunit = "stadt"\n'


def text_of(
    organisation: str = ORGANISATION, promise: str = PROMISE, units: str = UNIT, channels: str = CHANNEL
) -> str:
    return organisation + promise + units + channels


def read(text: str) -> ConceptFile:
    return parse_concept(text.encode(), "concept.toml")


def refusal_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ConceptRefused) as refused:
        parse_concept(text if isinstance(text, bytes) else text.encode(), "concept.toml")
    return refused.value.problems


def only_problem_of(text: str | bytes) -> tuple[ProblemKind, str, int | None]:
    (problem,) = refusal_of(text)
    return problem.kind, problem.key, problem.line


def channel(**keys: str) -> str:
    """A channel on line 8 of the text, its keys from line 9, written as given."""
    given_keys = {"platform": '"Mastodon"', "name": '"Stadt"', "unit": '"stadt"', **keys}
    return "[[channels]]\n" + "".join(f"{key} = {value}\n" for key, value in given_keys.items())


class TestTheRealConcept:
    def test_is_read_without_a_warning(self) -> None:
        concept = read_concept(EXAMPLE)
        assert concept.organisation.name == "IHK Region Stuttgart"
        assert (len(concept.units), len(concept.channels), len(concept.commitments)) == (4, 11, 8)
        assert (concept.reviews_per_year, concept.criteria) == (4, tuple(Criterion))
        assert len(concept.contacts.alternative_routes) == 8
        assert concept.warnings == ()

    def test_leaves_out_what_it_leaves_out(self) -> None:
        concept = read_concept(EXAMPLE)
        assert concept.organisation.holiday_region is None
        assert {(one.state, one.deputy, one.address, one.reviews_per_year) for one in concept.channels} == {
            (None, None, None, None)
        }
        assert {one.acting_state for one in concept.channels} == {ChannelState.ACTIVE}

    def test_survives_being_stored(self) -> None:
        concept = read_concept(EXAMPLE)
        assert ConceptFile.of_json(concept.to_json()) == concept
        assert ConceptFile.of_json(concept.to_json()).fingerprint == concept.fingerprint


class TestOtherBodies:
    def test_one_channel_is_a_concept(self) -> None:
        concept = read(text_of())
        assert concept.channels == (FileChannel("Mastodon", "Stadt", "stadt"),)
        assert concept.cadence_of(concept.channels[0]) == 4

    def test_fifteen_channels_in_seven_units_load(self) -> None:
        platforms = ("RSS", "Mastodon", "Kleinanzeigen", "Newsletter", "WhatsApp-Kanal")
        units = "".join(f'[[units]]\nkey = "amt{n}"\nname = "Amt {n}"\n' for n in range(7))
        channels = "".join(
            channel(platform=f'"{platforms[n % 5]}"', name=f'"Kanal {n}"', unit=f'"amt{n % 7}"')
            for n in range(15)
        )
        concept = read(text_of(units=units, channels=channels))
        assert (len(concept.units), len(concept.channels)) == (7, 15)
        assert {one.platform for one in concept.channels} == set(platforms)

    def test_every_optional_key_is_read(self) -> None:
        concept = read(
            text_of(
                channels=channel(
                    reviews_per_year="12",
                    address='"https://social.example.org/@stadt"',
                    deputy='"Pressestelle"',
                    opened_on="2020-02-29",
                    closed_on='"2026-01-01"',
                    state='"crisis_only"',
                )
            )
        )
        (one,) = concept.channels
        assert (one.opened_on, one.closed_on) == (date(2020, 2, 29), date(2026, 1, 1))
        assert (one.state, one.deputy, concept.cadence_of(one)) == (
            ChannelState.CRISIS_ONLY,
            "Pressestelle",
            12,
        )
        assert ConceptFile.of_json(concept.to_json()) == concept

    def test_criteria_come_in_one_order_however_they_are_written(self) -> None:
        promise = PROMISE + 'criteria = ["strategy", "legality", "strategy"]\n'
        assert read(text_of(promise=promise)).criteria == (Criterion.LEGALITY, Criterion.STRATEGY)

    def test_an_empty_text_is_as_good_as_none(self) -> None:
        assert read(text_of(channels=channel(audience='"  "'))).channels[0].audience is None

    def test_a_file_from_a_windows_editor_is_read(self) -> None:
        windows = b"\xef\xbb\xbf" + text_of().replace("\n", "\r\n").encode()
        assert parse_concept(windows, "concept.toml") == read(text_of())

    def test_the_same_name_in_another_unit_is_another_channel(self) -> None:
        other = UNIT + '[[units]]\nkey = "amt"\nname = "Amt"\n'
        assert len(read(text_of(units=other, channels=CHANNEL + channel(unit='"amt"'))).channels) == 2


class TestTheFingerprint:
    def test_ignores_comments_spacing_and_the_order_of_keys(self) -> None:
        otherwise = "# new\n\n" + text_of(
            channels='[[channels]]\nunit="stadt"\nname="Stadt"\nplatform="Mastodon"'
        )
        assert read(otherwise).fingerprint == read(text_of()).fingerprint

    def test_ignores_how_an_umlaut_is_spelled_in_bytes(self) -> None:
        composed, decomposed = (
            text_of(channels=channel(audience=f'"{word}"')) for word in ("B\u00f6", "Bo\u0308")
        )
        assert read(composed).fingerprint == read(decomposed).fingerprint

    def test_changes_with_every_word(self) -> None:
        assert read(text_of(channels=channel(audience='"alle"'))).fingerprint != read(text_of()).fingerprint

    def test_ignores_keys_that_are_not_read(self) -> None:
        assert read(text_of(channels=channel(colour='"blue"'))).fingerprint == read(text_of()).fingerprint


def test_unknown_keys_are_named_with_their_line_and_do_no_harm() -> None:
    concept = read(
        'version = 2\n[theme]\ncolour = "blue"\n' + text_of(channels=channel(responsable='"Presse"'))
    )
    assert [(warning.kind, warning.key, warning.line) for warning in concept.warnings] == [
        (ProblemKind.UNKNOWN_KEY, "version", 1),
        (ProblemKind.UNKNOWN_KEY, "theme", 2),
        (ProblemKind.UNKNOWN_KEY, "channels[1].responsable", 15),
    ]


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("reviews_per_year", "5", ProblemKind.BAD_CADENCE),
        ("reviews_per_year", "0", ProblemKind.BAD_CADENCE),
        ("reviews_per_year", "true", ProblemKind.EXPECTED_NUMBER),
        ("reviews_per_year", "4.0", ProblemKind.EXPECTED_NUMBER),
        ("reviews_per_year", '"4"', ProblemKind.EXPECTED_NUMBER),
        ("audience", "18", ProblemKind.EXPECTED_TEXT),
        ("audience", '["18", "34"]', ProblemKind.EXPECTED_TEXT),
        ("audience", f'"{"x" * 20_001}"', ProblemKind.TOO_LONG),
        ("audience", '"a\\u0000b"', ProblemKind.CONTROL_CHARACTER),
        ("audience", '"\\u202Ecod.exe"', ProblemKind.CONTROL_CHARACTER),
        ("responsible", '"Presse\\nBcc: all"', ProblemKind.SEVERAL_LINES),
        ("state", '"paused"', ProblemKind.UNKNOWN_WORD),
        ("opened_on", '"2026-02-30"', ProblemKind.EXPECTED_DATE),
        ("opened_on", '"1 March 2026"', ProblemKind.EXPECTED_DATE),
        ("opened_on", "2026-03-01T08:00:00Z", ProblemKind.EXPECTED_DATE),
        ("opened_on", "2026", ProblemKind.EXPECTED_DATE),
        ("opened_on", "0001-01-01", ProblemKind.BAD_YEAR),
        ("address", '"ftp://example.org"', ProblemKind.EXPECTED_ADDRESS),
        ("address", '"javascript:alert(1)"', ProblemKind.EXPECTED_ADDRESS),
        ("address", '"https://[bad"', ProblemKind.EXPECTED_ADDRESS),
    ],
)
def test_a_wrong_value_of_a_channel_is_refused_with_key_and_line(
    key: str, value: str, kind: ProblemKind
) -> None:
    assert only_problem_of(text_of(channels=channel(**{key: value}))) == (kind, f"channels[1].{key}", 12)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", (ProblemKind.NO_CHANNELS, "channels", None)),
        (text_of(channels=""), (ProblemKind.NO_CHANNELS, "channels", None)),
        (text_of(organisation=""), (ProblemKind.MISSING, "organisation.name", None)),
        (text_of(organisation="[organisation]\n"), (ProblemKind.MISSING, "organisation.name", 1)),
        (text_of(organisation='[organisation]\nname = " "\n'), (ProblemKind.MISSING, "organisation.name", 2)),
        (text_of(promise=""), (ProblemKind.MISSING, "evaluation.reviews_per_year", None)),
        ("evaluation = 4\n" + text_of(promise=""), (ProblemKind.EXPECTED_TABLE, "evaluation", 1)),
        (text_of(promise=PROMISE + "criteria = []\n"), (ProblemKind.NO_CRITERIA, "evaluation.criteria", 5)),
        (
            text_of(promise=PROMISE + 'criteria = "legality"\n'),
            (ProblemKind.EXPECTED_LIST, "evaluation.criteria", 5),
        ),
        (
            text_of(promise=PROMISE + 'criteria = [\n"legality",\n"beauty"]\n'),
            (ProblemKind.UNKNOWN_WORD, "evaluation.criteria", 5),
        ),
        (
            text_of(organisation=ORGANISATION + 'timezone = "Europe/Stuttgart"\n'),
            (ProblemKind.UNKNOWN_TIMEZONE, "organisation.timezone", 3),
        ),
        (
            text_of(organisation=ORGANISATION + 'timezone = "../etc/passwd"\n'),
            (ProblemKind.UNKNOWN_TIMEZONE, "organisation.timezone", 3),
        ),
        (
            text_of(organisation=ORGANISATION + 'language = "fr"\n'),
            (ProblemKind.UNKNOWN_WORD, "organisation.language", 3),
        ),
        (
            text_of(organisation=ORGANISATION + 'holiday_region = "DE-XY"\n'),
            (ProblemKind.UNKNOWN_REGION, "organisation.holiday_region", 3),
        ),
        (
            text_of(organisation=ORGANISATION + 'platforms = ["RSS", 3]\n'),
            (ProblemKind.EXPECTED_LIST, "organisation.platforms", 3),
        ),
        (text_of(channels=channel(unit='"amt"')), (ProblemKind.UNKNOWN_UNIT, "channels[1].unit", 11)),
        (text_of(channels=CHANNEL * 2), (ProblemKind.TWICE, "channels[2]", 12)),
        (
            text_of(channels=CHANNEL + channel(platform='"MASTODON"', name='" stadt "')),
            (ProblemKind.TWICE, "channels[2]", 12),
        ),
        (
            text_of(channels=channel(opened_on="2026-02-02", closed_on="2026-02-01")),
            (ProblemKind.CLOSED_TOO_EARLY, "channels[1].closed_on", 13),
        ),
        (
            text_of(units=UNIT + '[[units]]\nkey = "STADT"\nname = "Amt"\n'),
            (ProblemKind.TWICE, "units[2].key", 9),
        ),
        (
            text_of(units=UNIT + '[[commitments]]\nkey = "a"\ntext = "A"\n' * 2),
            (ProblemKind.TWICE, "commitments[2].key", 12),
        ),
    ],
)
def test_a_broken_concept_is_refused(text: str, problem: tuple[ProblemKind, str, int | None]) -> None:
    assert problem in [(found.kind, found.key, found.line) for found in refusal_of(text)]


def test_a_section_written_as_a_single_one_is_refused() -> None:
    single = CHANNEL.replace("[[channels]]", "[channels]")
    assert only_problem_of(text_of(channels=single)) == (ProblemKind.EXPECTED_TABLES, "channels", 8)


def test_all_problems_are_named_at_once_in_the_order_of_the_file() -> None:
    text = text_of(
        promise="[evaluation]\nreviews_per_year = 5\n", channels=channel(unit='"amt"') + "[[channels]]\n"
    )
    assert [(problem.key, problem.line) for problem in refusal_of(text)] == [
        ("evaluation.reviews_per_year", 4),
        ("channels[1].unit", 11),
        ("channels[2].platform", 12),
        ("channels[2].name", 12),
        ("channels[2].unit", 12),
    ]


def test_bad_toml_is_refused_with_its_line() -> None:
    assert only_problem_of(text_of() + "name = \n") == (ProblemKind.BAD_TOML, "", 12)
    assert only_problem_of(text_of() + "opened_on = 2026-02-30\n") == (ProblemKind.BAD_TOML, "", 12)
    assert only_problem_of(text_of() + 'audience = """') == (ProblemKind.BAD_TOML, "", 12)


def test_a_file_that_is_not_utf8_is_refused_with_byte_and_line() -> None:
    (problem,) = refusal_of(ORGANISATION.replace("Beispiel", "Bö").encode("latin-1"))
    assert (problem.kind, problem.line) == (ProblemKind.NOT_UTF8, 2)
    assert dict(problem.values) == {"position": "31", "value": "0xF6"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"#" * (BYTES + 1), ProblemKind.TOO_BIG),
        (b"a = " + b"1" * 5000, ProblemKind.BAD_TOML),
        (b"a = " + b"[" * 100_000, ProblemKind.BAD_TOML),
        (b"a" + b".a" * 300_000 + b" = 1", ProblemKind.BAD_TOML),
        (b'a = 1\n[b."' + b'"."' * 300_000 + b'"]', ProblemKind.BAD_TOML),
    ],
)
def test_a_hostile_file_is_refused_like_any_other(text: bytes, kind: ProblemKind) -> None:
    (problem,) = refusal_of(text)
    assert problem.kind is kind


def test_a_megabyte_of_empty_channels_is_no_endless_list() -> None:
    assert len(refusal_of("[[channels]]\n" * 20_000)) == 500


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(ConceptRefused, match="cannot be read"):
            read_concept(path)


def test_a_message_names_file_line_key_and_value_and_hides_what_a_terminal_would_obey() -> None:
    (problem,) = refusal_of(text_of(channels=channel(unit='"\u00e4mt"')))
    assert problem.text() == 'concept.toml, line 11, channels[1].unit: There is no unit with the key "ämt".'
    (warning,) = read(text_of(channels=channel(**{'"\\u001b[31m"': "1"}))).warnings
    assert warning.key == "channels[1].\\u001b[31m"


def test_every_kind_of_problem_has_words() -> None:
    assert set(WORDS) == set(ProblemKind)


class TestLines:
    def test_strings_and_comments_do_not_mislead(self) -> None:
        text = '# [[a]]\na = """\n[[b]]\nc = 1\n"""\nb = [ # ]\n  "]",\n]\n[d]\n"e f" = 1 # = 2\ng.h = \'[\'\ni = 1\n'
        assert tomllib.loads(text)
        lines = Lines(text)
        assert [lines.of(path) for path in (("a",), ("b",), ("d", "e f"), ("d", "g", "h"), ("d", "i"))] == [
            2,
            6,
            10,
            11,
            12,
        ]
        assert lines.of(("c",)) is None

    def test_what_has_no_line_of_its_own_is_found_where_it_belongs(self) -> None:
        lines = Lines('x = 1\nchannels = [{name = "a"}, {name = "b"}]\n')
        assert lines.of(("channels", 1, "name")) == 2


@given(st.integers(0, 7000), st.integers(0, 60), st.binary(max_size=12))
def test_whatever_is_done_to_the_real_file_it_is_read_or_refused(start: int, length: int, put: bytes) -> None:
    data = EXAMPLE.read_bytes()
    try:
        concept = parse_concept(data[:start] + put + data[start + length :], "concept.toml")
    except ConceptRefused:
        return
    assert ConceptFile.of_json(concept.to_json()) == concept
