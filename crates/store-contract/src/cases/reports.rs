use crate::{World, fixtures::FIRST, world::at};
use engagement::ActivityType;
use kernel::{DialogueId, VersionId};
use serde_json::json;
use store::{
    CardFigures, Circumstances, Conversation, ConversationFilter, Cut, DialogueVersion, Figure, Figures,
    GuestMark, Message, MessageFrom, NamedCount, Part, SiteScope, Span, Visitor,
};
use stream::Phase;

const CUTS: [Cut; 5] = [Cut::Page, Cut::Device, Cut::Country, Cut::Known, Cut::Version];

fn span(from: i64, to: i64) -> Span {
    Span { from: at(from), to: at(to) }
}

fn sum(parts: impl IntoIterator<Item = Figures>) -> Figures {
    parts.into_iter().fold(Figures::default(), Figures::plus)
}

fn counted_in(figure: Figure, span: Span) -> ConversationFilter {
    ConversationFilter {
        figure: Some(figure),
        from: Some(span.from),
        to: Some(span.to),
        ..ConversationFilter::default()
    }
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
    fn seconds(&mut self) -> i64 {
        i64::try_from(self.below(20_000)).unwrap()
    }
}

/// A conversation with every kind of past, its goals and documents, noted with or without circumstances.
async fn random_conversation(
    w: &World,
    dice: &mut Dice,
    (dialogue, versions): (DialogueId, &[DialogueVersion; 2]),
    visitor: &Visitor,
    site: SiteScope,
) {
    let version = &versions[usize::try_from(dice.below(2)).unwrap()];
    let mut conversation = w.conversation(site.site(), visitor, dialogue, version.id);
    conversation.triggered_at = at(dice.seconds());
    conversation.engaged_at = (dice.below(2) == 0).then(|| at(dice.seconds()));
    conversation.completed_at = (dice.below(3) == 0).then(|| at(dice.seconds()));
    conversation.acquired_at = (dice.below(4) == 0).then(|| at(dice.seconds()));
    let pages = ["", "https://a.example/", "https://a.example/b?x=1"];
    pages[usize::try_from(dice.below(3)).unwrap()].clone_into(&mut conversation.page_url);
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    if dice.below(3) > 0 {
        let circumstances = Circumstances {
            device: (dice.below(2) == 0).then(|| "mobile".to_owned()),
            country: (dice.below(2) == 0).then(|| "Ö".to_owned()),
            known: dice.below(2) == 0,
        };
        tx.note_circumstances(conversation.id, &circumstances).await.unwrap();
    }
    for kind in [ActivityType::Goal, ActivityType::Document, ActivityType::Triggered] {
        let mut activity = w.activity(visitor.person_id, kind, dice.seconds());
        activity.dialogue_id = Some(dialogue);
        activity.conversation_id = Some(conversation.id);
        tx.append_activities(&[activity]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub async fn every_cut_adds_up_to_the_whole(w: World) {
    let (site, dialogue, first) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let mut second = w.version(&dialogue, 2);
    second.created_at = at(9_000);
    let mut tx = w.begin().await;
    tx.publish_version(&second).await.unwrap();
    tx.commit().await.unwrap();
    let (ada, bob) = (w.person("ada@example.com"), w.anonymous());
    let visitors = [w.arrived(site.id, &ada, 1).await, w.arrived(site.id, &bob, 2).await];
    let versions = [first, second];
    let mut dice = Dice(11);
    for number in 0..60 {
        random_conversation(&w, &mut dice, (dialogue.id, &versions), &visitors[number % 2], scope).await;
    }
    let mut tx = w.begin().await;
    for number in 0..20 {
        let seconds = dice.seconds();
        let mut mark = w.mark(number, dialogue.id);
        (mark.shown_at, mark.created_at) = (Some(at(seconds)), at(seconds));
        mark.converted = number % 5 == 0;
        tx.put_guest_mark(scope, &mark).await.unwrap();
    }
    tx.fold_guest_marks(at(10_000)).await.unwrap();
    tx.erase_people(&[ada.id], at(20_000)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    for whole in [span(0, 20_000), span(900, 9_900), span(0, 1), span(19_000, 90_000)] {
        let counts = session.dialogue_counts(&[dialogue.id], Some((whole.from, whole.to))).await.unwrap();
        let counts = counts.first().map(|(_, counts)| *counts).unwrap_or_default();
        let times = session.figures_over_time(dialogue.id, whole).await.unwrap();
        let expected = sum(times.iter().map(|(_, figures)| *figures));
        assert_eq!(
            (counts.triggered, counts.engaged, counts.completed, counts.acquired, counts.goals),
            (expected.triggered, expected.engaged, expected.completed, expected.acquired, expected.goals),
            "{whole:?}"
        );
        assert!(times.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for cut in CUTS {
            let parts = session.figures_by(dialogue.id, whole, cut).await.unwrap();
            assert_eq!(sum(parts.iter().map(|part| part.figures)), expected, "{cut:?} {whole:?}");
            assert!(parts.iter().all(|part| part.figures != Figures::default()));
        }
        let goals = session.goals_of(dialogue.id, whole).await.unwrap();
        assert_eq!(goals.iter().map(|goal| goal.times).sum::<u64>(), expected.goals);
        let documents = session.documents_of(dialogue.id, whole).await.unwrap();
        assert_eq!(documents.iter().map(|document| document.times).sum::<u64>(), expected.documents);
        let canvas = session.canvas_figures(dialogue.id, whole, None).await.unwrap();
        assert_eq!(canvas.conversations, expected.triggered, "{whole:?}");
    }
}

pub async fn parts_are_told_apart_by_what_they_have_in_common(w: World) {
    let (site, dialogue, first) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let mut second = w.version(&dialogue, 2);
    second.created_at = at(3_600);
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let mut tx = w.begin().await;
    tx.publish_version(&second).await.unwrap();
    for (url, version, device, known) in [
        ("https://a.example/b/?x=1", first.id, Some("mobile"), true),
        ("https://a.example/b", first.id, Some("mobile"), false),
        ("https://a.example/", second.id, None, false),
        ("https://a.example?y", second.id, Some("tablet"), false),
        ("", second.id, None, true),
    ] {
        let mut conversation = w.conversation(site.id, &visitor, dialogue.id, version);
        conversation.page_url = url.to_owned();
        conversation.engaged_at = known.then(|| at(20));
        tx.insert_conversation(&conversation).await.unwrap();
        let device = device.map(str::to_owned);
        let circumstances = Circumstances { device, country: None, known };
        tx.note_circumstances(conversation.id, &circumstances).await.unwrap();
    }
    for (number, seconds) in [(1, 10), (2, 3_700), (3, 3_800), (4, 3_590)] {
        let mark = GuestMark { shown_at: Some(at(seconds)), ..w.mark(number, dialogue.id) };
        tx.put_guest_mark(scope, &mark).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let part = |key: Option<&str>, triggered, engaged| Part {
        key: key.map(str::to_owned),
        figures: Figures { triggered, engaged, ..Figures::default() },
    };
    for (cut, expected) in [
        (
            Cut::Page,
            vec![
                part(None, 5, 1),
                part(Some("https://a.example"), 2, 0),
                part(Some("https://a.example/b"), 2, 1),
            ],
        ),
        (Cut::Device, vec![part(None, 6, 1), part(Some("mobile"), 2, 1), part(Some("tablet"), 1, 0)]),
        (Cut::Country, vec![part(None, 9, 2)]),
        (Cut::Known, vec![part(Some("anonymous"), 7, 0), part(Some("known"), 2, 2)]),
        // The guest of the bucket in which the second version came counts for it or the first, by the bucket's end.
        (Cut::Version, vec![part(Some("2"), 5, 1), part(Some("1"), 4, 1)]),
    ] {
        assert_eq!(session.figures_by(dialogue.id, span(0, 9_000), cut).await.unwrap(), expected, "{cut:?}");
    }
    // Each part opens the conversations that it counts; guests have none.
    for (cut, key, count) in [
        (Cut::Page, "https://a.example", 2),
        (Cut::Page, "https://a.example/b", 2),
        (Cut::Page, "https://a.example/", 0),
        (Cut::Device, "mobile", 2),
        (Cut::Country, "mobile", 0),
        (Cut::Known, "anonymous", 3),
        (Cut::Version, "2", 3),
    ] {
        let filter = ConversationFilter {
            dialogue: Some(dialogue.id),
            part: Some((cut, key.to_owned())),
            ..ConversationFilter::default()
        };
        let found = session.conversations(&filter, &FIRST).await.unwrap().items.len();
        assert_eq!(found, count, "{cut:?} {key}");
    }
    assert_eq!(session.figures_by(w.id(), span(0, 9_000), Cut::Page).await.unwrap(), []);
    let mut tx = w.begin().await;
    let unknown = tx.note_circumstances(w.id(), &Circumstances::default()).await;
    assert!(matches!(unknown, Err(store::StoreError::NotFound)));
}

pub async fn goals_and_documents_are_counted_by_name(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let mut conversations = [0, 1].map(|_| w.conversation(site.id, &visitor, dialogue.id, version.id));
    conversations[0].engaged_at = Some(at(900));
    let mut tx = w.begin().await;
    for conversation in &conversations {
        tx.insert_conversation(conversation).await.unwrap();
    }
    for (kind, key, name, conversation, seconds) in [
        (ActivityType::Goal, "goal", "Demo", 0, 10),
        (ActivityType::Goal, "goal", "Demo", 0, 20),
        (ActivityType::Goal, "goal", "Demo", 1, 30),
        (ActivityType::Goal, "goal", "Mail", 1, 30),
        (ActivityType::Goal, "goal", "Late", 1, 3_000),
        (ActivityType::Document, "document_name", "Price list", 1, 30),
    ] {
        let mut activity = w.activity(visitor.person_id, kind, seconds);
        activity.dialogue_id = Some(dialogue.id);
        activity.conversation_id = Some(conversations[conversation].id);
        activity.attributes.insert(key.to_owned(), json!(name));
        tx.append_activities(&[activity]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let named =
        |name: &str, times, conversations| NamedCount { name: Some(name.to_owned()), times, conversations };
    let goals = session.goals_of(dialogue.id, span(0, 1_000)).await.unwrap();
    assert_eq!(goals, [named("Demo", 3, 2), named("Mail", 1, 1)]);
    let documents = session.documents_of(dialogue.id, span(0, 1_000)).await.unwrap();
    assert_eq!(documents, [named("Price list", 1, 1)]);
    for (figure, name, to, count) in [
        (Figure::Goals, None, 1_000, 2),
        (Figure::Goals, Some("Demo"), 1_000, 2),
        (Figure::Goals, Some("Mail"), 1_000, 1),
        (Figure::Goals, Some("Late"), 1_000, 0),
        (Figure::Goals, Some("Late"), 3_001, 1),
        (Figure::Goals, Some("Price list"), 1_000, 0),
        (Figure::Documents, Some("Price list"), 1_000, 1),
        (Figure::Triggered, None, 1_000, 2),
        (Figure::Triggered, Some("Demo"), 1_000, 0),
        (Figure::Engaged, None, 1_000, 1),
        (Figure::Engaged, None, 500, 0),
        (Figure::Completed, None, 1_000, 0),
        (Figure::Acquired, None, 1_000, 0),
    ] {
        let mut filter = counted_in(figure, span(0, to));
        filter.named = name.map(str::to_owned);
        for dialogue in [None, Some(dialogue.id)] {
            filter.dialogue = dialogue;
            let found = session.conversations(&filter, &FIRST).await.unwrap().items.len();
            assert_eq!(found, count, "{filter:?}");
        }
        filter.dialogue = Some(w.id());
        assert_eq!(session.conversations(&filter, &FIRST).await.unwrap().items, []);
    }
}

/// A conversation with messages at these cards; `!` in front marks the visitor's answer.
async fn spoken(w: &World, conversation: &Conversation, cards: &[&str]) {
    let mut conversation = conversation.clone();
    let mut messages: Vec<Message> = Vec::new();
    for (seq, card) in (1..).zip(cards) {
        let mut message = w.message(seq, "text");
        message.card_id = Some(card.trim_start_matches('!').to_owned());
        if card.starts_with('!') {
            message.from = MessageFrom::Visitor;
        }
        messages.push(message);
        conversation.last_seq = seq;
    }
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.insert_messages(conversation.id, &messages).await.unwrap();
    tx.commit().await.unwrap();
}

fn waiting(mut conversation: Conversation, card: &str) -> Conversation {
    conversation.state.phase = Phase::Waiting { card: card.to_owned() };
    conversation
}

pub async fn a_card_counts_once_for_each_conversation(w: World) {
    let (site, dialogue, first) = w.published("k").await;
    let second = w.version(&dialogue, 2);
    let scope = SiteScope::new(site.id);
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let made = |version: VersionId| w.conversation(site.id, &visitor, dialogue.id, version);
    let mut tx = w.begin().await;
    tx.publish_version(&second).await.unwrap();
    for (number, shown) in [(1, 10), (2, 5_000)] {
        let mark = GuestMark { shown_at: Some(at(shown)), ..w.mark(number, dialogue.id) };
        tx.put_guest_mark(scope, &mark).await.unwrap();
    }
    // Nobody answered these.
    for version in [first.id, second.id, second.id] {
        tx.insert_conversation(&made(version)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let engaged = |version| Conversation { engaged_at: Some(at(20)), ..made(version) };
    // Went twice through `ask`, and is still there.
    spoken(&w, &waiting(engaged(first.id), "more"), &["hello", "ask", "!ask", "ask", "!ask", "more"]).await;
    let dropped = Conversation { dropped_at: Some(at(90_000)), ..engaged(first.id) };
    spoken(&w, &waiting(dropped, "more"), &["hello", "ask", "!ask", "more"]).await;
    let completed = Conversation { completed_at: Some(at(30)), ..engaged(second.id) };
    spoken(&w, &completed, &["hello", "ask", "!ask", "more", "!more", "bye"]).await;
    // Begun with its first words, never answered.
    spoken(&w, &waiting(made(second.id), "ask"), &["hello", "ask"]).await;
    let late = Conversation { triggered_at: at(50_000), ..engaged(first.id) };
    spoken(&w, &late, &["hello"]).await;
    let mut session = w.read().await;
    let card =
        |id: &str, reached, answered, left| CardFigures { card_id: id.to_owned(), reached, answered, left };
    let all = session.canvas_figures(dialogue.id, span(0, 10_000), None).await.unwrap();
    let expected =
        [card("ask", 4, 3, 1), card("bye", 1, 0, 0), card("hello", 4, 0, 0), card("more", 3, 1, 1)];
    assert_eq!(all.cards, expected);
    let mut unanswered = vec![(first.id, 1), (second.id, 4)];
    unanswered.sort_unstable();
    assert_eq!((all.conversations, all.unanswered), (9, unanswered));
    let one = session.canvas_figures(dialogue.id, span(0, 10_000), Some(first.id)).await.unwrap();
    assert_eq!(one.cards, [card("ask", 2, 2, 0), card("hello", 2, 0, 0), card("more", 2, 0, 1)]);
    assert_eq!((one.conversations, one.unanswered), (3, vec![(first.id, 1)]));
}
