"""Each sentence of how operations behave has a test: the table, and that its tests exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import ROOT, python_files, tree_of

PAGE = "docs/architecture/operations.md"
PROMISES = {
    # Order
    "Switching on goes requirements first": "test_enabling_enables_what_is_required_first_and_says_why",
    "open only after its own step": "test_steps_run_one_after_the_other_in_order",
    "their gates close when the plan is accepted": "test_disabling_closes_every_gate_at_once",
    "done when the request returns": "test_modules_without_hooks_are_on_when_the_request_returns",
    "unless an earlier operation": "test_later_requests_wait_for_an_open_operation",
    "one after the other, those of different": "test_operations_of_one_platform_run_one_after_the_other",
    "side by side": "test_platforms_run_beside_each_other",
    "*skipped (superseded)*": "test_a_later_request_takes_back_steps_that_have_not_run",
    "`requirement_not_live`": "test_a_step_whose_requirement_is_not_open_fails_without_its_hook",
    # Hooks
    "**at least once**": "test_many_kills_lose_and_double_nothing",
    "a key that is the same in every try": "test_a_hook_that_raises_is_tried_again_and_then_rests_as_failed",
    "state, event, audit and revision in one": "test_each_finished_step_raises_the_revision_and_is_audited",
    "no try is used": "test_waiting_costs_no_attempt",
    "after 24 hours": "test_waiting_has_an_end",
    "`ConfigInvalid(field)`": "test_a_wrong_configuration_is_not_tried_again",
    "`AuthFailed`": "test_refused_credentials_are_not_tried_again",
    "or ends its process": "test_a_hook_that_ends_its_process_counts_as_tried",
    "at most 5 times": "test_a_hook_may_need_three_tries",
    "after 2, 6, 18": "test_the_wait_triples_up_to_the_maximum",
    "±20 %": "test_the_wait_is_spread_by_a_fifth_and_never_above_the_maximum",
    "all that it started are killed": "test_a_hook_that_hangs_is_stopped_at_its_deadline_with_all_that_it_started",
    "own `hook_timeout_s`": "test_the_deadline_is_the_modules_own_or_the_settings",
    "nothing holds the database": "test_platforms_do_not_wait_for_each_other",
    "`progress` and what it logs": "test_lines_are_stored_while_the_hook_runs_and_survive_its_process",
    "the newest lines are kept": "test_a_flood_keeps_its_newest_lines_and_no_secret",
    # A failed step
    "What was done stays done": "test_errors_are_retried_with_growing_waits_and_then_stop_the_operation",
    "on, waiting for payments": "test_a_module_whose_requirement_failed_says_what_it_waits_for",
    "off, clean-up pending": "test_a_failed_disable_is_not_live_whatever",
    "goes on from the failed step": "test_retry_goes_on_from_the_failed_step",
    "it waits for the operation that runs": "test_a_retried_operation_waits_for_the_one_that_runs",
    "becomes wanted off and `disabled`": "test_keep_makes_what_failed_and_what_was_skipped_wanted_off",
    "goes off with it": "test_keep_takes_along_what_waits_for_the_module",
    "back to what was wanted before": "test_undo_restores_wanted_and_origin_of_exactly_its_modules",
    "implied ones included": "test_undo_switches_off_what_was_implied_too",
    "what cannot be undone is listed": "test_undo_lists_what_cannot_be_undone_and_keeps_to_the_plan_that_was_shown",
    "a later operation touched one": "test_undo_conflicts_when_a_later_operation_touched_one_of_its_modules",
    "operation that is queued": "test_cancel_takes_a_queued_operation_back_whole",
    "waits between tries; what it has done": "test_cancel_between_tries_keeps_what_is_done",
    "only for switching off, with a reason": "test_only_switching_off_can_be_forced",
    "succeeds without its hook": "test_force_ends_a_failed_disable_without_its_hook_and_goes_on",
    # A dead process
    "renews it while the hook runs": "test_a_lease_that_is_extended_is_not_taken",
    "at once on the same machine": "test_what_a_dead_process_of_this_machine_held_is_free_at_once",
    "by the end of its lease": "test_a_lease_that_nobody_extends_is_the_net",
    "counts one more try": "test_a_hook_whose_worker_always_dies_fails_after_its_last_try",
    "an older fence and records nothing": "test_an_older_claim_records_nothing",
    "A message that is lost": "test_an_operation_whose_message_was_lost_is_found",
    "or doubled changes nothing": "test_doubled_messages_run_a_hook_once",
    "passes the": "test_a_switch_passes_the_events_that_wait_and_the_sweep_passes_all",
    "the time of the database server": "test_on_postgres_a_machine_whose_clock_is_wrong_tells_the_servers_time",
    "holds it for one whole lease": "test_nobody_takes_what_a_living_runner_holds",
    "keep the length that they had left": "test_a_wait_between_tries_keeps_its_length",
    "periodic tasks and health": "test_periodic_tasks_go_on_and_run_once_a_slot",
    "rounds go on": "test_health_rounds_go_on_one_at_a_time",
    # Events and tasks
    "stored in the transaction of the event": "test_a_delivery_says_what_happened_and_is_woken_in_the_same_transaction",
    "tried by itself": "test_every_subscriber_gets_its_own_delivery_and_its_own_tries",
    "in order for each": "test_one_subscribers_events_of_a_module_come_in_order",
    "always hears its own ENABLED and DISABLED": "test_who_hears_what",
    "end as `skipped`": "test_a_task_of_a_module_that_is_off_is_skipped",
    "runs all the same": "test_what_the_clean_up_enqueues_runs_although_the_module_is_off",
    "once for each slot of time": "test_a_periodic_task_runs_once_a_slot_where_its_module_is_on",
    "however many runners": "test_two_runners_run_a_periodic_task_once_a_slot",
    "counted on the overview": "test_the_overview_and_the_health_page_count_it",
    "with its last error": "test_the_page_names_what_rests_with_its_last_error",
    "gives it all its tries": "test_each_decision_works_without_javascript_and_is_audited",
}
"""Words of a sentence of the page → the test that shows it."""


def _tests() -> Iterator[str]:
    for path in python_files("tests"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name


def test_each_promise_has_its_test() -> None:
    assert set(PROMISES.values()) - set(_tests()) == set()


def test_each_promise_stands_on_the_page() -> None:
    page = " ".join((ROOT / PAGE).read_text().split())
    assert [words for words in PROMISES if words not in page] == []
