"""Validators: callables that raise ``ValidationError`` for a value they refuse.

https://docs.djangoproject.com/en/stable/ref/validators/
"""

from .addresses import clean_ipv6_address as clean_ipv6_address
from .addresses import ip_address_validators as ip_address_validators
from .addresses import validate_ipv4_address as validate_ipv4_address
from .addresses import validate_ipv6_address as validate_ipv6_address
from .addresses import validate_ipv46_address as validate_ipv46_address
from .files import FileExtensionValidator as FileExtensionValidator
from .files import get_available_image_extensions as get_available_image_extensions
from .files import validate_image_file_extension as validate_image_file_extension
from .limits import BaseValidator as BaseValidator
from .limits import DecimalValidator as DecimalValidator
from .limits import MaxLengthValidator as MaxLengthValidator
from .limits import MaxValueValidator as MaxValueValidator
from .limits import MinLengthValidator as MinLengthValidator
from .limits import MinValueValidator as MinValueValidator
from .limits import StepValueValidator as StepValueValidator
from .patterns import EMPTY_VALUES as EMPTY_VALUES
from .patterns import ProhibitNullCharactersValidator as ProhibitNullCharactersValidator
from .patterns import RegexValidator as RegexValidator
from .patterns import Validator as Validator
from .patterns import int_list_validator as int_list_validator
from .patterns import integer_validator as integer_validator
from .patterns import validate_comma_separated_integer_list as validate_comma_separated_integer_list
from .patterns import validate_integer as validate_integer
from .patterns import validate_slug as validate_slug
from .patterns import validate_unicode_slug as validate_unicode_slug
from .web import DomainNameValidator as DomainNameValidator
from .web import EmailValidator as EmailValidator
from .web import URLValidator as URLValidator
from .web import validate_domain_name as validate_domain_name
from .web import validate_email as validate_email
from .web import validate_url as validate_url
