from __future__ import annotations


def test_smoke(hall):
    a = hall.issue()
    assert a.number == "A001"
    t = hall.call_next("1")
    assert t.number == "A001" and t.counter.number == "1"
