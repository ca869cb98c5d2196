import { Badge, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AgentState, ChatRow } from "@usher/api";
import type { ReactNode } from "react";
import { whoIs } from "#lib/live/alerts.ts";
import { boardQuery } from "#lib/live/queries.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { count } from "#lib/ui/format.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import classes from "./board.module.css";
import { agentStanding, standing } from "./chats.ts";

/** Who waits, who talks, who was missed today, and how the agents stand; for supervisors, in real time. */
export function Board() {
  const board = useQuery({ ...boardQuery, refetchInterval: REFRESH.happening });
  const { data } = board;
  return (
    <Page title="Live board" back={{ label: "Inbox", to: "/inbox" }}>
      {board.error && !data ? (
        <Failed error={board.error} what="The board could not be read" retry={() => void board.refetch()} />
      ) : null}
      {board.isPending ? <LinesSkeleton /> : null}
      {data ? (
        <div className={classes.board}>
          <Part title="Waiting" rows={data.waiting} none="Nobody waits.">
            {(one) => <TimeAgo at={one.requested_at} />}
          </Part>
          <Part title="Active" rows={data.active} none="Nobody talks to an agent.">
            {(one) => <TimeAgo at={one.accepted_at} />}
          </Part>
          <Part title="Missed today" rows={data.missed_today} none="None was missed today.">
            {(one) => <TimeAgo at={one.requested_at} />}
          </Part>
          <Agents agents={data.agents} />
        </div>
      ) : null}
    </Page>
  );
}

interface PartProps {
  title: string;
  rows: ChatRow[];
  none: string;
  children: (row: ChatRow) => ReactNode;
}

function Part({ title, rows, none, children }: PartProps) {
  return (
    <section className={classes.part}>
      <Title order={2}>
        {title} <span className={classes.count}>{count(rows.length)}</span>
      </Title>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : (
        <ul className={classes.rows}>
          {rows.map((one) => (
            <li key={one.id}>
              <TextLink to="/inbox" search={{ chat: one.id }} inherit className={classes.name} dir="auto">
                {whoIs(one.person)}
              </TextLink>
              <span className={classes.when}>{children(one)}</span>
              <span className={classes.words} dir="auto">
                {standing(one)} · {one.dialogue_name}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Agents({ agents }: { agents: AgentState[] }) {
  return (
    <section className={classes.agents}>
      <Title order={2}>
        Agents <span className={classes.count}>{count(agents.length)}</span>
      </Title>
      <Table aria-label="Agents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Agent</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Chats</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {agents.map((one) => {
            const { label, color } = agentStanding(one);
            return (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <OwnText>{one.name}</OwnText>
                </Table.Td>
                <Table.Td>
                  <Badge color={color}>{label}</Badge>
                </Table.Td>
                <Table.Td>
                  {one.open_chats} of {one.limit}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </section>
  );
}
