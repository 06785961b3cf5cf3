"""What a page offers: files that it holds itself, its tables as CSV, alone or packed."""

import base64
import hashlib
import zipfile
from html import escape
from io import BytesIO

import pandas as pd

from book.shared.table_cells import flat

_SHOWN: dict[str, bytes] = {}  # every CSV of the page that this process makes


def csv_link(table: pd.DataFrame, name: str) -> str:
    """Link to a table as CSV, which :func:`packed_link` packs with the others of its page."""
    content = flat(table).to_csv(index=False).encode()
    _SHOWN[f"{name}.csv"] = content
    return download(f"{name}.csv", "text/csv", content)


def packed_link(name: str) -> str:
    """Link to a zip of all CSV files so far, with checksums; empty if there is none."""
    if not _SHOWN:
        return ""
    sums = "".join(f"{hashlib.sha256(v).hexdigest()}  {k}\n" for k, v in _SHOWN.items())
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in {**_SHOWN, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(file), content, zipfile.ZIP_DEFLATED)
    return download(f"{name}.zip", "application/zip", packed.getvalue())


def download(name: str, kind: str, content: bytes) -> str:
    """Link to a file that the page itself holds."""
    data, file = base64.b64encode(content).decode(), escape(name)
    return f'<a download="{file}" href="data:{kind};base64,{data}">{file}</a>'
