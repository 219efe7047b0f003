"""The communes are those of the decision."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dashboard import reference


def test_all_communes_of_all_provinces_are_there() -> None:
    assert len(reference.load_communes()) == 3321
    assert len(reference.load_province_names()) == 34


def test_provinces_have_as_many_units_of_each_kind_as_decided() -> None:
    counted = {
        code: reference.select_communes_of_province(code)["kind"].value_counts().to_dict()
        for code in ("51", "52", "25")
    }
    assert counted == {
        "51": {"xa": 86, "phuong": 9, "dac_khu": 1},
        "52": {"xa": 110, "phuong": 25},
        "25": {"xa": 133, "phuong": 15},
    }


def test_committed_file_is_the_published_one(shared: Path) -> None:
    assert (
        reference.COMMUNES_FILE.read_bytes() == (shared / "reference" / "communes.csv").read_bytes()
    )


def test_no_name_occurs_twice_in_a_province() -> None:
    frame = reference.load_communes()
    assert not frame.duplicated(["province_code", "bare_name"]).any()


def test_the_kind_is_the_one_in_the_name() -> None:
    """Four kinds of the published file are crossed; a peer group must not hold a ward among
    communes.
    """
    frame = reference.load_communes()
    words = frame["kind"].map(reference.KIND_WORDS)
    assert all(name.startswith(word) for name, word in zip(frame["name"], words, strict=True))
    listed = pd.read_csv(reference.COMMUNES_FILE, dtype={"code": str, "province_code": str})
    assert (
        frame.groupby("province_code")["kind"]
        .value_counts()
        .sort_index()
        .equals(listed.groupby("province_code")["kind"].value_counts().sort_index())
    )
