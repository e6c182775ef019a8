"""A project as small as the others, with every plugin that Raystack has."""

SECRET_KEY = "a-key-for-benchmarks-that-nobody-else-should-use-because-it-is-public"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["apps.articles"]
DATABASES = {"default": {"URL": "sqlite:///rows.sqlite3"}}
