"""Every setting, grouped by concern, read from the environment and validated together."""

from app.settings.accounts import AuthSettings
from app.settings.base import Problem, SettingsError
from app.settings.design import DesignSettings
from app.settings.generation import GeneratorSettings
from app.settings.identities import IdentitySettings
from app.settings.limits import LimitSettings
from app.settings.load import Settings, get_settings, load, load_group
from app.settings.mail import MailSettings
from app.settings.processes import ProcessSettings
from app.settings.retention import RetentionSettings
from app.settings.site import LoggingSettings, PortSettings, SiteSettings
from app.settings.stores import DatabaseSettings, ValkeySettings
from app.settings.work import StreamSettings, TaskSettings

__all__ = [
    "AuthSettings",
    "DatabaseSettings",
    "DesignSettings",
    "GeneratorSettings",
    "IdentitySettings",
    "LimitSettings",
    "LoggingSettings",
    "MailSettings",
    "PortSettings",
    "Problem",
    "ProcessSettings",
    "RetentionSettings",
    "Settings",
    "SettingsError",
    "SiteSettings",
    "StreamSettings",
    "TaskSettings",
    "ValkeySettings",
    "get_settings",
    "load",
    "load_group",
]
