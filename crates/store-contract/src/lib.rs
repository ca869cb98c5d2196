//! What every adapter of the storage port must do, as tests that run on each of them, each on a fresh database.
//!
//! An adapter writes `async fn world() -> World` in a test file and then
//! `store_contract::each_case!(store_contract::contract_tests);`, which makes one test of each case.
//!
//! # How to add a case
//! Write `pub async fn name(world: World)` in the module of its noun under [`cases`] and name it in [`each_case!`].

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "test support: a panic is the verdict")]
#![expect(missing_docs, reason = "the names of the cases are sentences")]

pub mod cases;
mod fixtures;
mod world;

pub use world::{Scan, World};

/// Calls a macro with all cases: `module: case, case…;`.
#[macro_export]
macro_rules! each_case {
    ($($callback:ident)::+) => {
        $($callback)::+! {
            access:
                users_are_unique_by_address_and_counted,
                profiles_are_versioned_and_cannot_go_while_used,
                sessions_end_by_time_and_by_hand,
                invitations_are_taken_once,
                tokens_end_and_are_listed,
                the_audit_log_is_filtered_and_paged;
            activities:
                a_persons_activities_page_without_loss_or_repeat,
                activities_by_type_and_count_keep_to_the_range,
                readers_of_the_log_miss_nothing_under_concurrency,
                activities_move_with_a_visitor_or_all_at_once;
            attachments:
                a_file_is_read_in_its_conversation_once_it_was_sent,
                what_was_never_sent_is_released_by_age,
                erasing_releases_the_files_and_forgets_their_names,
                the_files_of_a_deleted_dialogue_are_released;
            chats:
                a_chat_comes_back_as_it_went_in_and_is_compared,
                loads_owners_and_due_times_follow_the_chat,
                of_many_who_accept_at_once_one_is_the_owner,
                the_inbox_is_filtered_and_paged,
                agents_are_seen_on_any_node_and_never_earlier,
                chats_are_counted_by_the_time_of_the_request,
                a_message_is_rewritten_in_its_place,
                erasing_ends_chats_and_leaves_nothing_of_them;
            companies:
                companies_are_found_by_domain_name_and_words,
                a_domain_belongs_to_one_company,
                companies_are_versioned_and_rename_their_people;
            conversations:
                a_foreign_site_or_visitor_sees_nothing,
                numbers_have_no_gap_under_concurrency,
                a_client_id_is_taken_once,
                a_step_is_stored_whole_or_not_at_all,
                a_step_is_refused_after_any_other_change,
                steps_at_the_same_time_do_not_harm_each_other,
                messages_are_read_from_a_number_and_superseded,
                the_open_conversation_is_found_until_it_ends,
                the_list_is_filtered_and_paged,
                stale_conversations_are_those_engaged_and_silent;
            canned:
                canned_responses_are_the_shared_and_the_own_ones,
                a_shortcut_is_taken_once_by_each_owner_and_once_by_all;
            criteria:
                search_agrees_with_the_evaluator,
                days_are_cut_in_the_zone_asked_for;
            dialogues:
                drafts_are_versioned,
                publishing_makes_a_version_live,
                the_list_is_by_priority_then_age,
                counts_are_each_by_their_own_time,
                guests_are_counted_before_and_after_their_marks_are_folded,
                deleting_takes_versions_and_conversations_and_leaves_activities;
            documents:
                documents_are_listed_by_name_and_found_by_words,
                documents_are_versioned_and_can_go,
                figures_count_openings_people_pages_and_searches,
                openings_are_listed_newest_first_with_who_it_was,
                reading_goes_on_with_the_last_opening_of_a_card,
                events_of_an_opening_are_noted_once_and_forgotten_by_age,
                erasing_a_reader_keeps_what_counts_for_the_document;
            goals:
                goals_are_listed_by_name_renamed_and_removed,
                two_goals_never_have_one_name,
                what_is_told_counts_for_every_name_of_a_goal,
                reports_tell_of_a_goal_by_its_present_name;
            imports:
                an_import_keeps_its_progress,
                a_lease_has_one_holder,
                rejects_are_read_in_order;
            knowledge:
                responses_are_kept_changed_and_removed,
                many_responses_change_at_once_or_not_at_all,
                a_question_asked_again_is_counted;
            lists:
                membership_changes_are_told_once,
                names_are_unique_and_people_outlive_lists;
            outbox:
                two_claimers_never_get_the_same_job,
                settled_jobs_stay_settled_and_held_ones_are_released,
                what_ended_long_ago_is_forgotten,
                jobs_are_listed_by_kind_and_status;
            people:
                versions_are_compared_and_nothing_half_is_written,
                addresses_are_unique_among_the_living,
                old_ids_lead_to_the_survivor,
                absorbing_moves_everything_and_can_be_repeated,
                erasing_leaves_nothing_and_keeps_the_counts,
                sightings_only_go_forward,
                locks_return_the_stored,
                attribute_definitions_and_their_values;
            push:
                a_browser_has_one_subscription_that_goes_with_the_sign_in,
                agents_are_called_once_to_what_nobody_has_read;
            reports:
                every_cut_adds_up_to_the_whole,
                parts_are_told_apart_by_what_they_have_in_common,
                goals_and_documents_are_counted_by_name,
                a_card_counts_once_for_each_conversation;
            routing:
                settings_of_agents_are_versioned_and_go_with_the_user,
                teams_and_rules_are_kept_changed_and_removed,
                accounts_are_found_by_domain_name_and_words,
                accounts_are_written_whole_or_not_at_all,
                fallbacks_belong_to_a_site,
                turns_are_fair_under_concurrency,
                rings_are_apart_and_go_with_their_team,
                assignments_keep_their_reasons_until_the_person_is_erased;
            search:
                words_are_beginnings_without_case_and_accents,
                every_order_pages_without_loss_or_repeat,
                filters_narrow_pages_and_counts,
                bulk_writes_are_found_after_indexing,
                a_foreign_cursor_is_refused;
            sites:
                a_site_comes_back_as_it_went_in,
                versions_are_compared,
                deleting_takes_what_belongs_to_the_site_and_leaves_people,
                files_and_settings_are_kept;
            traces:
                page_views_come_with_their_person,
                snapshots_are_kept_once_and_expire_after_their_use,
                recorded_views_are_read_in_order_of_time_for_a_part_of_the_visitors,
                profiles_of_many_visitors_are_those_of_each;
            units:
                what_is_committed_is_seen_at_once_by_readers,
                a_unit_that_is_dropped_or_rolled_back_leaves_nothing,
                a_unit_reads_its_own_writes,
                a_failing_unit_does_not_disturb_the_others,
                many_units_at_once_are_all_there,
                migrating_again_changes_nothing;
            visitors:
                a_profile_holds_everything_in_one_read,
                another_sites_token_is_unknown,
                a_revoked_token_stays_useless,
                page_views_are_recorded_once,
                visits_keep_the_larger_times,
                a_visitor_goes_on_under_another_token,
                a_visitor_moves_to_another_person,
                guest_marks_merge;
        }
    };
}

/// A test of each case; expects `async fn world() -> World` beside it.
#[macro_export]
macro_rules! contract_tests {
    ($($module:ident: $($case:ident),*;)*) => {$(
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::cases::$module::$case(super::world().await).await;
                }
            )*
        }
    )*};
}
