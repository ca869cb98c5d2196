import {
  Button,
  Drawer,
  Group,
  MultiSelect,
  NumberInput,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Criteria, RoutingRule } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { CriteriaBuilder } from "#lib/ui/criteria/CriteriaBuilder.tsx";
import { fieldErrors, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { choices } from "./queries.ts";

type Named = readonly { id: string; name: string }[] | undefined;

interface RuleEditorProps {
  open: RoutingRule | "new" | null;
  agents: Named;
  teams: Named;
  onClose: () => void;
}

export function RuleEditor(props: RuleEditorProps) {
  const { open, onClose } = props;
  return (
    <Drawer
      opened={open !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title={open === "new" ? "New rule" : "Rule"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {open ? (
        <Form key={open === "new" ? open : open.id} {...props} rule={open === "new" ? null : open} />
      ) : null}
    </Drawer>
  );
}

interface Values {
  name: string;
  description: string;
  priority: number | undefined;
  enabled: boolean;
  criteria: Criteria | null;
  agents: string[];
  teams: string[];
}

function initial(rule: RoutingRule | null): Values {
  if (!rule) {
    return {
      name: "",
      description: "",
      priority: undefined,
      enabled: true,
      criteria: null,
      agents: [],
      teams: [],
    };
  }
  const { name, description, priority, enabled, criteria, agents, teams } = rule;
  return { name, description, priority, enabled, criteria, agents, teams };
}

function Form({ rule, agents, teams, onClose }: RuleEditorProps & { rule: RoutingRule | null }) {
  const queries = useQueryClient();
  const [values, setValues] = useState(initial(rule));
  const change = (part: Partial<Values>) => setValues({ ...values, ...part });
  const save = useMutation({
    mutationFn: () =>
      rule
        ? api.patch<RoutingRule>(`/routing/rules/${rule.id}`, values, { ifMatch: rule.version })
        : api.post<RoutingRule>("/routing/rules", values),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["routing"] });
      onClose();
    },
    onError: (error) => notifyProblem("The rule was not saved", error),
  });
  const errors = fieldErrors(save.error);
  const refused = Object.entries(errors).find(([field]) => field.startsWith("criteria"))?.[1];
  useSaveShortcut(() => save.mutate(), !save.isPending);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={values.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={errors.name}
        />
        <Textarea
          label="Description"
          autosize
          maxRows={4}
          value={values.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
          error={errors.description}
        />
        <Group grow align="flex-start">
          <NumberInput
            label="Priority"
            description="The smaller, the earlier"
            min={0}
            max={10_000}
            allowDecimal={false}
            placeholder="Behind all others"
            value={values.priority ?? ""}
            onChange={(value) => change({ priority: value === "" ? undefined : Number(value) })}
            error={errors.priority}
          />
          <Switch
            label="On"
            mt={44}
            checked={values.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
        </Group>
        <div>
          <Text size="sm" fw={500} mb={4}>
            Whose visitors
          </Text>
          <CriteriaBuilder
            value={values.criteria ?? undefined}
            onChange={(criteria) => change({ criteria: isNothing(criteria) ? null : criteria })}
            of={["person", "company", "visit", "inferred"]}
            emptyText="No condition: every visitor"
          />
          {refused ? (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {refused}
            </Text>
          ) : null}
        </div>
        <MultiSelect
          label="Agents"
          description="They take turns in this order"
          data={choices(agents, values.agents)}
          value={values.agents}
          onChange={(chosen) => change({ agents: chosen })}
          searchable
          error={errors.agents}
        />
        <MultiSelect
          label="Teams"
          description="Their members come behind the agents"
          data={choices(teams, values.teams)}
          value={values.teams}
          onChange={(chosen) => change({ teams: chosen })}
          searchable
          error={errors.teams}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A group without conditions holds for everybody and for nobody; a rule without criteria is for everybody. */
function isNothing(criteria: Criteria): boolean {
  return ("all" in criteria && criteria.all.length === 0) || ("any" in criteria && criteria.any.length === 0);
}
