"""Each page has one script and one style sheet, put together from what its opening files import."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dash.development.base_component import Component
from flask.testing import FlaskClient

from dashboard.settings import ROOT, Settings
from dashboard.web import bundles
from dashboard.web.overview import page as overview
from dashboard.web.server import DOCUMENTS, create_app

ASSETS = ROOT / "assets"
MODULES = [
    *ASSETS.glob("*.js"),
    *(file for file in bundles.WEB.glob("*/*.js") if file.name != "worker.js"),
]
SCRIPTS = [name for name in bundles.list_bundles() if name.endswith(".js")]
STYLES = [name for name in bundles.list_bundles() if name.endswith(".css")]
PAGES = {"/": "overview", "/man-hinh": "wall", "/khong-co": "documents"} | {
    document.rule.replace("<code>", "21250"): document.bundle for document in DOCUMENTS
}


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with create_app(settings).server.test_client() as client:
        yield client


@pytest.mark.parametrize(("path", "bundle"), PAGES.items(), ids=PAGES.values())
def test_a_page_names_one_script_and_one_style_sheet_of_ours(
    client: FlaskClient, path: str, bundle: str
) -> None:
    page = client.get(path).text
    scripts = re.findall(r'<script[^>]* src="(/[^"]+)"', page)
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) == [
        bundles.build_bundle_address(f"{bundle}.css")
    ]
    ours = [script for script in scripts if not script.startswith(bundles.DASH)]
    # an address that is no page, and what stands in other sites' frames, have none
    is_without_script = bundle in {"documents", "small_view"}
    assert ours == ([] if is_without_script else [bundles.build_bundle_address(f"{bundle}.js")])
    assert len(scripts) - len(ours) == (1 if path == "/" else 0)
    for address in [*scripts, bundles.build_bundle_address(f"{bundle}.css")]:
        with client.get(address) as response:
            assert response.status_code == 200
            assert response.mimetype == ("text/css" if ".css" in address else "text/javascript")


def test_no_page_carries_what_only_charts_need_but_those_with_charts() -> None:
    drawing = {document.bundle for document in DOCUMENTS if document.figures} | {"overview"}
    assert {
        name.removesuffix(".js") for name in SCRIPTS if "Plotly" in bundles.build_bundle(name)
    } == drawing
    styled = {
        name.removesuffix(".css")
        for name in STYLES
        if "[data-figure]" in bundles.build_bundle(name)
    }
    assert styled == drawing - {"overview"}


def list_imports(file: Path) -> dict[Path, list[str]]:
    """The names that a module takes, by the module that they are of."""
    statements = bundles._IMPORT.findall(file.read_text(encoding="utf-8"))
    return {(file.parent / path).resolve(): re.findall(r"\w+", names) for names, path in statements}


@pytest.mark.parametrize(
    "module", MODULES, ids=lambda module: f"{module.parent.name}/{module.name}"
)
def test_a_module_keeps_to_the_forms_that_are_put_together(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    left = bundles._EXPORT.sub("", bundles._IMPORT.sub("", source))
    assert not re.search(r"^\s*(import|export)\b|\bimport\(|\bimport\.meta\b", left, re.MULTILINE)
    for target, taken in list_imports(module).items():
        assert set(taken) <= set(bundles.list_exports(target.read_text(encoding="utf-8"))), (
            target.name
        )


def test_a_module_takes_nothing_from_another_page() -> None:
    for module in MODULES:
        allowed = {ASSETS, module.parent}
        if module.parent.parent == bundles.WEB and module.parent.name not in ("overview", "wall"):
            allowed.add(bundles.WEB / "documents")
        assert {target.parent for target in list_imports(module)} <= allowed, module


def test_every_module_and_every_style_sheet_is_on_some_page_and_every_export_is_taken() -> None:
    bundled = {
        module for name in SCRIPTS for module in bundles.list_modules(bundles.locate_opening(name))
    }
    assert bundled == set(MODULES) - set(bundles.list_modules(bundles.DASH_PARTS))
    taken = {
        (target, name)
        for module in MODULES
        for target, names in list_imports(module).items()
        for name in names
    }
    given = {
        (module, name)
        for module in MODULES
        for name in bundles.list_exports(module.read_text(encoding="utf-8"))
    }
    assert given == taken
    openings = {bundles.locate_opening(name) for name in STYLES}
    text = "".join(file.read_text(encoding="utf-8") for file in openings)
    for sheet in [*ASSETS.glob("*.css"), *bundles.WEB.glob("*/*.css")]:
        assert sheet in openings or f"/{sheet.name}" in text, sheet.name


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_bundle_can_be_parsed(name: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    file = tmp_path / name
    file.write_text(bundles.build_bundle(name), encoding="utf-8")
    result = subprocess.run(
        [node, "--check", str(file)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def written(folder: Path, **sources: str) -> Path:
    """A page's opening file beside its modules."""
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder / "page.js"


