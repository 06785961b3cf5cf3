from pathlib import Path

import pytest

from hybridlib.files import whole_folder


def write(folder, text):
    with whole_folder(folder) as scratch:
        (scratch / "file").write_text(text)


def test_a_folder_replaces_the_one_that_was_there(tmp_path):
    write(tmp_path / "run", "old")
    write(tmp_path / "run", "new")
    assert (tmp_path / "run" / "file").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_error_while_writing_leaves_the_old_folder(tmp_path):
    write(tmp_path / "run", "old")
    with pytest.raises(OSError, match="No space left"), whole_folder(tmp_path / "run") as scratch:
        (scratch / "file").write_text("half")
        raise OSError(28, "No space left on device")
    assert (tmp_path / "run" / "file").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("interrupted", [1, 2])
def test_an_interrupt_at_any_rename_leaves_one_whole_folder(tmp_path, monkeypatch, interrupted):
    write(tmp_path / "run", "old")
    rename, calls = Path.rename, []

    def interrupting(self, target):
        calls.append(target)
        if len(calls) == interrupted:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupting)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "run", "new")
    assert (tmp_path / "run" / "file").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
