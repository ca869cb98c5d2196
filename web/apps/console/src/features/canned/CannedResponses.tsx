import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { CannedResponse } from "@usher/api";
import { cannedQuery, matching } from "#lib/library/canned.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { MessageSquareIcon, PlusIcon } from "#lib/ui/icons.ts";
import { inline } from "#lib/ui/inline-rows.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { CannedEditor } from "./CannedEditor.tsx";

const route = getRouteApi("/frame/canned-responses");

/** Texts that agents keep at hand: everybody's and one's own. */
export function CannedResponses() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const responses = useQuery(cannedQuery);
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const create = (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => update({ new: true })}>
      New canned response
    </Button>
  );
  const opened = search.new ? "new" : responses.data?.find((one) => one.id === search.response);
  return (
    <Page
      title="Canned responses"
      fill
      actions={create}
      toolbar={
        <SearchBox
          label="Search canned responses"
          placeholder="Shortcut or text"
          value={search.q}
          onChange={(q) => update({ q })}
        />
      }
    >
      <DataTable
        label="The canned responses"
        columns={COLUMNS}
        data={{ ...inline(responses), rows: matching(responses.data ?? [], search.q ?? "") }}
        rowId={(one) => one.id}
        empty={
          search.q ? (
            <Empty icon={MessageSquareIcon} title="Nothing found">
              No shortcut and no text holds that.
            </Empty>
          ) : (
            <Empty icon={MessageSquareIcon} title="No canned response yet" action={create}>
              What agents say often is kept here and called in a chat by a slash and its shortcut. Shared ones
              are everybody’s; your own are only yours.
            </Empty>
          )
        }
      />
      <CannedEditor open={opened ?? null} onClose={() => update({ new: undefined, response: undefined })} />
    </Page>
  );
}

const COLUMNS: Column<CannedResponse>[] = [
  {
    key: "shortcut",
    label: "Shortcut",
    width: 176,
    cell: (one) => (
      <RowLink to="/canned-responses" search={(before: object) => ({ ...before, response: one.id })} replace>
        /{one.shortcut}
      </RowLink>
    ),
  },
  { key: "text", label: "Text", width: 480, cell: (one) => <OwnText>{one.text}</OwnText> },
  { key: "whose", label: "Whose", width: 112, cell: (one) => (one.shared ? "Everybody’s" : "Mine") },
  { key: "changed", label: "Changed", width: 112, cell: (one) => <TimeAgo at={one.updated_at} /> },
];
