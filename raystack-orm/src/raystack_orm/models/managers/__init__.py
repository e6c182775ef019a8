"""The managers that stand on an instance: ``author.articles`` and ``article.tags``."""

from .maker import ManagerMaker as ManagerMaker
from .many import ManyRelatedManager as ManyRelatedManager
from .many import many_manager_maker as many_manager_maker
from .reverse import RelatedManager as RelatedManager
from .reverse import reverse_manager_maker as reverse_manager_maker
