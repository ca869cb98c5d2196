import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, Company } from "@usher/api";
import { useRef, useState } from "react";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { Building2Icon, SearchIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { useShortcut } from "#lib/ui/shortcuts.ts";

const route = getRouteApi("/frame/companies");

const COLUMNS: Column<Company>[] = [
  {
    key: "name",
    label: "Name",
    width: 264,
    cell: (one) => (
      <RowLink to="/companies/$id" params={{ id: one.id }}>
        {one.name}
      </RowLink>
    ),
  },
  {
    key: "domains",
    label: "Domains",
    width: 232,
    cell: (one) => <OwnText>{one.domains.join(", ")}</OwnText>,
  },
  {
    key: "industry",
    label: "Industry",
    width: 160,
    cell: (one) => <OwnText>{textOf(one.attributes.industry)}</OwnText>,
  },
  { key: "people", label: "People", width: 96, align: "end", cell: (one) => count(one.people) },
  { key: "owner", label: "Owner", width: 144, cell: (one) => <OwnText>{one.owner?.name}</OwnText> },
  { key: "created", label: "Created", width: 120, cell: (one) => <TimeAgo at={one.created_at} /> },
];

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

export function Companies() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(q ?? "");
  const field = useRef<HTMLInputElement>(null);
  const askFor = useDebouncedCallback(
    (text: string) =>
      void navigate({ search: { q: text.trim() === "" ? undefined : text.trim() }, replace: true }),
    200,
  );
  useShortcut("/", "Search companies", () => field.current?.focus());
  const companies = usePages<Company>(["companies", "list", q ?? null], (cursor, signal) =>
    api.get<ApiPage<Company>>("/companies", { query: { q, cursor, limit: 100 }, signal }),
  );
  return (
    <Page
      title="Companies"
      fill
      toolbar={
        <TextInput
          ref={field}
          size="xs"
          type="search"
          w={320}
          maw="100%"
          aria-label="Search companies"
          placeholder="Name or domain"
          leftSection={<SearchIcon size={14} />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            askFor(event.currentTarget.value);
          }}
        />
      }
    >
      <DataTable
        label="The companies"
        columns={COLUMNS}
        data={companies}
        rowId={(one) => one.id}
        empty={
          q ? (
            <Empty icon={SearchIcon} title="No company fits">
              No name and no domain matches “{q}”.
            </Empty>
          ) : (
            <Empty icon={Building2Icon} title="No company yet">
              Companies appear with the people who belong to them: from an import with a company column, or
              from the domain of an e-mail address.
            </Empty>
          )
        }
      />
    </Page>
  );
}
