import { Badge, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RoutingRule } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { PlusIcon, SplitIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { namesOf, rulesQuery } from "./queries.ts";
import { RowMenu } from "./RowMenu.tsx";
import { RuleEditor } from "./RuleEditor.tsx";
import classes from "./routing.module.css";
import { Scope } from "./Scope.tsx";

/** Custom rules, the one that is tried first on top. */
export function Rules() {
  const rules = useQuery(rulesQuery);
  const agents = useQuery(agentsQuery).data;
  const teams = useQuery(teamsQuery).data;
  const mayEdit = useMay("admin.rules.manage");
  const [open, setOpen] = useState<RoutingRule | "new" | null>(null);
  const [leaving, setLeaving] = useState<RoutingRule | null>(null);
  const takers = (rule: RoutingRule) =>
    [namesOf(rule.agents, agents), namesOf(rule.teams, teams)].filter((names) => names !== "").join(", ");
  const create = mayEdit ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => setOpen("new")}>
      New rule
    </Button>
  ) : null;
  return (
    <Page title="Routing rules" fill actions={create}>
      <Scope>A card can ask for the custom rules: all that fit the visitor are tried by priority.</Scope>
      <DataTable
        label="The rules"
        columns={columnsOf(mayEdit, takers, setOpen, setLeaving)}
        data={inline(rules)}
        rowId={(rule) => rule.id}
        empty={
          <Empty icon={SplitIcon} title="No rule yet" action={create}>
            A rule chooses agents by what is known of the visitor: large companies to the key account team,
            visitors from France to those who speak French.
          </Empty>
        }
      />
      <RuleEditor open={open} agents={agents} teams={teams} onClose={() => setOpen(null)} />
      <DeleteRule rule={leaving} onClose={() => setLeaving(null)} />
    </Page>
  );
}

function columnsOf(
  mayEdit: boolean,
  takers: (rule: RoutingRule) => string,
  open: (rule: RoutingRule) => void,
  remove: (rule: RoutingRule) => void,
): Column<RoutingRule>[] {
  const columns: Column<RoutingRule>[] = [
    {
      key: "name",
      label: "Name",
      width: 240,
      cell: (rule) =>
        mayEdit ? (
          <button type="button" className={classes.name} dir="auto" onClick={() => open(rule)}>
            {rule.name}
          </button>
        ) : (
          <span dir="auto">{rule.name}</span>
        ),
    },
    { key: "priority", label: "Priority", width: 96, align: "end", cell: (rule) => rule.priority },
    { key: "state", label: "State", width: 152, cell: (rule) => <State rule={rule} /> },
    { key: "takers", label: "Goes to", width: 280, cell: takers },
    {
      key: "description",
      label: "Description",
      width: 280,
      cell: (rule) => <span dir="auto">{rule.description || "–"}</span>,
    },
  ];
  if (mayEdit) {
    columns.push({
      key: "more",
      label: "",
      width: 72,
      cell: (rule) => <RowMenu name={rule.name} remove={() => remove(rule)} />,
    });
  }
  return columns;
}

function State({ rule }: { rule: RoutingRule }) {
  if (rule.problems.length > 0) {
    return (
      <Badge variant="light" color="red" title={rule.problems.join("\n")}>
        Cannot be used
      </Badge>
    );
  }
  return (
    <Badge variant="light" color={rule.enabled ? "green" : "gray"}>
      {rule.enabled ? "On" : "Off"}
    </Badge>
  );
}

function DeleteRule({ rule, onClose }: { rule: RoutingRule | null; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/routing/rules/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["routing"] });
      onClose();
    },
    onError: (error) => notifyProblem("The rule was not deleted", error),
  });
  return (
    <Confirm
      opened={rule !== null}
      onClose={onClose}
      title={`Delete ${rule?.name ?? ""}?`}
      action="Delete"
      busy={remove.isPending}
      onConfirm={() => rule && remove.mutate(rule.id)}
    >
      The rule is no longer tried, and what it remembers of turns is gone. Assignments keep their reasons.
    </Confirm>
  );
}
