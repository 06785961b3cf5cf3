"""The box at a page's end."""

import shlex
from collections.abc import Mapping
from html import escape

from IPython.display import HTML

from book.shared.downloads import packed_link
from book.shared.html import fold, show_plain
from book.shared.stored_runs import provenance
from study.store.run import Run


def how_made(notebook: str, parameters: Mapping[str, object], runs: Mapping[str, Run]) -> HTML:
    """How to make the page again, from which runs, and all of its numbers.

    Parameters
    ----------
    notebook
        Its name.
    parameters
        Of :func:`book.notebook.check_parameters`.
    runs
        Those that it shows, by name.
    """
    command = f"papermill --cwd . build/notebooks/{notebook}.ipynb build/{notebook}.ipynb"
    given = "".join(f" -p {name} {shlex.quote(str(value))}" for name, value in parameters.items())
    parts = [f"Made by <code>notebooks/{escape(notebook)}.py</code>. Again, or with other values:"]
    parts.append(f"<pre><code>{escape(command + given)}</code></pre>")
    if link := packed_link(notebook):
        parts.append(f"<p>All CSV files of this page, with checksums: {link}</p>")
    if runs:
        table = show_plain(provenance(runs), f"{notebook}-provenance")
        parts.append(fold(f"Runs that it shows: {len(runs)}", table).data)
    return HTML(f'<aside class="made" aria-label="How this page was made">{"".join(parts)}</aside>')
