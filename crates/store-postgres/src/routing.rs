//! Agents, teams, rules, accounts, rings and assignments.

use crate::{
    codec::{At, Columns, all, document, instant, maybe_id, uuids, word},
    error::store_error,
    paging::{Filter, NewestFirst, anywhere, fixed},
    table::Table,
    unit::{Unit, made},
};
use async_trait::async_trait;
use kernel::{AccountId, RoutingRuleId, TeamId, UserId, text::fold};
use routing::{Ring, RingKey, Scope, Seat};
use serde_json::{Value as Json, json};
use sqlx::{Connection, postgres::PgRow, query, types::Json as Document};
use store::{
    AccountRecord, AgentSettings, Assignment, AssignmentTotal, FallbackRecord, Page, PageRequest,
    RoutingReads, RoutingWrites, RuleRecord, SiteScope, StoreError, TeamRecord,
};

const TEAMS: Table = Table {
    name: "teams",
    key: "id",
    columns: "id, name, folded, members, created_at, version",
    changeable: "name, folded, members, version",
};
const RULES: Table = Table {
    name: "routing_rules",
    key: "id",
    columns: "id, name, description, priority, enabled, criteria, agents, teams, created_at, version",
    changeable: "name, description, priority, enabled, criteria, agents, teams, version",
};
const ACCOUNTS: Table = Table {
    name: "accounts",
    key: "id",
    columns: "id, name, folded, owner_id, created_at, version",
    changeable: "name, folded, owner_id, version",
};
const DOMAINS: Table =
    Table { name: "account_domains", key: "domain", columns: "domain, account_id", changeable: "" };
const ASSIGNMENTS: Table = Table {
    name: "assignments",
    key: "id",
    columns: "id, at, purpose, agent_id, ring, site_id, person_id, conversation_id, explanation",
    changeable: "",
};
const UNCHANGED: &str = "AND t.version = r.version - 1";

const SELECT_ACCOUNTS: &str = "SELECT a.*, (SELECT coalesce(jsonb_agg(d.domain ORDER BY d.domain), '[]')
   FROM account_domains d WHERE d.account_id = a.id) AS domains FROM accounts a";
const ALL_ACCOUNTS: NewestFirst = NewestFirst { select: SELECT_ACCOUNTS, time: "a.created_at", id: "a.id" };
const ALL_ASSIGNMENTS: NewestFirst =
    NewestFirst { select: "SELECT * FROM assignments", time: "at", id: "id" };

fn agent(row: &PgRow) -> Result<AgentSettings, StoreError> {
    Ok(AgentSettings {
        user_id: row.id("user_id")?,
        weight: u8::try_from(row.small("weight")?).unwrap_or(routing::MAX_WEIGHT),
        chat_limit: row.small("chat_limit")?,
        live_chat: row.maybe_json("live_chat")?,
        meetings: row.maybe_json("meetings")?,
        meeting_rules: row.maybe_json("meeting_rules")?,
        switch: row.maybe_json("switch")?,
        updated_at: row.at("updated_at")?,
        version: row.long("version")?,
    })
}

fn team(row: &PgRow) -> Result<TeamRecord, StoreError> {
    Ok(TeamRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        members: row.json("members")?,
        created_at: row.at("created_at")?,
        version: row.long("version")?,
    })
}

fn rule(row: &PgRow) -> Result<RuleRecord, StoreError> {
    Ok(RuleRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        priority: row.small("priority")?,
        enabled: row.flag("enabled")?,
        criteria: row.maybe_json("criteria")?,
        agents: row.json("agents")?,
        teams: row.json("teams")?,
        created_at: row.at("created_at")?,
        version: row.long("version")?,
    })
}

fn account(row: &PgRow) -> Result<AccountRecord, StoreError> {
    Ok(AccountRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        domains: row.json("domains")?,
        owner: row.id("owner_id")?,
        created_at: row.at("created_at")?,
        version: row.long("version")?,
    })
}

