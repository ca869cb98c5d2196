import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, AuditEntry, User } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMay } from "#lib/api/session.ts";
import { everyPage } from "#lib/api/shared.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { DayField } from "#lib/ui/DayField.tsx";
import { dayEnd, dayStart } from "#lib/ui/day-range.ts";
import { ScrollTextIcon, SearchIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { AuditDetails } from "./AuditDetails.tsx";
import { actionWords, VIA_WORDS } from "./actions.ts";

const route = getRouteApi("/frame/audit-log");

/** What an action begins with, as far as people filter by it. */
const AREAS = [
  "site",
  "dialogue",
  "person",
  "people",
  "attribute",
  "list",
  "import",
  "user",
  "profile",
  "token",
  "session",
];

const COLUMNS: Column<AuditEntry>[] = [
  {
    key: "action",
    label: "What",
    width: 232,
    cell: (one) => (
      <RowLink to="/audit-log" search={(before) => ({ ...before, open: one.id })}>
        {actionWords(one.action)}
      </RowLink>
    ),
  },
  {
    key: "object",
    label: "Of",
    width: 240,
    cell: (one) => <OwnText>{one.object_name ?? one.object_id}</OwnText>,
  },
  { key: "who", label: "Who", width: 200, cell: (one) => <OwnText>{one.user?.name}</OwnText> },
  { key: "via", label: "By way of", width: 120, cell: (one) => VIA_WORDS[one.via] ?? one.via },
  { key: "ip", label: "IP address", width: 144, cell: (one) => <OwnText>{one.ip}</OwnText> },
  { key: "at", label: "When", width: 128, cell: (one) => <TimeAgo at={one.at} /> },
];

/** Who changed what, and who took personal data out in bulk. */
export function AuditLog() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const { q, user, action, from, to, open } = search;
  const entries = usePages<AuditEntry>(["audit-log", { q, user, action, from, to }], (cursor, signal) =>
    api.get<ApiPage<AuditEntry>>("/audit-log", {
      query: { q, user, action, from: dayStart(from), to: dayEnd(to), cursor, limit: 100 },
      signal,
    }),
  );
  const narrowed = [q, user, action, from, to].some((value) => value !== undefined);
  const clear = () => void navigate({ search: {}, replace: true });
  return (
    <Page
      title="Audit log"
      fill
      toolbar={
        <>
          <SearchBox
            label="Search the audit log"
            placeholder="Who, or the name of what"
            value={q}
            onChange={(text) => update({ q: text })}
          />
          <Select
            size="xs"
            flex="1 1 132px"
            maw={152}
            aria-label="Area"
            placeholder="Everything"
            clearable
            data={AREAS.map((value) => ({ value, label: actionWords(value) }))}
            value={action ?? null}
            onChange={(value) => update({ action: value ?? undefined })}
          />
          <UserFilter value={user} onChange={(id) => update({ user: id })} />
          <DayField label="From day" value={from} onChange={(day) => update({ from: day })} />
          <DayField label="Until day" value={to} onChange={(day) => update({ to: day })} />
          {narrowed ? (
            <Button variant="subtle" color="gray" onClick={clear}>
              Clear
            </Button>
          ) : null}
        </>
      }
    >
      <DataTable
        label="The entries"
        columns={COLUMNS}
        data={entries}
        rowId={(one) => one.id}
        empty={
          narrowed ? (
            <Empty
              icon={SearchIcon}
              title="No entry fits"
              action={
                <Button variant="default" onClick={clear}>
                  Show all
                </Button>
              }
            >
              Nothing was recorded with these filters.
            </Empty>
          ) : (
            <Empty icon={ScrollTextIcon} title="Nothing recorded yet">
              Every change of configuration and every export of people will be listed here, with who did it.
            </Empty>
          )
        }
      />
      <AuditDetails
        entry={entries.rows.find((one) => one.id === open) ?? null}
        onClose={() => update({ open: undefined })}
      />
    </Page>
  );
}

function UserFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const may = useMay("admin.users");
  const users = useQuery({
    queryKey: ["users", "names"],
    queryFn: () => everyPage<User>("/users"),
    enabled: may,
  });
  if (!may) return null;
  return (
    <Select
      size="xs"
      flex="1 1 152px"
      maw={184}
      aria-label="User"
      placeholder="Any user"
      searchable
      clearable
      nothingFoundMessage="Nobody is called so"
      data={(users.data ?? []).map((one) => ({ value: one.id, label: one.name || one.email }))}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
