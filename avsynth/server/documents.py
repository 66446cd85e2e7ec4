"""The page, the description of the routes, and how the server is doing."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from avsynth.server.jobs import Pool

router = APIRouter()
PAGE = files("avsynth.server") / "page"


@router.get("/", include_in_schema=False)
async def page() -> Response:
    """The page."""
    return _file("index.html", "text/html")


@router.get("/page.css", include_in_schema=False)
async def style() -> Response:
    """Its style."""
    return _file("page.css", "text/css")


@router.get("/page.js", include_in_schema=False)
async def script() -> Response:
    """Its script."""
    return _file("page.js", "text/javascript")


@router.get("/favicon.ico", include_in_schema=False)
async def icon() -> Response:
    """None: the page draws its own."""
    return Response(status_code=204)


@router.get("/healthz", tags=["about"])
async def health(request: Request) -> dict[str, Any]:
    """That the server lives, and how busy it is."""
    pool: Pool = request.app.state.pool
    return {"status": "ok", **pool.load()}


@router.get("/metrics", response_class=Response, tags=["about"])
async def metrics(request: Request) -> Response:
    """Counters for Prometheus."""
    return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4")


@router.get("/docs", include_in_schema=False)
async def documentation(request: Request) -> Response:
    """The routes, from `/openapi.json`, without anything from elsewhere."""
    return HTMLResponse(described(request.app.openapi()))


def described(schema: dict[str, Any]) -> str:
    """An OpenAPI description as a page."""
    parts = []
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            rows = [(item["name"], item["schema"], item.get("required", False)) for item in about.get("parameters", [])]
            for body in about.get("requestBody", {}).get("content", {}).values():
                model = schema["components"]["schemas"][body["schema"]["$ref"].rsplit("/", 1)[1]]
                required = model.get("required", ())
                rows += [(name, field, name in required) for name, field in model.get("properties", {}).items()]
            table = "".join(_row(*row) for row in rows)
            head = "<tr><th scope=col>field<th scope=col>kind<th scope=col>what it is</tr>"
            parts.append(
                f"<section><h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(about['description'])}</p>"
                + (f"<table>{head}{table}</table>" if table else "")
                + "</section>"
            )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>avsynth: routes</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css">'
        f'<main class="docs"><h1>Routes</h1><p>{escape(schema["info"]["description"])} The same for programs: '
        f'<a href="/openapi.json">openapi.json</a>. <a href="/">The page</a>.</p>{"".join(parts)}</main></html>'
    )


def _row(name: str, field: dict[str, Any], required: bool) -> str:
    kinds = [item for item in field.get("anyOf", [field]) if item.get("type") != "null"]
    kind = " or ".join(_kind(item) for item in kinds)
    default = field.get("default")
    told = field.get("description", "") + (f" Default {default}." if default is not None else "")
    mark = " (required)" if required else ""
    return f"<tr><td><code>{escape(name)}</code>{mark}<td>{escape(kind)}<td>{escape(told.strip())}</tr>"


def _kind(item: dict[str, Any]) -> str:
    if "enum" in item:
        return ", ".join(map(str, item["enum"]))
    low, high = item.get("minimum"), item.get("maximum")
    span = f" {low:g} to {high:g}" if low is not None and high is not None else ""
    return f"{item.get('contentMediaType', item.get('type', 'object'))}{span}"


def _file(name: str, media_type: str) -> Response:
    return Response((PAGE / name).read_text("utf-8"), media_type=media_type, headers={"cache-control": "no-cache"})
