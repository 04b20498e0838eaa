"""Which article stands for a story."""

from indexer.stories.representative import representative
from indexer.times import DAY


def test_what_names_the_same_as_the_others_stands_for_them() -> None:
    named = [["kursk", "russia"], ["kursk"], ["kursk", "russia"], ["leeds"]]
    assert representative(named, [0] * 4) == 0
    assert representative(named[1:], [0] * 3) == 0


def test_a_roundup_that_names_everybody_stands_for_no_story() -> None:
    named = [["kursk", "russia", *"abcdefghijklm"], ["kursk", "russia"], ["kursk", "russia", "isw"], ["kursk"]]
    assert representative(named, [0] * 4) == 1


def test_newer_ones_count_for_more_and_names_are_not_needed() -> None:
    assert representative([["kursk"], ["kursk"]], [0, DAY]) == 1
    assert representative([["kursk"], ["kursk"]], [DAY, 0]) == 0
    assert representative([["kursk", "isw"], ["kursk", "isw"], ["leeds"]], [0, 0, DAY]) == 0
    assert representative([[], []], [5, 4]) == 0
