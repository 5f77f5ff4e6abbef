"""How often a client may ask, and that each answer is made once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.door import limits
from dashboard.door.limits import Limiter
from dashboard.maps.memory import Kept
from data_access.database.leaving import ReaderLeft


def test_ten_thousand_requests_in_a_second_are_mostly_turned_away() -> None:
    now = [0.0]
    limiter = Limiter(clock=lambda: now[0])
    passed = 0
    for _ in range(10_000):
        now[0] += 0.0001
        passed += limiter.wait("10.0.0.1") == 0
    assert passed == pytest.approx(limits.BURST + limits.RATE, abs=2)


def test_a_client_does_not_use_up_what_is_anothers_and_waiting_helps() -> None:
    now = [0.0]
    limiter = Limiter(rate=1, burst=2, clock=lambda: now[0])
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 1]
    assert limiter.wait("b") == 0
    now[0] += 1
    assert limiter.wait("a") == 0


def test_clients_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CLIENTS", 5)
    limiter = Limiter()
    for number in range(100):
        limiter.wait(str(number))
    assert len(limiter._left) == 5


def test_many_who_ask_at_once_make_one_answer() -> None:
    kept, made = Kept(4), []

    def make() -> int:
        made.append(threading.get_ident())
        time.sleep(0.05)
        return 42

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: kept.get("key", make), range(8))) == [42] * 8
    assert len(made) == 1


def test_a_failure_is_not_kept_and_the_oldest_make_room() -> None:
    kept = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 1) == 1
    kept.get("b", lambda: 2)
    kept.get("c", lambda: 3)
    assert kept.get("a", lambda: 10) == 10


def test_who_waits_for_one_that_leaves_gets_the_answer_all_the_same() -> None:
    kept, begun, made = Kept(4), threading.Event(), []

    def leave() -> int:
        begun.set()
        time.sleep(0.05)
        raise ReaderLeft

    def make() -> int:
        made.append(1)
        return 42

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(kept.get, "key", leave)
        begun.wait(5)
        assert list(pool.map(lambda _: kept.get("key", make), range(6))) == [42] * 6
        assert isinstance(first.exception(), ReaderLeft)
    assert made == [1]
