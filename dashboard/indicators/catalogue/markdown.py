"""The catalogue as docs/indicators.md."""

from __future__ import annotations

from dashboard.indicators.catalogue.entries import Indicator, Term
from dashboard.indicators.catalogue.loader import GROUPS, find_first_with_values

_HEAD = """\
# Indicators

Printed by `python -m dashboard.indicators.catalogue.markdown`; do not edit, a test compares. \
The page `/chi-so` shows the same
in Vietnamese. Every example is computed by the indicators' own functions and compared with what \
stands here.
Unknown is never 0 and never red; a zero denominator is "no activity", not 0%; \
rates of many communes are sums of
counts, never means of rates. Communes in examples are called A, B, C …
"""


def write_markdown() -> str:
    """The whole text of docs/indicators.md."""
    contents = []
    for group in GROUPS:
        links = [f"[{entry.name.en}](#{entry.code})" for entry in group.indicators]
        contents.append(f"- {group.name.en}: {', '.join(links)}")
    parts = [_HEAD, "\n".join(contents) + "\n"]
    for group in GROUPS:
        parts.append(f"## {group.name.en} ({group.name.vi})\n")
        parts += [_write_entry(indicator) for indicator in group.indicators]
    return "\n".join(parts)


def _write_entry(indicator: Indicator) -> str:
    lines = [
        f'### <a id="{indicator.code}"></a>{indicator.name.en} ({indicator.name.vi})',
        "",
        f"{indicator.meaning.en}",
        "",
        f"- Code: `{indicator.code}`. Unit: {indicator.unit.en}.",
        f"- Formula: {indicator.formula.en}.",
        f"- Source: {indicator.source.en}.",
    ]
    if indicator.terms:
        lines.append(f"- Values: {_write_values(indicator)}.")
    lines += ["- Edge cases:", *(f"  - {edge.en}" for edge in indicator.edges)]
    lines.append(f"- Example: {indicator.example.facts.en}")
    lines += [f"  → **{indicator.result_en}**", ""]
    return "\n".join(lines)


def _write_values(indicator: Indicator) -> str:
    first = find_first_with_values(indicator)
    if first is not indicator:
        return f"those of [{first.name.en}](#{first.code})"
    return "; ".join(_write_term(code, term) for code, term in indicator.terms.items())


def _write_term(code: str, term: Term) -> str:
    if not code:
        return f"none: {term.meaning.en}"
    return f"`{code}` ({term.name.vi}): {term.meaning.en}"


if __name__ == "__main__":
    print(write_markdown(), end="")
