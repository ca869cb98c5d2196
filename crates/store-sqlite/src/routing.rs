//! Agents, teams, rules, accounts, rings and assignments.

use crate::{
    error::Result,
    rows::{Columns, after_time, all, hex, json, like_inside, limit, one, paged, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{AccountId, RoutingRuleId, TeamId, UserId, text::fold, to_millis};
use routing::{Ring, RingKey, Scope, Seat};
use sqlx::{query, sqlite::SqliteRow};
use store::{
    AccountRecord, AgentSettings, Assignment, AssignmentTotal, FallbackRecord, Page, PageRequest,
    RoutingReads, RoutingWrites, RuleRecord, SiteScope, StoreError, TeamRecord,
};
use uuid::Uuid;

fn agent(row: &SqliteRow) -> Result<AgentSettings> {
    Ok(AgentSettings {
        user_id: row.id("user_id")?,
        weight: row.int("weight")?,
        chat_limit: row.int("chat_limit")?,
        live_chat: row.opt_json("live_chat")?,
        meetings: row.opt_json("meetings")?,
        meeting_rules: row.opt_json("meeting_rules")?,
        switch: row.opt_json("switch")?,
        updated_at: row.at("updated_at")?,
        version: row.int("version")?,
    })
}

fn team(row: &SqliteRow) -> Result<TeamRecord> {
    Ok(TeamRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        members: row.json("members")?,
        created_at: row.at("created_at")?,
        version: row.int("version")?,
    })
}

fn rule(row: &SqliteRow) -> Result<RuleRecord> {
    Ok(RuleRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        priority: row.int("priority")?,
        enabled: row.flag("enabled")?,
        criteria: row.opt_json("criteria")?,
        agents: row.json("agents")?,
        teams: row.json("teams")?,
        created_at: row.at("created_at")?,
        version: row.int("version")?,
    })
}

fn account(row: &SqliteRow) -> Result<AccountRecord> {
    Ok(AccountRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        domains: row.json("domains")?,
        owner: row.id("owner_id")?,
        created_at: row.at("created_at")?,
        version: row.int("version")?,
    })
}

fn assignment(row: &SqliteRow) -> Result<Assignment> {
    Ok(Assignment {
        id: row.id("id")?,
        at: row.at("at")?,
        purpose: row.word("purpose")?,
        agent_id: row.id("agent_id")?,
        ring: row.opt_json("ring")?,
        site_id: row.opt_id("site_id")?,
        person_id: row.opt_id("person_id")?,
        conversation_id: row.opt_id("conversation_id")?,
        explanation: row.json("explanation")?,
    })
}

fn seat(row: &SqliteRow) -> Result<Seat> {
    Ok(Seat {
        agent: row.id("agent_id")?,
        mark: row.int("mark")?,
        last_turn: row.int("last_turn")?,
        last_at: row.at("last_at")?,
        turns: row.int("turns")?,
    })
}

fn scope(scope: Scope) -> String {
    match scope {
        Scope::Everybody => "everybody".to_owned(),
        Scope::Team(id) => format!("team/{id}"),
        Scope::Rule(id) => format!("rule/{id}"),
    }
}

const ACCOUNTS: &str = "SELECT a.*, (SELECT json_group_array(domain) FROM (
   SELECT domain FROM account_domains d WHERE d.account_id = a.id ORDER BY domain)) AS domains FROM accounts a";

fn accounts_where(condition: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("{ACCOUNTS} WHERE {condition}"))
}

#[async_trait]
impl<C: Connected> RoutingReads for Handle<C> {
    async fn agent_settings(&mut self) -> Result<Vec<AgentSettings>> {
        all(self.connection()?, query("SELECT * FROM agents")).await?.iter().map(agent).collect()
    }

    async fn agent_settings_of(&mut self, user: UserId) -> Result<Option<AgentSettings>> {
        let found = query("SELECT * FROM agents WHERE user_id = ?").bind(user.uuid());
        one(self.connection()?, found).await?.as_ref().map(agent).transpose()
    }

