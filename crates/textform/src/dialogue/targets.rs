//! Who sees a dialogue, where, when and how often.

use crate::{
    Directory, criteria_text,
    toml_text::{Inline, Reading, Section, Writer},
};
use criteria::Criteria;
use targeting::{Caps, EventCondition, EventMode, EventRule, PagePatterns, PerVisitor, Targeting};

pub(super) fn write(out: &mut Writer, targeting: &Targeting, names: &Directory) {
    if *targeting == Targeting::default() {
        return;
    }
    let Targeting { audience, pages: PagePatterns { include, exclude }, events, caps } = targeting;
    out.header("[targeting]");
    if *audience != Criteria::everybody() {
        out.block("audience", &criteria_text::print(audience, names));
    }
    if !include.is_empty() {
        out.texts("pages.include", include.iter().map(String::as_str));
    }
    if !exclude.is_empty() {
        out.texts("pages.exclude", exclude.iter().map(String::as_str));
    }
    write_events(out, events);
    write_caps(out, caps);
}

fn write_events(out: &mut Writer, EventRule { mode, conditions }: &EventRule) {
    if *mode == EventMode::All && conditions.is_empty() {
        return;
    }
    let key = match mode {
        EventMode::All => "events.all",
        EventMode::Any => "events.any",
    };
    let rows: Vec<String> = conditions.iter().copied().map(event).collect();
    out.rows(key, &rows);
}

fn event(condition: EventCondition) -> String {
    let (key, value) = match condition {
        EventCondition::TimeOnPage { seconds } => ("time_on_page_seconds", seconds.to_string()),
        EventCondition::TimeOnSite { seconds } => ("time_on_site_seconds", seconds.to_string()),
        EventCondition::ScrollDepth { percent } => ("scroll_depth_percent", percent.to_string()),
        EventCondition::ExitIntent {} => ("exit_intent", "true".to_owned()),
        EventCondition::PageViews { count } => ("page_views", count.to_string()),
    };
    Inline::default().put(key, &value).finish()
}

fn write_caps(out: &mut Writer, caps: &Caps) {
    let Caps { per_visitor, pause_after_dismissal_days, share } = caps;
    if let Some(PerVisitor { times, period_days }) = per_visitor {
        let inline =
            Inline::default().put("times", &times.to_string()).put("period_days", &period_days.to_string());
        out.put("caps.per_visitor", &inline.finish());
    }
    if let Some(days) = pause_after_dismissal_days {
        out.number("caps.pause_after_dismissal_days", *days);
    }
    if let Some(share) = share {
        out.number("caps.share", *share);
    }
}

pub(super) fn read(reading: &mut Reading<'_>, root: &mut Section<'_>, names: &Directory) -> Targeting {
    let Some(mut section) = root.section(reading, "targeting") else { return Targeting::default() };
    let targeting = Targeting {
        audience: criteria_of(reading, &mut section, "audience", names).unwrap_or_default(),
        pages: pages(reading, &mut section),
        events: events(reading, &mut section),
        caps: caps(reading, &mut section),
    };
    section.finish(reading);
    targeting
}

/// The criteria under a key; none when it is absent or cannot be read.
pub(super) fn criteria_of(
    reading: &mut Reading<'_>,
    section: &mut Section<'_>,
    key: &'static str,
    names: &Directory,
) -> Option<Criteria> {
    let text = section.text(reading, key)?;
    criteria_text::read(text.value, names).map_err(|mistake| reading.mistake(&text, mistake)).ok()
}

fn pages(reading: &mut Reading<'_>, section: &mut Section<'_>) -> PagePatterns {
    let Some(mut pages) = section.section(reading, "pages") else { return PagePatterns::default() };
    let patterns = PagePatterns {
        include: pages.strings(reading, "include").unwrap_or_default(),
        exclude: pages.strings(reading, "exclude").unwrap_or_default(),
    };
    pages.finish(reading);
    patterns
}

fn events(reading: &mut Reading<'_>, section: &mut Section<'_>) -> EventRule {
    let Some(mut events) = section.section(reading, "events") else { return EventRule::default() };
    let (all, any) = (events.sections(reading, "all"), events.sections(reading, "any"));
    if all.is_some() && any.is_some() {
        events.error(reading, "any", "There is either “all” or “any”, not both.");
    }
    let mode = if any.is_some() { EventMode::Any } else { EventMode::All };
    let conditions = any.or(all).unwrap_or_default();
    let condition = |(index, section): (usize, Section<'_>)| {
        reading.note(section.span(), &format!("targeting/events/conditions/{index}"));
        event_of(reading, section)
    };
    let conditions = conditions.into_iter().enumerate().filter_map(condition).collect();
    events.finish(reading);
    EventRule { mode, conditions }
}

fn event_of(reading: &mut Reading<'_>, mut section: Section<'_>) -> Option<EventCondition> {
    let page = section.number(reading, "time_on_page_seconds");
    let site = section.number(reading, "time_on_site_seconds");
    let scroll = section.number(reading, "scroll_depth_percent");
    let views = section.number(reading, "page_views");
    let exit = section.flag(reading, "exit_intent", false);
    let found = [
        page.map(|seconds| EventCondition::TimeOnPage { seconds }),
        site.map(|seconds| EventCondition::TimeOnSite { seconds }),
        scroll.map(|percent| EventCondition::ScrollDepth { percent }),
        views.map(|count| EventCondition::PageViews { count }),
        exit.then_some(EventCondition::ExitIntent {}),
    ];
    let mut found = found.into_iter().flatten();
    let (first, more) = (found.next(), found.next().is_some());
    if more || (first.is_none() && section.keys().next().is_none()) {
        let message = "An event is one of time_on_page_seconds, time_on_site_seconds, scroll_depth_percent, page_views and exit_intent = true.";
        reading.error(section.span(), section.field(), message);
    }
    section.finish(reading);
    first
}

fn caps(reading: &mut Reading<'_>, section: &mut Section<'_>) -> Caps {
    let Some(mut caps) = section.section(reading, "caps") else { return Caps::default() };
    let per_visitor = caps.section(reading, "per_visitor").map(|mut cap| {
        let times = cap.number(reading, "times");
        let period_days = cap.number(reading, "period_days");
        if times.is_none() || period_days.is_none() {
            reading.error(cap.span(), cap.field(), "Expected { times = 3, period_days = 7 }.");
        }
        cap.finish(reading);
        PerVisitor { times: times.unwrap_or(1), period_days: period_days.unwrap_or(1) }
    });
    let found = Caps {
        per_visitor,
        pause_after_dismissal_days: caps.number(reading, "pause_after_dismissal_days"),
        share: caps.number(reading, "share"),
    };
    caps.finish(reading);
    found
}