fn assignment(row: &PgRow) -> Result<Assignment, StoreError> {
    Ok(Assignment {
        id: row.id("id")?,
        at: row.at("at")?,
        purpose: row.word("purpose")?,
        agent_id: row.id("agent_id")?,
        ring: row.maybe_json("ring")?,
        site_id: row.maybe_id("site_id")?,
        person_id: row.maybe_id("person_id")?,
        conversation_id: row.maybe_id("conversation_id")?,
        explanation: row.json("explanation")?,
    })
}

fn seat(row: &PgRow) -> Result<Seat, StoreError> {
    Ok(Seat {
        agent: row.id("agent_id")?,
        mark: row.long("mark")?,
        last_turn: row.long("last_turn")?,
        last_at: row.at("last_at")?,
        turns: row.count("turns")?,
    })
}

fn scope(scope: Scope) -> String {
    match scope {
        Scope::Everybody => "everybody".to_owned(),
        Scope::Team(id) => format!("team/{id}"),
        Scope::Rule(id) => format!("rule/{id}"),
    }
}

fn team_row(team: &TeamRecord, version: i64) -> Json {
    json!({
        "id": team.id.uuid(),
        "name": team.name,
        "folded": fold(&team.name),
        "members": team.members,
        "created_at": instant(team.created_at),
        "version": version,
    })
}

fn rule_row(rule: &RuleRecord, version: i64) -> Result<Json, StoreError> {
    Ok(json!({
        "id": rule.id.uuid(),
        "name": rule.name,
        "description": rule.description,
        "priority": rule.priority,
        "enabled": rule.enabled,
        "criteria": rule.criteria.as_ref().map(document).transpose()?,
        "agents": rule.agents,
        "teams": rule.teams,
        "created_at": instant(rule.created_at),
        "version": version,
    }))
}

fn account_row(account: &AccountRecord, version: i64) -> Json {
    json!({
        "id": account.id.uuid(),
        "name": account.name,
        "folded": fold(&account.name),
        "owner_id": account.owner.uuid(),
        "created_at": instant(account.created_at),
        "version": version,
    })
}

fn domain_rows(accounts: &[AccountRecord]) -> Vec<Json> {
    let of = |account: &AccountRecord| {
        let id = account.id.uuid();
        let domains: Vec<Json> = account
            .domains
            .iter()
            .map(|domain| json!({ "domain": domain.as_str(), "account_id": id }))
            .collect();
        domains
    };
    accounts.iter().flat_map(of).collect()
}

fn assignment_row(one: &Assignment) -> Result<Json, StoreError> {
    Ok(json!({
        "id": one.id.uuid(),
        "at": instant(one.at),
        "purpose": word(&one.purpose),
        "agent_id": one.agent_id.uuid(),
        "ring": one.ring.as_ref().map(document).transpose()?,
        "site_id": maybe_id(one.site_id.map(kernel::SiteId::uuid)),
        "person_id": maybe_id(one.person_id.map(kernel::PersonId::uuid)),
        "conversation_id": maybe_id(one.conversation_id.map(kernel::ConversationId::uuid)),
        "explanation": document(&one.explanation)?,
    }))
}

fn missed(is_there: bool) -> StoreError {
    if is_there { StoreError::Stale } else { StoreError::NotFound }
}

