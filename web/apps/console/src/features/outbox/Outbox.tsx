import { Alert, Badge, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, MailSettings, MailStatus, OutboxItem } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { type Column, DataTable } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { InfoIcon, SendIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { Mail } from "./Mail.tsx";
import { STATUS_WORDS } from "./words.ts";

const route = getRouteApi("/frame/outbox");

const COLUMNS: Column<OutboxItem>[] = [
  {
    key: "subject",
    label: "Subject",
    width: 320,
    cell: (one) => (
      <RowLink to="/outbox" search={(before) => ({ ...before, open: one.id })}>
        {one.subject}
      </RowLink>
    ),
  },
  { key: "to", label: "To", width: 240, cell: (one) => <OwnText>{one.to}</OwnText> },
  {
    key: "status",
    label: "Status",
    width: 112,
    cell: (one) => (
      <Badge color={STATUS_WORDS[one.status].color} title={STATUS_WORDS[one.status].means}>
        {STATUS_WORDS[one.status].label}
      </Badge>
    ),
  },
  { key: "created", label: "Written", width: 120, cell: (one) => <TimeAgo at={one.created_at} /> },
  { key: "attempts", label: "Tries", width: 72, align: "end", cell: (one) => count(one.attempts) },
  { key: "next", label: "Next try", width: 120, cell: (one) => <TimeAgo at={one.next_attempt_at} /> },
  {
    key: "error",
    label: "What went wrong",
    width: 280,
    cell: (one) => <OwnText>{one.last_error}</OwnText>,
  },
];

/** The mails that Usher sent, sends, or holds because no mail server is set up. */
export function Outbox() {
  const { status, open } = route.useSearch();
  const navigate = route.useNavigate();
  const settings = useQuery({
    queryKey: ["mail-settings"],
    queryFn: () => api.get<MailSettings>("/mail-settings"),
    staleTime: 5 * 60_000,
  });
  const mails = usePages<OutboxItem>(
    ["outbox", "list", status ?? null],
    (cursor, signal) =>
      api.get<ApiPage<OutboxItem>>("/outbox", { query: { status, cursor, limit: 100 }, signal }),
    { refetchInterval: REFRESH.happening },
  );
  return (
    <Page
      title="Outbox"
      fill
      toolbar={
        <SegmentedControl
          size="xs"
          aria-label="Status"
          data={[
            { value: "", label: "All" },
            ...Object.entries(STATUS_WORDS).map(([value, words]) => ({ value, label: words.label })),
          ]}
          value={status ?? ""}
          onChange={(value) =>
            void navigate({
              search: { status: value === "" ? undefined : (value as MailStatus) },
              replace: true,
            })
          }
        />
      }
    >
      {settings.data?.configured === false ? (
        <Alert color="blue" icon={<InfoIcon size={18} />} radius={0} py="xs">
          No mail server is set up, so mails are held here instead of being sent. Open one to use its links. A
          mail server is set in the configuration file, section [mail].
        </Alert>
      ) : null}
      <DataTable
        label="The mails"
        columns={COLUMNS}
        data={mails}
        rowId={(one) => one.id}
        empty={
          <Empty
            icon={SendIcon}
            title={status ? `No mail is ${STATUS_WORDS[status].label.toLowerCase()}` : "No mail yet"}
          >
            Invitations, password resets and notices stand here from the moment they are written.
          </Empty>
        }
      />
      <Mail
        id={open ?? null}
        onClose={() => void navigate({ search: (before) => ({ ...before, open: undefined }), replace: true })}
      />
    </Page>
  );
}
