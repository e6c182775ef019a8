"""Models of the tests of relations: one of every kind, and every rule of deletion."""

from raystack_orm import models


class Country(models.Model):
    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "relations"

    def __str__(self) -> str:
        return self.name


class City(models.Model):
    """Refers by another field than the primary key."""

    name = models.CharField(max_length=50)
    country = models.ForeignKey(
        Country, on_delete=models.CASCADE, to_field="code", related_name="cities"
    )

    class Meta:
        app_label = "relations"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PersonManager(models.Manager["Person"]):
    def adults(self) -> "models.QuerySet[Person]":
        return self.filter(age__gte=18)


class Person(models.Model):
    name = models.CharField(max_length=50)
    age = models.IntegerField(default=30)
    friends = models.ManyToManyField("self")
    idols = models.ManyToManyField("self", symmetrical=False, related_name="fans")

    objects = PersonManager()
    everybody = models.Manager["Person"]()

    class Meta:
        app_label = "relations"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Passport(models.Model):
    owner = models.OneToOneField(Person, on_delete=models.CASCADE)
    number = models.CharField(max_length=20)

    class Meta:
        app_label = "relations"


class Locker(models.Model):
    holder = models.OneToOneField(
        Person, on_delete=models.SET_NULL, null=True, related_name="locker"
    )

    class Meta:
        app_label = "relations"


class Group(models.Model):
    name = models.CharField(max_length=50)
    members = models.ManyToManyField(
        Person,
        through="Membership",
        through_fields=("group", "person"),
        related_name="groups",
    )

    class Meta:
        app_label = "relations"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    inviter = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="invited")
    role = models.CharField(max_length=20, default="member")

    class Meta:
        app_label = "relations"


class Root(models.Model):
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "relations"


class Branch(models.Model):
    root = models.ForeignKey(Root, on_delete=models.CASCADE)

    class Meta:
        app_label = "relations"


class Leaf(models.Model):
    """Restricted by its branch, and gone with the root."""

    root = models.ForeignKey(Root, on_delete=models.CASCADE)
    branch = models.ForeignKey(Branch, on_delete=models.RESTRICT)

    class Meta:
        app_label = "relations"


def first_root() -> Root:
    return Root.objects.get(name="first")


class Follower(models.Model):
    """One key for each rule that sets something."""

    null = models.ForeignKey(
        Root, on_delete=models.SET_NULL, null=True, related_name="null_followers"
    )
    value = models.ForeignKey(
        Root, on_delete=models.SET(None), null=True, related_name="value_followers"
    )
    called = models.ForeignKey(
        Root, on_delete=models.SET(first_root), null=True, related_name="called_followers"
    )
    default = models.ForeignKey(
        Root,
        on_delete=models.SET_DEFAULT,
        null=True,
        default=first_root,
        related_name="default_followers",
    )

    class Meta:
        app_label = "relations"


class DatabaseFollower(models.Model):
    gone = models.ForeignKey(
        Root, on_delete=models.DB_CASCADE, null=True, related_name="database_gone"
    )
    null = models.ForeignKey(
        Root, on_delete=models.DB_SET_NULL, null=True, related_name="database_null"
    )

    class Meta:
        app_label = "relations"
