"""HTTP: the resources of the contract."""

from .actions import actions
from .api import Api
from .complaints import complaints
from .entrance import entrance
from .explanations import explanations

APIS: tuple[Api, ...] = (complaints, actions, entrance, explanations)
