import { Badge } from "@mantine/core";
import type { Page as ApiPage, Import } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { bytes, count } from "#lib/ui/format.ts";
import { FileUpIcon, UploadIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { STATES } from "./import-words.ts";

const COLUMNS: Column<Import>[] = [
  {
    key: "name",
    label: "File",
    width: 256,
    cell: (one) => (
      <RowLink to="/imports/$id" params={{ id: one.id }}>
        {one.name}
      </RowLink>
    ),
  },
  {
    key: "state",
    label: "State",
    width: 128,
    cell: (one) => <Badge color={STATES[one.state].color}>{STATES[one.state].label}</Badge>,
  },
  { key: "created", label: "Created", width: 104, align: "end", cell: (one) => count(one.progress.created) },
  { key: "updated", label: "Updated", width: 104, align: "end", cell: (one) => count(one.progress.updated) },
  {
    key: "rejected",
    label: "Refused",
    width: 104,
    align: "end",
    cell: (one) => count(one.progress.rejected),
  },
  { key: "size", label: "Size", width: 96, align: "end", cell: (one) => bytes(one.size_bytes) },
  {
    key: "by",
    label: "By",
    width: 144,
    cell: (one) => <OwnText>{one.created_by?.name}</OwnText>,
  },
  { key: "at", label: "Uploaded", width: 120, cell: (one) => <TimeAgo at={one.created_at} /> },
];

export function Imports() {
  const imports = usePages<Import>(
    ["imports", "list"],
    (cursor, signal) => api.get<ApiPage<Import>>("/imports", { query: { cursor, limit: 100 }, signal }),
    { refetchInterval: REFRESH.happening },
  );
  const start = (
    <ButtonLink to="/imports/new" leftSection={<UploadIcon size={14} />}>
      Import a CSV file
    </ButtonLink>
  );
  return (
    <Page title="Imports" fill actions={start}>
      <DataTable
        label="The imports"
        columns={COLUMNS}
        data={imports}
        rowId={(one) => one.id}
        empty={
          <Empty icon={FileUpIcon} title="No import yet" action={start}>
            Bring people from a CSV file: you see a preview and choose what each column means before anything
            is written.
          </Empty>
        }
      />
    </Page>
  );
}
