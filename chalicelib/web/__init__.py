"""HTTP: the resources of the contract."""

from .actions import actions
from .api import Api
from .complaints import complaints
from .entrance import entrance
from .volumes import volumes

APIS: tuple[Api, ...] = (complaints, actions, volumes, entrance)
