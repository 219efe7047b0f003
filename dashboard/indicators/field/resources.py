"""What the province gives its communes, added up: courses, seconded officials, devices, work on
certificates, electronic forms. Only what began by the day counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isnan

import pandas as pd

from dashboard.batch import RESOURCE_VARIANTS


class ResourceTopic(StrEnum):
    """In the order of the page."""

    CERTIFICATE = "certificate"
    DEVICE = "device"
    TRAINING = "training"
    SECONDMENT = "secondment"
    FORM = "form"


@dataclass(frozen=True)
class ResourceTotal:
    """Rows of one topic and variant ("" where the topic has none) until a day.

    `quantity` of all rows; `done` of those that tell it, which have `done_of` together; `entries`
    how many rows, `offices` and `communes` how many different ones; `newest` when the last began.
    """

    topic: ResourceTopic
    variant: str
    entries: int
    quantity: int
    done: int
    done_of: int
    offices: int
    communes: int
    newest: date


@dataclass(frozen=True)
class Resource:
    """One thing; `done` None: not told. `is_over`: it ended before or on the day."""

    topic: ResourceTopic
    variant: str
    commune_code: str
    what: str
    quantity: int
    done: int | None
    office: str
    began_on: date
    ended_on: date | None
    is_over: bool


def list_resources(rows: pd.DataFrame, today: date) -> tuple[Resource, ...]:
    """What began by `today`, newest first. `rows`: batch.RESOURCE_COLUMNS, days datetime64."""
    order = {topic: place for place, topic in enumerate(ResourceTopic)}
    resources = [
        Resource(
            ResourceTopic(row.topic),
            _read(row.variant),
            _read(row.commune_code),
            row.what,
            int(row.quantity),
            None if isnan(row.done) else int(row.done),
            _read(row.office),
            row.began_on.date(),
            None if pd.isna(row.ended_on) else row.ended_on.date(),
            not pd.isna(row.ended_on) and row.ended_on.date() < today,
        )
        for row in rows.itertuples()
        if row.began_on.date() <= today
    ]
    return tuple(
        sorted(
            resources,
            key=lambda entry: (
                order[entry.topic],
                -entry.began_on.toordinal(),
                entry.commune_code,
                entry.what,
            ),
        )
    )


def add_up_resources(resources: tuple[Resource, ...]) -> tuple[ResourceTotal, ...]:
    """A total for each topic and variant that has rows, in the order of the topics. Of seconded
    officials only those count whose time is not over.
    """
    groups: dict[tuple[ResourceTopic, str], list[Resource]] = {}
    for entry in resources:
        if entry.topic is ResourceTopic.SECONDMENT and entry.is_over:
            continue
        groups.setdefault((entry.topic, entry.variant), []).append(entry)
    topics = list(ResourceTopic)
    variants = ["", *(code for codes in RESOURCE_VARIANTS.values() for code in codes)]
    return tuple(
        ResourceTotal(
            topic,
            variant,
            len(together),
            sum(entry.quantity for entry in together),
            sum(entry.done or 0 for entry in together),
            sum(entry.quantity for entry in together if entry.done is not None),
            len({entry.office for entry in together if entry.office}),
            len({entry.commune_code for entry in together if entry.commune_code}),
            max(entry.began_on for entry in together),
        )
        for (topic, variant), together in sorted(
            groups.items(),
            key=lambda group: (topics.index(group[0][0]), variants.index(group[0][1])),
        )
    )


def _read(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
