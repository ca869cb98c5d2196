import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { PeopleList } from "@usher/api";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { listsQuery } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { EllipsisIcon, ListIcon, PencilIcon, PlusIcon, TrashIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import classes from "#lib/ui/table.module.css";
import { DeleteList } from "./DeleteList.tsx";
import { ListName } from "./ListName.tsx";

const route = getRouteApi("/frame/lists");

type Open = { kind: "rename" | "delete"; list: PeopleList } | null;

export function Lists() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay("people.edit");
  const lists = useQuery(listsQuery);
  const [open, setOpen] = useState<Open>(null);
  const making = (on: boolean) => void navigate({ search: { new: on ? true : undefined }, replace: true });
  const create = mayEdit ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => making(true)}>
      New list
    </Button>
  ) : null;
  return (
    <Page
      title="Lists"
      fill
      note={
        lists.data ? (
          <Text size="sm" c="dimmed">
            {count(lists.data.length)}
          </Text>
        ) : null
      }
      actions={create}
    >
      <DataTable
        label="The lists"
        columns={columnsOf(mayEdit, setOpen)}
        data={inline(lists)}
        rowId={(list) => list.id}
        empty={
          <Empty icon={ListIcon} title="No list yet" action={create}>
            A list holds people you choose by hand or by import, to greet them differently or to export them.
          </Empty>
        }
      />
      <ListName
        key={open?.kind === "rename" ? open.list.id : "new"}
        opened={search.new === true || open?.kind === "rename"}
        list={open?.kind === "rename" ? open.list : null}
        onClose={() => (open ? setOpen(null) : making(false))}
      />
      <DeleteList list={open?.kind === "delete" ? open.list : null} onClose={() => setOpen(null)} />
    </Page>
  );
}

function columnsOf(mayEdit: boolean, setOpen: (open: Open) => void): Column<PeopleList>[] {
  const columns: Column<PeopleList>[] = [
    {
      key: "name",
      label: "Name",
      width: 232,
      cell: (list) => (
        <RowLink to="/people" search={{ criteria: { all: [{ member_of: list.id, op: "is_member" }] } }}>
          {list.name}
        </RowLink>
      ),
    },
    { key: "size", label: "People", width: 112, align: "end", cell: (list) => count(list.size) },
    { key: "created", label: "Created", width: 128, cell: (list) => <TimeAgo at={list.created_at} /> },
  ];
  if (mayEdit) {
    columns.push({
      key: "more",
      label: "",
      width: 72,
      cell: (list) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              className={classes.raised}
              variant="subtle"
              color="gray"
              aria-label={`More about ${list.name}`}
            >
              <EllipsisIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<PencilIcon size={16} />}
              onClick={() => setOpen({ kind: "rename", list })}
            >
              Rename
            </Menu.Item>
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<TrashIcon size={16} />}
              onClick={() => setOpen({ kind: "delete", list })}
            >
              Delete…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    });
  }
  return columns;
}
