import { Button, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, DialogueState, DialogueSummary } from "@usher/api";
import { DIALOGUE } from "#features/designer/kinds.ts";
import { countColumn, STATES, StateBadges } from "#features/designer/list.tsx";
import { NewStream } from "#features/designer/NewStream.tsx";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMay } from "#lib/api/session.ts";
import { sitesQuery } from "#lib/api/shared.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { ImportText } from "#lib/texts/ImportText.tsx";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { FileUpIcon, PlusIcon, SearchIcon, WaypointsIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";

const route = getRouteApi("/frame/dialogues");

/** Every dialogue with what it brings. */
export function Dialogues() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay("dialogues.manage");
  const sites = useQuery(sitesQuery).data ?? [];
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const { q, site, state } = search;
  const dialogues = usePages<DialogueSummary>(
    ["dialogues", "list", { q, site, state }],
    (cursor, signal) =>
      api.get<ApiPage<DialogueSummary>>("/dialogues", {
        query: { q, site, state, cursor, limit: 100 },
        signal,
      }),
    { refetchInterval: REFRESH.happening },
  );
  const narrowed = q !== undefined || site !== undefined || state !== undefined;
  const clear = () => void navigate({ search: {}, replace: true });
  const [importing, { open: openImport, close: closeImport }] = useDisclosure(false);
  const create = mayManage ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => update({ new: true })}>
      New dialogue
    </Button>
  ) : null;
  return (
    <Page
      title="Dialogues"
      fill
      actions={
        <>
          {mayManage ? (
            <Button variant="default" leftSection={<FileUpIcon size={14} />} onClick={openImport}>
              Import text
            </Button>
          ) : null}
          {create}
        </>
      }
      toolbar={
        <>
          <SearchBox
            label="Search dialogues"
            placeholder="Name"
            value={q}
            onChange={(text) => update({ q: text })}
          />
          {sites.length > 1 ? (
            <Select
              size="xs"
              w={168}
              aria-label="Site"
              placeholder="Any site"
              clearable
              data={sites.map((one) => ({ value: one.id, label: one.name }))}
              value={site ?? null}
              onChange={(id) => update({ site: id ?? undefined })}
            />
          ) : null}
          <Select
            size="xs"
            w={152}
            aria-label="State"
            placeholder="Any state"
            clearable
            data={STATES}
            value={state ?? null}
            onChange={(value) => update({ state: (value ?? undefined) as DialogueState | undefined })}
          />
          {narrowed ? (
            <Button variant="subtle" color="gray" onClick={clear}>
              Clear
            </Button>
          ) : null}
        </>
      }
    >
      <DataTable
        label="The dialogues"
        columns={columnsOf(new Map(sites.map((one) => [one.id, one.name])))}
        data={dialogues}
        rowId={(one) => one.id}
        empty={
          narrowed ? (
            <Empty
              icon={SearchIcon}
              title="No dialogue fits"
              action={
                <Button variant="default" onClick={clear}>
                  Show all
                </Button>
              }
            >
              None is left with these filters.
            </Empty>
          ) : (
            <Empty icon={WaypointsIcon} title="No dialogue yet" action={create}>
              A dialogue greets visitors on chosen pages, asks and answers. Start from a template and change
              the words.
            </Empty>
          )
        }
      />
      <ImportText opened={importing} onClose={closeImport} />
      <NewStream kind={DIALOGUE} opened={search.new === true} onClose={() => update({ new: undefined })} />
    </Page>
  );
}

function columnsOf(siteNames: Map<string, string>): Column<DialogueSummary>[] {
  return [
    {
      key: "name",
      label: "Name",
      width: 248,
      cell: (one) => (
        <RowLink to="/dialogues/$id" params={{ id: one.id }}>
          {one.name}
        </RowLink>
      ),
    },
    { key: "state", label: "State", width: 168, cell: (one) => <StateBadges one={one} /> },
    { key: "priority", label: "Priority", width: 72, align: "end", cell: (one) => count(one.priority) },
    countColumn("triggered", "Triggered"),
    countColumn("engaged", "Engaged", "triggered"),
    countColumn("completed", "Completed", "engaged"),
    countColumn("acquired", "Acquired", "engaged"),
    {
      key: "site",
      label: "Site",
      width: 120,
      cell: (one) => <OwnText>{siteNames.get(one.site_id)}</OwnText>,
    },
    { key: "updated", label: "Changed", width: 104, cell: (one) => <TimeAgo at={one.updated_at} /> },
  ];
}
