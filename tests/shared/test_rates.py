"""Right, wrong and missed become one precision, recall and F1, with an interval by document."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvoi_nlp.rates import draw_groups, f1_of, interval, macro_f1, micro_f1, share

counts_of_groups = st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=1, max_size=8).map(np.array)


def test_counts_of_all_groups_are_added_before_the_rates_are_taken():
    found = micro_f1(np.array([[6, 2, 0], [0, 0, 4]]), draw_groups(2, resamples=100))
    assert (found.tp, found.fp, found.fn) == (6, 2, 4)
    assert (found.precision, found.recall, found.f1) == (0.75, 0.6, pytest.approx(2 / 3))


@given(counts_of_groups)
def test_f1_is_the_harmonic_mean_and_a_rate_is_0_where_there_is_nothing_to_divide_by(counts):
    found = micro_f1(counts, draw_groups(len(counts), resamples=10))
    both = found.precision + found.recall
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / both if both else 0)
    assert 0 <= found.low <= found.high <= 1


def test_whole_documents_are_drawn_so_that_two_unlike_ones_give_a_wide_interval():
    apart = micro_f1(np.array([[50, 0, 0], [0, 50, 50]]), draw_groups(2, resamples=200))
    alike = micro_f1(np.array([[25, 25, 25], [25, 25, 25]]), draw_groups(2, resamples=200))
    assert (apart.f1, apart.low, apart.high) == (0.5, 0, 1)
    assert (alike.f1, alike.low, alike.high) == (0.5, 0.5, 0.5)


def test_a_resample_with_nothing_in_it_counts_as_0_or_is_left_out():
    counts, draws = np.array([[5, 0, 0], [0, 0, 0]]), draw_groups(2, resamples=200)
    assert micro_f1(counts, draws).low == 0
    assert micro_f1(counts, draws, empty=math.nan).low == 1


def test_in_a_macro_average_a_rare_label_weighs_as_much_as_a_common_one():
    often, seldom = [[90, 10, 10]] * 3, [[0, 1, 0]] * 3
    value, low, high = macro_f1(np.array([often, seldom]), draw_groups(3, resamples=50))
    assert (value, low, high) == pytest.approx((0.45, 0.45, 0.45))
    assert micro_f1(np.add(often, seldom), draw_groups(3, resamples=50)).f1 > 0.89


def test_a_macro_average_leaves_a_label_out_of_the_resamples_that_lack_it():
    here, there = [[5, 0, 0], [0, 0, 0]], [[0, 0, 0], [5, 0, 0]]
    assert macro_f1(np.array([here, there]), draw_groups(2, resamples=50)) == (1, 1, 1)


def test_a_share_has_an_interval_too():
    assert share(np.array([3, 0]), np.array([4, 4]), draw_groups(2, resamples=200)) == (0.375, 0, 0.75)
    assert share(np.array([3, 0]), np.array([4, 0]), draw_groups(2, resamples=200)) == (0.75, 0.75, 0.75)


def test_draws_are_the_same_for_the_same_seed_and_hold_as_many_groups_as_there_are():
    draws = draw_groups(5, resamples=40, seed=1)
    assert draws.shape == (40, 5)
    assert set(draws.flat) == set(range(5))
    assert (draws == draw_groups(5, resamples=40, seed=1)).all()
    assert (draws != draw_groups(5, resamples=40, seed=2)).any()


def test_an_interval_holds_95_in_100():
    assert interval(np.append(np.arange(1001.0), np.nan)) == (25, 975)


def test_f1_of_many_at_once():
    assert f1_of(np.array([[1, 1, 0], [0, 0, 0]])).tolist() == [pytest.approx(2 / 3), 0]
