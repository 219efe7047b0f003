"""Prints docs/indicators.md."""

from __future__ import annotations

from dashboard.indicators.catalogue import GROUPS, INDICATORS
from dashboard.indicators.catalogue.entry import Indicator

_HEAD = """# Indicators

Printed by `python -m dashboard.indicators.catalogue`; do not edit, a test compares. The page `/chi-so` shows the same
in Vietnamese. Every example is computed by the indicators' own functions and compared with what stands here.
Unknown is never 0 and never red; a zero denominator is "no activity", not 0 %; rates of many communes are sums of
counts, never means of rates. Communes in examples are called A, B, C …
"""


def markdown() -> str:
    """The whole text of docs/indicators.md."""
    contents = [f"- {group.name.en}: " + ", ".join(f"[{one.name.en}](#{one.code})" for one in group.indicators)
                for group in GROUPS]  # fmt: skip
    parts = [_HEAD, "\n".join(contents) + "\n"]
    for group in GROUPS:
        parts.append(f"## {group.name.en} ({group.name.vi})\n")
        parts += [_entry(one) for one in group.indicators]
    return "\n".join(parts)


def _entry(one: Indicator) -> str:
    lines = [
        f'### <a id="{one.code}"></a>{one.name.en} ({one.name.vi})',
        "",
        f"{one.meaning.en}",
        "",
        f"- Code: `{one.code}`. Unit: {one.unit.en}.",
        f"- Formula: {one.formula.en}.",
        f"- Source: {one.source.en}.",
    ]
    first = next(known for known in INDICATORS.values() if known.values is one.values)
    if first is not one and one.values:
        lines.append(f"- Values: those of [{first.name.en}](#{first.code}).")
    elif one.values:
        told = "; ".join(
            f"`{code}` ({term.name.vi}): {term.meaning.en}" if code else f"none: {term.meaning.en}"
            for code, term in one.values.items()
        )
        lines.append(f"- Values: {told}.")
    lines += ["- Edge cases:", *(f"  - {edge.en}" for edge in one.edges)]
    lines += [f"- Example: {one.example.told.en}", f"  → **{one.result_en}**", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown(), end="")
