import { Button, Drawer, Group, MultiSelect, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Team } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { NetworkIcon, PlusIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { choices, namesOf } from "./queries.ts";
import { RowMenu } from "./RowMenu.tsx";
import classes from "./routing.module.css";
import { Scope } from "./Scope.tsx";

const route = getRouteApi("/frame/teams");

type Named = readonly { id: string; name: string }[] | undefined;

export function Teams() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const teams = useQuery(teamsQuery);
  const agents = useQuery(agentsQuery).data;
  const mayEdit = useMay("admin.teams.manage");
  const [edited, setEdited] = useState<Team | null>(null);
  const [leaving, setLeaving] = useState<Team | null>(null);
  const making = (on: boolean) => void navigate({ search: { new: on ? true : undefined }, replace: true });
  const create = mayEdit ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => making(true)}>
      New team
    </Button>
  ) : null;
  return (
    <Page title="Teams" fill actions={create}>
      <Scope>A card or a rule can ask for a team; its members take turns.</Scope>
      <DataTable
        label="The teams"
        columns={columnsOf(mayEdit, agents, setEdited, setLeaving)}
        data={inline(teams)}
        rowId={(team) => team.id}
        empty={
          <Empty icon={NetworkIcon} title="No team yet" action={create}>
            A team is a set of agents who take turns, such as those who speak a language or know a product.
          </Empty>
        }
      />
      <Drawer
        opened={edited !== null || (search.new === true && mayEdit)}
        onClose={() => (edited ? setEdited(null) : making(false))}
        position="right"
        title={edited ? "Team" : "New team"}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Form
          key={edited?.id ?? "new"}
          team={edited}
          agents={agents}
          onClose={() => (edited ? setEdited(null) : making(false))}
        />
      </Drawer>
      <DeleteTeam team={leaving} onClose={() => setLeaving(null)} />
    </Page>
  );
}

function columnsOf(
  mayEdit: boolean,
  agents: Named,
  edit: (team: Team) => void,
  remove: (team: Team) => void,
): Column<Team>[] {
  const columns: Column<Team>[] = [
    {
      key: "name",
      label: "Name",
      width: 220,
      cell: (team) =>
        mayEdit ? (
          <button type="button" className={classes.name} dir="auto" onClick={() => edit(team)}>
            {team.name}
          </button>
        ) : (
          <span dir="auto">{team.name}</span>
        ),
    },
    {
      key: "members",
      label: "Members by turn",
      width: 480,
      cell: (team) => namesOf(team.members, agents) || "–",
    },
  ];
  if (mayEdit) {
    columns.push({
      key: "more",
      label: "",
      width: 72,
      cell: (team) => <RowMenu name={team.name} remove={() => remove(team)} />,
    });
  }
  return columns;
}

function Form({ team, agents, onClose }: { team: Team | null; agents: Named; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(team?.name ?? "");
  const [members, setMembers] = useState(team?.members ?? []);
  const save = useMutation({
    mutationFn: () =>
      team
        ? api.patch<Team>(`/teams/${team.id}`, { name, members }, { ifMatch: team.version })
        : api.post<Team>("/teams", { name, members }),
    onSuccess: () => {
      for (const key of ["teams", "agents", "routing"]) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
    },
    onError: (error) => notifyProblem("The team was not saved", error),
  });
  const errors = fieldErrors(save.error);
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
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={errors.name}
        />
        <MultiSelect
          label="Members"
          description="They take turns in this order"
          data={choices(agents, members)}
          value={members}
          onChange={setMembers}
          searchable
          error={errors.members}
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

function DeleteTeam({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/teams/${id}`),
    onSuccess: () => {
      for (const key of ["teams", "agents", "routing"]) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
    },
    onError: (error) => notifyProblem("The team was not deleted", error),
  });
  return (
    <Confirm
      opened={team !== null}
      onClose={onClose}
      title={`Delete ${team?.name ?? ""}?`}
      action="Delete"
      busy={remove.isPending}
      onConfirm={() => team && remove.mutate(team.id)}
    >
      Cards and rules that ask for this team find nobody there. Its agents stay.
    </Confirm>
  );
}
