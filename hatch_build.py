"""Put the files that `mvoi init` copies into the wheel; an editable install reads them where they are."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplateHook(BuildHookInterface):  # type: ignore[type-arg]
    """Add `scheme/`, `annotations/written/`, `params.yaml` and `dvc.yaml` as `mvoi_nlp/template/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to a standard wheel only: in an editable one they would be stale copies."""
        if version == "standard":
            for name in ("scheme", "annotations/written", "params.yaml", "dvc.yaml"):
                build_data["force_include"][name] = f"mvoi_nlp/template/{name}"
