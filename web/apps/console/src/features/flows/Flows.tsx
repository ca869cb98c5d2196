import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, DialogueState, DialogueSummary } from "@usher/api";
import { FLOW } from "#features/designer/kinds.ts";
import { countColumn, STATES, StateBadges } from "#features/designer/list.tsx";
import { NewStream } from "#features/designer/NewStream.tsx";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMay } from "#lib/api/session.ts";
import { sitesQuery } from "#lib/api/shared.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { PlusIcon, SearchIcon, WorkflowIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";

const route = getRouteApi("/frame/flows");

/** Every conversational flow with what it brings. */
export function Flows() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay("flows.manage");
  const sites = useQuery(sitesQuery).data ?? [];
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const { q, site, state } = search;
  const flows = usePages<DialogueSummary>(
    ["flows", "list", { q, site, state }],
    (cursor, signal) =>
      api.get<ApiPage<DialogueSummary>>("/flows", {
        query: { q, site, state, cursor, limit: 100 },
        signal,
      }),
    { refetchInterval: REFRESH.happening },
  );
  const narrowed = q !== undefined || site !== undefined || state !== undefined;
  const clear = () => void navigate({ search: {}, replace: true });
  const create = mayManage ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => update({ new: true })}>
      New flow
    </Button>
  ) : null;
  return (
    <Page
      title="Flows"
      fill
      actions={create}
      toolbar={
        <>
          <SearchBox
            label="Search flows"
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
        label="The flows"
        columns={columnsOf(new Map(sites.map((one) => [one.id, one.name])))}
        data={flows}
        rowId={(one) => one.id}
        empty={
          narrowed ? (
            <Empty
              icon={SearchIcon}
              title="No flow fits"
              action={
                <Button variant="default" onClick={clear}>
                  Show all
                </Button>
              }
            >
              None is left with these filters.
            </Empty>
          ) : (
            <Empty icon={WorkflowIcon} title="No flow yet" action={create}>
              A flow is a conversation that a link, a button, a form or your own script starts. It can also be
              a part of dialogues.
            </Empty>
          )
        }
      />
      <NewStream kind={FLOW} opened={search.new === true} onClose={() => update({ new: undefined })} />
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
        <RowLink to="/flows/$id" params={{ id: one.id }}>
          {one.name}
        </RowLink>
      ),
    },
    { key: "state", label: "State", width: 168, cell: (one) => <StateBadges one={one} /> },
    countColumn("triggered", "Started"),
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
