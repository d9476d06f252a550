"""Tests figures, bins, fairness, gates and split: against scikit-learn, by properties and by examples."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from millrace_trainer import bins, metrics
from millrace_trainer.entity_key import entity_key
from millrace_trainer.errors import TrainerError
from millrace_trainer.fairness import fairness
from millrace_trainer.frame import Frame
from millrace_trainer.gates import verdicts
from millrace_trainer.spec import Gate, Split
from millrace_trainer.split import test_rows as held_out_rows

scored_rows = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 99)), min_size=2, max_size=60).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


@given(scored_rows)
@settings(max_examples=60, deadline=None)
def test_figures_agree_with_scikit_learn_ties_included(rows: list[tuple[int, int]]) -> None:
    label = np.array([y for y, _ in rows])
    probability = np.array([p / 100 for _, p in rows])
    found = metrics.figures(metrics.ranked(label, probability), np.ones(len(rows)))
    assert found is not None
    auc, gini, ks, brier, loss = found
    assert auc == pytest.approx(roc_auc_score(label, probability))
    assert gini == pytest.approx(2 * auc - 1)
    assert brier == pytest.approx(brier_score_loss(label, probability))
    assert loss == pytest.approx(log_loss(label, probability))
    cuts = np.unique(probability)
    share = [abs((probability[label == 1] <= c).mean() - (probability[label == 0] <= c).mean()) for c in cuts]
    assert ks == pytest.approx(max(share))


@given(scored_rows, st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_weights_are_how_often_a_row_was_drawn(rows: list[tuple[int, int]], seed: int) -> None:
    label = np.array([y for y, _ in rows])
    probability = np.array([p / 100 for _, p in rows])
    weights = np.random.default_rng(seed).integers(0, 4, len(rows))
    order = np.argsort(probability, kind="stable")
    weighted = metrics.figures(metrics.ranked(label, probability), weights[order].astype(float))
    repeated_label, repeated = np.repeat(label, weights), np.repeat(probability, weights)
    if len(set(repeated_label.tolist())) < 2:
        assert weighted is None
    else:
        plain = metrics.figures(metrics.ranked(repeated_label, repeated), np.ones(len(repeated)))
        assert weighted == pytest.approx(plain)


def test_intervals_are_seeded_and_hold_the_value() -> None:
    rng = np.random.default_rng(0)
    label = (rng.random(2000) < 0.3).astype(int)
    probability = np.clip(0.3 + 0.2 * label + rng.normal(0, 0.2, 2000), 0.01, 0.99)
    once, again = (metrics.measure(label, probability, 5) for _ in range(2))
    assert once == again
    assert once["auc"]["low"] < once["auc"]["value"] < once["auc"]["high"]
    assert once != metrics.measure(label, probability, 6)


def test_rows_of_one_class_are_not_measurable() -> None:
    assert "one class" in metrics.measure(np.zeros(50), np.linspace(0, 1, 50), 0)["not_measurable"]


@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=200))
@settings(max_examples=80, deadline=None)
def test_number_bins_hold_every_row_once(values: list[float]) -> None:
    found = bins.number_bins(np.array(values))
    assert len(found["shares"]) == len(found["edges"]) + 1
    assert sum(found["shares"]) + found["missing_share"] == pytest.approx(1)
    assert found["edges"] == sorted(set(found["edges"]))


def test_string_bins_gather_rare_values_under_others() -> None:
    values = np.array([f"v{i:02}" for i in range(30)] + ["v00"] * 70 + [""] * 100, dtype=object)
    found = bins.string_bins(values)
    assert len(found["categories"]) == bins.LARGEST_VOCABULARY
    assert found["categories"][0] == "v00"
    assert found["missing_share"] == 0.5
    assert found["other_share"] == pytest.approx(10 / 200)


def test_psi_is_zero_for_equal_shares_and_positive_otherwise() -> None:
    assert metrics.psi(np.array([0.5, 0.5]), np.array([0.5, 0.5])) == 0
    assert metrics.psi(np.array([0.5, 0.5]), np.array([1.0, 0.0])) > 0.25


def test_fairness_by_hand() -> None:
    label = np.array([0] * 80 + [1] * 20 + [0] * 80 + [1] * 20)
    low, high = 0.1, 0.9
    probability = np.array([low] * 60 + [high] * 40 + [low] * 30 + [high] * 70)
    groups = np.array(["a"] * 100 + ["b"] * 100, dtype=object)
    found = fairness(label, probability, groups, cut_off=0.5)
    assert [g["selection_rate"] for g in found["groups"]] == [0.6, 0.3]
    assert found["demographic_parity_ratio"] == pytest.approx(0.5)
    assert found["equal_opportunity_difference"] == pytest.approx(60 / 80 - 30 / 80)


def test_one_group_cannot_be_compared() -> None:
    found = fairness(np.array([0, 1] * 50), np.full(100, 0.2), np.array(["a"] * 100, dtype=object), 0.5)
    assert "two are needed" in found["demographic_parity_ratio"]["not_measurable"]


def test_an_attribute_of_many_values_asks_for_bands() -> None:
    groups = np.arange(100).astype(str).astype(object)
    found = fairness(np.array([0, 1] * 50), np.full(100, 0.2), groups, 0.5)
    assert "`bands`" in found["demographic_parity_ratio"]["not_measurable"]


@pytest.mark.parametrize(
    ("value", "least", "most", "passed"),
    [(0.8, 0.7, None, True), (0.7, 0.7, None, True), (0.69, 0.7, None, False), (0.8, None, 0.75, False)],
)
def test_gates_are_inclusive_bounds(value: float, least: float | None, most: float | None, passed: bool) -> None:
    gate = Gate("auc", None, least, most)
    assert verdicts((gate,), {"auc": {"value": value}}, {})[0]["passed"] is passed


def test_a_figure_that_is_not_measurable_does_not_pass() -> None:
    gate = Gate("demographic_parity_ratio", "sex", 0.8, None)
    by = {"sex": {"demographic_parity_ratio": {"not_measurable": "because …"}}}
    assert verdicts((gate,), {}, by) == [
        {"gate": "demographic_parity_ratio[sex]", "value": None, "min": 0.8, "passed": False}
    ]


def frame_of(entities: list[Any], dates: list[str], *more: list[Any]) -> Frame:
    import pandas as pd

    keys = {f"key_{index}": pa.chunked_array([pa.array(values)]) for index, values in enumerate([entities, *more])}
    label = np.arange(len(entities)) % 2
    return Frame(keys, pa.chunked_array([pa.array(dates)]), np.array(dates), label, pd.DataFrame(), {})


def test_an_entity_keeps_its_side_over_dates_and_when_rows_are_added() -> None:
    split = Split("by_entity", test_share=0.3)
    few = frame_of(list(range(500)), ["2024-01-01"] * 500)
    many = frame_of(list(range(500)) * 2 + list(range(500, 700)), ["2024-01-01"] * 500 + ["2024-02-01"] * 700)
    first, second = held_out_rows(few, split, 7), held_out_rows(many, split, 7)
    assert (second[:500] == first).all()
    assert (second[500:1000] == first).all()
    assert 0.2 < first.mean() < 0.4
    assert (held_out_rows(few, split, 8) != first).any()


def test_the_whole_tuple_decides_the_side_of_a_composite_entity() -> None:
    split = Split("by_entity", test_share=0.3)
    accounts, products = [n // 20 for n in range(400)], [f"p{n % 20}" for n in range(400)]
    few = held_out_rows(frame_of(accounts, ["2024-01-01"] * 400, products), split, 7)
    again = held_out_rows(frame_of(accounts[::-1] * 2, ["2024-01-01"] * 800, products[::-1] * 2), split, 7)
    assert (again[:400] == few[::-1]).all() and (again[400:] == few[::-1]).all()
    assert all(0 < few[accounts.index(one) :][:20].sum() < 20 for one in (0, 7, 19))
    limit = int(0.3 * 2**64)
    by_hand = [
        int.from_bytes(hashlib.blake2b(f'7|["{a}","{p}"]'.encode(), digest_size=8).digest(), "big") < limit
        for a, p in zip(accounts, products, strict=True)
    ]
    assert few.tolist() == by_hand


@given(st.lists(st.lists(st.text(), min_size=2, max_size=3).map(tuple), min_size=2, max_size=20, unique=True))
def test_keys_of_different_tuples_differ(tuples: list[tuple[str, ...]]) -> None:
    assert len({entity_key(each) for each in tuples}) == len(tuples)


def test_the_key_of_one_value_is_its_text_and_of_several_a_json_array() -> None:
    assert entity_key((7,)) == "7"
    assert entity_key(("a", "b,c")) == '["a","b,c"]' != entity_key(("a,b", "c"))
    assert entity_key(('say "hi"', 7, "größe")) == '["say \\"hi\\"","7","größe"]'


def test_entities_of_decimals_above_2_53_are_told_apart() -> None:
    first = 2**53
    decimals = frame_of([Decimal(first + i) for i in range(200)], ["2024-01-01"] * 200)
    integers = frame_of([first + i for i in range(200)], ["2024-01-01"] * 200)
    split = Split("by_entity", test_share=0.3)
    assert len(decimals.entity["key_0"].unique()) == 200
    assert (held_out_rows(decimals, split, 7) == held_out_rows(integers, split, 7)).all()


def test_a_share_that_leaves_a_side_empty_is_refused() -> None:
    with pytest.raises(TrainerError) as caught:
        held_out_rows(frame_of(["a", "b"], ["2024-01-01"] * 2), Split("by_entity", test_share=0.0001), 7)
    assert caught.value.code == "SPLIT_NOT_POSSIBLE"
