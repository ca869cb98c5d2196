//! The vocabulary of permissions (spec 12), the five profiles from the start, and who is acting.
//!
//! Checked in one place: the route table of `web` names the permission of every route and refuses before a handler runs.
//! Use cases take the [`Actor`] to write down who did it, and ask it only where a permission changes *what* is done.

use kernel::{SessionId, TokenId, UserId};
use people::{Origin, SourceKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;

macro_rules! permissions {
    ($($area:literal, $area_label:literal => { $($name:ident = $key:literal, $label:literal, $description:literal;)* })*) => {
        /// Something that a user or a token may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "key, label and description stand in the table")]
        pub enum Permission { $($($name,)*)* }

        impl Permission {
            /// All, in the order of the specification.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];
            /// The key in the API and in the store.
            pub const fn key(self) -> &'static str { match self { $($(Self::$name => $key,)*)* } }
            /// What the profile editor calls it.
            pub const fn label(self) -> &'static str { match self { $($(Self::$name => $label,)*)* } }
            /// What it allows, in a sentence.
            pub const fn description(self) -> &'static str { match self { $($(Self::$name => $description,)*)* } }
        }

        /// The permissions by area: key of the area, its name, its permissions.
        pub const AREAS: &[(&str, &str, &[Permission])] = &[$(($area, $area_label, &[$(Permission::$name,)*]),)*];
    };
}

permissions! {
    "conversations", "Conversations" => {
        DialoguesView = "dialogues.view", "View dialogues", "See dialogues, their cards and their counts.";
        DialoguesManage = "dialogues.manage", "Manage dialogues", "Create, change, copy and delete dialogues.";
        DialoguesPublish = "dialogues.publish", "Publish dialogues", "Make a dialogue live or take it off.";
        FlowsView = "flows.view", "View flows", "See conversational flows.";
        FlowsManage = "flows.manage", "Manage flows", "Create, change, copy and delete flows.";
        FlowsPublish = "flows.publish", "Publish flows", "Make a flow live or take it off.";
    }
    "live_chat", "Live chat" => {
        LivechatViewOwn = "livechat.view_own", "View my conversations", "See conversations with one's own people.";
        LivechatViewAll = "livechat.view_all", "View all conversations", "See every conversation and its transcript.";
    }
    "meetings", "Meetings" => {
        MeetingsManageAll = "meetings.manage_all", "Manage all meetings", "See, move and cancel everybody's meetings.";
    }
    "analytics", "Analytics" => {
        AnalyticsGlobal = "analytics.global", "Global performance", "See the figures of dialogues and flows.";
        AnalyticsLivechat = "analytics.livechat", "Live chat report", "See the figures of live chat.";
        AnalyticsMeetings = "analytics.meetings", "Meetings report", "See the figures of meetings.";
        AnalyticsExport = "analytics.export", "Export reports", "Download figures.";
    }
    "agent", "Agent settings" => {
        AgentLivechatAvailability = "agent.livechat_availability", "Live-chat availability", "Set one's own hours for live chat.";
        AgentConnectCalendar = "agent.connect_calendar", "Connect a calendar", "Connect one's own calendar.";
        AgentCalendarAvailability = "agent.calendar_availability", "Calendar availability", "Set one's own hours for meetings.";
    }
    "admin", "Administration" => {
        AdminRoundRobinView = "admin.round_robin.view", "View round robin", "See whose turn it is.";
        AdminRulesView = "admin.rules.view", "View custom rules", "See routing rules.";
        AdminRulesManage = "admin.rules.manage", "Manage custom rules", "Change routing rules.";
        AdminAccountsView = "admin.accounts.view", "View accounts", "See account lists and their owners.";
        AdminAccountsManage = "admin.accounts.manage", "Manage accounts", "Change account lists and their owners.";
        AdminChatbotSettings = "admin.chatbot_settings", "Chatbot settings", "Change sites: look, behaviour, installation.";
        AdminFlowSettings = "admin.flow_settings", "Flow settings", "Change the settings of flows.";
        AdminPrivacySecurity = "admin.privacy_security", "Privacy and security", "Change consent, retention, allowed and blocked domains.";
        AdminIntegrations = "admin.integrations", "Integrations", "Connect other systems; see and retry the outbox.";
        AdminAgents = "admin.agents", "Agents", "Manage agents.";
        AdminTeamsView = "admin.teams.view", "View teams", "See teams.";
        AdminTeamsManage = "admin.teams.manage", "Manage teams", "Change teams.";
        AdminUsers = "admin.users", "Users and profiles", "Invite, change and disable users; change profiles; make API tokens.";
        PeopleView = "people.view", "View people", "See people, companies, lists and activities.";
        PeopleEdit = "people.edit", "Edit people", "Create and change people, companies, lists and attributes.";
        PeopleImport = "people.import", "Import people", "Import people from files.";
        PeopleExport = "people.export", "Export people", "Download people as CSV and everything about a person.";
        PeopleDelete = "people.delete", "Delete people", "Erase people for ever.";
        AdminCampaigns = "admin.campaigns", "Campaigns", "Manage campaigns.";
        AdminTemplates = "admin.templates", "Templates", "Manage templates.";
        AdminAi = "admin.ai", "AI", "Manage what the assistant knows and may do.";
        AdminAuditLog = "admin.audit_log", "Audit log", "See who changed what.";
    }
    "sales", "Sales" => {
        SalesLiveFeed = "sales.live_feed", "Live feed", "See what people do as it happens.";
        SalesEmail = "sales.email", "Tracked e-mail", "Send tracked e-mail.";
        SalesTasks = "sales.tasks", "Tasks", "See and complete tasks.";
        SalesSeeAll = "sales.see_all", "See all people", "See everybody's people in sales views, not only one's own.";
    }
}

impl Permission {
    /// The permission with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.key() == key)
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let key = String::deserialize(d)?;
        Self::from_key(&key).ok_or_else(|| serde::de::Error::custom(format!("{key} is not a permission")))
    }
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// Everything.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }
    /// Whether `permission` is in it.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }
    /// Out of stored keys; keys that this version does not know are left out.
    pub fn from_keys<'a>(keys: impl IntoIterator<Item = &'a String>) -> Self {
        keys.into_iter().filter_map(|key| Permission::from_key(key)).collect()
    }
    /// The keys, sorted, as they are stored.
    pub fn keys(self) -> Vec<String> {
        let keys: BTreeSet<&str> = self.iter().map(Permission::key).collect();
        keys.into_iter().map(str::to_owned).collect()
    }
    /// The permissions, in the order of the specification.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.has(*p))
    }
    /// True when everything in `other` is in this too.
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, p| set | 1 << p as u64))
    }
}

