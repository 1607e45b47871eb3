"""A PostgreSQL of one's own."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from catalog import Catalogue
from catalog.catalogue import SCHEMA_VERSION
from tests.servers.process import Server, free_port

_TEMPLATE = "hososo_template"
_WIPE = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no order among tables that refer to each other
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public';
    UPDATE alembic_version SET version_num = 'VERSION';
END $$
""".replace("VERSION", SCHEMA_VERSION)


class Postgres(Server):
    """A PostgreSQL cluster on loopback, with a superuser `hososo` who needs a password.

    Args:
        fsync: Wait for the disk. Off, a power cut would lose data; `kill` loses nothing either way, as the commit
            itself is never put off.
    """

    stop_signal = signal.SIGINT  # "fast": ends sessions instead of waiting for them

    def __init__(self, *, fsync: bool = False) -> None:
        super().__init__("postgres", account="postgres")
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self._fsync = "on" if fsync else "off"
        self._made = 0
        self._template_ready = False
        self._shared = ""
        self._init()

    @property
    def url(self) -> str:
        """Address of the database `postgres`, which is there from the start."""
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://hososo:{self.password}@127.0.0.1:{self.port}/{name}"

    def command(self) -> list[str]:
        """Return the server in the foreground, on TCP only."""
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": self._fsync,
            "full_page_writes": self._fsync,
            "shared_buffers": "64MB",
            "max_connections": 200,
            "jit": "off",  # compiling a plan costs more than any query over a test's few rows
        }
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [_binary("postgres"), "-D", str(self.folder / "data"), *arguments]

    def serves(self) -> bool:
        """Return whether a client can log in and ask something."""
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement outside any transaction and return its rows, if it has any."""
        with self.connect(database) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection in autocommit mode, as a test needs to look on or to meddle."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="hososo",
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def empty_database(self) -> str:
        """Make a database without a schema and return its address."""
        return self._create("template0")

    def new_database(self) -> str:
        """Make a catalogue database at this program's version, as a quick copy, and return its address."""
        if not self._template_ready:
            self.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
            made = Catalogue(self.database_url(_TEMPLATE))
            made.upgrade()
            made.close()
            self._template_ready = True
        return self._create(_TEMPLATE)

    def wiped_database(self) -> str:
        """Return the address of the one catalogue database that tests share, emptied: quicker than a new one."""
        if not self._shared:
            self._shared = self.new_database()
        self.execute(_WIPE, self._shared.rpartition("/")[2])
        return self._shared

    def drop_database(self, url: str) -> None:
        """Drop a database, ending its sessions."""
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _create(self, template: str) -> str:
        self._made += 1
        name = f"catalogue_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.database_url(name)

    def _init(self) -> None:
        word = self.folder / "password"
        word.write_text(self.password, encoding="ascii")
        word.chmod(0o600)
        if self.account:
            shutil.chown(word, self.account)
        subprocess.run(
            [
                _binary("initdb"),
                *("-D", str(self.folder / "data"), "-U", "hososo", f"--pwfile={word}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=self.account,
        )


def _binary(name: str) -> str:
    """Return a program of the newest PostgreSQL; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if found:
        return str(found[-1])
    elsewhere = shutil.which(name)
    assert elsewhere, f"{name} is missing: run install/system.sh test"
    return elsewhere
