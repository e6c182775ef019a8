"""Files, and the storages that keep them.

https://docs.djangoproject.com/en/stable/ref/files/
"""

from .base import ContentFile as ContentFile
from .base import File as File
from .images import ImageFile as ImageFile
from .images import get_image_dimensions as get_image_dimensions
from .names import get_valid_filename as get_valid_filename
from .names import validate_file_name as validate_file_name
from .storage import FileSystemStorage as FileSystemStorage
from .storage import InMemoryStorage as InMemoryStorage
from .storage import InvalidStorageError as InvalidStorageError
from .storage import Storage as Storage
from .storage import StorageHandler as StorageHandler
from .storage import default_storage as default_storage
from .storage import storages as storages
from .uploadedfile import SimpleUploadedFile as SimpleUploadedFile
from .uploadedfile import UploadedFile as UploadedFile
