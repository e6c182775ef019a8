"""``LOGGING``: what the project wants logged, applied once the settings are known."""

from .conf.frozen import Settings
from .exceptions import SettingsError


def configure_logging(settings: Settings) -> None:
    """Apply the setting ``LOGGING``; without it, logging is left alone.

    Raises:
        SettingsError: ``logging.config.dictConfig`` does not take it.
    """
    if settings.LOGGING is None:
        return
    from logging import getLogger
    from logging.config import dictConfig

    try:
        dictConfig(settings.LOGGING)
    except (ValueError, TypeError, AttributeError, ImportError) as error:
        # Its cause may quote the arguments of a handler, a password among them.
        cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
        setting = settings.describe("LOGGING")
        raise SettingsError(
            f"LOGGING (from {setting.origin}) is not what logging.config.dictConfig takes: "
            f"{error}{cause}. It belongs to {setting.owner}."
        ) from None
    # dictConfig turns off the loggers that exist: this one does once a plugin was skipped.
    getLogger("raystack").disabled = False
