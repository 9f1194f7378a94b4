"""Who may do what by the policy, written by hand and once: held against its own declarations, code is always right.

Whoever adds an operation adds a line here; it is open to nobody until then. `answer` is the status of a success, `does`
the actions of the lifecycle that it stands for, and these may (`who`): a group of staff, `staff` of any group, `asked`,
the department that an inquiry is for, `author`, whoever of staff added what it is about, `storefronts`,
`its_storefront`, `its_consumer`, `everybody` without credentials; `consumers`, anybody with the link of a complaint;
`holder`, whoever is to carry an improvement measure out, or whose sheet it is; `heard`, who answers for a breach;
`trainee`, whoever a training is for; `owner`, whoever is to correct a finding; `examiner`, whoever is to examine an
item of a sample; `person`, whoever answers for a finding.
"""

from typing import NamedTuple

DEPARTMENTS = {"quality", "logistics", "legal"}
STAFF = {"customer_service", "supervisor", "management", "audit"} | DEPARTMENTS


class Right(NamedTuple):
    answer: int
    does: tuple[str, ...]
    who: frozenset[str]


_TABLE = """
operation            answer  does                        who
file_complaint       201     -                           storefronts customer_service
list_complaints      200     -                           staff storefronts
search_complaints    200     -                           customer_service supervisor
list_staff           200     -                           staff
show_complaint       200     -                           staff its_consumer its_storefront
show_timeline        200     -                           staff its_consumer
show_evidence        302     -                           staff its_consumer
show_notices         200     -                           staff
show_survey          200     -                           staff its_consumer
assign               200     assign                      customer_service supervisor
acknowledge          200     acknowledge                 customer_service
report               200     report                      customer_service
draft_plan           200     draft_plan                  customer_service
propose_plan         200     propose_plan                customer_service
give_feedback        200     accept_plan,object_to_plan  its_consumer customer_service
request_review       200     request_review              its_consumer customer_service
withdraw             200     withdraw                    its_consumer customer_service
reopen               200     reopen                      its_consumer customer_service supervisor
merge_into           200     merge,undo_merger           customer_service
replace_link         200     replace_link                customer_service supervisor its_storefront
correct_contact      200     correct_contact             customer_service
view_contact         200     view_contact                staff
extend               200     extend                      supervisor management
review               200     review                      legal
complete_follow_up   200     complete_follow_up          customer_service
triage               200     triage                      customer_service quality supervisor
assess_safety        200     assess_safety               quality
tell_authority       201     tell_authority              quality legal
take_interim_measure 201     take_interim_measure        customer_service quality
record_call          201     call                        customer_service quality supervisor
add_note             201     note                        staff
retract_note         200     retract_note                author supervisor
retract_evidence     200     retract_evidence            author supervisor
update_delivery      201     update_delivery             logistics
give_information     201     give_information            its_consumer customer_service
read_information     200     read_information            customer_service
answer_survey        201     answer_survey,decline_survey its_consumer staff
review_survey        200     review_survey               supervisor management
state_case           200     state_case                  heard
decide_hearing       200     decide_hearing              management
object_to_decision   200     object_to_decision          heard
list_hearings        200     -                           staff
count_breaches       200     -                           supervisor management audit
list_surveys         200     -                           supervisor management audit
request_information  201     request_information         customer_service
ask                  201     ask                         customer_service
answer_inquiry       200     answer_inquiry              asked
offer_evidence       201     add_evidence                staff its_consumer its_storefront
put_volumes          200     -                           storefronts
list_events          200     -                           storefronts
list_reports         200     -                           supervisor management audit
show_report          200     -                           supervisor management audit
list_cases           200     -                           supervisor management audit
comment_report       200     -                           supervisor
issue_report         200     -                           supervisor management
complete_measure     200     -                           holder supervisor
list_measures        200     -                           staff
list_sheets          200     -                           staff
show_sheet           200     -                           holder supervisor management
comment_sheet        200     -                           holder
answer_sheet         200     -                           supervisor management
list_training        200     -                           staff
complete_training    200     -                           trainee supervisor
list_management_reviews 200  -                           supervisor management audit
show_management_review 200   -                           supervisor management audit
hold_management_review 200   -                           management
complete_review_measure 200  -                           holder supervisor
list_interpretations 200     -                           staff
show_interpretation  200     -                           staff
interpret_policy     201     -                           customer_service
review_interpretation 200    -                           customer_service
list_policy_reviews  200     -                           supervisor management audit
show_policy_review   200     -                           supervisor management audit
review_policy        201     -                           management
draft_amendment      201     -                           customer_service legal supervisor management
list_amendments      200     -                           staff
show_amendment       200     -                           staff
change_amendment     200     -                           customer_service legal supervisor management
replay_amendment     202     -                           customer_service legal supervisor management
show_replay          200     -                           staff
submit_amendment     200     -                           customer_service legal supervisor management
approve_amendment    200     -                           customer_service legal supervisor management
announce_amendment   200     -                           customer_service legal supervisor management
give_opinion         201     -                           staff storefronts consumers
list_opinions        200     -                           staff storefronts consumers
answer_opinion       200     -                           customer_service legal supervisor management
withdraw_amendment   200     -                           customer_service legal supervisor management
draft_audit          201     -                           audit
list_audits          200     -                           staff
list_rules           200     -                           staff
show_audit           200     -                           staff
approve_audit        200     -                           management
cancel_audit         200     -                           audit management
draw_sample          200     -                           audit
show_sample          200     -                           audit management
list_items           200     -                           staff
pick_item            201     -                           audit
show_item            200     -                           examiner audit management
examine_item         200     -                           examiner
hand_over_item       200     -                           audit management
report_audit         200     -                           audit
show_audit_report    200     -                           staff
comment_audit        200     -                           staff
publish_audit        200     -                           audit
correct_audit        200     -                           audit
close_audit          200     -                           audit
list_findings        200     -                           staff
list_findings_of_audit 200   -                           staff
raise_finding        201     -                           audit
drop_finding         200     -                           audit
plan_correction      200     -                           owner
complete_correction  200     -                           owner
verify_correction    200     -                           supervisor management audit
waive_finding        200     -                           management
reassign_finding     200     -                           supervisor management audit
state_case_of_finding 200    -                           person
decide_hearing_of_finding 200 -                          management
object_to_decision_of_finding 200 -                      person
complete_audit_measure 200   -                           holder supervisor
show_operating       200     -                           staff
show_policy_in_force 200     -                           everybody
list_policy_versions 200     -                           everybody
show_policy_version  200     -                           everybody
show_study           200     -                           staff
open_section         200     -                           staff
take_quiz            200     -                           staff
show_roster          200     -                           supervisor management audit
sign_in              200     -                           everybody
open_session         200     -                           everybody
send_lost_link       202     -                           everybody
show_health          200     -                           everybody
describe             200     -                           everybody
explain              200     -                           everybody
show_entry           200     -                           everybody
show_shell           200     -                           everybody
show_script          200     -                           everybody
show_way_in          200     -                           everybody
show_content         200     -                           its_consumer
show_policy          200     -                           everybody
show_policy_versions 200     -                           everybody
show_policy_edition  200     -                           everybody
show_privacy         200     -                           everybody
"""
RIGHTS = {
    operation: Right(int(answer), tuple(filter(None, does.strip("-").split(","))), frozenset(who))
    for operation, answer, does, *who in (line.split() for line in _TABLE.strip().splitlines()[1:])
}
_PAGES = """
page                who
show_console_script everybody
show_sign_in        everybody
take_sign_in        everybody
sign_out            everybody
choose_language     everybody
show_nothing        everybody
show_today          staff
show_help           staff
show_department     staff
show_board          supervisor management
show_queue          staff
find_in_queue       staff
download_queue      staff
show_next           staff
find_complaints     staff
do_for_several      staff
show_new            customer_service
file_for_caller     customer_service
show_duplicates     customer_service
show_case           staff
show_file           staff
do_about_complaint  staff
show_form           staff
say_who_is_near     staff
list_files          staff
offer_file          staff
print_case          staff
print_cases         staff
show_words          staff
show_reports        supervisor management audit
show_report_page    supervisor management audit
show_management_reviews supervisor management audit
show_management_review_page supervisor management audit
print_management_review supervisor management audit
send_management_reviews supervisor management audit
show_form_of_management_reviews supervisor management audit
show_operating_page staff
show_surveys        supervisor management audit
show_survey_answers supervisor management audit
show_interviews     staff
show_safety         customer_service quality legal supervisor management
print_safety        customer_service quality legal supervisor management
send_reports        supervisor management audit
show_form_of_reports supervisor management audit
print_report        supervisor management audit
download_report     supervisor management audit
show_report_cases   supervisor management audit
show_measures       staff
send_measures       staff
show_form_of_measures staff
show_alerts         supervisor management audit quality
show_alert          supervisor management audit quality
show_findings       staff
show_finding_page   staff
send_findings       staff
show_form_of_findings staff
show_findings_of_audit staff
send_raising        audit
show_form_of_raising audit
show_hearings       staff
show_hearing_figures supervisor management audit
show_audits         staff
send_audit_programme audit
show_form_of_audit_programme audit
show_audit_page     staff
send_audits         staff
show_form_of_audits staff
show_report_of_audit staff
print_report_of_audit staff
show_audit_sample   audit management
download_audit_sample audit management
show_audit_item     staff
show_audit_rules    staff
send_audit_items    staff
show_form_of_audit_items staff
show_mine           staff
show_sheets         staff
show_sheet_page     staff
print_sheet         staff
send_sheets         staff
show_form_of_sheets staff
show_training       staff
show_one_training   staff
send_training       staff
show_form_of_training staff
show_amendments     staff
show_amendment_page staff
send_amendments     staff
show_form_of_amendments staff
show_opinions       staff
show_replay_page    staff
show_new_amendment  customer_service legal supervisor management
begin_amendment     customer_service legal supervisor management
show_changes        customer_service legal supervisor management
change_rule         customer_service legal supervisor management
show_versions        staff
show_version         staff
show_studies         staff
show_study_of_version staff
show_section         staff
send_quiz            staff
show_study_roster    supervisor management audit
show_interpretations staff
send_interpretations customer_service
show_form_of_interpretations customer_service
show_interpretation_page staff
send_interpretation  customer_service
show_form_of_interpretation customer_service
show_policy_reviews  supervisor management audit
send_policy_reviews  management
show_form_of_policy_reviews management
show_policy_review_page supervisor management audit
"""
PAGES = {page: frozenset(who) for page, *who in (line.split() for line in _PAGES.strip().splitlines()[1:])}
"""Who may open each page of the console, or send its forms. What they may do there is what they may do anywhere."""
OPERATION = {action: name for name, right in RIGHTS.items() for action in right.does}
"""By action, which operation stands for it."""


def roles(action: str, asked: str) -> set[str]:
    """The roles that may take an action; an inquiry is for the department `asked`. To be an author is no role."""
    meant: dict[str, set[str]] = {
        "staff": STAFF,
        "asked": {asked},
        **{theirs: set() for theirs in ("author", "holder", "heard", "trainee", "owner", "examiner", "person")},
        "its_consumer": {"consumer"},
        "its_storefront": {"storefront"},
    }
    return {role for one in RIGHTS[OPERATION[action]].who for role in meant.get(one, {one})}
