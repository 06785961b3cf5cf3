"""The explorer page: its select boxes, its views and what they need to run without a network."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import vl_convert
from babel import Locale
from IPython.display import HTML
from jinja2 import Environment, FileSystemLoader

from book.pages.explorer import MEASURES
from book.pages.explorer_views import views


def page(found: Mapping[str, Any]) -> HTML:
    """The select boxes, the views and what they need to run without a network; none of it twice.

    Parameters
    ----------
    found
        Of :func:`book.pages.explorer.contents`.

    Returns
    -------
    Without scripts, pictures of the first view. Whatever comes from data or parameters is escaped.
    """
    specs = {name: chart.to_dict() for name, chart in views(found).items()}
    folder, chosen = Path(__file__).parent, found["chosen"]
    script = vl_convert.javascript_bundle((folder / "explorer.js").read_text(encoding="utf-8"))
    tables = {name: found[name] for name in ("cells", "answers")}
    shown = {
        name: [row for row in rows if all(row[of] == chosen[of] for of in ("start", "benchmark"))]
        for name, rows in tables.items()
    }
    data = {name: found[name] for name in ("menus", "chosen")}
    data |= {name: _packed(rows) for name, rows in tables.items()}
    data |= {"specs": specs, "measures": MEASURES, "languages": _names(found["cells"])}
    templates = Environment(loader=FileSystemLoader(folder), autoescape=True)
    templates.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return HTML(
        templates.get_template("explorer.html").render(
            data=data,
            pictures=[(spec["description"], _picture(spec, shown)) for spec in specs.values()],
            script=script.replace("</script", r"<\/script"),
        )
    )


def _packed(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows with what they share said once, and the rest by sampler: a third of the size."""
    names = [name for name in ("values", "counts", "ranks") if name in rows[0]]
    packed: dict[str, dict[str, Any]] = {}
    for row in rows:
        shared = {name: row[name] for name in row if name not in ("sampler", *names)}
        entry = packed.setdefault(json.dumps(shared), shared | {"samplers": {}})
        entry["samplers"][row["sampler"]] = [row[name] for name in names]
    return {"names": names, "rows": list(packed.values())}


def _names(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    codes = {str(row["query"]) for row in rows} | {str(row["candidate"]) for row in rows}
    known = Locale("en").languages
    return {code: f"{known[code]} ({code})" if code in known else code for code in codes}


def _picture(spec: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """A view as an address of its picture: in an image, no script of an SVG runs."""
    # an image says its description alone, and the system's font is not known here
    config = {**spec["config"], "aria": False, "font": "sans-serif"}
    drawn = vl_convert.vegalite_to_svg({**spec, "width": 330, "config": config, "datasets": tables})
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
