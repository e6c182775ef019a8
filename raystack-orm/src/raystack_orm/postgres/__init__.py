"""What PostgreSQL alone has, under the names of ``django.contrib.postgres``."""
