import { Group, SegmentedControl, Select, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RingSeat } from "@usher/api";
import { useState } from "react";
import { teamsQuery } from "#lib/api/shared.ts";
import { count } from "#lib/ui/format.ts";
import { Page } from "#lib/ui/Page.tsx";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { DryRun } from "./DryRun.tsx";
import { type Purpose, ringQuery, rulesQuery } from "./queries.ts";
import classes from "./routing.module.css";

/** Whose turn it is, and who would get a certain visitor now. */
export function Turns() {
  const [purpose, setPurpose] = useState<Purpose>("live_chat");
  return (
    <Page
      title="Turns and dry run"
      actions={
        <SegmentedControl
          aria-label="For"
          data={[
            { value: "live_chat", label: "Live chats" },
            { value: "meeting", label: "Meetings" },
          ]}
          value={purpose}
          onChange={(value) => setPurpose(value as Purpose)}
        />
      }
    >
      <div className={classes.columns}>
        <DryRun key={purpose} purpose={purpose} />
        <RingTable purpose={purpose} />
      </div>
    </Page>
  );
}

function RingTable({ purpose }: { purpose: Purpose }) {
  const teams = useQuery({ ...teamsQuery, retry: false }).data ?? [];
  const rules = useQuery({ ...rulesQuery, retry: false }).data ?? [];
  const [scope, setScope] = useState("everybody");
  const [kind, id] = scope.split("/");
  const ring = useQuery(
    ringQuery(purpose, kind === "team" ? id : undefined, kind === "rule" ? id : undefined),
  );
  return (
    <section aria-labelledby="turns">
      <Title order={2} id="turns" mb="xs">
        Turns
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Whoever was given a visitor least recently is next. Turns are taken when live chats and meetings hand
        visitors over; the dry run takes none.
      </Text>
      <Stack>
        <Select
          label="Among"
          data={[
            { value: "everybody", label: "All agents" },
            { group: "Teams", items: teams.map(({ id, name }) => ({ value: `team/${id}`, label: name })) },
            {
              group: "Rules",
              items: rules
                .filter((rule) => rule.enabled)
                .map(({ id, name }) => ({ value: `rule/${id}`, label: name })),
            },
          ]}
          value={scope}
          allowDeselect={false}
          onChange={(value) => value && setScope(value)}
        />
        {ring.error ? <Failed error={ring.error} what="The turns could not be read" /> : null}
        {ring.isPending ? <LinesSkeleton /> : null}
        {ring.data ? <Seats seats={ring.data.seats} /> : null}
        {ring.data ? (
          <Group>
            <Text size="sm" c="dimmed">
              {count(ring.data.turns)} turns so far
            </Text>
          </Group>
        ) : null}
      </Stack>
    </section>
  );
}

function Seats({ seats }: { seats: RingSeat[] }) {
  if (seats.length === 0) return <Text size="sm">Nobody takes turns here.</Text>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, and the keyboard must be able to
    <section className={classes.scroll} aria-label="The order" tabIndex={0}>
      <table className={classes.turns}>
        <thead>
          <tr>
            <th>Agent</th>
            <th className={classes.number}>Next turn</th>
            <th>Last turn</th>
            <th className={classes.number}>Turns</th>
            <th className={classes.number}>Weight</th>
          </tr>
        </thead>
        <tbody>
          {seats.map((seat) => (
            <tr key={seat.agent_id}>
              <td>
                <span dir="auto">{seat.name}</span>
                {seat.away ? (
                  <Text size="xs" c="dimmed">
                    Passed over now: {seat.away}
                  </Text>
                ) : null}
              </td>
              <td className={classes.number}>{seat.next_turn ?? "–"}</td>
              <td>{seat.last_at ? <TimeAgo at={seat.last_at} /> : "–"}</td>
              <td className={classes.number}>{count(seat.turns)}</td>
              <td className={classes.number}>{seat.weight}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
