"""The models of the property tests, and what random rows of them look like."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from raystack_orm import models

LETTERS = "aAbBzZ05%_\\'\" .λ語-"


class Parent(models.Model):
    name = models.CharField(max_length=20)
    score = models.IntegerField(null=True)

    class Meta:
        app_label = "properties"


class Label(models.Model):
    name = models.CharField(max_length=20)
    weight = models.IntegerField()

    class Meta:
        app_label = "properties"


class Item(models.Model):
    number = models.IntegerField()
    maybe = models.IntegerField(null=True)
    text = models.CharField(max_length=40)
    note = models.TextField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    moment = models.DateTimeField(null=True)
    flag = models.BooleanField(null=True)
    parent = models.ForeignKey(Parent, models.CASCADE, null=True, related_name="items")
    labels = models.ManyToManyField(Label, related_name="items")

    class Meta:
        app_label = "properties"


MODELS = [Parent, Label, Item]
PARENTS = (("Ann", 1), ("bob", None), ("Eve_%", -3))
LABELS = (("red", 1), ("blue", 2), ("Red", 2))

small = st.integers(min_value=-4, max_value=4)
texts = st.text(LETTERS, max_size=4)
prices = st.sampled_from([Decimal(n) for n in ("-1.50", "0.00", "0.10", "0.30", "99999.99")])
moments = st.builds(
    lambda year, month, hour, micro: dt.datetime(
        year, month, 28, hour, 59, 1, micro, tzinfo=dt.UTC
    ),
    st.sampled_from([1999, 2024]),
    st.sampled_from([2, 12]),
    st.sampled_from([0, 23]),
    st.sampled_from([0, 1, 999_999]),
)
booleans = st.booleans()
STRATEGIES: dict[str, Any] = {
    "number": small,
    "maybe": small,
    "text": texts,
    "note": texts,
    "price": prices,
    "moment": moments,
    "flag": booleans,
}
NULLABLE = ("maybe", "note", "price", "moment", "flag")
rows = st.lists(
    st.fixed_dictionaries(
        {
            **{
                name: st.none() | values if name in NULLABLE else values
                for name, values in STRATEGIES.items()
            },
            "parent": st.none() | st.integers(0, len(PARENTS) - 1),
            "labels": st.sets(st.integers(0, len(LABELS) - 1)),
        }
    ),
    max_size=7,
)


def store(given: list[dict[str, Any]]) -> list[Item]:
    """Store rows, and return them with their parents; ``tagged`` are their labels."""
    parents = [Parent.objects.create(name=name, score=score) for name, score in PARENTS]
    labels = [Label.objects.create(name=name, weight=weight) for name, weight in LABELS]
    items = []
    for row in given:
        values = {name: row[name] for name in STRATEGIES}
        items.append(
            Item(**values, parent=None if row["parent"] is None else parents[row["parent"]])
        )
    Item.objects.bulk_create(items)
    links = []
    for item, row in zip(items, given, strict=True):
        item.tagged = [labels[index] for index in sorted(row["labels"])]
        links += [Item.labels.through(item=item, label=label) for label in item.tagged]
    Item.labels.through.objects.bulk_create(links)
    return items
