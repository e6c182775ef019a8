"""The life cycle: what starts it, who waits for it, and what stays after it has failed."""

from threading import Event, Thread

import pytest
from workshop import Workshop, plugin

import raystack.kernel
from raystack import Kernel, RaystackError, get_kernel, settings, use_kernel

HOOKIMPL = "from raystack import hookimpl\n"


def broken_import(workshop: Workshop) -> None:
    """Break a plugin beside an app, which a second start would find already loaded."""
    workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app("blog")
    workshop.distribution("acme-broken", "import nowhere_at_all\n")


def misspelt_hook(workshop: Workshop) -> None:
    """Misspell a hook of the plugin that comes after a good one, which is registered by then."""
    workshop.distribution("acme-good")
    workshop.distribution("acme-typo", HOOKIMPL + "@hookimpl\ndef raystack_redy(kernel): ...\n")


def broken_hook(workshop: Workshop) -> None:
    """Break the last step."""
    workshop.distribution(
        "acme-hello", HOOKIMPL + "@hookimpl\ndef raystack_ready(kernel):\n    raise KeyError('X')\n"
    )


@pytest.mark.parametrize("break_it", [broken_import, misspelt_hook, broken_hook])
def test_a_start_that_failed_is_told_again_in_the_same_words(
    workshop: Workshop, break_it: object
) -> None:
    """What the first start left half done would look like another mistake."""
    assert callable(break_it)
    break_it(workshop)
    kernel = Kernel()

    with pytest.raises(RaystackError) as first:
        kernel.setup()
    with pytest.raises(RaystackError) as second:
        kernel.setup()
    with pytest.raises(RaystackError) as third:
        _ = kernel.settings if break_it is not broken_hook else kernel.setup()

    assert str(first.value) == str(second.value) == str(third.value)


def test_another_thread_waits_for_the_settings(workshop: Workshop) -> None:
    """It asked at the wrong moment by chance, not by mistake."""
    merging = Event()
    found: list[object] = []

    def raystack_settings() -> None:
        merging.set()
        reader.join(0.2)  # it has all the time to read too early

    def read() -> None:
        merging.wait()
        try:
            found.append(kernel.settings.DEBUG)
        except RaystackError as error:
            found.append(str(error))

    module = plugin("acme_slow", raystack_settings=raystack_settings)
    kernel = Kernel(settings={"DEBUG": True}, plugins=[module], discover=False)
    reader = Thread(target=read)
    reader.start()

    kernel.setup()
    reader.join()

    assert found == [True]


def test_reading_a_setting_takes_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """``settings.X`` and ``reverse()`` ask for the kernel at every use."""
    with use_kernel(Kernel(discover=False)) as kernel:
        kernel.setup()
        monkeypatch.setattr(raystack.kernel, "_active_lock", None)

        assert get_kernel() is kernel
        assert settings.DEBUG is False


def test_logging_that_cannot_be_configured_is_a_mistake_in_the_settings(workshop: Workshop) -> None:
    workshop.project(settings="LOGGING = {'version': 2}")

    with pytest.raises(RaystackError) as caught:
        Kernel().setup()

    assert str(caught.value) == (
        "LOGGING (from config.settings) is not what logging.config.dictConfig takes: "
        "Unsupported version: 2. It belongs to raystack-core."
    )


def test_logging_shows_no_argument_of_a_handler(workshop: Workshop) -> None:
    """It may be a password."""
    workshop.project(
        settings="""
        class Remote:
            level = 0
            def __init__(self, url):
                raise RuntimeError(url)

        handlers = {'remote': {'()': Remote, 'url': 'https://ann:hunter2@logs'}}
        LOGGING = {'version': 1, 'handlers': handlers}
        """
    )

    with pytest.raises(RaystackError) as caught:
        Kernel().setup()

    assert str(caught.value) == (
        "LOGGING (from config.settings) is not what logging.config.dictConfig takes: "
        "Unable to configure handler 'remote' (RuntimeError). It belongs to raystack-core."
    )
    assert caught.value.__suppress_context__
