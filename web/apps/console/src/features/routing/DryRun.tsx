import { Alert, Button, Group, Select, Stack, Switch, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { DryRunAnswer } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { Failed } from "#lib/ui/States.tsx";
import { parseAttributes } from "./attributes.ts";
import { choices, namesOf, type Purpose } from "./queries.ts";
import classes from "./routing.module.css";

type By = "round_robin" | "custom_rules" | "agent" | "team";

interface Values {
  by: By;
  agent: string | null;
  team: string | null;
  email: string;
  person: string;
  attributes: string;
  any: boolean;
  booking: boolean;
}

const START: Values = {
  by: "round_robin",
  agent: null,
  team: null,
  email: "",
  person: "",
  attributes: "",
  any: false,
  booking: false,
};

function bodyOf(values: Values, purpose: Purpose) {
  const { by, agent, team } = values;
  return {
    purpose,
    wish: { by, ...(by === "agent" && { agent }), ...(by === "team" && { team }) },
    email: values.email.trim() || undefined,
    person_id: values.person.trim() || undefined,
    attributes: parseAttributes(values.attributes) ?? {},
    any_available_agent: values.any,
    include_meeting_booking: values.booking,
  };
}

/** Who would get this visitor now? Nobody's turn is taken. */
export function DryRun({ purpose }: { purpose: Purpose }) {
  const agents = useQuery(agentsQuery).data;
  const teams = useQuery({ ...teamsQuery, retry: false }).data;
  const [values, setValues] = useState(START);
  const change = (part: Partial<Values>) => setValues({ ...values, ...part });
  const ask = useMutation({
    mutationFn: () => api.post<DryRunAnswer>("/routing/dry-run", bodyOf(values, purpose)),
  });
  const errors = fieldErrors(ask.error);
  const refused = Object.entries(errors).find(([field]) => field.startsWith("attributes"));
  const unread = parseAttributes(values.attributes) === null;
  const missing = (values.by === "agent" && !values.agent) || (values.by === "team" && !values.team);
  return (
    <section aria-labelledby="dry-run">
      <Title order={2} id="dry-run" mb="xs">
        Who would get this visitor now?
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        With hours, switches, accounts, rules and turns as they are at this moment. Who is connected and how
        many chats are open is not looked at yet.
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!unread && !missing) ask.mutate();
        }}
      >
        <Stack>
          <Select
            label="The card asks for"
            data={[
              { value: "round_robin", label: "Round robin" },
              { value: "custom_rules", label: "Custom rules" },
              { value: "agent", label: "One agent" },
              { value: "team", label: "A team" },
            ]}
            value={values.by}
            allowDeselect={false}
            onChange={(by) => by && change({ by: by as By })}
          />
          {values.by === "agent" ? (
            <Select
              label="Agent"
              searchable
              data={choices(agents, [])}
              value={values.agent}
              onChange={(agent) => change({ agent })}
            />
          ) : null}
          {values.by === "team" ? (
            <Select
              label="Team"
              searchable
              data={choices(teams, [])}
              value={values.team}
              onChange={(team) => change({ team })}
            />
          ) : null}
          <TextInput
            label="E-mail address or domain"
            placeholder="ada@acme.example"
            value={values.email}
            onChange={(event) => change({ email: event.currentTarget.value })}
            error={errors.email}
          />
          <TextInput
            label="Person"
            description="The id out of the address of the record (per_…), when everything known of a person counts"
            value={values.person}
            onChange={(event) => change({ person: event.currentTarget.value })}
            error={errors.person_id}
          />
          <Textarea
            label="Attributes"
            description="One a line: person.job_title = Boss"
            autosize
            minRows={2}
            maxRows={8}
            value={values.attributes}
            onChange={(event) => change({ attributes: event.currentTarget.value })}
            error={
              unread
                ? "Write an attribute, an equals sign and a value on each line"
                : refused && `${refused[0].replace("attributes.", "")} ${refused[1]}`
            }
          />
          <Switch
            label="Any available agent"
            checked={values.any}
            onChange={(event) => change({ any: event.currentTarget.checked })}
          />
          {purpose === "live_chat" ? (
            <Switch
              label="Include meeting booking"
              checked={values.booking}
              onChange={(event) => change({ booking: event.currentTarget.checked })}
            />
          ) : null}
          <Group>
            <Button type="submit" loading={ask.isPending} disabled={unread || missing}>
              Ask
            </Button>
          </Group>
        </Stack>
      </form>
      <div aria-live="polite">
        {ask.error && Object.keys(errors).length === 0 ? (
          <Failed error={ask.error} what="It could not be asked" />
        ) : null}
        {ask.data ? <Answer answer={ask.data} names={namesOf(ask.data.agents, agents)} /> : null}
      </div>
    </section>
  );
}

function Answer({ answer, names }: { answer: DryRunAnswer; names: string }) {
  const titles: Record<string, string> = {
    agents: names,
    calendar: `The calendar of ${names}`,
    message: "Nobody: the fallback message",
  };
  return (
    <Alert mt="md" color={answer.outcome === "agents" ? "green" : "gray"} title={titles[answer.outcome]}>
      <ol className={classes.steps}>
        {answer.explanation.map((sentence, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences never move
          <li key={index} dir="auto">
            {sentence}
          </li>
        ))}
      </ol>
    </Alert>
  );
}