def test_what_others_import_comes_first_and_names_may_be_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "ROOT", tmp_path)
    page = written(
        tmp_path,
        page='import { b } from "./b.js";\nimport { a } from "./a.js";\nconst own = a + b();\n',
        b='import {\n  a,\n} from "./a.js";\n\nconst own = 2;\n'
        "export function b() {\n  return a + own;\n}\n",
        a="export const a = 1;\n",
    )
    assert [module.name for module in bundles.list_modules(page)] == ["a.js", "b.js", "page.js"]
    script = bundles.build_script(page)
    assert "import" not in script
    assert "export" not in script
    assert script.count("const own") == 2
    assert "const { a } = a_js;" in script
    assert "return { b };" in script


def test_comments_stay_behind_and_strings_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "ROOT", tmp_path)
    kept = [
        'const url = "http://www.w3.org/2000/svg";',
        "const text = 'a // b';",
        'const star = "/* c */";',
    ]
    source = [
        "/* what this does",
        "   goes on */",
        *kept,
        "  // alone",
        "/** @type {x} */ (cast).first();",
        "const x = 1; // behind",
        "/** @type {x} */",
    ]
    script = bundles.build_script(written(tmp_path, page="\n".join([*source, ""])))
    # a cast at the beginning of a line is no comment up to the end of the next one
    assert all(line in script for line in [*kept, "(cast).first();", "const x = 1;"])
    for word in ("what this does", "goes on", "alone", "behind"):
        assert word not in script


@pytest.mark.parametrize(
    ("other", "said"),
    [('import { x } from "./page.js";\n', "imports itself through"), (None, "which is not there")],
)
def test_a_circle_or_a_module_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str | None, said: str
) -> None:
    monkeypatch.setattr(bundles, "ROOT", tmp_path)
    page = written(
        tmp_path, page='import { y } from "./other.js";\n', **({"other": other} if other else {})
    )
    with pytest.raises(bundles.BundleError, match=said):
        bundles.build_script(page)


def test_the_first_page_uses_no_component_of_a_package_but_those_that_are_written_here() -> None:
    """overview/dash_parts.js stands in for the packages' bundles: it has these components.

    Their properties are named here.
    """
    properties = {
        "Select": {"options", "placeholder"},
        "Input": {"type", "autocomplete", "maxlength", "min", "placeholder"},
        "Graph": {"className", "config"},
    }
    used = [
        component
        for component in every(overview.build_layout())
        if component._namespace != "dash_html_components"
    ]
    assert {component._type for component in used} == set(properties)
    for component in used:
        assert set(component.to_plotly_json()["props"]) <= properties[component._type] | {
            "id",
            "name",
            "value",
        }, component._type


def every(component: Component) -> Iterator[Component]:
    """The component and all that stand in it."""
    yield component
    yield from (inner for inner in component._traverse() if isinstance(inner, Component))
