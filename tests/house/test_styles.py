"""Bootstrap as it is shipped: the rules our pages can use, and no others."""

import pytest

from tests.house import styles


def test_what_is_shipped_is_what_the_pages_can_use() -> None:
    assert styles.SHIPPED.read_text("utf-8") == styles.subset(), "run `make styles`"


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        (".btn:not(.close)>a", {"btn"}),
        (".row>*", {"row"}),
        ("a[href]", set()),
        (".input-group .form-control:focus", {"input-group", "form-control"}),
    ],
)
def test_a_rule_names_the_classes_it_needs(selector: str, wanted: set[str]) -> None:
    assert styles.classes(selector) == wanted


def test_rules_of_classes_we_use_are_there_also_within_media_and_others_are_not() -> None:
    shipped = styles.SHIPPED.read_text("utf-8")
    assert ".btn{" in shipped
    assert ".d-md-table-cell{" in shipped
    assert "Copyright 2011-2025 The Bootstrap Authors" in shipped
    assert ".carousel" not in shipped
    assert "@keyframes placeholder-glow" not in shipped
