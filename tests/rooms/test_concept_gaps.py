"""The gaps of a concept: those of the real one as counted by hand, and each kind on its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tracker.concept.file import read_concept
from tracker.concept.gaps import WORDS, Gap, GapKind, gaps
from tracker.concept.references import successor
from tracker.concept.schema import ConceptFile, FileChannel, FileMention, FileOrganisation, FileUnit
from tracker.rules.words import ChannelState, Criterion

EXAMPLE = Path(__file__).parents[2] / "examples" / "ihk-region-stuttgart.toml"

WHOLE = FileChannel(
    "Mastodon", "Stadt", "stadt", responsible="Presse", deputy="Vorzimmer", provider="Stadt", audience="alle"
)


def concept_of(
    *channels: FileChannel,
    platforms: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    mentions: tuple[FileMention, ...] = (),
) -> ConceptFile:
    return ConceptFile(
        organisation=FileOrganisation("Stadt", platforms=platforms, legal_references=references),
        reviews_per_year=4,
        criteria=tuple(Criterion),
        units=(FileUnit("stadt", "Stadt"),),
        channels=channels,
        mentions=mentions,
    )


def kinds(found: tuple[Gap, ...]) -> list[GapKind]:
    return [gap.kind for gap in found]


class TestTheRealConcept:
    @pytest.mark.parametrize(
        ("kind", "count"),
        [
            (GapKind.NO_AUDIENCE, 2),
            (GapKind.NO_RESPONSIBLE, 4),
            (GapKind.RESPONSIBLE_UNLINKED, 1),
            (GapKind.NO_PROVIDER, 9),
            (GapKind.MENTIONED_NOT_DESCRIBED, 1),
            (GapKind.OUTDATED_REFERENCE, 1),
            (GapKind.NO_DEPUTIES, 1),
            (GapKind.PLATFORM_WITHOUT_CHANNEL, 0),
        ],
    )
    def test_has_these_gaps(self, kind: GapKind, count: int) -> None:
        found = [gap for gap in gaps(read_concept(EXAMPLE), linked=()) if gap.kind is kind]
        concerned = (
            1 if kind is GapKind.RESPONSIBLE_UNLINKED else sum(len(gap.channels) or 1 for gap in found)
        )
        assert (len(found), concerned) == (min(count, 1), count)

    def test_names_what_is_meant(self) -> None:
        found = {gap.kind: gap for gap in gaps(read_concept(EXAMPLE), linked=())}
        assert len(found[GapKind.RESPONSIBLE_UNLINKED].channels) == 7
        assert found[GapKind.MENTIONED_NOT_DESCRIBED].subject == "Facebook IHK-Azubi-Guide"
        assert found[GapKind.OUTDATED_REFERENCE].words == "“§ 5 TMG” is outdated; today: § 5 DDG."
        assert found[GapKind.NO_DEPUTIES].words == "No channel has a deputy."

    def test_loses_one_gap_when_kommunikation_is_linked(self) -> None:
        concept = read_concept(EXAMPLE)
        assert len(gaps(concept, linked={"kommunikation"})) == len(gaps(concept, linked=())) - 1
        assert gaps(concept, linked=lambda label: label == "Kommunikation") == gaps(
            concept, {"Kommunikation"}
        )


def test_a_whole_channel_has_no_gap() -> None:
    assert gaps(concept_of(WHOLE), linked={"Presse"}) == ()


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("audience", GapKind.NO_AUDIENCE),
        ("provider", GapKind.NO_PROVIDER),
        ("responsible", GapKind.NO_RESPONSIBLE),
        ("deputy", GapKind.NO_DEPUTIES),
    ],
)
def test_what_one_of_two_channels_lacks_is_a_gap_of_that_channel(key: str, kind: GapKind) -> None:
    without: dict[str, Any] = {key: None}
    lacking = replace(WHOLE, name="Bad", **without)
    (gap,) = gaps(concept_of(WHOLE, lacking), linked={"Presse"})
    assert (gap.kind, gap.channels) == (kind, (lacking,))


def test_a_closed_channel_has_no_gaps_and_a_planned_one_has() -> None:
    closed = FileChannel("X", "Stadt", "stadt", state=ChannelState.CLOSED)
    assert gaps(concept_of(closed), linked=()) == ()
    assert GapKind.NO_AUDIENCE in kinds(
        gaps(concept_of(replace(closed, state=ChannelState.PLANNED)), linked=())
    )


def test_a_label_is_one_gap_however_it_is_written() -> None:
    concept = concept_of(WHOLE, replace(WHOLE, name="Bad", responsible="PRESSE"))
    (gap,) = gaps(concept, linked=())
    assert (gap.kind, gap.subject, len(gap.channels)) == (GapKind.RESPONSIBLE_UNLINKED, "Presse", 2)


def test_a_platform_of_the_opening_list_without_a_channel_is_a_gap() -> None:
    (gap,) = gaps(concept_of(WHOLE, platforms=("mastodon", "RSS")), linked={"Presse"})
    assert (gap.kind, gap.subject) == (GapKind.PLATFORM_WITHOUT_CHANNEL, "RSS")


def test_a_mention_that_is_described_is_no_gap_and_a_repeated_one_is_one() -> None:
    described, other = FileMention("MASTODON", "Stadt"), FileMention("RSS", "Stadt")
    found = gaps(concept_of(WHOLE, mentions=(described, other, other)), linked={"Presse"})
    assert kinds(found) == [GapKind.MENTIONED_NOT_DESCRIBED]


@pytest.mark.parametrize(
    ("reference", "today"),
    [
        ("§ 5 TMG", "§ 5 DDG"),
        ("§5 Abs. 1 Telemediengesetz", "§ 5 DDG"),
        ("§ 15 TMG", "DDG"),
        ("TTDSG", "TDDDG"),
        ("§ 55 Abs. 2 RStV", "§ 18 MStV"),
        ("§ 5 DDG", None),
        ("§ 5 DDG (früher § 5 TMG)", None),
        ("§ 5 Abs. 1 DSGVO, § 13 TMG", "§ 19 TDDDG"),
        ("§§ 5, 6 TMG", "DDG"),
        ("TDDDG, früher Teil des TMG", "DDG"),
        ("§ 25 TDDDG", None),
        ("§§ 18–20 LDSG BW", None),
    ],
)
def test_a_reference_is_outdated_or_not(reference: str, today: str | None) -> None:
    assert successor(reference) == today


def test_every_kind_of_gap_has_words() -> None:
    assert set(WORDS) == set(GapKind)
