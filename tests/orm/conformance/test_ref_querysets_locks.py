"""select_for_update() and raw().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-for-update
"""

from typing import Any

import pytest

from raystack_orm import (
    FieldDoesNotExist,
    FieldError,
    NotSupportedError,
    TransactionManagementError,
    connection,
    models,
    transaction,
)
from raystack_orm.testing import assert_num_queries


class Account(models.Model):
    owner = models.CharField(max_length=20)
    cents = models.IntegerField(default=0)
    bank = models.ForeignKey("Bank", models.CASCADE, null=True)

    class Meta:
        app_label = "conf_locks"
        ordering = ("owner",)


class Bank(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_locks"


@pytest.fixture
def accounts(db: str) -> str:
    """Two accounts, one at a bank."""
    Account.objects.create(owner="ann", cents=100, bank=Bank.objects.create(name="north"))
    Account.objects.create(owner="bob", cents=200)
    return db


TABLE = "conf_locks_account"


def test_locked_rows_are_read_as_usual(accounts: str) -> None:
    with transaction.atomic(), assert_num_queries(1):
        assert len(Account.objects.select_for_update()) == 2


def test_the_lock_is_in_the_sql_where_the_database_has_it(accounts: str) -> None:
    locked = str(Account.objects.select_for_update().query).upper()
    assert ("FOR UPDATE" in locked) is (accounts != "sqlite")


@pytest.mark.parametrize(
    ("arguments", "clause", "vendors"),
    [
        ({"nowait": True}, "NOWAIT", {"postgresql", "mysql"}),
        ({"skip_locked": True}, "SKIP LOCKED", {"postgresql", "mysql"}),
        ({"no_key": True}, "FOR NO KEY UPDATE", {"postgresql"}),
        ({"of": ("self",)}, "OF", {"postgresql"}),
    ],
)
def test_options_raise_where_the_database_has_them_not(
    accounts: str, arguments: dict[str, Any], clause: str, vendors: set[str]
) -> None:
    """On SQLite the whole call has no effect."""
    found = Account.objects.select_for_update(**arguments)
    with transaction.atomic():
        if accounts in vendors:
            assert len(found) == 2
            assert clause in str(found.query).upper()
        elif accounts == "sqlite":
            assert len(found) == 2
        else:
            with pytest.raises(NotSupportedError):
                list(found)


def test_nowait_and_skip_locked_exclude_each_other(db: str) -> None:
    with pytest.raises(ValueError):
        Account.objects.select_for_update(nowait=True, skip_locked=True)


def test_of_names_selected_relations(accounts: str) -> None:
    if accounts != "postgresql":
        pytest.skip("OF is PostgreSQL's")
    shelved = Account.objects.select_related("bank").exclude(bank=None)
    with transaction.atomic():
        assert len(shelved.select_for_update(of=("self", "bank"))) == 1
        assert len(shelved.select_for_update(of=("bank",))) == 1
        with pytest.raises(FieldError):
            list(shelved.select_for_update(of=("nope",)))
        with pytest.raises(FieldError):  # its row is not in the query
            list(Account.objects.select_for_update(of=("bank",)))


def test_the_nullable_side_of_a_join_cannot_be_locked(accounts: str) -> None:
    if accounts != "postgresql":
        pytest.skip("PostgreSQL's rule")
    found = Account.objects.select_related("bank").select_for_update()
    with pytest.raises(NotSupportedError), transaction.atomic():
        list(found)
    with transaction.atomic():
        assert len(found.exclude(bank=None)) == 1


def test_locking_outside_a_transaction_is_an_error(committed_db: str) -> None:
    Account.objects.create(owner="ann")
    found = Account.objects.select_for_update()
    if committed_db == "sqlite":
        assert len(found) == 1
        return
    with pytest.raises(TransactionManagementError):
        list(found)
    with pytest.raises(TransactionManagementError):
        next(found.iterator())


def test_raw_gives_instances(accounts: str) -> None:
    found = Account.objects.raw(f"SELECT * FROM {TABLE} ORDER BY owner")
    with assert_num_queries(1):
        assert [account.owner for account in found] == ["ann", "bob"]
    assert all(isinstance(account, Account) for account in found)
    assert found[0].cents == 100
    assert len(found) == 2


def test_raw_binds_parameters(accounts: str) -> None:
    by_place = Account.objects.raw(f"SELECT * FROM {TABLE} WHERE owner = %s", ["ann"])
    assert [account.cents for account in by_place] == [100]
    by_name = Account.objects.raw(f"SELECT * FROM {TABLE} WHERE owner = %(who)s", {"who": "bob"})
    assert [account.cents for account in by_name] == [200]
    hostile = Account.objects.raw(f"SELECT * FROM {TABLE} WHERE owner = %s", ["' OR 1=1 --"])
    assert list(hostile) == []


def test_raw_maps_columns_by_name_in_any_order(accounts: str) -> None:
    found = Account.objects.raw(f"SELECT cents, owner, bank_id, id FROM {TABLE} ORDER BY owner")
    assert found[0].owner == "ann"


def test_raw_translates_column_names(accounts: str) -> None:
    found = Account.objects.raw(
        f"SELECT id, owner AS who, cents FROM {TABLE} ORDER BY owner", translations={"who": "owner"}
    )
    with assert_num_queries(1):
        assert found[0].owner == "ann"


def test_raw_annotates_other_columns(accounts: str) -> None:
    found = Account.objects.raw(f"SELECT *, cents * 2 AS twice FROM {TABLE} ORDER BY owner")
    assert [account.twice for account in found] == [200, 400]


def test_raw_defers_columns_left_out(accounts: str) -> None:
    account = Account.objects.raw(f"SELECT id, owner FROM {TABLE} ORDER BY owner")[0]
    assert account.get_deferred_fields() == {"cents", "bank_id"}
    with assert_num_queries(1):
        assert account.cents == 100


def test_raw_must_select_the_primary_key(accounts: str) -> None:
    with pytest.raises(FieldDoesNotExist):
        list(Account.objects.raw(f"SELECT owner FROM {TABLE}"))


def test_raw_ignores_earlier_filters(accounts: str) -> None:
    filtered = Account.objects.filter(owner="ann")
    assert len(filtered.raw(f"SELECT * FROM {TABLE}")) == 2


def test_raw_can_prefetch(accounts: str) -> None:
    found = Account.objects.raw(f"SELECT * FROM {TABLE} ORDER BY owner")
    with assert_num_queries(2):
        assert found.prefetch_related("bank")[0].bank.name == "north"


def test_raw_knows_its_columns_and_iterates(accounts: str) -> None:
    found = Account.objects.raw(f"SELECT id, owner FROM {TABLE}")
    assert list(found.columns) == ["id", "owner"]
    assert len(list(found.iterator())) == 2
    assert bool(found)
    assert "SELECT id" in repr(found)


def test_a_cursor_sees_the_same_transaction(accounts: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT owner FROM {TABLE} WHERE cents > %s ORDER BY owner", [50])
        assert cursor.fetchone() == ("ann",)
        assert list(cursor.fetchall()) == [("bob",)]
