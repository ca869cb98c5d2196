import { ActionIcon, Badge, Button, Menu, SegmentedControl, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { AttributeDef } from "@usher/api";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { EllipsisIcon, PencilIcon, PlusIcon, TagsIcon, TrashIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { Page } from "#lib/ui/Page.tsx";
import { OwnText } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import table from "#lib/ui/table.module.css";
import { AttributeForm } from "./AttributeForm.tsx";
import { DeleteAttribute } from "./DeleteAttribute.tsx";
import { TYPE_WORDS } from "./type-words.ts";

const route = getRouteApi("/frame/attributes");

type Open = { kind: "edit" | "delete"; attribute: AttributeDef } | null;

/** What can be known of people and companies: the standard attributes and one's own. */
export function Attributes() {
  const { of = "person", new: making } = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay("people.edit");
  const query = useQuery({ ...attributesQuery, select: (all) => own(all.filter((one) => one.of === of)) });
  const [open, setOpen] = useState<Open>(null);
  const make = (on: boolean) =>
    void navigate({ search: (before) => ({ ...before, new: on ? true : undefined }), replace: true });
  const create = mayEdit ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => make(true)}>
      New attribute
    </Button>
  ) : null;
  return (
    <Page
      title="Attributes"
      fill
      actions={create}
      toolbar={
        <SegmentedControl
          size="xs"
          aria-label="Whose attributes"
          data={[
            { value: "person", label: "Of people" },
            { value: "company", label: "Of companies" },
          ]}
          value={of}
          onChange={(value) =>
            void navigate({ search: { of: value === "company" ? value : undefined }, replace: true })
          }
        />
      }
    >
      <DataTable
        key={of}
        label="The attributes"
        columns={columnsOf(mayEdit, setOpen)}
        data={inline(query)}
        rowId={(one) => `${one.of}.${one.name}`}
        empty={
          <Empty icon={TagsIcon} title="No attribute" action={create}>
            Attributes are what is known of people and companies.
          </Empty>
        }
      />
      <AttributeForm
        key={open?.kind === "edit" ? open.attribute.name : `new-${of}`}
        opened={making === true || open?.kind === "edit"}
        attribute={open?.kind === "edit" ? open.attribute : null}
        of={of}
        onClose={() => (open ? setOpen(null) : make(false))}
      />
      <DeleteAttribute
        attribute={open?.kind === "delete" ? open.attribute : null}
        onClose={() => setOpen(null)}
      />
    </Page>
  );
}

/** One's own first; they are what one comes here for. */
function own(all: AttributeDef[]): AttributeDef[] {
  return [...all].sort((a, b) => Number(a.standard) - Number(b.standard));
}

function columnsOf(mayEdit: boolean, setOpen: (open: Open) => void): Column<AttributeDef>[] {
  const changeable = (one: AttributeDef) => mayEdit && !one.standard && one.id !== null;
  return [
    {
      key: "label",
      label: "Label",
      width: 232,
      cell: (one) =>
        changeable(one) ? (
          <UnstyledButton
            className={table.rowLink}
            data-row-link
            fz="sm"
            onClick={() => setOpen({ kind: "edit", attribute: one })}
          >
            <OwnText>{one.label}</OwnText>
          </UnstyledButton>
        ) : (
          <OwnText>{one.label}</OwnText>
        ),
    },
    {
      key: "name",
      label: "Name",
      width: 184,
      cell: (one) => (
        <Text size="xs" ff="monospace">
          {one.name}
        </Text>
      ),
    },
    { key: "type", label: "Type", width: 120, cell: (one) => TYPE_WORDS[one.type] },
    {
      key: "kind",
      label: "Kind",
      width: 104,
      cell: (one) => (
        <Badge color={one.standard ? "gray" : "accent"}>{one.standard ? "Standard" : "Own"}</Badge>
      ),
    },
    { key: "harmless", label: "Harmless", width: 96, cell: (one) => (one.harmless ? "Yes" : "No") },
    { key: "used", label: "Used by", width: 240, cell: (one) => <OwnText>{one.used_by.join(", ")}</OwnText> },
    {
      key: "more",
      label: "",
      width: 72,
      cell: (one) => (changeable(one) ? <More attribute={one} setOpen={setOpen} /> : null),
    },
  ];
}

function More({ attribute, setOpen }: { attribute: AttributeDef; setOpen: (open: Open) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className={table.raised}
          variant="subtle"
          color="gray"
          aria-label={`More about ${attribute.label}`}
        >
          <EllipsisIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<PencilIcon size={16} />}
          onClick={() => setOpen({ kind: "edit", attribute })}
        >
          Edit
        </Menu.Item>
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<TrashIcon size={16} />}
          disabled={attribute.used_by.length > 0}
          onClick={() => setOpen({ kind: "delete", attribute })}
        >
          {attribute.used_by.length > 0 ? "In use, cannot be deleted" : "Delete…"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
