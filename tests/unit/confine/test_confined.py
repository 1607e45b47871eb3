"""A confined call gives its result, or a named failure; the next call works again."""

import os
import signal
import time
from pathlib import Path

import pytest

from confine import Confined, Died, Limits, OutOfMemory, TimedOut, ends_rejected
from dossier.errors import Code, Rejected

LIMITS = Limits(wall_seconds=5, cpu_seconds=2, memory_bytes=400 << 20)
HERE = "tests.unit.confine.targets"


def test_result_comes_back_and_child_is_reused() -> None:
    """Two calls are answered by one child."""
    with Confined(f"{HERE}:process_id", LIMITS) as child:
        assert child.call() == child.call() == child.pid


def test_exception_of_the_target_is_raised_here_with_its_code() -> None:
    """A Rejected keeps its code on the way back."""
    with Confined(f"{HERE}:reject", LIMITS) as child, pytest.raises(Rejected) as caught:
        child.call("page-1")
    assert (caught.value.code, caught.value.subject) == (Code.IMAGE_DAMAGED, "page-1")


def test_sleeping_call_is_cut_by_wall_clock() -> None:
    """A call that only waits ends at the wall limit."""
    with Confined(f"{HERE}:sleep", Limits(0.4, 2, 400 << 20)) as child, pytest.raises(TimedOut):
        child.call(30)


def test_programs_of_a_child_end_with_it(tmp_path: Path) -> None:
    """A program that a call started does not go on with its page when the call is stopped."""
    place = tmp_path / "pid"
    with Confined(f"{HERE}:start_a_program", Limits(2, 2, 400 << 20)) as child, pytest.raises(TimedOut):
        child.call(str(place))
    status = Path(f"/proc/{place.read_text(encoding='utf-8')}/stat")
    deadline = time.monotonic() + 10
    while status.exists() and status.read_text(encoding="utf-8").split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not status.exists() or status.read_text(encoding="utf-8").split()[2] == "Z"


def test_a_child_that_stood_still_is_asked_once_more(tmp_path: Path) -> None:
    """A machine that sleeps past the wall limit costs a call nothing but time: the input is not to blame."""
    with Confined(f"{HERE}:stand_still_once", Limits(1, 2, 400 << 20)) as child:
        assert child.call(str(tmp_path / "stood")) == "awake"


def test_busy_call_is_cut_by_cpu_time() -> None:
    """A call that computes ends at the CPU limit, long before the wall limit."""
    started = time.monotonic()
    with Confined(f"{HERE}:spin", Limits(60, 1, 400 << 20)) as child, pytest.raises(TimedOut):
        child.call()
    assert time.monotonic() - started < 30


def test_hungry_call_is_cut_by_memory() -> None:
    """A call that wants a gigabyte gets OutOfMemory and the next call a fresh child."""
    with Confined(f"{HERE}:fill", LIMITS) as child:
        with pytest.raises(OutOfMemory):
            child.call(1 << 30)
        assert child.call(1000) == 1000


def test_killed_child_is_named_and_replaced() -> None:
    """A kill from outside is Died with its signal; the next call works."""
    with Confined(f"{HERE}:die", LIMITS) as child:
        with pytest.raises(Died) as caught:
            child.call(signal.SIGKILL)
        assert caught.value.signal == signal.SIGKILL
        assert child.call(0) == "alive"


@pytest.mark.parametrize(
    ("target", "argument", "limits", "code"),
    [
        ("sleep", 30, Limits(0.4, 2, 400 << 20), Code.READ_TIMEOUT),
        ("fill", 1 << 30, LIMITS, Code.READ_MEMORY),
        ("die", signal.SIGSEGV, LIMITS, Code.READ_CRASHED),
        ("reject", "page-1", LIMITS, Code.IMAGE_DAMAGED),
    ],
)
def test_each_end_of_a_child_is_a_rejection_of_its_own(
    target: str, argument: object, limits: Limits, code: Code
) -> None:
    """A page is told why it could not be read; what the child itself said of it stays."""
    with Confined(f"{HERE}:{target}", limits) as child, pytest.raises(Rejected) as caught, ends_rejected():
        child.call(argument)
    assert caught.value.code is code


def test_child_killed_from_outside_is_replaced() -> None:
    """Somebody else's SIGKILL costs a call nothing but time."""
    with Confined(f"{HERE}:process_id", LIMITS) as child:
        first = child.call()
        os.kill(first, signal.SIGKILL)
        assert child.call() not in {0, first}


def test_setup_runs_once_in_each_child() -> None:
    """The setup argument is what the target sees."""
    with Confined(f"{HERE}:remembered", LIMITS, setup=(f"{HERE}:remember", "vie")) as child:
        assert child.call() == "vie"


def test_failing_setup_is_raised_at_first_call() -> None:
    """A setup that rejects is not swallowed."""
    with (
        Confined(f"{HERE}:remembered", LIMITS, setup=(f"{HERE}:reject", "vie")) as child,
        pytest.raises(Rejected),
    ):
        child.call()


def test_close_leaves_no_process() -> None:
    """After close the child's id is gone."""
    child = Confined(f"{HERE}:process_id", LIMITS)
    pid = child.call()
    child.close()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_call_that_is_interrupted_leaves_no_answer_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C in the middle of a call, the next call gets its own answer and not the late one."""

    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    with Confined(f"{HERE}:fill", LIMITS) as child:
        assert child.call(1) == 1
        with monkeypatch.context() as patch:
            patch.setattr(type(child._channel), "poll", interrupt)
            with pytest.raises(KeyboardInterrupt):
                child.call(2)
        assert child.call(3) == 3


def test_child_that_hangs_up_but_lives_is_killed() -> None:
    """A child that closes its end without ending does not keep us waiting."""
    with Confined(f"{HERE}:hang_up", LIMITS) as child:
        started = time.monotonic()
        with pytest.raises(Died):
            child.call()
        assert time.monotonic() - started < LIMITS.wall_seconds
        assert child.pid is None


def test_what_failed_is_told_without_its_words() -> None:
    """The note says where in the child it happened; the message, which may hold a name, stands in it nowhere."""
    with Confined(f"{HERE}:stumble", LIMITS) as child, pytest.raises(ValueError, match="Nguyễn Văn") as caught:
        child.call("Nguyễn", "Văn A")
    (note,) = caught.value.__notes__
    assert "in stumble" in note
    assert "Nguyễn" not in note
