import { Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { DayField } from "#lib/ui/DayField.tsx";
import { OUTCOME_WORDS } from "./chats.ts";

const OUTCOMES = ["ended_by_agent", "ended_by_visitor", "timed_out"] as const;
const RATINGS = ["1", "2", "3", "4", "5"] as const;

interface Narrowing {
  agent?: string;
  team?: string;
  outcome?: (typeof OUTCOMES)[number];
  rating?: (typeof RATINGS)[number];
  /** Days, both included. */
  from?: string;
  to?: string;
}

const named = (rows: { id: string; name: string }[] | undefined) =>
  (rows ?? []).map((one) => ({ value: one.id, label: one.name }));

/** Narrows the chats by agent, team, end, rating and the day on which they were asked for. */
export function Filters({ search, onChange }: { search: Narrowing; onChange: (change: Narrowing) => void }) {
  const agents = useQuery({ ...agentsQuery, retry: false });
  const teams = useQuery({ ...teamsQuery, retry: false });
  const shared = { size: "xs", clearable: true } as const;
  return (
    <>
      {agents.data ? (
        <Select
          {...shared}
          searchable
          aria-label="Agent"
          placeholder="Any agent"
          data={named(agents.data)}
          value={search.agent ?? null}
          onChange={(value) => onChange({ agent: value ?? undefined })}
        />
      ) : null}
      {teams.data && teams.data.length > 0 ? (
        <Select
          {...shared}
          searchable
          aria-label="Team"
          placeholder="Any team"
          data={named(teams.data)}
          value={search.team ?? null}
          onChange={(value) => onChange({ team: value ?? undefined })}
        />
      ) : null}
      <Select
        {...shared}
        aria-label="How it ended"
        placeholder="Any end"
        data={OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] }))}
        value={search.outcome ?? null}
        onChange={(value) => onChange({ outcome: OUTCOMES.find((one) => one === value) })}
      />
      <Select
        {...shared}
        aria-label="Rating"
        placeholder="Any rating"
        data={RATINGS.map((value) => ({ value, label: `★ ${value}` }))}
        value={search.rating ?? null}
        onChange={(value) => onChange({ rating: RATINGS.find((one) => one === value) })}
      />
      <Group gap={8} wrap="nowrap">
        <DayField label="From day" value={search.from} onChange={(from) => onChange({ from })} />
        <DayField label="Until day" value={search.to} onChange={(to) => onChange({ to })} />
      </Group>
    </>
  );
}
