-- Agents, teams, rules, accounts, whose turn it is, and who was given to whom (spec 06).
CREATE TABLE agents (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, -- plain
  weight INTEGER NOT NULL, -- plain
  chat_limit INTEGER NOT NULL, -- plain
  live_chat TEXT, -- plain
  meetings TEXT, -- plain
  switch TEXT, -- plain
  updated_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

CREATE TABLE teams (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  folded TEXT NOT NULL UNIQUE, -- plain
  members TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

CREATE TABLE routing_rules (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  description TEXT NOT NULL, -- plain
  priority INTEGER NOT NULL, -- plain
  enabled INTEGER NOT NULL, -- plain
  criteria TEXT, -- plain
  agents TEXT NOT NULL, -- plain
  teams TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

CREATE TABLE accounts (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  folded TEXT NOT NULL UNIQUE, -- plain
  owner_id BLOB NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);
CREATE INDEX accounts_by_time ON accounts (created_at, id);

CREATE TABLE account_domains (
  domain TEXT NOT NULL PRIMARY KEY, -- plain
  account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE -- plain
);
CREATE INDEX account_domains_by_account ON account_domains (account_id);

CREATE TABLE site_fallbacks (
  site_id BLOB NOT NULL PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE, -- plain
  content TEXT NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

-- The scope is `everybody`, `team/ID` or `rule/ID`.
CREATE TABLE routing_rings (
  purpose TEXT NOT NULL, -- plain
  scope TEXT NOT NULL, -- plain
  turns INTEGER NOT NULL, -- plain
  floor INTEGER NOT NULL, -- plain
  PRIMARY KEY (purpose, scope)
);

CREATE TABLE routing_seats (
  purpose TEXT NOT NULL, -- plain
  scope TEXT NOT NULL, -- plain
  agent_id BLOB NOT NULL, -- plain
  mark INTEGER NOT NULL, -- plain
  last_turn INTEGER NOT NULL, -- plain
  last_at INTEGER NOT NULL, -- plain
  turns INTEGER NOT NULL, -- plain
  PRIMARY KEY (purpose, scope, agent_id)
);

CREATE TABLE assignments (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  at INTEGER NOT NULL, -- plain
  purpose TEXT NOT NULL, -- plain
  agent_id BLOB NOT NULL, -- plain
  ring TEXT, -- plain
  site_id BLOB, -- plain
  person_id BLOB, -- personal
  conversation_id BLOB, -- personal
  explanation TEXT NOT NULL -- personal
);
CREATE INDEX assignments_by_time ON assignments (at, id);
CREATE INDEX assignments_by_agent ON assignments (agent_id, at, id);
CREATE INDEX assignments_by_person ON assignments (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX assignments_by_conversation ON assignments (conversation_id) WHERE conversation_id IS NOT NULL;
