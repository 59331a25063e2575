"""A setting that is of no use is refused at once, in one sentence, whichever command is run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracker import secret_files
from tracker.settings import SettingRefused, instance_folder, read_settings

HERE = Path(__file__).parents[2]
OF_NO_USE = {
    "PORT": ["abc", "-1", "65536", ""],
    "MAIL_PORT": ["0", "99999"],
    "MAIL_TIMEOUT": ["0", "-5", "soon"],
    "MAIL_SENDER": ["garbage", "", "a@b@", "Redaktion", "a b@example.org", "a@example.org, b@example.org",
                    "a@example.org\nBcc: b@example.org"],
    "BASE_URL": ["tracker.example.org", "ftp://example.org", "https://", "http://a b/", "http://[::1", "http://a:x/"],
    "DATABASE_URL": ["garbage", "mysql://x/y", "sqlite://x/y", "postgresql://127.0.0.1:x/y", "sqlite:"],
    "SECURE_COOKIES": ["perhaps"],
    "HOST": ["\udcff"],
}  # fmt: skip
OF_USE = {
    "PORT": ["0", "8080"],
    "MAIL_SENDER": ["Redaktion <redaktion@example.org>", "info@müller.example", '"Meier, Anna" <a@example.org>'],
    "BASE_URL": ["https://tracker.example.org", "http://127.0.0.1:5000/", "https://example.org/social"],
    "DATABASE_URL": ["sqlite:////tmp/x.sqlite", "postgres://a@b/c", "postgresql://b/c", "postgresql+psycopg://b/c"],
    "SECURE_COOKIES": ["yes", "0", ""],
}  # fmt: skip


def each(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, some in values.items() for value in some]


@pytest.mark.parametrize(("name", "value"), each(OF_NO_USE))
def test_what_is_of_no_use_is_refused_by_name(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value or name != "DATABASE_URL":
        monkeypatch.setenv(f"TRACKER_{name}", value)
    with pytest.raises(SettingRefused, match=name):
        read_settings(tmp_path)


@pytest.mark.parametrize(("name", "value"), each(OF_USE))
def test_what_is_of_use_is_taken(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TRACKER_{name}", value)
    read_settings(tmp_path)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("PORT = (", "line 1"),
        ("1 / 0", "division by zero"),
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("PORT = 'abc'", "PORT in config.py must be a whole number"),
        ("PORT = 5.5", "PORT in config.py must be a whole number"),
        ("SECURE_COOKIES = 'perhaps'", "SECURE_COOKIES in config.py must be true or false"),
        ("TRUSTED_HOSTS = ['a']", "TRUSTED_HOSTS in config.py must be text"),
        (b"HOST = '\xff'", "config.py"),
    ],
)
def test_a_config_file_of_no_use_is_refused_with_its_line_or_reason(
    written: str | bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.py"
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    with pytest.raises(SettingRefused, match=said):
        read_settings(tmp_path)


def test_text_in_the_config_file_is_read_as_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("PORT = '5001'\nSECURE_COOKIES = 'yes'\nMINE = ['kept']\n")
    found = read_settings(tmp_path)
    assert (found["PORT"], found["SECURE_COOKIES"], found["MINE"]) == (5001, True, ["kept"])


def test_a_folder_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "SECRET_KEY").write_bytes(b"\xff")
    monkeypatch.setenv("TRACKER_INSTANCE", "~nobody-of-that-name/x")
    for refused in (
        lambda: read_settings(file),
        lambda: read_settings(file / "below"),
        lambda: secret_files.read(tmp_path),
        instance_folder,
    ):
        with pytest.raises(SettingRefused):
            refused()


def flask(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{f"TRACKER_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(
        command,
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        errors="replace",
    )


@pytest.mark.parametrize(
    "settings",
    [{"PORT": "abc"}, {"DATABASE_URL": "mysql://x/y"}, {"MAIL_SENDER": "garbage"}, {"INSTANCE": str(HERE / "wsgi.py")}],
    ids=str,
)  # fmt: skip
def test_a_command_says_so_in_one_sentence(settings: dict[str, str], tmp_path: Path) -> None:
    done = flask("remind", **{"INSTANCE": str(tmp_path), **settings})
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--host", "\udcff"),
        pytest.param(("users", "create", "\udcff@example.org", "--name", "Anna"), marks=pytest.mark.slow),
        pytest.param(("load-concept", "\udcff.toml"), marks=pytest.mark.slow),
        pytest.param(("export", "--format", "csv", "-o", "\udcff.csv"), marks=pytest.mark.slow),
    ],
    ids=lambda words: words[0],
)
def test_an_argument_that_is_not_utf8_is_refused_in_one_sentence(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = flask(*words, INSTANCE=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith("This argument is not UTF-8")
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.slow
def test_a_host_or_port_one_cannot_listen_on_is_said_in_one_sentence_with_one_full_stop(
    tmp_path: Path,
) -> None:
    assert flask("init", INSTANCE=str(tmp_path)).returncode == 0
    for words in (("--port", "70000"), ("--host", "a..b")):
        done = flask("serve", *words, INSTANCE=str(tmp_path))
        assert done.returncode == 1
        assert done.stderr.startswith("Cannot listen on")
        assert done.stderr.endswith(".\n")
        assert not done.stderr.endswith("..\n")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_whatever_the_umask_is_only_the_owner_reads_the_installation(tmp_path: Path) -> None:
    """Also where an older installation left its folder and database open to everybody."""
    folder = tmp_path / "old"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "tracker.sqlite").touch(0o644)
    for instance in (folder, tmp_path / "new" / "below"):
        before = os.umask(0o022)
        try:
            assert flask("init", INSTANCE=str(instance)).returncode == 0
        finally:
            os.umask(before)
        assert instance.stat().st_mode & 0o777 == 0o700
        open_to_others = [one.name for one in instance.rglob("*") if one.stat().st_mode & 0o077]
        assert open_to_others == []


@pytest.mark.parametrize("command", ["serve", "scheduler"])
def test_serve_and_scheduler_write_for_their_owner_only(command: str, app, run, monkeypatch) -> None:
    seen: list[int] = []

    def stop_here(*_arguments: object, **_options: object) -> None:
        seen.append(os.umask(0o022))
        raise SettingRefused("far enough")

    before = os.umask(0o022)
    try:
        monkeypatch.setattr("tracker.server.timetable", stop_here)
        monkeypatch.setattr("tracker.scheduler.timetable", stop_here)
        run(command)
    finally:
        os.umask(before)
    assert seen == [0o077]
