"""order_by(), reverse(), distinct(), and the attributes ordered and totally_ordered.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#order-by
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, NotSupportedError, models
from raystack_orm.models import Count, F, Max, OrderBy, Value
from raystack_orm.models.functions import Coalesce, Length, Lower


class League(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_order"
        ordering = ("name",)


class Coach(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_order"


class Team(models.Model):
    name = models.CharField(max_length=20)
    nickname = models.CharField(max_length=20, null=True)
    code = models.CharField(max_length=3, unique=True)
    founded = models.DateField()
    league = models.ForeignKey(League, models.CASCADE, related_name="teams")
    coach = models.ForeignKey(Coach, models.CASCADE, null=True)

    class Meta:
        app_label = "conf_order"
        ordering = ("-founded", "name")


@pytest.fixture(autouse=True)
def teams(db: str) -> None:
    """Four teams; the league created second comes first by name, the coaches go the other way."""
    zeta, alpha = (League.objects.create(name=name) for name in ("zeta", "alpha"))
    yan, bob = (Coach.objects.create(name=name) for name in ("yan", "bob"))
    for name, nickname, code, year, league, coach in (
        ("ajax", "gods", "AJX", 1900, zeta, yan),
        ("blue", None, "BLU", 1950, alpha, bob),
        ("cuba", "Aces", "CUB", 1950, zeta, bob),
        ("dyna", None, "DYN", 2000, alpha, None),
    ):
        Team.objects.create(
            name=name,
            nickname=nickname,
            code=code,
            founded=dt.date(year, 1, 1),
            league=league,
            coach=coach,
        )


def initials(found: Any) -> str:
    return "".join(team.name[0] for team in found)


def test_meta_ordering_is_the_default() -> None:
    assert initials(Team.objects.all()) == "dbca"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["name"], "abcd"),
        (["-name"], "dcba"),
        (["founded", "-name"], "acbd"),
        (["-founded", "-name"], "dcba"),
        (["pk"], "abcd"),
        (["-pk"], "dcba"),
        (["league__name", "name"], "bdac"),
        (["-league__name", "-name"], "cadb"),
        (["league", "name"], "bdac"),
        (["-league", "name"], "acbd"),
        (["league_id", "name"], "acbd"),
        (["league__id", "name"], "acbd"),
        (["league__pk", "-name"], "cadb"),
        ([F("name")], "abcd"),
        ([F("name").asc()], "abcd"),
        ([F("name").desc()], "dcba"),
        ([OrderBy(F("name"), descending=True)], "dcba"),
        ([Coalesce("nickname", "name").desc(), "name"], None),
        ([Lower("name").desc()], "dcba"),
        ([Length("name"), "-name"], "dcba"),
        (["league", F("name").desc()], "dbca"),
        ([Value("x"), "name"], "abcd"),
    ],
)
def test_order_by_replaces_the_default(order: list[Any], expected: str | None) -> None:
    found = initials(Team.objects.order_by(*order))
    assert sorted(found) == list("abcd")
    assert expected is None or found == expected


def test_a_relation_without_ordering_sorts_by_its_key() -> None:
    coached = Team.objects.filter(coach__isnull=False)
    assert initials(coached.order_by("coach", "name")) == "abc"
    assert initials(coached.order_by("coach__name", "name")) == "bca"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (F("nickname").asc(nulls_first=True), "bdca"),
        (F("nickname").asc(nulls_last=True), "cabd"),
        (F("nickname").desc(nulls_first=True), "bdac"),
        (F("nickname").desc(nulls_last=True), "acbd"),
        (Lower("nickname").desc(nulls_last=True), "acbd"),
    ],
)
def test_nulls_come_first_or_last_as_told(order: Any, expected: str) -> None:
    assert initials(Team.objects.order_by(order, "name")) == expected


def test_nulls_cannot_be_both_first_and_last() -> None:
    with pytest.raises(ValueError):
        F("nickname").asc(nulls_first=True, nulls_last=True)


@pytest.mark.parametrize("value", [False])
def test_nulls_are_told_with_true_only(value: bool) -> None:
    with pytest.raises(ValueError):
        F("nickname").asc(nulls_first=value)


def test_each_order_by_clears_the_one_before() -> None:
    assert initials(Team.objects.order_by("name").order_by("-name")) == "dcba"


def test_order_by_without_arguments_clears_even_the_default() -> None:
    found = Team.objects.order_by()
    assert not found.ordered
    assert "ORDER BY" not in str(found.query).upper()


def test_order_by_random_returns_every_row() -> None:
    assert sorted(initials(Team.objects.order_by("?"))) == list("abcd")
    assert Team.objects.order_by("?").ordered


def test_order_by_an_annotation_or_alias() -> None:
    assert initials(Team.objects.annotate(size=Length("name")).order_by("-size", "name")) == "abcd"
    assert initials(Team.objects.alias(low=Lower("code")).order_by("-low")) == "dcba"
    leagues = League.objects.annotate(teams_count=Count("teams"), latest=Max("teams__founded"))
    assert [league.name for league in leagues.order_by("-latest")] == ["alpha", "zeta"]


def test_order_by_a_multi_valued_relation_repeats_rows() -> None:
    found = [league.name for league in League.objects.order_by("teams__name")]
    assert found == ["zeta", "alpha", "zeta", "alpha"]


@pytest.mark.parametrize("name", ["nope", "-nope", "league__nope", "name__nope", "name; DROP", ""])
def test_an_unknown_name_is_a_field_error(name: str) -> None:
    with pytest.raises(FieldError):
        list(Team.objects.order_by(name))


@pytest.mark.parametrize(
    ("found", "ordered"),
    [
        (lambda: Team.objects.all(), True),
        (lambda: Team.objects.order_by(), False),
        (lambda: Team.objects.order_by("name"), True),
        (lambda: Team.objects.none(), True),
        (lambda: Coach.objects.all(), False),
        (lambda: Coach.objects.order_by("name"), True),
        (lambda: Team.objects.values("name").annotate(Count("pk")), False),
        (lambda: Team.objects.values("name").annotate(Count("pk")).order_by("name"), True),
    ],
    ids=[
        *("default", "cleared", "explicit", "none", "no default", "no default, explicit"),
        *("grouped", "grouped, explicit"),
    ],
)
def test_ordered_tells_whether_there_is_an_order(found: Any, ordered: bool) -> None:
    assert found().ordered is ordered


@pytest.mark.parametrize(
    ("order", "total"),
    [
        (["name"], False),
        (["pk"], True),
        (["-pk"], True),
        (["name", "id"], True),
        (["code"], True),
        (["founded", "-code"], True),
        (["?"], False),
        ([], False),
        ([F("pk").desc()], True),
        (["league"], False),
    ],
)
def test_totally_ordered_wants_a_unique_field(order: list[Any], total: bool) -> None:
    assert Team.objects.order_by(*order).totally_ordered is total


def test_the_default_ordering_counts_for_totally_ordered() -> None:
    assert not Team.objects.all().totally_ordered
    assert not Coach.objects.all().totally_ordered


def test_reverse_turns_the_order_and_twice_restores_it() -> None:
    assert initials(Team.objects.reverse()) == "acbd"
    assert initials(Team.objects.order_by("name").reverse()) == "dcba"
    assert initials(Team.objects.order_by("name").reverse().reverse()) == "abcd"
    assert initials(Team.objects.order_by("name").reverse()[:2]) == "dc"


def test_reverse_turns_nulls_too() -> None:
    found = Team.objects.order_by(F("nickname").asc(nulls_first=True), "-name")
    assert initials(found.reverse()) == initials(found)[::-1]


def test_distinct_removes_repeated_rows() -> None:
    repeated = League.objects.filter(teams__founded__year__lt=2100).order_by("name")
    assert repeated.count() == 4
    assert [league.name for league in repeated.distinct()] == ["alpha", "zeta"]
    assert repeated.distinct().count() == 2


def test_distinct_sees_the_columns_of_the_order() -> None:
    """A column used in order_by() is selected too, and makes rows differ."""
    years = Team.objects.values_list("founded__year", flat=True)
    assert list(years.order_by("founded__year").distinct()) == [1900, 1950, 2000]
    assert list(years.order_by("name").distinct()) == [1900, 1950, 1950, 2000]
    assert len(years.distinct()) == 4


def test_distinct_fields_keep_the_first_row_of_each(db: str) -> None:
    found = Team.objects.order_by("league__name", "-name").distinct("league__name")
    if db != "postgresql":
        with pytest.raises(NotSupportedError):
            list(found)
        return
    assert initials(found) == "dc"
    assert initials(Team.objects.order_by("founded", "-name").distinct("founded")) == "acd"
    assert initials(Team.objects.order_by("league_id", "name").distinct("league_id")) == "ab"
    assert found.count() == 2


def test_distinct_on_an_annotation(db: str) -> None:
    if db != "postgresql":
        pytest.skip("DISTINCT ON is PostgreSQL's")
    found = Team.objects.annotate(year=F("founded__year")).order_by("year", "name").distinct("year")
    assert initials(found) == "abd"


def test_an_order_by_a_relation_is_not_total_as_its_models_own_order_counts() -> None:
    assert Team.objects.order_by("league", "code").totally_ordered is True
    assert Team.objects.order_by("league").totally_ordered is False


class Kickoff(models.Model):
    at = models.DateTimeField(primary_key=True)

    class Meta:
        app_label = "conf_order"


class Fan(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_order"
        ordering = ("name",)


class Match(models.Model):
    kickoff = models.ForeignKey(Kickoff, models.CASCADE)
    guest = models.ForeignKey(Fan, models.CASCADE, related_name="guest_at")
    fans = models.ManyToManyField(Fan)

    class Meta:
        app_label = "conf_order"


@pytest.fixture
def matches(db: str) -> dict[str, Match]:
    """One in May with Zoe as guest, one in February with Abe; each has the other's guest as fan."""
    zoe, abe = Fan.objects.create(name="Zoe"), Fan.objects.create(name="Abe")
    made = {}
    for name, month, guest, fan in (("may", 5, zoe, abe), ("february", 2, abe, zoe)):
        at = dt.datetime(2024, month, 1, tzinfo=dt.UTC)
        kickoff = Kickoff.objects.create(at=at)
        made[name] = Match.objects.create(kickoff=kickoff, guest=guest)
        made[name].fans.add(fan)
    return made


def test_transforms_of_the_key_follow_a_relation(matches: dict[str, Match]) -> None:
    assert list(Match.objects.order_by("kickoff__month")) == [matches["february"], matches["may"]]
    months = Match.objects.order_by("-kickoff__month").values_list("kickoff__month", flat=True)
    assert list(months) == [5, 2]
    assert Match.objects.annotate(m=F("kickoff__month")).get(m=5) == matches["may"]
    assert Match.objects.get(kickoff__at__month=5) == matches["may"]
    with pytest.raises(FieldError):
        Match.objects.filter(kickoff__month=5)


def test_a_relation_that_values_select_is_sorted_by_what_is_selected(
    matches: dict[str, Match],
) -> None:
    keys = [fan.pk for fan in Fan.objects.order_by("pk")]
    assert list(Match.objects.values_list("guest", flat=True).order_by("guest")) == keys
    assert list(Match.objects.order_by("guest")) == [matches["february"], matches["may"]]


def test_a_relation_to_many_is_sorted_as_its_model_is(matches: dict[str, Match]) -> None:
    assert list(Match.objects.order_by("fans")) == [matches["may"], matches["february"]]
