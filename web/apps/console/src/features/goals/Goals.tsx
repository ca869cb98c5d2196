import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { LibraryGoal } from "@usher/api";
import { useMemo } from "react";
import { goalsQuery } from "#lib/library/goals.ts";
import { useMayManageLibrary, usesText } from "#lib/library/uses.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { daysAgo, firstDay } from "#lib/ui/day-range.ts";
import { count } from "#lib/ui/format.ts";
import { FlagIcon, PlusIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { GoalPanel } from "./GoalPanel.tsx";
import { NewGoal } from "./NewGoal.tsx";

const route = getRouteApi("/frame/goals");
const PERIODS = [
  { value: "7", label: "7 days" },
  { value: "28", label: "28 days" },
  { value: "90", label: "90 days" },
  { value: "ever", label: "Ever" },
];

/** What dialogues and flows are meant to reach, and how often visitors do. */
export function Goals() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMayManageLibrary();
  const { days, goal, new: making } = search;
  const from = useMemo(() => daysAgo(days), [days]);
  const goals = useQuery({ ...goalsQuery(from), refetchInterval: REFRESH.happening });
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const create = mayManage ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => update({ new: true })}>
      New goal
    </Button>
  ) : null;
  return (
    <Page
      title="Goals"
      fill
      actions={create}
      toolbar={
        <SegmentedControl
          size="xs"
          aria-label="Reached in"
          data={PERIODS}
          value={days ?? "ever"}
          onChange={(value) => update({ days: value === "ever" ? undefined : (value as "7") })}
        />
      }
    >
      <DataTable
        label="The goals"
        columns={COLUMNS}
        data={inline(goals)}
        rowId={(one) => one.id}
        empty={
          <Empty icon={FlagIcon} title="No goal yet" action={create}>
            A goal is what a conversation is good for: a demo booked, an address given. Dialogues and flows
            share goals; each one is counted here wherever it is reached.
          </Empty>
        }
      />
      <GoalPanel
        goal={goals.data?.find((one) => one.id === goal)}
        mayManage={mayManage}
        since={firstDay(days)}
        onClose={() => update({ goal: undefined })}
      />
      <NewGoal opened={making === true && mayManage} onClose={() => update({ new: undefined })} />
    </Page>
  );
}

const COLUMNS: Column<LibraryGoal>[] = [
  {
    key: "name",
    label: "Name",
    width: 264,
    cell: (one) => (
      <RowLink to="/goals" search={(before: object) => ({ ...before, goal: one.id })} replace>
        {one.name}
      </RowLink>
    ),
  },
  { key: "reached", label: "Reached", width: 96, align: "end", cell: (one) => count(one.reached) },
  { key: "people", label: "People", width: 88, align: "end", cell: (one) => count(one.people) },
  {
    key: "used",
    label: "Used in",
    width: 232,
    cell: (one) => (
      <span dir="auto" title={one.used_in.map((use) => use.name).join(", ")}>
        {usesText(one.used_in)}
      </span>
    ),
  },
  {
    key: "former",
    label: "Formerly",
    width: 184,
    cell: (one) => <OwnText>{one.former_names.join(", ")}</OwnText>,
  },
  { key: "created", label: "Added", width: 112, cell: (one) => <TimeAgo at={one.created_at} /> },
];
