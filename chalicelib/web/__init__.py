"""HTTP: the resources of the contract, and pages for people."""

from .console.board import board
from .console.bulk import bulk
from .console.caller import caller
from .console.canned import canned_words
from .console.case_file import case_file
from .console.complaint import complaint
from .console.departments import departments
from .console.doing import doing
from .console.duplicates import duplicates
from .console.entrance import entrance as console_entrance
from .console.files import files
from .console.guide import guide
from .console.people.mine import mine
from .console.people.sheets import sheets as console_sheets
from .console.people.training import training as console_training
from .console.policy.amending import amending
from .console.policy.amendments import amendments as console_amendments
from .console.policy.interpretations import interpretations as console_interpretations
from .console.policy.operating import operating
from .console.policy.replayed import replayed
from .console.policy.reviews import policy_reviews as console_policy_reviews
from .console.policy.study import study as console_study
from .console.policy.versions import versions as console_versions
from .console.queue import queue
from .console.script import assets
from .console.search import search
from .console.supervision.alerts import alerts
from .console.supervision.audit_items import audit_items
from .console.supervision.audit_report import audit_report
from .console.supervision.audit_sample import audit_sample
from .console.supervision.audits import audits as console_audits
from .console.supervision.findings import findings as console_findings
from .console.supervision.hearings import hearings as console_hearings
from .console.supervision.management_reviews import management_reviews as console_management_reviews
from .console.supervision.measures import measures
from .console.supervision.raising import raising
from .console.supervision.report_cases import report_cases
from .console.supervision.reports import reports as console_reports
from .console.supervision.safety import safety
from .console.supervision.surveys import surveys as console_surveys
from .console.today import today
from .door import Door
from .json.actions import actions
from .json.amendments import amendments
from .json.audits import audits
from .json.complaints import complaints
from .json.entrance import entrance
from .json.events import events
from .json.explanations import explanations
from .json.findings import findings
from .json.hearings import hearings
from .json.interpretations import interpretations
from .json.links_lost import links_lost
from .json.management_reviews import management_reviews
from .json.policy import policy as policy_versions
from .json.policy_reviews import policy_reviews
from .json.reports import reports
from .json.sheets import sheets
from .json.staff import staff
from .json.study import study
from .json.surveys import surveys
from .json.training import training
from .json.volumes import volumes
from .pages.policy import policy
from .pages.privacy import privacy
from .pages.track import track

APIS: tuple[Door, ...] = (
    *(complaints, actions, surveys, hearings, volumes, events, reports, sheets, training, management_reviews),
    *(amendments, policy_versions, study, interpretations, policy_reviews),
    *(audits, findings),
    *(entrance, links_lost, explanations, staff),
)
PAGES: tuple[Door, ...] = (track, policy, privacy)
CONSOLE: tuple[Door, ...] = (
    *(assets, console_entrance, today, guide, departments, board),
    *(queue, search, bulk, caller, duplicates),
    *(complaint, doing, files, case_file, canned_words),
    *(console_reports, report_cases, measures, alerts),
    *(console_management_reviews, operating),
    *(console_audits, audit_items, audit_report, audit_sample),
    *(console_findings, raising, console_hearings),
    *(mine, console_sheets, console_training),
    *(console_surveys, safety),
    *(console_versions, console_study, console_interpretations, console_policy_reviews),
    *(console_amendments, amending, replayed),
)