#[async_trait]
impl RoutingReads for Unit {
    async fn agent_settings(&mut self) -> Result<Vec<AgentSettings>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM agents")).await?, agent)
    }

    async fn agent_settings_of(&mut self, user: UserId) -> Result<Option<AgentSettings>, StoreError> {
        let found = query("SELECT * FROM agents WHERE user_id = $1").bind(user.uuid());
        self.row(found).await?.as_ref().map(agent).transpose()
    }

    async fn teams(&mut self) -> Result<Vec<TeamRecord>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM teams ORDER BY folded, id")).await?, team)
    }

    async fn team(&mut self, id: TeamId) -> Result<Option<TeamRecord>, StoreError> {
        let found = query("SELECT * FROM teams WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(team).transpose()
    }

    async fn routing_rules(&mut self) -> Result<Vec<RuleRecord>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM routing_rules ORDER BY priority, created_at, id")).await?, rule)
    }

    async fn routing_rule(&mut self, id: RoutingRuleId) -> Result<Option<RuleRecord>, StoreError> {
        let found = query("SELECT * FROM routing_rules WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(rule).transpose()
    }

    async fn accounts(
        &mut self,
        words: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<AccountRecord>, StoreError> {
        let mut filter = Filter::new();
        filter.when(
            "(a.folded LIKE {} OR EXISTS (
               SELECT FROM account_domains d WHERE d.account_id = a.id AND d.domain LIKE {}))",
            words.map(|words| anywhere(&fold(words))),
        )?;
        ALL_ACCOUNTS.page(self, filter, page, account).await
    }

    async fn account(&mut self, id: AccountId) -> Result<Option<AccountRecord>, StoreError> {
        let found = made(format!("{SELECT_ACCOUNTS} WHERE a.id = $1")).bind(id.uuid());
        self.row(found).await?.as_ref().map(account).transpose()
    }

    async fn accounts_with_domains(&mut self, domains: &[String]) -> Result<Vec<AccountRecord>, StoreError> {
        let found = made(format!(
            "{SELECT_ACCOUNTS} WHERE a.id IN (SELECT account_id FROM account_domains WHERE domain = ANY($1))"
        ));
        all(&self.rows(found.bind(domains.to_vec())).await?, account)
    }

    async fn accounts_with_names(&mut self, names: &[String]) -> Result<Vec<AccountRecord>, StoreError> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let found = made(format!("{SELECT_ACCOUNTS} WHERE a.folded = ANY($1)")).bind(folded);
        all(&self.rows(found).await?, account)
    }

    async fn fallbacks(&mut self, site: SiteScope) -> Result<Option<FallbackRecord>, StoreError> {
        let found = query("SELECT * FROM site_fallbacks WHERE site_id = $1").bind(site.site().uuid());
        let row = self.row(found).await?;
        row.map(|row| {
            Ok(FallbackRecord {
                site_id: row.id("site_id")?,
                content: row.json("content")?,
                version: row.long("version")?,
            })
        })
        .transpose()
    }

    async fn rings(&mut self, keys: &[RingKey]) -> Result<Vec<Ring>, StoreError> {
        let mut rings = Vec::with_capacity(keys.len());
        for key in keys {
            let (purpose, scope) = (word(&key.purpose), scope(key.scope));
            let ring = query("SELECT turns, floor FROM routing_rings WHERE purpose = $1 AND scope = $2")
                .bind(purpose.clone())
                .bind(scope.clone());
            let seats = query("SELECT * FROM routing_seats WHERE purpose = $1 AND scope = $2")
                .bind(purpose)
                .bind(scope);
            let (turns, floor) = match self.row(ring).await? {
                Some(row) => (row.long("turns")?, row.long("floor")?),
                None => (0, 0),
            };
            rings.push(Ring { turns, floor, seats: all(&self.rows(seats).await?, seat)? });
        }
        Ok(rings)
    }

    async fn assignments(
        &mut self,
        agent: Option<UserId>,
        page: &PageRequest,
    ) -> Result<Page<Assignment>, StoreError> {
        let mut filter = Filter::new();
        filter.when("agent_id = {}", agent.map(UserId::uuid))?;
        ALL_ASSIGNMENTS.page(self, filter, page, assignment).await
    }

    async fn assignment_totals(&mut self) -> Result<Vec<AssignmentTotal>, StoreError> {
        let found = fixed(
            "SELECT agent_id, purpose, count(*) AS count, max(at) AS last_at FROM assignments GROUP BY agent_id, purpose",
        );
        all(&self.rows(found).await?, |row| {
            Ok(AssignmentTotal {
                agent_id: row.id("agent_id")?,
                purpose: row.word("purpose")?,
                count: row.count("count")?,
                last_at: row.at("last_at")?,
            })
        })
    }
}

