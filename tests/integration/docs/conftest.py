"""One small archive, digitised once by the real program, for every page of the documentation that speaks of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalog import intakes, pages
from dossier.digest import of_bytes
from dossier.page import MAY_BE_SECRET
from dossier.register import RESULT_COMPONENT
from dossier.states import IntakeState
from hososo.settings import load_settings
from hososo.wiring import open_catalogue
from registers.procedures import load_procedures
from samples.make import SampleSet, make
from tests.e2e.program import wait_until
from tests.fakes.office import jpeg
from tests.servers.scanner import FakeScanner

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Archive:
    """A home with the small sample set in it, and what each command printed as JSON by its name."""

    home: Path
    samples: SampleSet
    export: Path
    printed: Mapping[str, Any]

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program over this home."""
        return hososo(self.home, *arguments)


def hososo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real program, its output captured."""
    call = [sys.executable, "-m", "hososo.main", "--home", str(home), *arguments]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)


def block(page: str, name: str) -> str:
    """Return the code block of a page whose first line ends with this name."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no block {name}"
    return found[1]


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a block of a page as a person would, stopping at the first failure."""
    call = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(call, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False)


_ONE_AFTER_THE_OTHER = """
import io, json, sys
from hososo.main import main
told, printed = sys.stdout, []
for words in json.load(sys.stdin):
    sys.stdout = io.TextIOWrapper(io.BytesIO(), "utf-8")
    try:
        main(words)
    except SystemExit:
        pass
    sys.stdout.flush()
    printed.append(json.loads(sys.stdout.buffer.getvalue()))
