"""The door of the resources: JSON in and out, open to the browsers of listed origins."""

from chalice.app import Request, Response

from chalicelib.web.browsers import ALWAYS, for_origin, preflight
from chalicelib.web.door import Door, id_of, reader_of


class Api(Door):
    """Operations that are answered in JSON."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._asked_about: set[str] = set()

    def always(self, request: Request) -> dict[str, str]:
        return {**ALWAYS, **for_origin(request)}

    def declared(self, path: str) -> None:
        """A browser may ask what is possible there."""
        if path in self._asked_about:
            return
        self._asked_about.add(path)

        def ask(**in_path: str) -> Response:
            methods = ", ".join(sorted({one.method for one in self.operations if one.path == path}))
            request = self.current_request
            return preflight(request, id_of(request), methods, reader_of(request, path, {}, None))

        self.route(path, methods=["OPTIONS"], content_types=[], name=f"preflight {path}")(ask)