impl Unit {
    async fn forget_rings(&mut self, of: Scope) -> Result<(), StoreError> {
        for sql in
            ["DELETE FROM routing_rings WHERE scope = $1", "DELETE FROM routing_seats WHERE scope = $1"]
        {
            self.run(query(sql).bind(scope(of))).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl RoutingWrites for Unit {
    async fn save_agent_settings(&mut self, settings: &AgentSettings) -> Result<(), StoreError> {
        let save = query(
            "INSERT INTO agents (user_id, weight, chat_limit, live_chat, meetings, switch, updated_at, version,
               meeting_rules)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8 + 1, $9 WHERE $8 = 0 OR EXISTS (
               SELECT FROM agents WHERE user_id = $1 AND version = $8)
             ON CONFLICT (user_id) DO UPDATE SET weight = excluded.weight, chat_limit = excluded.chat_limit,
               live_chat = excluded.live_chat, meetings = excluded.meetings, switch = excluded.switch,
               updated_at = excluded.updated_at, version = excluded.version, meeting_rules = excluded.meeting_rules
             WHERE agents.version = excluded.version - 1",
        )
        .bind(settings.user_id.uuid())
        .bind(i32::from(settings.weight))
        .bind(i32::try_from(settings.chat_limit).unwrap_or(i32::MAX))
        .bind(settings.live_chat.as_ref().map(Document))
        .bind(settings.meetings.as_ref().map(Document))
        .bind(settings.switch.as_ref().map(Document))
        .bind(At(settings.updated_at))
        .bind(settings.version)
        .bind(settings.meeting_rules.as_ref().map(Document));
        if self.run(save).await? > 0 {
            return Ok(());
        }
        Err(missed(self.agent_settings_of(settings.user_id).await?.is_some()))
    }

    async fn insert_team(&mut self, team: &TeamRecord) -> Result<(), StoreError> {
        TEAMS.insert_or_undo(self.connection(), &[team_row(team, team.version)]).await
    }

    async fn update_team(&mut self, team: &TeamRecord) -> Result<(), StoreError> {
        let new = team_row(team, team.version + 1);
        if TEAMS.update_or_undo(self.connection(), &[new], UNCHANGED).await? {
            return Ok(());
        }
        Err(missed(self.team(team.id).await?.is_some()))
    }

    async fn delete_team(&mut self, id: TeamId) -> Result<(), StoreError> {
        self.forget_rings(Scope::Team(id)).await?;
        self.run_on_one(query("DELETE FROM teams WHERE id = $1").bind(id.uuid())).await
    }

    async fn insert_routing_rule(&mut self, rule: &RuleRecord) -> Result<(), StoreError> {
        RULES.insert(self.connection(), &[rule_row(rule, rule.version)?]).await.map(drop)
    }

    async fn update_routing_rule(&mut self, rule: &RuleRecord) -> Result<(), StoreError> {
        let new = rule_row(rule, rule.version + 1)?;
        if RULES.update(self.connection(), &[new], UNCHANGED).await? > 0 {
            return Ok(());
        }
        Err(missed(self.routing_rule(rule.id).await?.is_some()))
    }

    async fn delete_routing_rule(&mut self, id: RoutingRuleId) -> Result<(), StoreError> {
        self.forget_rings(Scope::Rule(id)).await?;
        self.run_on_one(query("DELETE FROM routing_rules WHERE id = $1").bind(id.uuid())).await
    }

    async fn insert_accounts(&mut self, accounts: &[AccountRecord]) -> Result<(), StoreError> {
        let rows: Vec<Json> = accounts.iter().map(|account| account_row(account, account.version)).collect();
        let mut attempt = self.connection().begin().await.map_err(store_error)?;
        let mut outcome = ACCOUNTS.insert(&mut attempt, &rows).await;
        if outcome.is_ok() {
            outcome = DOMAINS.insert(&mut attempt, &domain_rows(accounts)).await;
        }
        match outcome {
            Ok(_) => attempt.commit().await.map_err(store_error),
            Err(error) => {
                attempt.rollback().await.map_err(store_error)?;
                Err(error)
            }
        }
    }

    async fn update_accounts(&mut self, accounts: &[AccountRecord]) -> Result<(), StoreError> {
        let rows: Vec<Json> =
            accounts.iter().map(|account| account_row(account, account.version + 1)).collect();
        let mut attempt = self.connection().begin().await.map_err(store_error)?;
        let outcome = replace(&mut attempt, accounts, &rows).await;
        match outcome {
            Ok(true) => attempt.commit().await.map_err(store_error),
            Ok(false) => {
                attempt.rollback().await.map_err(store_error)?;
                let ids = uuids(&accounts.iter().map(|a| a.id).collect::<Vec<_>>(), AccountId::uuid);
                let there = query("SELECT id FROM accounts WHERE id = ANY($1)").bind(ids);
                Err(missed(self.rows(there).await?.len() == accounts.len()))
            }
            Err(error) => {
                attempt.rollback().await.map_err(store_error)?;
                Err(error)
            }
        }
    }

    async fn delete_accounts(&mut self, ids: &[AccountId]) -> Result<u64, StoreError> {
        self.run(query("DELETE FROM accounts WHERE id = ANY($1)").bind(uuids(ids, AccountId::uuid))).await
    }

    async fn save_fallbacks(&mut self, fallbacks: &FallbackRecord) -> Result<(), StoreError> {
        let save = query(
            "INSERT INTO site_fallbacks (site_id, content, version)
             SELECT $1, $2, $3 + 1 WHERE $3 = 0 OR EXISTS (
               SELECT FROM site_fallbacks WHERE site_id = $1 AND version = $3)
             ON CONFLICT (site_id) DO UPDATE SET content = excluded.content, version = excluded.version
             WHERE site_fallbacks.version = excluded.version - 1",
        )
        .bind(fallbacks.site_id.uuid())
        .bind(Document(&fallbacks.content))
        .bind(fallbacks.version);
        if self.run(save).await? > 0 {
            return Ok(());
        }
        Err(missed(self.fallbacks(SiteScope::new(fallbacks.site_id)).await?.is_some()))
    }

    async fn lock_rings(&mut self, keys: &[RingKey]) -> Result<Vec<Ring>, StoreError> {
        for key in keys {
            // Adding the row, or touching the one that is there, locks it until the end of the unit of work.
            let lock = query(
                "INSERT INTO routing_rings (purpose, scope, turns, floor) VALUES ($1, $2, 0, 0)
                 ON CONFLICT (purpose, scope) DO UPDATE SET turns = routing_rings.turns",
            );
            self.run(lock.bind(word(&key.purpose)).bind(scope(key.scope))).await?;
        }
        self.rings(keys).await
    }

    async fn save_turn(&mut self, key: RingKey, ring: &Ring, seat: &Seat) -> Result<(), StoreError> {
        let (purpose, scope) = (word(&key.purpose), scope(key.scope));
        let save = query(
            "INSERT INTO routing_rings (purpose, scope, turns, floor) VALUES ($1, $2, $3, $4)
             ON CONFLICT (purpose, scope) DO UPDATE SET turns = excluded.turns, floor = excluded.floor",
        )
        .bind(purpose.clone())
        .bind(scope.clone())
        .bind(ring.turns)
        .bind(ring.floor);
        self.run(save).await?;
        let save = query(
            "INSERT INTO routing_seats (purpose, scope, agent_id, mark, last_turn, last_at, turns)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (purpose, scope, agent_id) DO UPDATE SET mark = excluded.mark, last_turn = excluded.last_turn,
               last_at = excluded.last_at, turns = excluded.turns",
        )
        .bind(purpose)
        .bind(scope)
        .bind(seat.agent.uuid())
        .bind(seat.mark)
        .bind(seat.last_turn)
        .bind(At(seat.last_at))
        .bind(crate::codec::long(seat.turns));
        self.run(save).await.map(drop)
    }

    async fn insert_assignments(&mut self, assignments: &[Assignment]) -> Result<(), StoreError> {
        let rows = assignments.iter().map(assignment_row).collect::<Result<Vec<_>, _>>()?;
        ASSIGNMENTS.insert(self.connection(), &rows).await.map(drop)
    }
}

/// True when every account was at the version that was read.
async fn replace(
    connection: &mut sqlx::PgConnection,
    accounts: &[AccountRecord],
    rows: &[Json],
) -> Result<bool, StoreError> {
    if ACCOUNTS.update(connection, rows, UNCHANGED).await? < rows.len() as u64 {
        return Ok(false);
    }
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let clear = query("DELETE FROM account_domains WHERE account_id = ANY($1)");
    let cleared = clear.bind(uuids(&ids, AccountId::uuid)).execute(&mut *connection).await;
    cleared.map_err(store_error)?;
    DOMAINS.insert(connection, &domain_rows(accounts)).await?;
    Ok(true)
}
