import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Agent } from "@usher/api";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { HeadsetIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { AgentEditor } from "./AgentEditor.tsx";
import { namesOf } from "./queries.ts";
import classes from "./routing.module.css";
import { Scope } from "./Scope.tsx";

/** Who may take live chats and meetings, and whether they are there. */
export function Agents() {
  const agents = useQuery(agentsQuery);
  const teams = useQuery({ ...teamsQuery, retry: false });
  const mayEdit = useMay("admin.agents");
  const mayUsers = useMay("admin.users");
  const [open, setOpen] = useState<Agent | null>(null);
  return (
    <Page title="Agents" fill>
      <Scope>Agents are the users whose profile lets them set hours for live chats or meetings.</Scope>
      <DataTable
        label="The agents"
        columns={columnsOf(mayEdit ? setOpen : null, teams.data)}
        data={inline(agents)}
        rowId={(agent) => agent.id}
        empty={
          <Empty
            icon={HeadsetIcon}
            title="No agent yet"
            action={mayUsers ? <ButtonLink to="/users">Users</ButtonLink> : null}
          >
            A user becomes an agent with a profile such as Live agent, Calendar agent or Sales admin.
          </Empty>
        }
      />
      <AgentEditor agent={open} onClose={() => setOpen(null)} />
    </Page>
  );
}

function columnsOf(
  open: ((agent: Agent) => void) | null,
  teams: readonly { id: string; name: string }[] | undefined,
): Column<Agent>[] {
  return [
    {
      key: "name",
      label: "Name",
      width: 200,
      cell: (agent) =>
        open ? (
          <button type="button" className={classes.name} dir="auto" onClick={() => open(agent)}>
            {agent.name}
          </button>
        ) : (
          <span dir="auto">{agent.name}</span>
        ),
    },
    { key: "now", label: "Live chat now", width: 240, cell: (agent) => <Now agent={agent} /> },
    { key: "email", label: "E-mail", width: 216, cell: (agent) => <OwnText>{agent.email}</OwnText> },
    {
      key: "meetings",
      label: "Meetings",
      width: 136,
      cell: (agent) => {
        if (!agent.takes_meetings) return "–";
        return agent.meetings ? "Hours are set" : "No hours";
      },
    },
    { key: "teams", label: "Teams", width: 176, cell: (agent) => namesOf(agent.teams, teams) || "–" },
    { key: "weight", label: "Weight", width: 88, align: "end", cell: (agent) => agent.weight },
    { key: "limit", label: "Chats at once", width: 112, align: "end", cell: (agent) => agent.chat_limit },
    {
      key: "given",
      label: "Meetings to date",
      width: 136,
      align: "end",
      cell: (agent) => count(agent.meetings_given),
    },
    {
      key: "last",
      label: "Last given",
      width: 120,
      cell: (agent) => (agent.last_given_at ? <TimeAgo at={agent.last_given_at} /> : "–"),
    },
  ];
}

function Now({ agent }: { agent: Agent }) {
  const now = agent.live_chat_now;
  if (!now) return "–";
  return (
    <>
      <Badge variant="light" color={now.available ? "green" : "gray"} mr={8}>
        {now.available ? "Available" : "Away"}
      </Badge>
      {now.words}
    </>
  );
}
