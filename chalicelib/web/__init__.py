"""HTTP: the resources of the contract, and pages for anyone."""

from chalice.app import Blueprint

from .actions import actions
from .api import Api
from .complaints import complaints
from .entrance import entrance
from .explanations import explanations
from .links_lost import links_lost
from .privacy import privacy
from .volumes import volumes

APIS: tuple[Api, ...] = (complaints, actions, volumes, entrance, links_lost, explanations)
PAGES: tuple[Blueprint, ...] = (privacy,)
