"""Working folders are left alone while somebody lives who uses them, and only then."""

import subprocess
import sys
import threading
from pathlib import Path

from pipeline.scratch import remove_abandoned, working_folder

HOLD = """
import sys
from pathlib import Path
from pipeline.scratch import working_folder
with working_folder(Path(sys.argv[1])) as folder:
    (folder / "file").write_bytes(b"x")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_removed_after_use(tmp_path: Path) -> None:
    """With all that lies in it, also when its user failed."""
    with working_folder(tmp_path / "scratch") as folder:
        (folder / "file").write_bytes(b"x")
        assert remove_abandoned(tmp_path / "scratch") == 0
        assert (folder / "file").exists()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    """What a killed process used is removed; a living one's is not."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as user:
        assert user.stdout is not None
        name = user.stdout.readline().decode().strip()
        assert remove_abandoned(tmp_path) == 0
        user.kill()
        user.wait()
        assert (tmp_path / name / "file").exists()
        assert remove_abandoned(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_never_takes_a_folder_that_was_given(tmp_path: Path) -> None:
    """Between making a folder and locking it a sweep may be faster: then another folder is given."""
    done = threading.Event()

    def sweep() -> None:
        while not done.is_set():
            remove_abandoned(tmp_path)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(300):
            with working_folder(tmp_path) as folder:
                (folder / "file").write_bytes(b"x")
    finally:
        done.set()
        sweeper.join()