/// A profile as it comes with a new instance.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInProfile {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// What it has.
    pub permissions: fn() -> PermissionSet,
}

/// The five profiles of spec 12, in its order.
pub const BUILT_IN_PROFILES: [BuiltInProfile; 5] = [
    BuiltInProfile {
        name: "Marketing user",
        description: "Makes dialogues and flows and reads the reports.",
        permissions: marketing_user,
    },
    BuiltInProfile {
        name: "Live agent",
        description: "Talks to visitors in live chat and takes meetings.",
        permissions: live_agent,
    },
    BuiltInProfile {
        name: "Calendar agent",
        description: "Takes meetings that visitors book.",
        permissions: calendar_agent,
    },
    BuiltInProfile {
        name: "Marketing admin",
        description: "Runs marketing: sites, privacy, integrations, campaigns and people.",
        permissions: marketing_admin,
    },
    BuiltInProfile {
        name: "Sales admin",
        description: "Runs sales: agents, teams, routing, meetings and all conversations.",
        permissions: sales_admin,
    },
];

use Permission as P;
const REPORTS: [P; 3] = [P::AnalyticsGlobal, P::AnalyticsLivechat, P::AnalyticsMeetings];
const FOUR_VIEWS: [P; 4] =
    [P::AdminRoundRobinView, P::AdminRulesView, P::AdminAccountsView, P::AdminTeamsView];
const LOOK: [P; 2] = [P::DialoguesView, P::FlowsView];
const CALENDAR: [P; 2] = [P::AgentConnectCalendar, P::AgentCalendarAvailability];
const SALES: [P; 3] = [P::SalesLiveFeed, P::SalesEmail, P::SalesTasks];

fn set(groups: &[&[P]]) -> PermissionSet {
    groups.iter().flat_map(|group| group.iter().copied()).collect()
}

fn marketing_user() -> PermissionSet {
    let conversations = [
        P::DialoguesView,
        P::DialoguesManage,
        P::DialoguesPublish,
        P::FlowsView,
        P::FlowsManage,
        P::FlowsPublish,
    ];
    set(&[&conversations, &REPORTS, &FOUR_VIEWS, &[P::PeopleView]])
}

fn live_agent() -> PermissionSet {
    set(&[
        &LOOK,
        &[P::LivechatViewOwn, P::AgentLivechatAvailability],
        &CALENDAR,
        &REPORTS,
        &FOUR_VIEWS,
        &SALES,
    ])
}

fn calendar_agent() -> PermissionSet {
    set(&[&LOOK, &REPORTS, &CALENDAR, &FOUR_VIEWS, &SALES])
}

fn marketing_admin() -> PermissionSet {
    let more = [
        P::AnalyticsExport,
        P::AdminRulesManage,
        P::AdminAccountsManage,
        P::AdminChatbotSettings,
        P::AdminFlowSettings,
        P::AdminPrivacySecurity,
        P::AdminIntegrations,
        P::AdminCampaigns,
        P::PeopleView,
        P::PeopleEdit,
        P::PeopleImport,
        P::PeopleExport,
        P::PeopleDelete,
    ];
    marketing_user().iter().chain(more).collect()
}

