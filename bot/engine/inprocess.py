"""Custom actions without an HTTP hop: rasa-sdk's executor in this process."""

from __future__ import annotations

import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.engine import faults


class InProcessActions(EndpointConfig):
    """Looks like an action server to Rasa, and runs the package's actions here."""

    def __init__(self, package: str) -> None:
        super().__init__(url="inprocess://actions", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self.domain: dict[str, Any] = {}

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that the call names. A rejection becomes HTTP 400, as Rasa expects."""
        call = kwargs["json"]
        call.setdefault("domain", self.domain)
        try:
            with faults.noted():
                return await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = {"action_name": rejection.action_name, "error": rejection.message}
            raise ClientResponseError(400, "rejected", json.dumps(body)) from rejection
