"""Coverage: for how many communes each criterion has a value, and which rows found no commune."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.levels import Levels


def completeness(by_criterion: Mapping[str, Levels]) -> pd.DataFrame:
    """Per criterion (index) how many communes have a value in date, a stale one, or none that can be judged.

    `by_criterion`: criterion code to its level per commune. in_date + stale + never = communes.
    """
    rows = [
        {
            "in_date": int((level < levels.STALE).sum()),
            "stale": int((level == levels.STALE).sum()),
            "never": int((level == levels.UNKNOWN).sum()),
            "communes": len(level),
        }
        for level in by_criterion.values()
    ]
    names = pd.Index(list(by_criterion), name="criterion", dtype=object)
    return pd.DataFrame(rows, index=names, columns=["in_date", "stale", "never", "communes"])


# How the readers begin what they say of a row whose commune is not found (names.py, and in sources
# communes.py, dossier_frame.py, exported.py); a test reads real files, so a changed word is noticed.
UNMATCHED: Final = {
    r"không có trong danh mục": "not_listed",
    r"là tên đơn vị trước": "former_name",
    r"mã và tên mâu thuẫn": "contradictory",
    r"dòng có số liệu nhưng không ghi tên|dòng không có mã xã": "unnamed",
    r"mã \d+ không thuộc|không phải mã của xã nào|không thuộc ": "foreign_code",
}


def unmatched(problems: pd.DataFrame) -> pd.DataFrame:
    """Rows that were refused because no commune of the province fits, counted per file and reason.

    `problems`: batch, file_name, severity, message … (store.listing.problems). Returns batch, file_name,
    why (not_listed|former_name|contradictory|unnamed|foreign_code), rows. A reader notes 1,000 problems of a
    file at most, so a hopeless file counts at least as many as are told here.
    """
    refused = problems[problems["severity"] == "refused"]
    why = pd.Series(None, index=refused.index, dtype=object)
    for words, code in UNMATCHED.items():
        why[why.isna() & refused["message"].str.match(words)] = code
    found = refused.assign(why=why).dropna(subset=["why"])
    return found.groupby(["batch", "file_name", "why"]).size().reset_index(name="rows")
