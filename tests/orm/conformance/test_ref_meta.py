"""``_meta``: asking a model about its fields.

https://docs.djangoproject.com/en/stable/ref/models/meta/
"""

import pytest

from raystack_orm import FieldDoesNotExist, models


class Group(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_meta"


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "c1_meta"
        abstract = True


class User(Stamped):
    username = models.CharField(max_length=20)
    boss = models.ForeignKey("self", on_delete=models.CASCADE, null=True)
    groups = models.ManyToManyField(Group)
    secret = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", null=True)

    class Meta:
        app_label = "c1_meta"


class Admin(User):
    level = models.IntegerField(default=0)

    class Meta:
        app_label = "c1_meta"


class UserProxy(User):
    class Meta:
        app_label = "c1_meta"
        proxy = True


class LogEntry(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read")
    writer = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="written", related_query_name="writing"
    )
    owner = models.OneToOneField(User, on_delete=models.CASCADE, related_name="own_log")

    class Meta:
        app_label = "c1_meta"


class TenantUser(models.Model):
    pk = models.CompositePrimaryKey("tenant_id", "id")
    tenant_id = models.IntegerField()
    id = models.IntegerField()

    class Meta:
        app_label = "c1_meta"


def names(fields: object) -> set[str]:
    return {field.name for field in fields}  # type: ignore[attr-defined]


def test_get_field_finds_the_models_own() -> None:
    field = User._meta.get_field("username")
    assert isinstance(field, models.CharField)
    assert (field.name, field.model) == ("username", User)


def test_get_field_finds_fields_of_an_abstract_parent() -> None:
    assert User._meta.get_field("created").model is User


def test_get_field_finds_fields_of_a_parent_with_a_table() -> None:
    assert Admin._meta.get_field("username").model is User


@pytest.mark.parametrize("name", ["logentry", "read", "writing", "own_log", "admin"])
def test_get_field_finds_what_points_to_the_model(name: str) -> None:
    relation = User._meta.get_field(name)
    assert relation.is_relation is True
    assert relation.auto_created is True
    assert relation.concrete is False


def test_get_field_takes_the_query_name_before_the_related_name() -> None:
    with pytest.raises(FieldDoesNotExist):
        User._meta.get_field("written")


def test_get_field_refuses_unknown_names() -> None:
    with pytest.raises(FieldDoesNotExist, match="usernam"):
        User._meta.get_field("usernam")


def test_get_fields_has_forward_and_reverse_fields() -> None:
    assert names(User._meta.get_fields()) == {
        *("id", "created", "username", "boss", "groups", "secret"),
        *("user", "admin", "logentry", "read", "writing", "own_log"),
    }


def test_get_fields_is_a_tuple() -> None:
    assert isinstance(User._meta.get_fields(), tuple)


def test_get_fields_includes_those_of_parents() -> None:
    assert {"username", "level", "logentry"} <= names(Admin._meta.get_fields())


def test_get_fields_without_parents_is_the_models_own() -> None:
    assert names(Admin._meta.get_fields(include_parents=False)) == {"user_ptr", "level"}


def test_fields_of_an_abstract_parent_are_the_models_own() -> None:
    assert "created" in names(User._meta.get_fields(include_parents=False))


def test_get_fields_with_hidden_ones_has_more() -> None:
    shown = Group._meta.get_fields()
    hidden = set(Group._meta.get_fields(include_hidden=True)) - set(shown)
    assert len(hidden) == 2  # from the table between, and the key without a reverse name
    assert all(field.hidden for field in hidden)


def test_fields_are_the_concrete_forward_ones() -> None:
    assert [field.name for field in User._meta.fields] == [
        "id",
        "created",
        "username",
        "boss",
        "secret",
    ]
    assert User._meta.concrete_fields == User._meta.fields


def test_local_fields_leave_the_parents_out() -> None:
    assert [field.name for field in Admin._meta.local_fields] == ["user_ptr", "level"]
    assert [f.name for f in Admin._meta.local_concrete_fields] == ["user_ptr", "level"]


def test_many_to_many() -> None:
    assert names(User._meta.many_to_many) == {"groups"}
    assert names(Admin._meta.many_to_many) == {"groups"}
    assert names(Admin._meta.local_many_to_many) == set()


def test_related_objects() -> None:
    assert names(User._meta.related_objects) == {
        *("user", "admin", "logentry", "read", "writing", "own_log"),
    }


def test_concrete_model() -> None:
    assert UserProxy._meta.concrete_model is User
    assert UserProxy._meta.proxy is True
    assert Admin._meta.concrete_model is Admin


def test_parents() -> None:
    assert list(Admin._meta.parents) == [User]
    assert Admin._meta.parents[User].name == "user_ptr"
    assert Admin._meta.get_parent_list() == [User]


def test_pk() -> None:
    assert User._meta.pk.name == "id"
    assert isinstance(User._meta.pk, models.BigAutoField)
    assert Admin._meta.pk.name == "user_ptr"


def test_pk_fields() -> None:
    assert [field.name for field in TenantUser._meta.pk_fields] == ["tenant_id", "id"]
    assert [field.name for field in User._meta.pk_fields] == ["id"]


def test_managers() -> None:
    assert [manager.name for manager in User._meta.managers] == ["objects"]
    assert User._meta.default_manager is User._default_manager
    assert User._meta.managers_map["objects"] is User._meta.default_manager
