"""Storages: where files are kept.

https://docs.djangoproject.com/en/stable/ref/files/storage/
"""

from .base import Storage as Storage
from .filesystem import FileSystemStorage as FileSystemStorage
from .handler import DefaultStorage as DefaultStorage
from .handler import InvalidStorageError as InvalidStorageError
from .handler import StorageHandler as StorageHandler
from .handler import default_storage as default_storage
from .handler import storages as storages
from .memory import InMemoryStorage as InMemoryStorage