json.dump(printed, told)
"""


def _printed(home: Path, calls: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return what commands print as JSON, run one after the other in one process: loading the program takes longest."""
    words = [["--home", str(home), "--json", *arguments] for arguments in calls.values()]
    call = [sys.executable, "-c", _ONE_AFTER_THE_OTHER]
    ran = subprocess.run(call, cwd=ROOT, input=json.dumps(words), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(zip(calls, json.loads(ran.stdout), strict=True))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Digitise, confirm, search, show, verify, export and report, each once."""
    folder = tmp_path_factory.mktemp("documented")
    home, samples, target = folder / "home", make(folder / "scans", small=True), folder / "ra"
    code = samples.dossiers[0].code
    calls = {
        "init": ("init",),
        "doctor": ("doctor",),
        "register-preview": ("register", "preview", str(samples.register_csv)),
        "register-import": ("register", "import", str(samples.register_xlsx), "--column", "note=Ghi chú"),
        "register-imports": ("register", "imports"),
        "register-history": ("register", "history", code),
        "register-sources": ("register", "sources"),
        "papers-lost": ("papers", "lost", code, "--reason", "không còn trong hộp"),
        "papers-list": ("papers", "list"),
        "papers-found": ("papers", "found", code),
        "papers-places": ("papers", "places", str(_places(folder, code))),
        "digitise": ("digitise", str(samples.target)),
        "deliver": ("deliver", str(samples.target), "--backlog"),
        "token": ("token",),
        "drain": ("drain", "--off"),
        "status": ("status",),
        "quarantine": ("quarantine",),
        "give-up": ("give-up", code, "--reason", "other"),
        "retry": ("retry",),
        "confirm": ("confirm", str(samples.confirmations), "--by", "can-bo"),
        "learn-export": ("learn", "export", "--to", str(folder / "hoc-tap")),
        "learn-fit": ("learn", "fit", "--office", str(folder / "hoc-tap"), "--to", str(folder / "bo")),
        "learn-compare": ("learn", "compare", str(folder / "bo"), *_cases(folder)),
        "learn-adopt": ("learn", "adopt", str(folder / "bo"), *_cases(folder)),
        "learn-reread": ("learn", "reread"),
        "search": ("search", "khai sinh"),
        "show": ("show", code),
        "verify": ("verify",),
        "export": ("export", code, str(target), "--text", "alto", "--text", "hocr"),
        "report": ("report",),
        "worklist": ("worklist", "--by", "desk", "--pdf", str(folder / "phieu.pdf"), "--xlsx", str(folder / "v.xlsx")),
        "figures-list": ("figures", "list", "received"),
        "figures-table": ("figures", "table", "--by", "field"),
        "figures-chart": ("figures", "chart", "causes", "--to", str(folder / "bieu-do.svg")),
        "print": ("print", "giay-tiep-nhan", code, "--to", str(folder / "giay.pdf")),
        "separators": ("separators", code, "--box", "Hộp 12", "--to", str(folder / "phan-cach.pdf")),
        "check": ("check", *(str(each) for each in sorted(samples.target.rglob("*.jpg"))[:2])),
        "figures-indicators": ("figures", "indicators"),
        "figures-check": ("figures", "check", str(_stated(folder))),
        "snapshot-take": ("snapshot", "take", "--by", "lanh-dao", "--note", "báo cáo quý"),
        "snapshot-list": ("snapshot", "list"),
        "snapshot-sign": ("snapshot", "sign", "1", "--by", "lanh-dao"),
        "snapshot-pdf": ("snapshot", "pdf", "1", "--to", str(folder / "bao-cao.pdf")),
        "snapshot-show": ("snapshot", "show", "1"),
        "snapshot-diff": ("snapshot", "diff", "1", "1"),
        "inspect-sample": ("inspect", "sample", "--seed", "tài liệu", "--count", "40", "--to", str(folder / "mau")),
        "inspect-completeness": ("inspect", "completeness", "--against", str(samples.register_xlsx)),
        "figures-explain": ("figures", "explain", str(_codes(folder, code)), "--reason", "trùng sổ"),
        "reference-list": ("reference", "list", "units"),
        "reference-export": ("reference", "export", "units", str(folder / "units.csv")),
        "reference-import": ("reference", "import", str(_holidays(folder))),
        "reference-editions": ("reference", "editions"),
        "account-add": ("account", "add", "an.nv", "--name", "An", "--role", "archivist", *_password(folder)),
        "account-list": ("account", "list"),
        "account-change": ("account", "change", "an.nv", "--units", "H99.27.14", "--until", "2030-01-01"),
        "account-password": ("account", "password", "an.nv", *_password(folder)),
        "account-totp": ("account", "totp", "an.nv"),
        "account-provider": ("account", "provider", "an.nv", "--provider-name", "an.nv@xa.gov.vn"),
        "account-token-add": ("account", "token", "add", "an.nv", "--station", "Quầy 1"),
        "account-token-list": ("account", "token", "list"),
        "account-token-revoke": ("account", "token", "revoke", "an.nv", "--station", "Quầy 1"),
        "account-log": ("account", "log", "--to", str(folder / "nhat-ky.jsonl"), "--export", str(folder / "nhat-ky")),
        **_station(folder),
        "sweep": ("sweep",),
        "scrub": ("scrub", "--all"),
        "renew": ("renew", "--list", "--before", "2100-01-01"),
        "error": ("show", "H99.27.14-260211-9999"),
    }
    with FakeScanner([jpeg(10), jpeg(60)]) as scanner:
        papers = ("--dossier", code, "--not-secret", "--config", str(folder / "tram" / "tram.toml"))
        calls["station-scanner"] = ("station", "scanner", scanner.url)
        calls["station-scan"] = ("station", "scan", "--scanner", scanner.url, *papers)
        printed = _printed(home, calls)
    printed |= {"worker": _worked(home), "serve": _served(home), "replace": _replaced(samples, folder)}
    printed |= {"sign-agent": _signed_elsewhere(home, folder)}
    printed |= _handed_back(home, folder, code)
    printed |= _taken_apart(home, folder, samples, code)
    printed |= _in_lots(home, folder, code)
    printed |= _lent(folder / "lo-kho", folder, printed["show"])
    return Archive(home, samples, target, printed | _brought_elsewhere(home, folder))


def _password(folder: Path) -> tuple[str, str]:
    """Write a password into a file; return how a command is told of it."""
    path = folder / "mat-khau"
    path.write_text("mot mat khau dai\n", encoding="utf-8")
    return ("--password-file", str(path))


def _station(folder: Path) -> dict[str, tuple[str, ...]]:
    """Set up a scanning station whose server is away; return what is asked of it."""
    own = folder / "tram"
    (own / "quet" / "H99.27.14-260211-0008").mkdir(parents=True)
    (own / "quet" / "H99.27.14-260211-0008" / "1.jpg").write_bytes(b"")
    (own / "ma-tram.txt").write_text("hst_none\n", encoding="ascii")
    guide = block("huong-dan/tram-quet.md", "tram.toml")
    (own / "tram.toml").write_text(guide.replace('"D:/quet"', '"quet"'), encoding="utf-8")
    config = ("--config", str(own / "tram.toml"))
    return {
        "station-run": ("station", "run", "--once", *config),
        "station-status": ("station", "status", *config),
        "station-retry": ("station", "retry", *config),
        "station-import": ("station", "import", str(_disk(folder)), "--not-secret", *config),
        "station-aside": ("station", "aside", "H99.27.14-260211-0008", *config),
    }


def _disk(folder: Path) -> Path:
    """Write a removable disk of which a file is missing, one is another, one too many and one out of place."""
    disk = folder / "lo"
    names = [f"H99.27.14-260211-000{number}/1.jpg" for number in (1, 2)]
    for name in (*names, "H99.27.14-260211-0001/x.jpg", "y.jpg"):
        (disk / name).parent.mkdir(parents=True, exist_ok=True)
        (disk / name).write_bytes(jpeg(10))
    lines = [f"{'0' * 64}  {name}\n" for name in (names[1], "H99.27.14-260211-0003/1.jpg", "y.jpg")]
    (disk / "SHA256SUMS").write_text("".join([f"{of_bytes(jpeg(10))}  {names[0]}\n", *lines]), encoding="utf-8")
    return disk


def _handed_back(home: Path, folder: Path, code: str) -> dict[str, Any]:
    """Hand what is archived in a copy of the home back over a folder, and take in a receipt."""
    copy, outbox, secret = folder / "chuyen-cong", folder / "cong", folder / "khoa-lien-ket"
    shutil.copytree(home, copy)
    outbox.mkdir()
    secret.write_text("x" * 40)
    settings = {"portal_way": "folder", "portal_folder": str(outbox), "portal_links": "https://so-hoa.vi-du.vn"}
    settings["portal_link_secret_file"] = str(secret)
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    (copy / "hososo.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    receipt = folder / "bien-nhan.csv"
    receipt.write_text(f"MaHoSo,KetQua,LyDo\n{code},Từ chối,Thiếu mã\nH99.27.14-260211-9999,1,\n", encoding="utf-8")
    calls = {
        "portal-send": ("portal", "send"),
        "portal-receipt": ("portal", "receipt", str(receipt)),
        "portal-status": ("portal", "status", "--state", "sent", "--state", "refused", "--state", "accepted"),
        "portal-retry": ("portal", "retry", code, "H99.27.14-260211-9999"),
        "portal-revoke": ("portal", "revoke", code),
    }
    return _printed(copy, calls)


def _codes(folder: Path, code: str) -> Path:
    """Write a list of one dossier."""
    path = folder / "ma.txt"
    path.write_text(f"{code}\n", encoding="utf-8")
    return path


def _places(folder: Path, code: str) -> Path:
    """Write a list of a store room with one dossier."""
    path = folder / "hop.csv"
    path.write_text(f"Mã hồ sơ;Hộp;Quầy;Số tờ\n{code};12;Quầy 1;9\n", encoding="utf-8")
    return path


def _stated(folder: Path) -> Path:
    """Write a figure that no register bears out."""
    path = folder / "neu.csv"
    path.write_text("received;1.000\n", encoding="utf-8")
    return path


def _taken_apart(home: Path, folder: Path, samples: SampleSet, code: str) -> dict[str, Any]:
    """Take a stack without a separator apart in a copy of the home, and say where it belongs."""
    copy, stack = folder / "xap-kho", folder / "xap"
    shutil.copytree(home, copy)
    stack.mkdir()
    again = folder / "xap-thu"
    again.mkdir()
    scans = [path for path in sorted(samples.target.rglob("*")) if path.suffix == ".jpg"]
    for target, scan in zip((stack, again), scans, strict=False):
        shutil.copy(scan, target / "1.jpg")
    who = ("account", "add", "tiep-nhan", "--name", "Bình", "--role", "receiver", *_password(folder))
    take = ("stack", "take", str(stack), "--by", "tiep-nhan", "--not-secret")
    done = _printed(copy, {"": who, "stack-take": take, "stack-list": ("stack", "list")})
    del done[""]
    assign = ("stack", "assign", done["stack-take"]["stack"], "1", code, "--by", "tiep-nhan")
    test_scan = _printed(copy, {"": ("stack", "take", str(again), "--by", "tiep-nhan", "--not-secret")})[""]["stack"]
    discard = ("stack", "discard", test_scan, "1", "--why", "test_scan", "--by", "tiep-nhan")
    asked = _asked(copy, code)
    answer = ("secrecy", "answer", code, asked, "--said", "not_secret", "--by", "tiep-nhan")
    done |= _printed(copy, {"secrecy-list": ("secrecy", "list"), "secrecy-answer": answer})
    return done | _printed(copy, {"stack-assign": assign, "stack-discard": discard})


def _asked(home: Path, code: str) -> str:
    """Have a person be asked about a page of a dossier, as reading would; return the page's label."""
    catalogue = open_catalogue(load_settings(home))
    with catalogue.write() as tx:
        dossier = intakes.find_dossier(tx, code)
        assert dossier is not None
        page = pages.newest(tx, dossier.id)[0]
        intakes.set_state(tx, page.intake_id, IntakeState.READING)
        pages.set_asked(tx, page.id, (MAY_BE_SECRET, "secret_top_left"))
    catalogue.close()
    return page.label


def _in_lots(home: Path, folder: Path, code: str) -> dict[str, Any]:
    """Have one dossier of a copy of the home go through two lots: one accepted and signed, one sent back."""
    copy, roles = folder / "lo-kho", ("receiver", "checker", "leader", "clerk")
    shutil.copytree(home, copy)
    people = {
        f"p{n}": ("account", "add", f"nguoi.{n}", "--name", "An", "--role", role, *_password(folder))
        for n, role in enumerate(roles)
    }
    again = _codes(folder, code)
    opening = ("--wave", "Đợt 1", "--list", str(again), "--leaves", "9", "--by", "nguoi.0")
    counting = ("--scanned-by", "nguoi.0", "--by", "nguoi.0")
    begun = _printed(
        copy,
        {
            **people,
            "lot-open": ("lot", "open", "LO-1", *opening),
            "lot-list": ("lot", "list"),
            "lot-count": ("lot", "count", "LO-1", *counting),
        },
    )
    size = len(begun["lot-count"]["counting"]["sample"])
    looks = {
        f"lot-judge-{n}": ("lot", "judge", "LO-1", str(n), "--good", "--by", "nguoi.1") for n in range(2, size + 1)
    }
    bad = {
        f"again-{n}": ("lot", "judge", "LO-2", str(n), "--fault", "cut", "--by", "nguoi.1") for n in range(1, size + 1)
    }
    done = _printed(
        copy,
        {
            "lot-judge": ("lot", "judge", "LO-1", "1", "--good", "--by", "nguoi.1"),
            **looks,
            "lot-show": ("lot", "show", "LO-1"),
            "lot-accept": ("lot", "accept", "LO-1", "--reason", "đã đối chiếu", "--by", "nguoi.2"),
            "lot-sign": ("lot", "sign", "LO-1", "--by", "nguoi.3"),
            "lot-minutes": ("lot", "minutes", "LO-1", "--to", str(folder / "bien-ban.pdf")),
            "lot-export": ("lot", "export", "LO-1", str(folder / "lo-1")),
            "open-2": ("lot", "open", "LO-2", *opening),
            "count-2": ("lot", "count", "LO-2", *counting),
            **bad,
            "lot-reject": ("lot", "reject", "LO-2", "--by", "nguoi.2"),
        },
    )
    return {name: value for name, value in (begun | done).items() if name.startswith("lot-") and name not in looks}


def _lent(home: Path, folder: Path, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Register a dossier that asks for a kind of paper which another has, and have that paper stand for it."""
    kinds = {
        each["kind"]: each["id"] for each in shown["documents"] if each["state"] == "archived" and each["confirmed"]
    }
    procedure, component, kind = next(
        (procedure.code, rule.code, kind)
        for procedure in load_procedures().values()
        for rule in procedure.components
        for kind in rule.kinds
        if rule.code != RESULT_COMPONENT and rule.required and kind in kinds
    )
    code, path = "H99.27.14-261101-0001", folder / "so-moi.csv"
    path.write_text(f"Mã hồ sơ;MaTTHC;Ngày nhận\n{code};{procedure};01/11/2026\n", encoding="utf-8")
    by = ("--by", "nguoi.0")
    calls = {
        "": ("register", "import", str(path)),
        "reuse-take": ("reuse", "take", code, component, kinds[kind], "--reason", "cùng một gia đình", *by),
        "reuse-show": ("reuse", "show", code, *by),
        "reuse-undo": ("reuse", "undo", code, component, *by),
    }
    return {name: value for name, value in _printed(home, calls).items() if name}


def _cases(folder: Path) -> tuple[str, ...]:
    return "--frozen", str(folder / "hoc-tap"), "--office", str(folder / "hoc-tap")


def _holidays(folder: Path) -> Path:
    """Write a day that is worked instead of another."""
    path = folder / "ngay-nghi.csv"
    path.write_text(
        "Ngày;Làm việc;Lý do;Hiệu lực từ;Căn cứ\n22/08/2026;có;Làm bù;01/08/2026;Thông báo\n", encoding="utf-8"
    )
    return path


def _replaced(samples: SampleSet, folder: Path) -> Any:  # noqa: ANN401 - any JSON
    """Digitise a dossier, take a file out of its folder, deliver it again, and approve that."""
    home = folder / "thay"
    source = next(each for each in sorted(samples.target.iterdir()) if each.is_dir())
    scans = shutil.copytree(source, folder / "nop" / source.name)
    hososo(home, "init")
    hososo(home, "digitise", str(scans.parent))
    next(iter(sorted(scans.rglob("*.jpg")))).unlink()
    hososo(home, "digitise", str(scans.parent))
    words = ("replace", source.name, "--reason", "wrong_paper", "--approved-by", "truong-phong")
    return json.loads(hososo(home, "--json", *words).stdout)


def _worked(home: Path) -> Any:  # noqa: ANN401 - any JSON
    """Let a supervisor run until it gives a sign of life, then stop it."""
    with started(home, "worker", "--processes", "1") as process:
        wait_until(lambda: hososo(home, "worker", "--ask").returncode == 0)
        process.terminate()
        return json.loads(process.communicate(timeout=60)[0])


def _served(home: Path) -> Any:  # noqa: ANN401 - any JSON
    """Let the server say where it listens, then stop it."""
    with started(home, "serve") as process:
        text = first_object(process)
        process.terminate()
        return json.loads(text)


def _signed_elsewhere(home: Path, folder: Path) -> Any:  # noqa: ANN401 - any JSON
    """Let an agent ask a server with a signing desk, on which nothing waits."""
    token = folder / "token"
    token.write_text("a token of sixteen bytes")
    desk = {
        "HOSOSO_SIGNING_TOKEN_FILE": str(token),
        "HOSOSO_SIGNING_CERTIFICATES": str(home / "development-pki" / "agency.pem"),
    }
    with started(home, "serve", **desk) as process:
        url = "http://" + json.loads(first_object(process))["listen"]
        call = ("--json", "sign-agent", "--server", url, "--access-token-file", str(token))
        printed = json.loads(hososo(folder / "pc", *call).stdout)
        process.terminate()
    return printed


def first_object(process: subprocess.Popen[str]) -> str:
    """Return the one JSON object that a server prints when it listens."""
    assert process.stdout is not None
    text = ""
    while not text.endswith("}\n"):
        text += process.stdout.readline()
    return text


def started(home: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    """Start a command that serves, on a port of its own."""
    call = [sys.executable, "-m", "hososo.main", "--home", str(home), "--json", *words]
    free_port = os.environ | {"HOSOSO_LISTEN": "127.0.0.1:0"} | settings
    return subprocess.Popen(call, cwd=ROOT, env=free_port, stdout=subprocess.PIPE, text=True)


def _brought_elsewhere(home: Path, folder: Path) -> dict[str, Any]:
    """Back up, restore into a second home, and rebuild in a third one that has the archive alone."""
    backup, rebuilt = folder / "sao-luu", folder / "dung-lai"
    shutil.copytree(home / "archive", rebuilt / "archive")
    calls = {
        "backup": (home, "backup", str(backup)),
        "restore": (folder / "phuc-hoi", "restore", str(backup)),
        "rebuild": (rebuilt, "rebuild", "--compare", str(home / "catalogue.db")),
    }
    return {name: json.loads(hososo(where, "--json", *words).stdout) for name, (where, *words) in calls.items()}
