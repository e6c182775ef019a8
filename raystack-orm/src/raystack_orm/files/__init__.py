"""Files, and the storages that keep them.

https://docs.djangoproject.com/en/stable/ref/files/
"""

from .base import ContentFile as ContentFile
from .base import File as File
from .filesystem import FileSystemStorage as FileSystemStorage
from .handler import InvalidStorageError as InvalidStorageError
from .handler import StorageHandler as StorageHandler
from .handler import default_storage as default_storage
from .handler import storages as storages
from .images import ImageFile as ImageFile
from .images import get_image_dimensions as get_image_dimensions
from .names import get_valid_filename as get_valid_filename
from .names import validate_file_name as validate_file_name
from .storage import Storage as Storage
from .uploaded import SimpleUploadedFile as SimpleUploadedFile
from .uploaded import UploadedFile as UploadedFile
