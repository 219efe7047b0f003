"""Parts of a province that people compare: former provinces and districts, mountains, border,
islands; each with the source that says so.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from dashboard import text
from dashboard.reference import ROOT, select_communes_of_province

AREAS_FILE = ROOT / "data" / "areas.toml"
_DISTRICT = re.compile(r"\(([^()]+)\)")
FORMER_DISTRICT = "former_district"
# communes.csv tells the former units of every commune
_DISTRICT_SOURCE = "Nghị quyết sắp xếp đơn vị hành chính cấp xã năm 2025"


@dataclass(frozen=True)
class Area:
    """`code` as it stands in an address; `kind` former_province, former_district or land;
    `communes` their codes; `opposite` the word for all others of the province, "" where there is
    none.
    """

    code: str
    name: str
    kind: str
    communes: frozenset[str]
    source: str
    opposite: str = ""


def find_former_district(formed_from: str) -> str:
    """The former district of most of the units that formed a commune; the first of equals."""
    districts = Counter(_DISTRICT.findall(formed_from))
    return districts.most_common(1)[0][0] if districts else ""


@lru_cache(maxsize=64)
def list_areas_of_province(province: str) -> tuple[Area, ...]:
    """Former provinces, then kinds of land, then former districts in the Vietnamese order."""
    communes = select_communes_of_province(province)
    districts = {
        str(code): find_former_district(formed_from)
        for code, formed_from in communes["formed_from"].items()
    }
    codes_of_names = {name: str(code) for code, name in communes["bare_name"].items()}
    areas: dict[str, Area] = {}
    taken: set[str] = set()
    for entry in tomllib.loads(AREAS_FILE.read_text(encoding="utf-8"))["area"]:
        if entry["province"] != province:
            continue
        inside = {
            code for code, district in districts.items() if district in entry.get("districts", ())
        }
        inside |= {codes_of_names[name] for name in entry.get("communes", ())}
        for code in entry.get("areas", ()):
            inside |= areas[code].communes
        if entry.get("rest"):
            inside = set(districts) - taken
        if entry["kind"] == "former_province":
            taken |= inside
        areas[entry["code"]] = Area(
            entry["code"],
            entry["name"],
            entry["kind"],
            frozenset(inside),
            entry["source"],
            entry.get("opposite", ""),
        )
    return (*areas.values(), *_list_former_districts(districts))


def _list_former_districts(districts: dict[str, str]) -> list[Area]:
    names = sorted(set(filter(None, districts.values())), key=text.make_sort_key)
    return [
        Area(
            re.sub(r"[^a-z0-9]+", "-", text.strip_tones(name).lower()).strip("-"),
            f"{name} (cũ)",
            FORMER_DISTRICT,
            frozenset(code for code, district in districts.items() if district == name),
            _DISTRICT_SOURCE,
        )
        for name in names
    ]


@lru_cache(maxsize=1)
def load_units_without_centre() -> frozenset[str]:
    """Codes of communes that have no centre of their own: nobody expects a report of them."""
    entries = tomllib.loads(AREAS_FILE.read_text(encoding="utf-8")).get("without_centre", [])
    return frozenset(code for entry in entries for code in entry["communes"])
