import type { Api } from "./api.ts";

/** A screen of the console: what to call it, and its address below `/console`. */
export interface Screen {
  name: string;
  path: string;
  /** A panel or dialog stands open on it. */
  panel?: true;
}

interface Row {
  id: string;
}

async function someFlow(api: Api): Promise<string> {
  const [site] = (await api.get<{ items: Row[] }>("/sites?limit=1")).items;
  return (await api.ok<Row>("POST", "/flows", { site_id: site?.id, name: "Looked over" })).id;
}

/** Every screen of the console, with a record behind each list. `person` is the person whose record is opened. */
export async function everyScreen(api: Api, person?: string): Promise<Screen[]> {
  const first = async (path: string) => (await api.get<{ items: Row[] }>(path)).items[0]?.id;
  const people = await api.ok<{ items: Row[] }>("POST", "/people/search", { known: true, limit: 1 });
  const screens: Screen[] = [
    { name: "home", path: "/" },
    { name: "inbox", path: "/inbox" },
    { name: "inbox-all", path: "/inbox?scope=all&rating=5" },
    { name: "live-board", path: "/inbox/board" },
    { name: "conversations", path: "/conversations" },
    { name: "conversations-behind", path: "/conversations?reached=triggered&by=known&key=known" },
    { name: "dialogues", path: "/dialogues" },
    { name: "flows", path: "/flows" },
    { name: "documents", path: "/documents" },
    { name: "document-by-address", path: "/documents?new=true" },
    { name: "goals", path: "/goals" },
    { name: "canned-responses", path: "/canned-responses" },
    { name: "canned-response-new", path: "/canned-responses?new=true", panel: true },
    { name: "goal-new", path: "/goals?new=true" },
    { name: "people", path: "/people" },
    { name: "person-new", path: "/people/new" },
    { name: "companies", path: "/companies" },
    { name: "lists", path: "/lists" },
    { name: "imports", path: "/imports" },
    { name: "import-new", path: "/imports/new" },
    { name: "sites", path: "/sites" },
    { name: "attributes", path: "/attributes" },
    { name: "users", path: "/users" },
    { name: "responses", path: "/responses" },
    { name: "responses-unanswered", path: "/responses?tab=unanswered" },
    { name: "response-new", path: "/responses?new=true", panel: true },
    { name: "dialogue-new", path: "/dialogues?new=true", panel: true },
    { name: "flow-new", path: "/flows?new=true", panel: true },
    { name: "list-new", path: "/lists?new=true", panel: true },
    { name: "site-new", path: "/sites?new=true", panel: true },
    { name: "attribute-new", path: "/attributes?new=true", panel: true },
    { name: "attributes-company", path: "/attributes?of=company" },
    { name: "profile-new", path: "/profiles/new" },
    { name: "token-new", path: "/tokens?new=true", panel: true },
    { name: "user-invite", path: "/users?new=true", panel: true },
    { name: "profiles", path: "/profiles" },
    { name: "tokens", path: "/tokens" },
    { name: "outbox", path: "/outbox" },
    { name: "outbox-webhooks", path: "/outbox?kind=webhook" },
    { name: "outbox-notifications", path: "/outbox?kind=alert" },
    { name: "audit-log", path: "/audit-log" },
    { name: "me", path: "/me" },
    { name: "my-availability", path: "/me/availability" },
    { name: "live-chat-report", path: "/reports/live-chat" },
    { name: "live-chat-report-days", path: "/reports/live-chat?by=days" },
    { name: "my-notifications", path: "/me/notifications" },
    { name: "agents", path: "/agents" },
    { name: "teams", path: "/teams" },
    { name: "rules", path: "/rules" },
    { name: "accounts", path: "/accounts" },
    { name: "fallbacks", path: "/fallbacks" },
    { name: "turns", path: "/routing" },
  ];
  const records: [string, string | undefined, string[]][] = [
    [
      "person",
      person ?? people.items[0]?.id,
      ["", "?tab=conversations", "?tab=page-views"].map((tab) => `/people/ID${tab}`),
    ],
    ["company", await first("/companies?limit=1"), ["/companies/ID"]],
    ["import", await first("/imports?limit=1"), ["/imports/ID"]],
    ["user", await first("/users?limit=1"), ["/users/ID"]],
    ["profile", await first("/profiles?limit=1"), ["/profiles/ID"]],
    ["conversation", await first("/conversations?limit=1"), ["/conversations/ID"]],
    [
      "dialogue",
      await first("/dialogues?limit=1"),
      [
        "/dialogues/ID/design",
        ...["audience", "settings", "results", "versions"].map((tab) => `/dialogues/ID?tab=${tab}`),
        "/dialogues/ID?part=page-views&tab=results",
      ],
    ],
    [
      "flow",
      (await first("/flows?limit=1")) ?? (await someFlow(api)),
      ["/flows/ID/design", ...["settings", "versions"].map((tab) => `/flows/ID?tab=${tab}`)],
    ],
    [
      "site",
      await first("/sites?limit=1"),
      ["style", "privacy", "installation", "security", "general"].map((tab) => `/sites/ID?tab=${tab}`),
    ],
  ];
  for (const [kind, id, paths] of records) {
    if (!id) throw new Error(`there is no ${kind} to look at`);
    for (const path of paths) {
      const tab = path.split("tab=")[1];
      screens.push({ name: tab ? `${kind}-${tab}` : kind, path: path.replace("ID", id) });
    }
  }
  return screens;
}
