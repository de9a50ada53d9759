"""Where the project runs, under which address, and how it speaks to its operators."""

from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import SettingsConfigDict

from app.settings.base import Group
from app.settings.ports import BrowserPort, Port, is_openable

Environment = Literal["development", "test", "staging", "production"]


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _origin(value: str) -> str:
    parts = urlsplit(value.strip())
    path = parts.path.rstrip("/")
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or path
        or parts.query
        or parts.fragment
        or "@" in value
    ):
        message = "must be an origin such as https://example.org: http or https, a host, no path"
        raise ValueError(message)
    default = {"http": 80, "https": 443}[parts.scheme]
    if not is_openable(_port_of(parts) or default):
        message = "must have a port that browsers open"
        raise ValueError(message)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, default} else "")


def _port_of(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        message = "must have a port from 1 to 65535, or none"
        raise ValueError(message) from None


class PortSettings(Group):
    """The ports of this machine. The launcher of `make dev` and the web server read them too."""

    web_port: BrowserPort = Field(3000, description="The web server: the address that a browser opens in development.")
    api_port: Port = Field(8000, description="The API.")
    postgres_port: Port = Field(54_329, description="The embedded Postgres; unused when DATABASE_URL is set.")
    valkey_port: Port = Field(63_790, description="The embedded Valkey; unused when REDIS_URL is set.")
    api_url: str = Field("", description="Where the web server finds the API; empty: http://127.0.0.1:${API_PORT}.")


class SiteSettings(Group):
    """What the site is, seen from outside."""

    environment: Environment = Field("development", description="development, test, staging or production.")
    site_url: Annotated[str, AfterValidator(_origin)] = Field(
        description=(
            "The address in the browser: the only accepted Origin, and the base of links and redirects. "
            "https outside development, unless its host is this machine. Development: http://localhost:${WEB_PORT}."
        )
    )
    allow_insecure_http: bool = Field(
        default=False, description="1 allows an http SITE_URL outside development; cookies then travel in the clear."
    )
    docs_enabled: bool | None = Field(
        None, description="1 or 0: whether /api/docs is served; empty: everywhere but in production."
    )
    control_socket: str = Field(
        "", description="The launcher's Unix socket, by which its processes are found; set by make dev."
    )
    web_port: BrowserPort = Field(3000, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _default_site_url(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("environment", "development") in {"development", "test"}:
            port = str(values.get("web_port", 3000))
            # one that can't be is told by its own name
            values.setdefault("site_url", f"http://localhost:{port if is_openable(port) else 3000}")
        return values

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def is_https(self) -> bool:
        return self.site_url.startswith("https://")

    @property
    def is_insecure(self) -> bool:
        """Whether people sign in over plain http from other machines."""
        return not self.is_https and not is_loopback(urlsplit(self.site_url).hostname or "")

    @property
    def serves_docs(self) -> bool:
        return self.environment != "production" if self.docs_enabled is None else self.docs_enabled

    def accepts_origin(self, origin: str) -> bool:
        """Whether a request with this Origin comes from the site: in development under any name of this machine."""
        if origin == self.site_url:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return (
            self.is_development
            and parts.scheme == "http"
            and origin.endswith(f":{self.web_port}")
            and is_loopback(parts.hostname or "")
        )


class LoggingSettings(Group):
    """What is logged, and how it looks."""

    model_config = SettingsConfigDict(env_prefix="LOG_")

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    format: Literal["json", "console"] | None = Field(
        None, description="json, or console for readable lines; empty: console in development, else json."
    )
