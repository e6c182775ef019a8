"""raystack.testing: settings that a test changes, and that come back however the test goes on."""

import asyncio
from collections.abc import Iterator

import pytest
from workshop import Workshop

from raystack import Kernel, SettingsError, settings, use_kernel
from raystack.testing import override_settings
from raystack.testing.overrides import SettingsFixture


@pytest.fixture(autouse=True)
def kernel(workshop: Workshop) -> Iterator[Kernel]:
    """An active kernel of an empty project."""
    with use_kernel(Kernel()) as kernel:
        yield kernel


def test_overrides_that_end_in_another_order_take_away_their_own_values() -> None:
    """Pytest's fixture outlives a ``with`` block that it is used in."""
    fixture = SettingsFixture()
    with override_settings(DEBUG=True, LANGUAGE_CODE="de"):
        fixture.LANGUAGE_CODE = "fr"
        assert (settings.DEBUG, settings.LANGUAGE_CODE) == (True, "fr")

    assert (settings.DEBUG, settings.LANGUAGE_CODE) == (False, "fr")
    fixture.restore()
    assert (settings.DEBUG, settings.LANGUAGE_CODE) == (False, "en-us")


def test_without_overrides_the_settings_are_the_same_object_again(kernel: Kernel) -> None:
    before = kernel.settings

    with override_settings(DEBUG=True), override_settings(DEBUG=False):
        pass

    assert kernel.settings is before


def test_an_override_that_does_not_fit_leaves_the_outer_one() -> None:
    with override_settings(DEBUG=True):
        with pytest.raises(SettingsError), override_settings(DEBUG="perhaps"):
            pass
        assert settings.DEBUG is True
    assert settings.DEBUG is False


def test_functions_are_decorated() -> None:
    @override_settings(DEBUG=True)
    def debug(name: str) -> tuple[str, bool]:
        return name, settings.DEBUG

    assert [debug("a"), debug("b")] == [("a", True), ("b", True)]
    assert settings.DEBUG is False


def test_asynchronous_functions_are_decorated() -> None:
    @override_settings(DEBUG=True)
    async def debug() -> bool:
        await asyncio.sleep(0)
        return bool(settings.DEBUG)

    async def both() -> list[bool]:
        return await asyncio.gather(debug(), debug())

    assert asyncio.run(both()) == [True, True]
    assert settings.DEBUG is False


def test_what_would_run_without_the_values_is_not_decorated() -> None:
    def generator() -> Iterator[None]:
        yield

    class TestCase:
        """As unittest has them."""

    for decorated in (generator, TestCase):
        with pytest.raises(TypeError) as caught:
            override_settings(DEBUG=True)(decorated)
        assert str(caught.value) == (
            f"@override_settings is for functions and async functions, and {decorated.__name__} "
            f"is neither. Decorate its functions, or write: with override_settings(...)."
        )


@pytest.mark.parametrize("name", ["INSTALLED_APPS", "PLUGINS", "PLUGINS_DISABLED"])
def test_what_is_read_before_there_are_settings_is_not_overridden(name: str) -> None:
    with pytest.raises(SettingsError) as caught, override_settings(**{name: []}):
        pass

    assert str(caught.value) == (
        f"{name} cannot be overridden: the kernel reads it before there are settings. "
        f"Use another kernel: with use_kernel(Kernel(settings={{'{name}': ...}}))."
    )