    async fn teams(&mut self) -> Result<Vec<TeamRecord>> {
        let found = query("SELECT * FROM teams ORDER BY folded, id");
        all(self.connection()?, found).await?.iter().map(team).collect()
    }

    async fn team(&mut self, id: TeamId) -> Result<Option<TeamRecord>> {
        let found = query("SELECT * FROM teams WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(team).transpose()
    }

    async fn routing_rules(&mut self) -> Result<Vec<RuleRecord>> {
        let found = query("SELECT * FROM routing_rules ORDER BY priority, created_at, id");
        all(self.connection()?, found).await?.iter().map(rule).collect()
    }

    async fn routing_rule(&mut self, id: RoutingRuleId) -> Result<Option<RuleRecord>> {
        let found = query("SELECT * FROM routing_rules WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(rule).transpose()
    }

    async fn accounts(&mut self, words: Option<&str>, page: &PageRequest) -> Result<Page<AccountRecord>> {
        let (at, id) = after_time(page)?;
        let pattern = words.map(|words| like_inside(&fold(words)));
        let sql = accounts_where(
            "(a.created_at, a.id) < (?1, ?2) AND (?3 IS NULL OR a.folded LIKE ?3 ESCAPE '\\' OR EXISTS (
               SELECT 1 FROM account_domains d WHERE d.account_id = a.id AND d.domain LIKE ?3 ESCAPE '\\'))
             ORDER BY a.created_at DESC, a.id DESC LIMIT ?4",
        );
        let found = query(sql).bind(at).bind(id).bind(pattern).bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(account).collect::<Result<_>>()?;
        Ok(paged(items, page, |account: &AccountRecord| (to_millis(account.created_at), account.id.uuid())))
    }

    async fn account(&mut self, id: AccountId) -> Result<Option<AccountRecord>> {
        let found = query(accounts_where("a.id = ?")).bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(account).transpose()
    }

    async fn accounts_with_domains(&mut self, domains: &[String]) -> Result<Vec<AccountRecord>> {
        let sql = accounts_where(
            "a.id IN (SELECT account_id FROM account_domains WHERE domain IN (SELECT value FROM json_each(?)))",
        );
        let rows = all(self.connection()?, query(sql).bind(json(domains)?)).await?;
        rows.iter().map(account).collect()
    }

    async fn accounts_with_names(&mut self, names: &[String]) -> Result<Vec<AccountRecord>> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let sql = accounts_where("a.folded IN (SELECT value FROM json_each(?))");
        let rows = all(self.connection()?, query(sql).bind(json(&folded)?)).await?;
        rows.iter().map(account).collect()
    }

    async fn fallbacks(&mut self, site: SiteScope) -> Result<Option<FallbackRecord>> {
        let found = query("SELECT * FROM site_fallbacks WHERE site_id = ?").bind(site.site().uuid());
        let row = one(self.connection()?, found).await?;
        row.map(|row| {
            Ok(FallbackRecord {
                site_id: row.id("site_id")?,
                content: row.json("content")?,
                version: row.int("version")?,
            })
        })
        .transpose()
    }

    async fn rings(&mut self, keys: &[RingKey]) -> Result<Vec<Ring>> {
        let mut rings = Vec::with_capacity(keys.len());
        for key in keys {
            let (purpose, scope) = (word(key.purpose), scope(key.scope));
            let ring = query("SELECT turns, floor FROM routing_rings WHERE purpose = ? AND scope = ?")
                .bind(purpose.clone())
                .bind(scope.clone());
            let seats = query("SELECT * FROM routing_seats WHERE purpose = ? AND scope = ?")
                .bind(purpose)
                .bind(scope);
            let (turns, floor) = match one(self.connection()?, ring).await? {
                Some(row) => (row.int("turns")?, row.int("floor")?),
                None => (0, 0),
            };
            let seats = all(self.connection()?, seats).await?.iter().map(seat).collect::<Result<_>>()?;
            rings.push(Ring { turns, floor, seats });
        }
        Ok(rings)
    }

    async fn assignments(&mut self, agent: Option<UserId>, page: &PageRequest) -> Result<Page<Assignment>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM assignments WHERE (at, id) < (?1, ?2) AND (?3 IS NULL OR agent_id = ?3)
             ORDER BY at DESC, id DESC LIMIT ?4",
        )
        .bind(at)
        .bind(id)
        .bind(agent.map(UserId::uuid))
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(assignment).collect::<Result<_>>()?;
        Ok(paged(items, page, |one: &Assignment| (to_millis(one.at), one.id.uuid())))
    }

    async fn assignment_totals(&mut self) -> Result<Vec<AssignmentTotal>> {
        let found = query(
            "SELECT agent_id, purpose, count(*) AS count, max(at) AS last_at FROM assignments GROUP BY agent_id, purpose",
        );
        let total = |row: &SqliteRow| {
            Ok(AssignmentTotal {
                agent_id: row.id("agent_id")?,
                purpose: row.word("purpose")?,
                count: row.int("count")?,
                last_at: row.at("last_at")?,
            })
        };
        all(self.connection()?, found).await?.iter().map(total).collect()
    }
}

