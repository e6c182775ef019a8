"""Who writes, what they write, what it is about, and what people say to it."""

from raystack_orm import models


class Author(models.Model):
    """Somebody who writes posts."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    bio = models.TextField()
    posts: models.RelatedManager["Post"]  # type checkers do not know the other side of a relation

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """What a post is about."""

    name = models.CharField(max_length=40)
    slug = models.SlugField(max_length=40, unique=True)
    posts: models.ManyRelatedManager["Post"]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """An article."""

    title = models.CharField(max_length=400)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.CharField(max_length=400)
    body = models.TextField()
    published_at = models.DateTimeField(db_index=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="posts")
    tags = models.ManyToManyField(Tag, through="Tagging", related_name="posts")
    comments: models.RelatedManager["Comment"]

    class Meta:
        ordering = ("-published_at", "-id")

    def __str__(self) -> str:
        return self.title


class Tagging(models.Model):
    """That a post has a tag."""

    post_id: int  # of the relations: type checkers do not know these names
    tag_id: int
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")

    class Meta:
        unique_together = (("post", "tag"),)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.tag_id}"


class Comment(models.Model):
    """What a reader says to a post."""

    post_id: int
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    name = models.CharField(max_length=80)
    email = models.EmailField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.name}: {self.body[:40]}"
