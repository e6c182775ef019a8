"""The settings of the blog. `raystack settings` lists all that there are, with their sources."""

DEBUG = True

# Everybody can read this key, and it is accepted with DEBUG alone. In production, set
# RAYSTACK_DEBUG=false and RAYSTACK_SECRET_KEY in the environment: they win over this file.
SECRET_KEY = "raystack-insecure-everybody-can-read-this-example-key"

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = ["apps.blog"]

DATABASES = {"default": {"URL": "sqlite:///db.sqlite3"}}

TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

FASTAPI = {
    "title": "The Long Table",
    "summary": "Posts and comments of the example blog, as JSON.",
    "version": "1.0",
}
