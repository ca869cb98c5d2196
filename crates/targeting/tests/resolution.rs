//! The rules of resolution and the examples at their end (spec 03), as scenarios that read like the specification.
//!
//! A small driver plays the service's part: it asks for the resolution of each page view, triggers when the events
//! have come, counts, and keeps the visitor's history.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod driver;

use driver::{Scenario, Step::*, dialogue};
use targeting::{CapReached, EventCondition, Reason, Verdict};

const P1: &str = "https://site.com/p1";
const P2: &str = "https://site.com/p2";

#[test]
fn example_1_reloading_triggers_once() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[(View(P1), "D1"), (View(P1), "D1"), (View(P1), "D1")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn example_2_an_engaged_conversation_follows_the_visitor() {
    Scenario::new([dialogue("D1").on(P1), dialogue("D2").on(P2)])
        .play(&[(View(P1), "D1"), (Answer, "D1 goes on"), (View(P2), "D1 goes on"), (View(P1), "D1 goes on")])
        .counts("D1", 1, 1, 0)
        .counts("D2", 0, 0, 0);
}

#[test]
fn example_3_republished_before_an_answer_the_new_text_is_shown_without_a_second_trigger() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[
            (View(P1), "D1"),
            (Open, "D1"),
            (Publish(dialogue("D1").on(P1).version(2)), "-"),
            (View(P1), "D1 v2"),
        ])
        .counts("D1", 1, 0, 0);
}

#[test]
fn example_3_republished_after_an_answer_the_old_text_goes_on() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[
            (View(P1), "D1"),
            (Answer, "D1 goes on"),
            (Publish(dialogue("D1").on(P1).version(2)), "-"),
            (View(P1), "D1 goes on"),
        ])
        .conversation_version("D1", 1)
        .counts("D1", 1, 1, 0);
}

#[test]
fn example_4_a_completed_dialogue_never_returns_not_even_changed() {
    Scenario::new([dialogue("D1").on(P1).priority(1), dialogue("D2").on(P1).priority(2)])
        .play(&[
            (View(P1), "D1"),
            (Complete, "nothing"),
            (View(P1), "D2"),
            (Complete, "nothing"),
            (Publish(dialogue("D1").on(P1).priority(1).version(2)), "-"),
            (View(P1), "nothing"),
        ])
        .counts("D1", 1, 1, 1)
        .counts("D2", 1, 1, 1);
}

