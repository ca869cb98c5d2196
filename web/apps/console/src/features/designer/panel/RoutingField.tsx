import { Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Routing } from "@usher/api";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { type CardFindings, errorAt } from "../draft/findings.ts";

interface RoutingFieldProps {
  value: Routing;
  findings: CardFindings;
  onChange: (routing: Routing) => void;
}

const WAYS: { value: Routing["by"]; label: string; means: string }[] = [
  { value: "round_robin", label: "Round robin", means: "All agents in turn" },
  { value: "custom_rules", label: "Custom rules", means: "The first routing rule that fits the visitor" },
  { value: "agent", label: "One agent", means: "Always the same person" },
  { value: "team", label: "A team", means: "The members of a team in turn" },
];

/** Who takes a meeting or a chat. */
export function RoutingField({ value, findings, onChange }: RoutingFieldProps) {
  const choose = (by: Routing["by"]) => {
    if (by === "agent") onChange({ by, agent: null });
    else if (by === "team") onChange({ by, team: null });
    else onChange({ by });
  };
  const agents = useQuery({ ...agentsQuery, retry: false }).data;
  const teams = useQuery({ ...teamsQuery, retry: false }).data;
  return (
    <Stack gap="sm">
      <Select
        label="Goes to"
        description={WAYS.find((one) => one.value === value.by)?.means}
        data={WAYS.map(({ value, label }) => ({ value, label }))}
        value={value.by}
        allowDeselect={false}
        error={errorAt(findings, "routing/by")}
        onChange={(by) => by && by !== value.by && choose(by as Routing["by"])}
      />
      {value.by === "agent" ? (
        <OneOf
          label="Agent"
          known={agents}
          none="There is no agent yet"
          hint="Users become agents when they are allowed to take chats or meetings."
          chosen={value.agent}
          error={errorAt(findings, "routing/agent")}
          onChange={(agent) => onChange({ by: "agent", agent })}
        />
      ) : null}
      {value.by === "team" ? (
        <OneOf
          label="Team"
          known={teams}
          none="There is no team yet"
          hint="Teams are made of agents."
          chosen={value.team}
          error={errorAt(findings, "routing/team")}
          onChange={(team) => onChange({ by: "team", team })}
        />
      ) : null}
    </Stack>
  );
}

interface OneOfProps {
  label: string;
  /** What there is; unknown while it is read, and to those who may not see it. */
  known: readonly { id: string; name: string }[] | undefined;
  none: string;
  hint: string;
  chosen: string | null;
  error?: string;
  onChange: (id: string | null) => void;
}

/** A choice among agents or teams; what a pasted card refers to and is not here can be taken away. */
function OneOf({ label, known, none, hint, chosen, error, onChange }: OneOfProps) {
  const data = (known ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const missing = chosen !== null && !data.some((one) => one.value === chosen);
  const gone = known ? "Not on this instance" : "Chosen";
  return (
    <Select
      label={label}
      placeholder={known?.length === 0 ? none : "Choose"}
      description={known?.length === 0 && chosen === null ? hint : undefined}
      data={missing ? [...data, { value: chosen, label: gone }] : data}
      value={chosen}
      disabled={chosen === null && data.length === 0}
      searchable
      clearable
      error={error}
      onChange={onChange}
    />
  );
}
