"""What Kustomize makes of a folder: by ``kubectl`` where it is installed, else by as much of it as ours needs."""

import copy
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.platform.settings import PROJECT

ROOT = PROJECT / "deploy" / "kubernetes"
Resource = dict[str, Any]

_BY_NAME = {"containers", "volumes", "volumeMounts", "env", "ports"}
"""Lists whose entries a patch finds by their names."""


@cache
def built(overlay: str) -> tuple[Resource, ...]:
    """The resources of an overlay."""
    folder = ROOT / "overlays" / overlay
    if shutil.which("kubectl"):
        done = subprocess.run(["kubectl", "kustomize", str(folder)], check=True, capture_output=True, text=True)
        return tuple(yaml.safe_load_all(done.stdout))
    return tuple(put_together(folder))


def put_together(folder: Path) -> list[Resource]:
    """As much of Kustomize as ours needs: resources, components, patches by label, labels, and generated settings.

    Names of generated settings stay without the hash that Kustomize adds.
    """
    said = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    found: list[Resource] = []
    for each in said.get("resources", []):
        place = folder / each
        found += put_together(place) if place.is_dir() else list(yaml.safe_load_all(place.read_text(encoding="utf-8")))
    for each in said.get("configMapGenerator", []):
        data = dict(literal.split("=", 1) for literal in each["literals"])
        found.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": each["name"]}, "data": data})
    for each in said.get("components", []):
        component = (folder / each).resolve()
        more = yaml.safe_load((component / "kustomization.yaml").read_text(encoding="utf-8"))
        for name in more.get("resources", []):
            found += list(yaml.safe_load_all((component / name).read_text(encoding="utf-8")))
        found = [_patched(resource, component, more.get("patches", [])) for resource in found]
    for each in said.get("labels", []):
        for resource in found:
            _label(resource, each["pairs"])
    return found


def _label(resource: Resource, pairs: dict[str, str]) -> None:
    resource["metadata"].setdefault("labels", {}).update(pairs)
    template = resource.get("spec", {}).get("template")
    if template is not None:
        template.setdefault("metadata", {}).setdefault("labels", {}).update(pairs)


def _patched(resource: Resource, folder: Path, patches: list[dict[str, Any]]) -> Resource:
    for each in patches:
        key, value = each["target"]["labelSelector"].split("=")
        if resource["kind"] == each["target"]["kind"] and resource["metadata"].get("labels", {}).get(key) == value:
            patch = yaml.safe_load((folder / each["path"]).read_text(encoding="utf-8"))
            resource = {**_merged(resource, {**patch, "metadata": {}})}
    return resource


def _merged(into: Any, patch: Any, name: str = "") -> Any:
    if isinstance(into, dict) and isinstance(patch, dict):
        return {**into, **{key: _merged(into.get(key), value, key) for key, value in patch.items()}}
    if isinstance(into, list) and isinstance(patch, list) and name in _BY_NAME:
        kept = {each["name"]: each for each in into}
        for each in patch:
            kept[each["name"]] = _merged(kept.get(each["name"]), each)
        return list(kept.values())
    return copy.deepcopy(patch)
