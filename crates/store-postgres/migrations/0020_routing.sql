-- Agents, teams, rules, accounts, whose turn it is, and who was given to whom (spec 06).
CREATE TABLE agents (
  user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, -- plain
  weight integer NOT NULL, -- plain
  chat_limit integer NOT NULL, -- plain
  live_chat jsonb, -- plain
  meetings jsonb, -- plain
  switch jsonb, -- plain
  updated_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

CREATE TABLE teams (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  folded text COLLATE "C" NOT NULL UNIQUE, -- plain
  members jsonb NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

CREATE TABLE routing_rules (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  description text NOT NULL, -- plain
  priority integer NOT NULL, -- plain
  enabled boolean NOT NULL, -- plain
  criteria jsonb, -- plain
  agents jsonb NOT NULL, -- plain
  teams jsonb NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

CREATE TABLE accounts (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  folded text COLLATE "C" NOT NULL UNIQUE, -- plain
  owner_id uuid NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);
CREATE INDEX accounts_by_time ON accounts (created_at, id);

CREATE TABLE account_domains (
  domain text COLLATE "C" NOT NULL PRIMARY KEY, -- plain
  account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE -- plain
);
CREATE INDEX account_domains_by_account ON account_domains (account_id);

CREATE TABLE site_fallbacks (
  site_id uuid NOT NULL PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE, -- plain
  content jsonb NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

-- The scope is `everybody`, `team/ID` or `rule/ID`.
CREATE TABLE routing_rings (
  purpose text NOT NULL, -- plain
  scope text NOT NULL, -- plain
  turns bigint NOT NULL, -- plain
  floor bigint NOT NULL, -- plain
  PRIMARY KEY (purpose, scope)
);

CREATE TABLE routing_seats (
  purpose text NOT NULL, -- plain
  scope text NOT NULL, -- plain
  agent_id uuid NOT NULL, -- plain
  mark bigint NOT NULL, -- plain
  last_turn bigint NOT NULL, -- plain
  last_at timestamptz NOT NULL, -- plain
  turns bigint NOT NULL, -- plain
  PRIMARY KEY (purpose, scope, agent_id)
);

CREATE TABLE assignments (
  id uuid NOT NULL PRIMARY KEY, -- plain
  at timestamptz NOT NULL, -- plain
  purpose text NOT NULL, -- plain
  agent_id uuid NOT NULL, -- plain
  ring jsonb, -- plain
  site_id uuid, -- plain
  person_id uuid, -- personal
  conversation_id uuid, -- personal
  explanation jsonb NOT NULL -- personal
);
CREATE INDEX assignments_by_time ON assignments (at, id);
CREATE INDEX assignments_by_agent ON assignments (agent_id, at, id);
CREATE INDEX assignments_by_person ON assignments (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX assignments_by_conversation ON assignments (conversation_id) WHERE conversation_id IS NOT NULL;