#[test]
fn example_5_time_on_page_adds_up_over_the_visit_and_the_trigger_is_counted_when_it_comes() {
    Scenario::new([dialogue("D1").on(P1).event(EventCondition::TimeOnPage { seconds: 30 })])
        .play(&[(View(P1), "D1 waits"), (Stay(10), "D1 waits"), (View(P2), "nothing"), (Stay(60), "nothing")])
        .counts("D1", 0, 0, 0)
        .play(&[(View(P1), "D1 waits"), (Stay(19), "D1 waits")])
        .counts("D1", 0, 0, 0)
        .play(&[(Stay(1), "D1"), (View(P1), "D1")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn events_once_met_are_met_for_good() {
    Scenario::new([dialogue("D1").on(P1).event(EventCondition::TimeOnPage { seconds: 30 })])
        .play(&[(View(P1), "D1 waits"), (Stay(30), "D1"), (NewVisit, "-"), (View(P1), "D1")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn times_of_another_visit_do_not_count() {
    Scenario::new([dialogue("D1").on(P1).event(EventCondition::TimeOnPage { seconds: 30 })])
        .play(&[(View(P1), "D1 waits"), (Stay(29), "D1 waits"), (NewVisit, "-"), (View(P1), "D1 waits")])
        .counts("D1", 0, 0, 0);
}

#[test]
fn rule_1_a_conversation_goes_on_even_when_its_dialogue_is_unpublished_or_switched_off() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[(View(P1), "D1"), (Answer, "D1 goes on"), (Unpublish("D1"), "-"), (View(P1), "D1 goes on")])
        .play(&[(Publish(dialogue("D1").on(P1).disabled()), "-"), (View(P2), "D1 goes on")])
        .counts("D1", 1, 1, 0);
}

#[test]
fn rule_2_candidates_are_enabled_and_match_page_and_audience() {
    Scenario::new([
        dialogue("D1").on(P1).disabled(),
        dialogue("D2").on(P2),
        dialogue("D3").on(P1).for_companies_above(50),
        dialogue("D4").on(P1),
    ])
    .play(&[(View(P1), "D4")])
    .verdict("D1", &Verdict::Disabled)
    .verdict("D2", &Verdict::Page { reason: Reason::NoInclusionMatches, decided_by: None })
    .sentence("D3", "company.size greater than 50 → is empty")
    .verdict("D4", &Verdict::Shown)
    .play(&[(CompanySize(51), "-"), (View(P1), "D3")])
    .displaced("D4", "D3");
}

#[test]
fn rule_3_the_highest_priority_wins_and_of_equals_the_older() {
    Scenario::new([
        dialogue("D1").on(P1).priority(2).made_at(1),
        dialogue("D2").on(P1).priority(1).made_at(3),
        dialogue("D3").on(P1).priority(1).made_at(2),
    ])
    .play(&[(View(P1), "D3")])
    .displaced("D1", "D3")
    .displaced("D2", "D3");
}

#[test]
fn rule_4_unpublishing_lets_the_next_take_its_place_with_its_own_trigger() {
    Scenario::new([dialogue("D1").on(P1).priority(1), dialogue("D2").on(P1).priority(2)])
        .play(&[(View(P1), "D1"), (Unpublish("D1"), "-"), (View(P1), "D2")])
        .counts("D1", 1, 0, 0)
        .counts("D2", 1, 0, 0)
        .play(&[(Publish(dialogue("D1").on(P1).priority(1)), "-"), (View(P1), "D1")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn rule_5_opening_is_not_engaging() {
    Scenario::new([dialogue("D1").on(P1), dialogue("D2").on(P2)])
        .play(&[(View(P1), "D1"), (Open, "D1"), (View(P2), "D2")])
        .counts("D1", 1, 0, 0)
        .counts("D2", 1, 0, 0);
}

#[test]
fn rule_6_after_24_hours_of_silence_a_conversation_is_dropped_and_a_new_one_may_begin() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[
            (View(P1), "D1"),
            (Answer, "D1 goes on"),
            (WaitMinutes(24 * 60 - 1), "-"),
            (View(P1), "D1 goes on"),
        ])
        .play(&[(Answer, "D1 goes on"), (WaitMinutes(24 * 60), "-"), (View(P1), "D1")])
        .counts("D1", 2, 1, 0)
        .play(&[(Answer, "D1 goes on"), (Complete, "nothing"), (View(P1), "nothing")])
        .counts("D1", 2, 2, 1);
}

#[test]
fn rule_9_chat_off_stops_everything_and_on_resumes_it() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[(View(P1), "D1"), (Answer, "D1 goes on"), (ChatEnabled(false), "-"), (View(P1), "nothing")])
        .verdict("D1", &Verdict::ChatOff)
        .play(&[(ChatEnabled(true), "-"), (View(P1), "D1 goes on")])
        .counts("D1", 1, 1, 0);
}

#[test]
fn a_cap_lets_the_next_dialogue_have_the_visitor() {
    Scenario::new([dialogue("D1").on(P1).at_most(2, 7), dialogue("D2").on(P1).priority(2)])
        .play(&[(View(P1), "D1"), (View(P1), "D1"), (View(P1), "D2")])
        .verdict("D1", &Verdict::Cap(CapReached::PerVisitor))
        .play(&[(WaitMinutes(7 * 24 * 60), "-"), (View(P1), "D1")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn a_dismissed_dialogue_pauses() {
    Scenario::new([dialogue("D1").on(P1).pause(3)])
        .play(&[(View(P1), "D1"), (Dismiss, "-"), (View(P1), "nothing")])
        .verdict("D1", &Verdict::Cap(CapReached::PauseAfterDismissal))
        .play(&[(WaitMinutes(3 * 24 * 60), "-"), (View(P1), "D1 quietly")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn a_dismissed_dialogue_without_a_pause_comes_back_without_a_poke() {
    Scenario::new([dialogue("D1").on(P1)]).play(&[
        (View(P1), "D1"),
        (Dismiss, "-"),
        (View(P1), "D1 quietly"),
    ]);
}

#[test]
fn the_site_pokes_at_most_once_in_its_pause() {
    Scenario::new([dialogue("D1").on(P1), dialogue("D2").on(P2)])
        .poke_pause_minutes(10)
        .play(&[(View(P1), "D1"), (WaitMinutes(9), "-"), (View(P2), "D2 quietly")])
        .play(&[(WaitMinutes(1), "-"), (View(P2), "D2")]);
}

#[test]
fn a_dialogue_below_its_share_is_shown_to_those_in_it_only() {
    // The visitor of the scenarios has one fixed place; a share of 100 always includes it, one at its place does not.
    let place = driver::place("D1");
    Scenario::new([dialogue("D1").on(P1).share(place), dialogue("D2").on(P1).priority(2)])
        .play(&[(View(P1), "D2")])
        .verdict("D1", &Verdict::Cap(CapReached::Share));
    Scenario::new([dialogue("D1").on(P1).share(place + 1)]).play(&[(View(P1), "D1")]);
}

#[test]
fn rule_2_an_exclusion_keeps_a_dialogue_from_a_page_that_it_includes() {
    Scenario::new([
        dialogue("D1").on("https://*.site.com").not_on("https://site.com/p1"),
        dialogue("D2").on(P1),
    ])
    .play(&[(View(P1), "D2"), (View(P2), "D1")])
    .play(&[(View(P1), "D2")])
    .verdict(
        "D1",
        &Verdict::Page { reason: Reason::Excluded, decided_by: Some("https://site.com/p1".to_owned()) },
    );
}

#[test]
fn rule_7_two_tabs_count_one_trigger_one_engagement_and_one_completion() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[(View(P1), "D1"), (Tab(2), "-"), (View(P1), "D1")])
        .counts("D1", 1, 0, 0)
        .play(&[
            (Answer, "D1 goes on"),
            (Tab(1), "D1 goes on"),
            (Answer, "D1 goes on"),
            (Complete, "nothing"),
        ])
        .play(&[(Tab(2), "-"), (View(P1), "nothing")])
        .counts("D1", 1, 1, 1);
}

#[test]
fn rule_7_an_event_that_comes_in_both_tabs_triggers_once() {
    Scenario::new([dialogue("D1").on(P1).event(EventCondition::TimeOnPage { seconds: 30 })])
        .play(&[(View(P1), "D1 waits"), (Tab(2), "-"), (View(P1), "D1 waits")])
        .play(&[
            (Stay(20), "D1 waits"),
            (Tab(1), "D1 waits"),
            (Stay(10), "D1"),
            (Tab(2), "D1 waits"),
            (Stay(1), "D1"),
        ])
        .counts("D1", 1, 0, 0);
}

#[test]
fn rule_8_an_engaged_flow_goes_on_before_any_dialogue_and_counts_for_none() {
    Scenario::new([dialogue("D1").on(P1), dialogue("D2").on(P2)])
        .play(&[(View(P1), "D1"), (AnswerInFlow("D4"), "D4 goes on"), (View(P2), "D4 goes on")])
        .counts("D2", 0, 0, 0)
        .verdict("D2", &Verdict::ConversationGoesOn)
        .play(&[(WaitMinutes(24 * 60), "-"), (View(P2), "D2")])
        .counts("D2", 1, 0, 0);
}

#[test]
fn rule_1_of_two_open_conversations_the_one_answered_last_goes_on() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[(View(P1), "D1"), (Answer, "D1 goes on"), (WaitMinutes(5), "-"), (AnswerInFlow("D4"), "-")])
        .play(&[(View(P1), "D4 goes on")]);
}

#[test]
fn republishing_changes_pages_and_audience_at_once_for_those_who_have_not_answered() {
    Scenario::new([dialogue("D1").on(P1)])
        .play(&[(View(P1), "D1"), (Publish(dialogue("D1").on(P2).version(2)), "-"), (View(P1), "nothing")])
        .play(&[(View(P2), "D1 v2")])
        .counts("D1", 1, 0, 0)
        .play(&[
            (Publish(dialogue("D1").on(P2).for_companies_above(50).version(3)), "-"),
            (View(P2), "nothing"),
        ])
        .sentence("D1", "company.size greater than 50 → is empty")
        .play(&[(CompanySize(51), "-"), (View(P2), "D1 v3")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn unpublished_and_published_again_it_is_shown_without_a_second_trigger() {
    let d1 = || dialogue("D1").on(P1);
    Scenario::new([d1()])
        .play(&[(View(P1), "D1"), (Unpublish("D1"), "-"), (View(P1), "nothing"), (Publish(d1()), "-")])
        .play(&[(View(P1), "D1")])
        .counts("D1", 1, 0, 0);
}

#[test]
fn a_changed_priority_decides_the_next_page_view() {
    Scenario::new([dialogue("D1").on(P1).priority(1), dialogue("D2").on(P1).priority(2)])
        .play(&[(View(P1), "D1"), (Publish(dialogue("D1").on(P1).priority(3)), "-"), (View(P1), "D2")])
        .displaced("D1", "D2");
}

#[test]
fn each_event_shows_a_dialogue_when_it_comes() {
    let on = |event| Scenario::new([dialogue("D1").on(P1).event(event)]).play(&[(View(P1), "D1 waits")]);
    on(EventCondition::TimeOnSite { seconds: 20 }).play(&[
        (View(P2), "nothing"),
        (Stay(15), "nothing"),
        (View(P1), "D1 waits"),
        (Stay(5), "D1"),
    ]);
    on(EventCondition::ScrollDepth { percent: 50 }).play(&[(Scroll(49), "D1 waits"), (Scroll(50), "D1")]);
    on(EventCondition::ExitIntent {}).play(&[(Stay(60), "D1 waits"), (ExitIntent, "D1")]);
    on(EventCondition::PageViews { count: 3 }).play(&[(View(P2), "nothing"), (View(P1), "D1")]);
    // Page views of another visit do not count.
    on(EventCondition::PageViews { count: 3 }).play(&[(NewVisit, "-"), (View(P1), "D1 waits")]);
}

#[test]
fn any_of_the_events_or_all_of_them() {
    let both = || {
        dialogue("D1")
            .on(P1)
            .event(EventCondition::TimeOnPage { seconds: 30 })
            .event(EventCondition::ScrollDepth { percent: 50 })
    };
    Scenario::new([both().any_event()]).play(&[(View(P1), "D1 waits"), (Scroll(60), "D1")]);
    Scenario::new([both()]).play(&[
        (View(P1), "D1 waits"),
        (Scroll(60), "D1 waits"),
        (Stay(29), "D1 waits"),
        (Stay(1), "D1"),
    ]);
}

#[test]
fn a_waiting_dialogue_keeps_its_place_before_those_behind_it() {
    Scenario::new([
        dialogue("D1").on(P1).priority(1).event(EventCondition::ExitIntent {}),
        dialogue("D2").on(P1).priority(2),
    ])
    .play(&[(View(P1), "D1 waits")])
    .displaced("D2", "D1")
    .counts("D2", 0, 0, 0);
}

#[test]
fn a_dropped_dialogue_keeps_to_its_caps() {
    Scenario::new([dialogue("D1").on(P1).at_most(1, 7)])
        .play(&[(View(P1), "D1"), (Answer, "D1 goes on"), (WaitMinutes(24 * 60), "-"), (View(P1), "nothing")])
        .verdict("D1", &Verdict::Cap(CapReached::PerVisitor))
        .play(&[(WaitMinutes(6 * 24 * 60), "-"), (View(P1), "D1")])
        .counts("D1", 2, 1, 0);
}

#[test]
fn of_several_obstacles_the_first_is_told() {
    let d1 = || dialogue("D1").on(P1).for_companies_above(50).at_most(1, 7);
    Scenario::new([d1()])
        .play(&[(CompanySize(51), "-"), (View(P1), "D1"), (CompanySize(1), "-"), (View(P1), "nothing")])
        .sentence("D1", "company.size greater than 50 → is 1")
        .play(&[(View(P2), "nothing")])
        .verdict("D1", &Verdict::Page { reason: Reason::NoInclusionMatches, decided_by: None })
        .play(&[(Publish(d1().disabled()), "-"), (View(P2), "nothing")])
        .verdict("D1", &Verdict::Disabled);
}