/// What an update that touched no row means.
fn missed(is_there: bool) -> Result<()> {
    Err(if is_there { StoreError::Stale } else { StoreError::NotFound })
}

impl Handle<Turn> {
    async fn forget_rings(&mut self, of: Scope) -> Result<()> {
        for sql in ["DELETE FROM routing_rings WHERE scope = ?", "DELETE FROM routing_seats WHERE scope = ?"]
        {
            run(self.connection()?, query(sql).bind(scope(of))).await?;
        }
        Ok(())
    }

    async fn insert_account_domains(&mut self, accounts: &[AccountRecord]) -> Result<()> {
        let pairs = accounts.iter().flat_map(|account| {
            account.domains.iter().map(|domain| (domain.as_str(), hex(account.id.uuid())))
        });
        let rows: Vec<(&str, String)> = pairs.collect();
        let insert = query(
            "INSERT INTO account_domains (domain, account_id) SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?)",
        );
        run(self.connection()?, insert.bind(json(&rows)?)).await.map(drop)
    }

    async fn replace_accounts(&mut self, accounts: &[AccountRecord]) -> Result<()> {
        for account in accounts {
            let update = query(
                "UPDATE accounts SET name = ?, folded = ?, owner_id = ?, version = version + 1 WHERE id = ? AND version = ?",
            )
            .bind(account.name.clone())
            .bind(fold(&account.name))
            .bind(account.owner.uuid())
            .bind(account.id.uuid())
            .bind(account.version);
            if run(self.connection()?, update).await? == 0 {
                return missed(self.account(account.id).await?.is_some());
            }
        }
        let ids: Vec<Uuid> = accounts.iter().map(|account| account.id.uuid()).collect();
        let clear =
            query("DELETE FROM account_domains WHERE account_id IN (SELECT unhex(value) FROM json_each(?))")
                .bind(crate::rows::hexes(ids));
        run(self.connection()?, clear).await?;
        self.insert_account_domains(accounts).await
    }

    /// Carries `work` out whole or not at all, and lets the unit go on either way.
    async fn attempt<T>(&mut self, outcome: Result<T>) -> Result<T> {
        let end = if outcome.is_ok() { "RELEASE whole" } else { "ROLLBACK TO whole" };
        run(self.connection()?, query(end)).await?;
        if outcome.is_err() {
            run(self.connection()?, query("RELEASE whole")).await?;
        }
        outcome
    }
}

