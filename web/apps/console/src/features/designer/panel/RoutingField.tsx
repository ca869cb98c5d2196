import { Select, Stack } from "@mantine/core";
import type { Routing } from "@usher/api";
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
        <Nobody
          label="Agent"
          none="There is no agent yet"
          hint="Users become agents when they are allowed to take chats or meetings."
          chosen={value.agent}
          error={errorAt(findings, "routing/agent")}
          onChange={(agent) => onChange({ by: "agent", agent })}
        />
      ) : null}
      {value.by === "team" ? (
        <Nobody
          label="Team"
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

interface NobodyProps {
  label: string;
  none: string;
  hint: string;
  chosen: string | null;
  error?: string;
  onChange: (id: string | null) => void;
}

/** A choice among agents or teams, of which this instance has none; what a pasted card refers to can be taken away. */
function Nobody({ label, none, hint, chosen, error, onChange }: NobodyProps) {
  return (
    <Select
      label={label}
      placeholder={none}
      description={chosen === null ? hint : undefined}
      data={chosen === null ? [] : [{ value: chosen, label: "Not on this instance" }]}
      value={chosen}
      disabled={chosen === null}
      clearable
      error={error}
      onChange={onChange}
    />
  );
}
