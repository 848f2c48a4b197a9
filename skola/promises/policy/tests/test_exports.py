"""The record of processing and DPV: complete, and the same each time."""

import json
from pathlib import Path
from typing import Any

import pytest

from skola.promises.policy import dpv, ropa, vocabulary
from skola.promises.policy.overlays import apply, load_overlays
from skola.promises.policy.schema import Policy
from skola.promises.policy.tests import make

ALL = pytest.mark.parametrize("path", [make.EXAMPLE, *make.REAL], ids=lambda path: path.parent.name)


def executed(path: Path = make.EXAMPLE) -> Policy:
    policy = make.policy(path=path)
    return apply(policy, load_overlays(policy.policy.law)).policy


@ALL
def test_the_record_has_what_article_30_asks_for(path: Path) -> None:
    policy = executed(path)
    for language in policy.policy.languages:
        record: dict[str, Any] = json.loads(ropa.as_json(policy, language))

        assert record["controller"]["name"] == policy.controller.name
        assert record["data_protection_contact"][0]["email"]
        assert [each["purpose"] for each in record["activities"]] == [
            each.id for each in policy.purpose
        ]
        for activity in record["activities"]:
            assert activity["categories"]
            assert activity["subjects"]
            assert activity["basis"]["article"].startswith("GDPR Art. 6(1)")
            assert all(rule["terms"] for rule in activity["retention"])


def test_one_activity_of_the_record() -> None:
    record: dict[str, Any] = json.loads(ropa.as_json(executed(), "en"))
    (activity,) = (each for each in record["activities"] if each["purpose"] == "accounting")

    assert activity["basis"] == {
        "kind": "legal-obligation",
        "article": "GDPR Art. 6(1)(c)",
        "interest": "",
        "law": "Accounting Act § 12",
        "balancing": "",
    }
    assert [each["id"] for each in activity["recipients"]] == ["tax-board"]
    assert [each["id"] for each in activity["processors"]] == ["hosting"]
    assert activity["retention"] == [
        {
            "rule": "invoices",
            "categories": ["accounting"],
            "terms": [
                "At least 7 years after the end of the financial year.",
                "At most 7 years after the end of the financial year; then they are erased.",
            ],
        }
    ]
    assert activity["security"] == ["Backups are made daily and tried monthly."]


@ALL
def test_dpv_names_everything_by_a_known_prefix(path: Path) -> None:
    policy = executed(path)
    document: dict[str, Any] = json.loads(dpv.as_text(policy))
    prefixes = set(document["@context"]) - {"@base"}

    def check(value: Any, *, context: bool = False) -> None:
        if isinstance(value, list):
            for each in value:
                check(each)
        elif isinstance(value, dict):
            for key, each in value.items():
                if key == "@context":
                    continue
                assert key.startswith("@") or key.partition(":")[0] in prefixes, key
                if key == "@type":
                    assert each.partition(":")[0] in prefixes, each
                check(each)

    check(document)
    assert [each["@id"] for each in document["dpv:hasProcess"]] == [
        f"process/{each.id}" for each in policy.purpose
    ]
    assert all(each["dpv:hasStorageCondition"] for each in document["dpv:hasProcess"])


def test_dpv_of_one_term() -> None:
    document: dict[str, Any] = json.loads(dpv.as_text(executed()))
    (process,) = (
        each for each in document["dpv:hasProcess"] if each["@id"] == "process/exam.supervise"
    )

    assert process["dpv:hasLegalBasis"] == {"@type": "eu-gdpr:A6-1-b"}
    assert [
        (each["@id"], each["dpv:hasDuration"]["@value"], each["dct:relation"])
        for each in process["dpv:hasStorageCondition"]
    ] == [
        ("retention/exams/at_least", "P14D", ["event/exam.finished"]),
        ("retention/exams/at_most", "P14D", ["event/exam.finished"]),
    ]


def test_exports_are_the_same_each_time() -> None:
    assert dpv.as_text(executed()) == dpv.as_text(executed())
    assert ropa.as_json(executed()) == ropa.as_json(executed())


def test_every_basis_has_a_term_of_dpv() -> None:
    assert set(dpv.LEGAL_BASES) == set(vocabulary.BASES)
