//! Cards that hand over to people: meetings and live chats, whom they ask, and what is said when nobody can.

use crate::card::CardId;
use kernel::{Locale, RichText, TeamId, UserId};
use serde::{Deserialize, Serialize};

/// Offers free slots of a calendar, to be booked in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// What is said with the slots; may hold tokens.
    pub text: RichText,
    /// Whose calendar.
    pub routing: Routing,
    /// Where the agent's name is stored (`person.x`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save_agent_name: Option<String>,
    /// Where the agent's e-mail address is stored (`person.x`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save_agent_email: Option<String>,
    /// What is said when nobody can be booked; the site's text when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<RichText>,
    /// The next card when a meeting was booked; none ends the branch.
    pub booked: Option<CardId>,
    /// The next card when none was; none ends the branch.
    pub not_booked: Option<CardId>,
}

/// Hands over to an agent; always the last card of its branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveChat {
    /// What is said while somebody is fetched; may hold tokens.
    pub text: RichText,
    /// Who is asked.
    pub routing: Routing,
    /// Ask any available agent when the rule yields nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub any_available_agent: bool,
    /// What is said when nobody takes the chat; the site's text when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<RichText>,
}

/// Who takes a meeting or a live chat (spec 06; account routing always comes first).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Routing {
    /// All agents in turn.
    #[default]
    RoundRobin,
    /// One agent.
    Agent {
        /// Who; none in an unfinished draft.
        agent: Option<UserId>,
    },
    /// The members of a team in turn.
    Team {
        /// Which; none in an unfinished draft.
        team: Option<TeamId>,
    },
    /// The instance's routing rules.
    CustomRules,
}

/// What a card hands over to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// A booked appointment.
    Meeting,
    /// A chat with an agent.
    LiveChat,
}

/// How a chat with an agent ended, as far as the dialogue cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatOutcome {
    /// The visitor had an agent, or gave up.
    Over,
    /// Nobody took it.
    NobodyCame,
}

/// What is said when nobody can be reached and neither card nor site has words of its own.
pub fn standard_fallback(handover: Handover, locale: Locale) -> RichText {
    RichText::plain(match handover {
        Handover::Meeting => no_meeting(locale),
        Handover::LiveChat => no_agent(locale),
    })
}

const fn no_meeting(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "We cannot offer you a time here at the moment. Please leave us a message, and we will write to you."
        }
        Locale::Fr => {
            "Nous ne pouvons pas vous proposer de rendez-vous pour le moment. Laissez-nous un message et nous vous écrirons."
        }
        Locale::De => {
            "Im Moment können wir Ihnen hier keinen Termin anbieten. Bitte hinterlassen Sie uns eine Nachricht, wir melden uns."
        }
        Locale::Es => "En este momento no podemos ofrecerle una cita. Déjenos un mensaje y le escribiremos.",
        Locale::It => {
            "Al momento non possiamo proporle un appuntamento. Ci lasci un messaggio e le scriveremo."
        }
        Locale::Nl => {
            "We kunnen u hier op dit moment geen afspraak aanbieden. Laat een bericht achter, dan schrijven we u."
        }
        Locale::Sv => "Just nu kan vi inte erbjuda någon tid här. Lämna ett meddelande så hör vi av oss.",
        Locale::PtBr => {
            "No momento não podemos oferecer um horário. Deixe uma mensagem e escreveremos para você."
        }
        Locale::Ja => {
            "現在、ご予約いただける時間がありません。メッセージをお残しください。こちらからご連絡いたします。"
        }
        Locale::Ko => "지금은 예약 가능한 시간이 없습니다. 메시지를 남겨 주시면 연락드리겠습니다.",
        Locale::ZhHans => "目前暂时无法为您安排时间。请给我们留言,我们会与您联系。",
        Locale::ZhHant => "目前暫時無法為您安排時間。請留言給我們,我們會與您聯絡。",
    }
}

const fn no_agent(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "Nobody is free to chat at the moment. Please leave us a message, and we will write to you."
        }
        Locale::Fr => {
            "Personne n’est disponible pour discuter en ce moment. Laissez-nous un message et nous vous écrirons."
        }
        Locale::De => {
            "Im Moment ist leider niemand frei. Bitte hinterlassen Sie uns eine Nachricht, wir melden uns."
        }
        Locale::Es => "En este momento no hay nadie disponible. Déjenos un mensaje y le escribiremos.",
        Locale::It => "Al momento nessuno è disponibile. Ci lasci un messaggio e le scriveremo.",
        Locale::Nl => "Op dit moment is er niemand beschikbaar. Laat een bericht achter, dan schrijven we u.",
        Locale::Sv => "Ingen är ledig just nu. Lämna ett meddelande så hör vi av oss.",
        Locale::PtBr => "No momento ninguém está disponível. Deixe uma mensagem e escreveremos para você.",
        Locale::Ja => {
            "現在、対応できる担当者がおりません。メッセージをお残しください。こちらからご連絡いたします。"
        }
        Locale::Ko => "지금은 상담 가능한 직원이 없습니다. 메시지를 남겨 주시면 연락드리겠습니다.",
        Locale::ZhHans => "目前没有客服在线。请给我们留言,我们会与您联系。",
        Locale::ZhHant => "目前沒有客服在線。請留言給我們,我們會與您聯絡。",
    }
}