fn sales_admin() -> PermissionSet {
    let more = [
        P::LivechatViewOwn,
        P::LivechatViewAll,
        P::MeetingsManageAll,
        P::AnalyticsExport,
        P::AgentLivechatAvailability,
        P::AdminRulesView,
        P::AdminRulesManage,
        P::AdminAccountsView,
        P::AdminAccountsManage,
        P::AdminAgents,
        P::AdminTeamsView,
        P::AdminTeamsManage,
        P::SalesSeeAll,
    ];
    set(&[&LOOK, &REPORTS, &CALENDAR, &SALES, &more])
}

/// By what way somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorKind {
    /// A signed-in user.
    User {
        /// Who.
        id: UserId,
        /// In which browser; none when the command line acts for a user.
        session: Option<SessionId>,
    },
    /// An API token.
    Token {
        /// Which.
        id: TokenId,
    },
    /// The command line on the data itself.
    CommandLine,
    /// Usher by itself.
    System,
}

/// Who is acting: what may be done, and what is written down about it.
#[derive(Debug, Clone)]
pub struct Actor {
    /// By what way.
    pub kind: ActorKind,
    /// Name of the user or token.
    pub name: String,
    /// True for the owner.
    pub owner: bool,
    /// What he, she or it may do.
    pub permissions: PermissionSet,
    /// Address of the client.
    pub ip: Option<String>,
}

impl Actor {
    /// Usher itself: may do everything.
    pub fn system() -> Self {
        Self::inside(ActorKind::System, "Usher")
    }

    /// The command line, which has the data in its hands anyway.
    pub fn command_line() -> Self {
        Self::inside(ActorKind::CommandLine, "Command line")
    }

    fn inside(kind: ActorKind, name: &str) -> Self {
        Self { kind, name: name.to_owned(), owner: false, permissions: PermissionSet::all(), ip: None }
    }

    /// Whether he, she or it has a permission.
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// The user, if it is one.
    pub const fn user_id(&self) -> Option<UserId> {
        match self.kind {
            ActorKind::User { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The word of the audit log.
    pub const fn via(&self) -> &'static str {
        match self.kind {
            ActorKind::User { .. } => "session",
            ActorKind::Token { .. } => "token",
            ActorKind::CommandLine => "cli",
            ActorKind::System => "system",
        }
    }

    /// The origin of values that this actor sets at `now`.
    pub fn origin(&self, now: kernel::Timestamp) -> Origin {
        let (source, detail) = match &self.kind {
            ActorKind::User { id, .. } => (SourceKind::User, Some(id.to_string())),
            ActorKind::Token { .. } | ActorKind::CommandLine => (SourceKind::Api, Some(self.name.clone())),
            ActorKind::System => (SourceKind::System, None),
        };
        Origin { source, detail, at: now, rung: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_fit_the_set() {
        let keys: BTreeSet<&str> = Permission::ALL.iter().map(|p| p.key()).collect();
        assert_eq!(keys.len(), Permission::ALL.len());
        assert!(Permission::ALL.len() <= 64);
        assert_eq!(PermissionSet::from_keys(&PermissionSet::all().keys()), PermissionSet::all());
    }

    #[test]
    fn the_profiles_are_those_of_the_specification() {
        let has = |name: &str, permission| {
            let profile = BUILT_IN_PROFILES.iter().find(|p| p.name == name).expect("built in");
            (profile.permissions)().has(permission)
        };
        for (profile, permission, expected) in [
            ("Marketing user", P::DialoguesPublish, true),
            ("Marketing user", P::PeopleView, true),
            ("Marketing user", P::PeopleEdit, false),
            ("Marketing user", P::AdminUsers, false),
            ("Live agent", P::DialoguesView, true),
            ("Live agent", P::DialoguesManage, false),
            ("Live agent", P::AgentLivechatAvailability, true),
            ("Live agent", P::LivechatViewAll, false),
            ("Calendar agent", P::AgentLivechatAvailability, false),
            ("Calendar agent", P::AgentConnectCalendar, true),
            ("Marketing admin", P::PeopleDelete, true),
            ("Marketing admin", P::AdminPrivacySecurity, true),
            ("Marketing admin", P::AdminUsers, false),
            ("Sales admin", P::LivechatViewAll, true),
            ("Sales admin", P::SalesSeeAll, true),
            ("Sales admin", P::DialoguesManage, false),
            ("Sales admin", P::AdminUsers, false),
        ] {
            assert_eq!(has(profile, permission), expected, "{profile}: {}", permission.key());
        }
    }
}
