"""The registry: models by name, in any order of definition, on their own where one wants."""

import warnings
from typing import Any

import pytest
from press import Article, Author, Tag

from raystack_orm import FieldError, apps, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.registry import ModelKey
from raystack_orm.testing import isolate_apps

MODEL = type(models.Model)


def make(name: str, **body: Any) -> Any:
    return MODEL(name, (models.Model,), {"__module__": __name__, **body})


def meta(**options: Any) -> type:
    return type("Meta", (), options)


def test_models_are_found_by_app_and_name() -> None:
    """In one argument or two; the name's case does not matter."""
    assert apps.get_model("press", "Article") is Article
    assert apps.get_model("press.article") is Article
    assert apps.get_registered_model("press", "article") is Article
    assert apps.all_models["press"]["article"] is Article
    with pytest.raises(LookupError, match='no model "press.Artcle". Did you mean "press.Article"'):
        apps.get_model("press.Artcle")
    with pytest.raises(ValueError, match="app_label.ModelName"):
        apps.get_model("press")


def test_all_models_are_listed_without_those_between() -> None:
    """A table between two models has a model too, that nobody wrote."""
    between = Article._meta.get_field("tags").remote_field.through
    assert Article in apps.get_models()
    assert between not in apps.get_models()
    assert between in apps.get_models(include_auto_created=True)


def test_relations_resolve_in_any_order() -> None:
    """A name may come before its model: "self", in the same app, in another one."""
    with isolate_apps() as registry:
        early = make(
            "Early",
            Meta=meta(app_label="one"),
            me=models.ForeignKey("self", models.CASCADE),
            late=models.ForeignKey("Late", models.CASCADE),
            other=models.ForeignKey("two.other", models.CASCADE),
        )
        assert registry.unresolved == [
            ("one.Early.late", ModelKey("one", "late")),
            ("one.Early.other", ModelKey("two", "other")),
        ]
        with pytest.raises(FieldError, match="refers to the model 'Late', which is not defined"):
            _ = early._meta.get_field("late").related_model
        late = make("Late", Meta=meta(app_label="one"))
        other = make("Other", Meta=meta(app_label="two"))

    assert registry.unresolved == []
    related = [early._meta.get_field(name).related_model for name in ("me", "late", "other")]
    assert related == [early, late, other]
    assert "early" in late._meta.names


def test_work_can_wait_for_several_models() -> None:
    """lazy_model_operation() calls once all are there."""
    called: list[Any] = []
    with isolate_apps() as registry:
        registry.lazy_model_operation(
            lambda *found: called.append(found), ("x", "One"), ("x", "Two")
        )
        two = make("Two", Meta=meta(app_label="x"))
        assert called == []
        one = make("One", Meta=meta(app_label="x"))

    assert called == [(one, two)]


def test_a_model_belongs_to_an_app_whether_it_is_installed_or_not() -> None:
    """Meta says which, else the innermost installed package, else the top-level one."""
    installed = {"shop": "shop", "shop.parts": "shop_parts"}
    with configured(Configuration(apps=installed)), isolate_apps():
        models_ = [
            MODEL("M", (models.Model,), {"__module__": module})._meta.app_label
            for module in ("shop.models", "shop.parts.models", "shopping.models", "solo")
        ]
        named = make("M", Meta=meta(app_label="mine"))._meta.app_label

    assert models_ == ["shop", "shop_parts", "shopping", "solo"]
    assert named == "mine"


def test_installed_apps_are_listed() -> None:
    """Each knows its models."""
    with configured(Configuration(apps={"press": "press", "a.b": "b"}, configured=True)):
        assert {app.label for app in apps.get_app_configs()} >= {"press", "b"}
        assert Author in apps.get_app_config("press").get_models()
        assert apps.get_app_config("press").get_model("tag") is Tag
        assert Article._meta.app_config.name == "press"
        assert apps.is_installed("a.b")
        assert not apps.is_installed("b")
        found = apps.get_containing_app_config("a.b.models.Thing")
        assert found is not None
        assert found.label == "b"
        assert apps.get_containing_app_config("a.bc") is None
        with pytest.raises(LookupError, match="Did you mean"):
            apps.get_app_config("pres")


def test_a_model_that_is_defined_again_replaces_the_first() -> None:
    """A reloaded module is warned about, as in Django."""
    with isolate_apps() as registry:
        target = make("Target", Meta=meta(app_label="x"))
        make("Twice", Meta=meta(app_label="x"), to=models.ForeignKey(target, models.CASCADE))
        with pytest.warns(RuntimeWarning, match='model "x.Twice" was already registered'):
            again = make(
                "Twice", Meta=meta(app_label="x"), to=models.ForeignKey(target, models.CASCADE)
            )

    assert registry.get_model("x.Twice") is again
    assert [rel.related_model for rel in target._meta.related_objects] == [again]


def test_two_models_of_one_name_are_an_error() -> None:
    """Unless they are the same class of the same module."""
    with isolate_apps():
        make("Same", Meta=meta(app_label="x"))
        with pytest.raises(RuntimeError, match='Two models are called "x.Same"'):
            MODEL(
                "Same",
                (models.Model,),
                {"__module__": "elsewhere", "Meta": meta(app_label="x")},
            )


def test_isolated_models_do_not_meet_others() -> None:
    """A test may define a model of any name; it may refer to the others by class."""
    with warnings.catch_warnings(), isolate_apps() as registry:
        warnings.simplefilter("error")
        made = make("Article", Meta=meta(app_label="press"))

    assert registry.get_model("press.Article") is made
    assert apps.get_model("press.Article") is Article


@isolate_apps()
def test_isolating_is_a_decorator_too() -> None:
    """As in Django's tests."""
    assert make("Article", Meta=meta(app_label="press"))._meta.apps is not apps


def test_a_model_can_be_put_in_anothers_place() -> None:
    """Meta.swappable names the setting that says so."""
    with isolate_apps() as registry:
        user = make("User", Meta=meta(app_label="auth", swappable="AUTH_USER_MODEL"))
        mine = make("Account", Meta=meta(app_label="my"))
        assert user._meta.swapped is None
        assert user in registry.get_models()
        given = Configuration(settings={"AUTH_USER_MODEL": "my.Account"})
        with configured(given):
            assert user._meta.swapped == "my.Account"
            assert user not in registry.get_models()
            assert user in registry.get_models(include_swapped=True)
            assert registry.get_swappable_settings_name("auth.User") == "AUTH_USER_MODEL"
            assert registry.get_swappable_settings_name("my.Account") == "AUTH_USER_MODEL"
            with pytest.raises(AttributeError, match="has been swapped for 'my.Account'"):
                _ = user.objects
            with pytest.raises(TypeError, match="cannot proxy the swapped model"):
                MODEL("P", (user,), {"__module__": __name__, "Meta": meta(proxy=True)})
        with configured(Configuration(settings={"AUTH_USER_MODEL": "auth.User"})):
            assert user._meta.swapped is None
    assert mine._meta.swappable is None
