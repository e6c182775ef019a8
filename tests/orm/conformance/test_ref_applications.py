"""The registry of models.

https://docs.djangoproject.com/en/stable/ref/applications/#application-registry
"""

import pytest

from raystack_orm import apps, models
from raystack_orm.testing import isolate_apps


class Poll(models.Model):
    class Meta:
        app_label = "c1_apps"


class Choice(models.Model):
    poll = models.ForeignKey("c1_apps.Poll", models.CASCADE)
    likes = models.ManyToManyField(Poll, related_name="+")

    class Meta:
        app_label = "c1_apps"


@pytest.mark.parametrize(
    "arguments",
    [("c1_apps", "Poll"), ("c1_apps", "poll"), ("c1_apps.Poll",), ("c1_apps.poll",)],
)
def test_get_model(arguments: tuple[str, ...]) -> None:
    assert apps.get_model(*arguments) is Poll


@pytest.mark.parametrize("arguments", [("c1_apps", "Pol"), ("c1_aps", "Poll"), ("c1_apps.Pol",)])
def test_an_unknown_model_is_a_lookup_error(arguments: tuple[str, ...]) -> None:
    with pytest.raises(LookupError):
        apps.get_model(*arguments)


def test_get_models_has_all_but_those_made_for_relations() -> None:
    found = apps.get_models()
    assert {Poll, Choice} <= set(found)
    assert Choice.likes.through not in found
    assert Choice.likes.through in apps.get_models(include_auto_created=True)


def test_models_of_one_app() -> None:
    config = apps.get_app_config("c1_apps")
    assert set(config.get_models()) == {Poll, Choice}
    assert config.get_model("choice") is Choice
    assert config.label == "c1_apps"


def test_the_registry_is_ready() -> None:
    assert apps.ready is True


def test_isolated_models_are_not_in_the_registry() -> None:
    with isolate_apps():

        class Hidden(models.Model):
            class Meta:
                app_label = "c1_apps"

    assert Hidden not in apps.get_models()
    with pytest.raises(LookupError):
        apps.get_model("c1_apps.Hidden")


def test_two_isolated_models_may_have_one_name() -> None:
    made = []
    for _ in range(2):
        with isolate_apps():

            class Twin(models.Model):
                class Meta:
                    app_label = "c1_apps"

            made.append(Twin)
    assert made[0] is not made[1]


def test_two_models_of_one_name_are_an_error() -> None:
    with isolate_apps():

        class Twin(models.Model):
            class Meta:
                app_label = "c1_apps"

        with pytest.raises(RuntimeError, match=r"(?i)twin"):
            type(models.Model)(
                "Twin",
                (models.Model,),
                {"__module__": "elsewhere", "Meta": type("Meta", (), {"app_label": "c1_apps"})},
            )
        assert Twin._meta.label == "c1_apps.Twin"


def test_isolated_models_relate_to_each_other() -> None:
    with isolate_apps():

        class Left(models.Model):
            right = models.ForeignKey("Right", models.CASCADE)

            class Meta:
                app_label = "c1_apps"

        class Right(models.Model):
            class Meta:
                app_label = "c1_apps"

        assert Left._meta.get_field("right").related_model is Right
        assert Right._meta.get_field("left").related_model is Left