#[async_trait]
impl RoutingWrites for Handle<Turn> {
    async fn save_agent_settings(&mut self, settings: &AgentSettings) -> Result<()> {
        let optional = |schedule: &Option<routing::Schedule>| schedule.as_ref().map(json).transpose();
        let save = query(
            "INSERT INTO agents (user_id, weight, chat_limit, live_chat, meetings, switch, updated_at, version,
               meeting_rules)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 + 1, ?9 WHERE ?8 = 0 OR EXISTS (
               SELECT 1 FROM agents WHERE user_id = ?1 AND version = ?8)
             ON CONFLICT (user_id) DO UPDATE SET weight = excluded.weight, chat_limit = excluded.chat_limit,
               live_chat = excluded.live_chat, meetings = excluded.meetings, switch = excluded.switch,
               updated_at = excluded.updated_at, version = excluded.version, meeting_rules = excluded.meeting_rules
             WHERE agents.version = excluded.version - 1",
        )
        .bind(settings.user_id.uuid())
        .bind(settings.weight)
        .bind(settings.chat_limit)
        .bind(optional(&settings.live_chat)?)
        .bind(optional(&settings.meetings)?)
        .bind(settings.switch.as_ref().map(json).transpose()?)
        .bind(to_millis(settings.updated_at))
        .bind(settings.version)
        .bind(settings.meeting_rules.as_ref().map(json).transpose()?);
        if run(self.connection()?, save).await? > 0 {
            return Ok(());
        }
        missed(self.agent_settings_of(settings.user_id).await?.is_some())
    }

    async fn insert_team(&mut self, team: &TeamRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO teams (id, name, folded, members, created_at, version) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(team.id.uuid())
        .bind(team.name.clone())
        .bind(fold(&team.name))
        .bind(json(&team.members)?)
        .bind(to_millis(team.created_at))
        .bind(team.version);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_team(&mut self, team: &TeamRecord) -> Result<()> {
        let update = query(
            "UPDATE teams SET name = ?, folded = ?, members = ?, version = version + 1 WHERE id = ? AND version = ?",
        )
        .bind(team.name.clone())
        .bind(fold(&team.name))
        .bind(json(&team.members)?)
        .bind(team.id.uuid())
        .bind(team.version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        missed(self.team(team.id).await?.is_some())
    }

    async fn delete_team(&mut self, id: TeamId) -> Result<()> {
        self.forget_rings(Scope::Team(id)).await?;
        run_found(self.connection()?, query("DELETE FROM teams WHERE id = ?").bind(id.uuid())).await
    }

    async fn insert_routing_rule(&mut self, rule: &RuleRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO routing_rules (id, name, description, priority, enabled, criteria, agents, teams, created_at, version)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(rule.id.uuid())
        .bind(rule.name.clone())
        .bind(rule.description.clone())
        .bind(rule.priority)
        .bind(rule.enabled)
        .bind(rule.criteria.as_ref().map(json).transpose()?)
        .bind(json(&rule.agents)?)
        .bind(json(&rule.teams)?)
        .bind(to_millis(rule.created_at))
        .bind(rule.version);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_routing_rule(&mut self, rule: &RuleRecord) -> Result<()> {
        let update = query(
            "UPDATE routing_rules SET name = ?, description = ?, priority = ?, enabled = ?, criteria = ?, agents = ?, teams = ?,
               version = version + 1
             WHERE id = ? AND version = ?",
        )
        .bind(rule.name.clone())
        .bind(rule.description.clone())
        .bind(rule.priority)
        .bind(rule.enabled)
        .bind(rule.criteria.as_ref().map(json).transpose()?)
        .bind(json(&rule.agents)?)
        .bind(json(&rule.teams)?)
        .bind(rule.id.uuid())
        .bind(rule.version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        missed(self.routing_rule(rule.id).await?.is_some())
    }

    async fn delete_routing_rule(&mut self, id: RoutingRuleId) -> Result<()> {
        self.forget_rings(Scope::Rule(id)).await?;
        run_found(self.connection()?, query("DELETE FROM routing_rules WHERE id = ?").bind(id.uuid())).await
    }

    async fn insert_accounts(&mut self, accounts: &[AccountRecord]) -> Result<()> {
        let rows: Vec<_> = accounts
            .iter()
            .map(|account| {
                let (id, owner) = (hex(account.id.uuid()), hex(account.owner.uuid()));
                (
                    id,
                    &account.name,
                    fold(&account.name),
                    owner,
                    to_millis(account.created_at),
                    account.version,
                )
            })
            .collect();
        run(self.connection()?, query("SAVEPOINT whole")).await?;
        let insert = query(
            "INSERT INTO accounts (id, name, folded, owner_id, created_at, version)
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5 FROM json_each(?)",
        );
        let inserted = run(self.connection()?, insert.bind(json(&rows)?)).await;
        let outcome = match inserted {
            Ok(_) => self.insert_account_domains(accounts).await,
            Err(error) => Err(error),
        };
        self.attempt(outcome).await
    }

    async fn update_accounts(&mut self, accounts: &[AccountRecord]) -> Result<()> {
        run(self.connection()?, query("SAVEPOINT whole")).await?;
        let outcome = self.replace_accounts(accounts).await;
        self.attempt(outcome).await
    }

    async fn delete_accounts(&mut self, ids: &[AccountId]) -> Result<u64> {
        let delete = query("DELETE FROM accounts WHERE id IN (SELECT unhex(value) FROM json_each(?))")
            .bind(crate::rows::hexes(ids.iter().map(|id| id.uuid())));
        run(self.connection()?, delete).await
    }

    async fn save_fallbacks(&mut self, fallbacks: &FallbackRecord) -> Result<()> {
        let save = query(
            "INSERT INTO site_fallbacks (site_id, content, version)
             SELECT ?1, ?2, ?3 + 1 WHERE ?3 = 0 OR EXISTS (
               SELECT 1 FROM site_fallbacks WHERE site_id = ?1 AND version = ?3)
             ON CONFLICT (site_id) DO UPDATE SET content = excluded.content, version = excluded.version
             WHERE site_fallbacks.version = excluded.version - 1",
        )
        .bind(fallbacks.site_id.uuid())
        .bind(json(&fallbacks.content)?)
        .bind(fallbacks.version);
        if run(self.connection()?, save).await? > 0 {
            return Ok(());
        }
        missed(self.fallbacks(SiteScope::new(fallbacks.site_id)).await?.is_some())
    }

    // There is one writer, so whoever is in a unit of work has all locks.
    async fn lock_rings(&mut self, keys: &[RingKey]) -> Result<Vec<Ring>> {
        self.rings(keys).await
    }

    async fn save_turn(&mut self, key: RingKey, ring: &Ring, seat: &Seat) -> Result<()> {
        let (purpose, scope) = (word(key.purpose), scope(key.scope));
        let save = query(
            "INSERT INTO routing_rings (purpose, scope, turns, floor) VALUES (?, ?, ?, ?)
             ON CONFLICT (purpose, scope) DO UPDATE SET turns = excluded.turns, floor = excluded.floor",
        )
        .bind(purpose.clone())
        .bind(scope.clone())
        .bind(ring.turns)
        .bind(ring.floor);
        run(self.connection()?, save).await?;
        let save = query(
            "INSERT INTO routing_seats (purpose, scope, agent_id, mark, last_turn, last_at, turns) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (purpose, scope, agent_id) DO UPDATE SET mark = excluded.mark, last_turn = excluded.last_turn,
               last_at = excluded.last_at, turns = excluded.turns",
        )
        .bind(purpose)
        .bind(scope)
        .bind(seat.agent.uuid())
        .bind(seat.mark)
        .bind(seat.last_turn)
        .bind(to_millis(seat.last_at))
        .bind(i64::try_from(seat.turns).unwrap_or(i64::MAX));
        run(self.connection()?, save).await.map(drop)
    }

    async fn insert_assignments(&mut self, assignments: &[Assignment]) -> Result<()> {
        for one in assignments {
            let insert = query(
                "INSERT INTO assignments (id, at, purpose, agent_id, ring, site_id, person_id, conversation_id, explanation)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(one.id.uuid())
            .bind(to_millis(one.at))
            .bind(word(one.purpose))
            .bind(one.agent_id.uuid())
            .bind(one.ring.as_ref().map(json).transpose()?)
            .bind(one.site_id.map(kernel::SiteId::uuid))
            .bind(one.person_id.map(kernel::PersonId::uuid))
            .bind(one.conversation_id.map(kernel::ConversationId::uuid))
            .bind(json(&one.explanation)?);
            run(self.connection()?, insert).await?;
        }
        Ok(())
    }
}
