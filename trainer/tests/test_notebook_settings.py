"""Tests where a notebook finds the API and the store, and which servers receive saved keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import millrace_notebook.settings
from millrace_notebook import MillraceError
from millrace_notebook.settings import Settings, Store, find_settings

LOCAL = {
    "endpoint": "http://127.0.0.1:8333",
    "region": "us-east-1",
    "access_key_id": "local",
    "secret_access_key": "localsecret",
}
LOCAL_STORE = Store("http://127.0.0.1:8333", "us-east-1", "local", "localsecret")
AWS = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "company", "AWS_SECRET_ACCESS_KEY": "company"}
REMOTE = {"MILLRACE_API_URL": "https://millrace.example", "MILLRACE_API_KEY": "mk_remote"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder outside any checkout, without saved settings."""
    monkeypatch.setattr(millrace_notebook.settings, "CHECKOUT", tmp_path / "checkout")
    return tmp_path


def save(folder: Path, **changes: object) -> None:
    (folder / ".millrace").mkdir(parents=True)
    saved = {"url": "http://127.0.0.1:8300", "key": "mk_saved", "storage": LOCAL, **changes}
    (folder / ".millrace" / "cli.json").write_text(json.dumps(saved))


@pytest.mark.parametrize("place", [".", "checkout"])
def test_what_was_saved_here_or_in_the_checkout_is_enough(folder: Path, place: str) -> None:
    save(folder / place)
    assert find_settings(AWS, folder) == Settings("http://127.0.0.1:8300", "mk_saved", LOCAL_STORE)


def test_saved_keys_go_only_to_the_address_they_were_saved_with(folder: Path) -> None:
    save(folder)
    url = {"MILLRACE_API_URL": "https://millrace.example"}
    assert find_settings({**AWS, **url}, folder) == Settings(url["MILLRACE_API_URL"], None, Store(None, "eu-central-1"))
    assert find_settings({**AWS, **REMOTE}, folder).key == "mk_remote"
    other = find_settings({**AWS, "MILLRACE_S3_ENDPOINT": "http://store.example:9000"}, folder)
    assert other.store == Store("http://store.example:9000", "eu-central-1")
    same = find_settings({**AWS, "MILLRACE_S3_ENDPOINT": LOCAL["endpoint"]}, folder)
    assert same.store == LOCAL_STORE


def test_a_home_without_storage_leaves_the_store_to_the_environment(folder: Path) -> None:
    save(folder, storage={})
    assert find_settings(AWS, folder).store == Store(None, "eu-central-1")


def test_secrets_are_not_shown(folder: Path) -> None:
    save(folder)
    shown = repr(find_settings({}, folder))
    assert "mk_saved" not in shown
    assert "localsecret" not in shown


@pytest.mark.parametrize("text", ["", "[]", '{"key": "mk"}', '{"url": "http://a", "storage": 3}'])
def test_a_file_that_is_something_else_is_named(folder: Path, text: str) -> None:
    save(folder)
    (folder / ".millrace" / "cli.json").write_text(text)
    with pytest.raises(MillraceError) as caught:
        find_settings(REMOTE, folder)
    assert caught.value.code == "CLI_FILE_INVALID"
    assert "cli.json" in str(caught.value)


def test_nothing_known_says_what_to_set(folder: Path) -> None:
    with pytest.raises(MillraceError, match="MILLRACE_API_URL and MILLRACE_API_KEY") as caught:
        find_settings({}, folder)
    assert caught.value.code == "API_UNKNOWN"
