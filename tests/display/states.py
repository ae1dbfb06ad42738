"""States of a hall that the board must be able to show, made from the sample hall's own."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any


def busy(state: dict[str, Any], counters: int = 6, calls: int = 9) -> dict[str, Any]:
    """The sample hall at work: ``calls`` numbers called, at ``counters`` counters."""
    state = copy.deepcopy(state)
    desks = [desk | {"status": "open"} for desk in state["counters"]]
    state["counters"] = [
        desks[place % len(desks)] | {"id": place + 1, "number": str(place + 1)}
        for place in range(counters)
    ]
    state["waiting"] = 123
    now = datetime.fromisoformat(state["now"])
    for at in range(calls, 0, -1):
        service = state["services"][at % len(state["services"])]
        desk = state["counters"][-at % counters]
        ticket = {
            "number": f"{service['letter']}{at + 10:03d}",
            "letter": service["letter"],
            "tint": service["tint"],
            "status": "called" if at % 3 == 0 else "serving",
        }
        desk["ticket"] = ticket
        call = ticket | {
            "id": at,
            "counter": desk["number"],
            "counter_names": desk["names"],
            "service": {"code": service["code"], "names": service["names"]},
            "repeat": 1 if at == calls else 0,
            "called_at": (now - timedelta(seconds=60 * (calls - at) + 20)).isoformat(),
        }
        state["calls"].append(call)
    for place, status in ((1, "paused"), (2, "closed")):
        if place < counters:
            state["counters"][place].update(status=status, ticket=None)
    return state


def largest(state: dict[str, Any]) -> dict[str, Any]:
    """Twenty counters, a long number, long names, and lines that hardly fit."""
    state = busy(state, counters=20, calls=12)
    call = state["calls"][0]
    call.update(number="M1208", letter="M", counter="20")
    state["office"]["names"] = {
        "vi": "Bộ phận Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính của Trung tâm "
        "Phục vụ hành chính công xã Vĩnh Bình Bắc",
        "en": "Reception and Results Office of the Public Administrative Service Centre",
        "km": "ផ្នែកទទួល និងប្រគល់លទ្ធផល",
    }
    state["office"]["organisation"] = {"vi": "Ủy ban nhân dân xã Vĩnh Bình Bắc, tỉnh Kiên Giang"}
    state["ticker"] = [
        {
            "vi": "Người cao tuổi, người khuyết tật, phụ nữ mang thai, người bế trẻ nhỏ và người "
            "có công với cách mạng được ưu tiên phục vụ trước."
        }
    ]
    return state


def one_counter(state: dict[str, Any]) -> dict[str, Any]:
    """The smallest hall there is."""
    return busy(state, counters=1, calls=2)


def quiet(state: dict[str, Any]) -> dict[str, Any]:
    """Nobody called yet today."""
    return state


def closed(state: dict[str, Any]) -> dict[str, Any]:
    """A public holiday."""
    opens = datetime.fromisoformat(state["now"]) + timedelta(days=1, hours=-2)
    return state | {
        "open": False,
        "opens_at": opens.isoformat(),
        "closed_reason": {"vi": "Nghỉ Ngày Văn hóa Việt Nam", "en": "Vietnam Culture Day"},
    }


def in_khmer(state: dict[str, Any]) -> dict[str, Any]:
    """A hall whose first language is Khmer."""
    state = busy(state)
    state["office"]["languages"] = ["km", "vi"]
    return state


STATES = {
    state.__name__.replace("_", "-"): state
    for state in (busy, largest, one_counter, quiet, closed, in_khmer)
}
