"""HTTP: the resources of the contract, and pages for anyone."""

from chalice.app import Blueprint

from .actions import actions
from .api import Api
from .complaints import complaints
from .entrance import entrance
from .explanations import explanations
from .privacy import privacy
from .volumes import volumes

APIS: tuple[Api, ...] = (complaints, actions, volumes, entrance, explanations)
PAGES: tuple[Blueprint, ...] = (privacy,)
