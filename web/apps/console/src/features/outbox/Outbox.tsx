import { Alert, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, MailSettings, MailStatus, OutboxItem } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { DataTable } from "#lib/ui/DataTable.tsx";
import { InfoIcon, SendIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { columnsOf } from "./columns.tsx";
import { Mail } from "./Mail.tsx";
import { SigningSecret } from "./SigningSecret.tsx";
import { NOUNS, type Outgoing, STATUS_WORDS, statusesOf } from "./words.ts";

const route = getRouteApi("/frame/outbox");

const EMPTY: Record<Outgoing, string> = {
  mail: "Invitations, password resets and notices stand here from the moment they are written.",
  webhook:
    "Action cards can call a webhook with the conversation so far. Each call stands here from the moment the card is passed.",
  alert: "Agents are called to their browsers and chats while they look elsewhere. Each call stands here.",
};

/** The mails, webhooks and notifications that Usher sent, sends, or holds because no mail server is set up. */
export function Outbox() {
  const { kind, status, open } = route.useSearch();
  const navigate = route.useNavigate();
  const what = kind ?? "mail";
  const noun = NOUNS[what];
  const settings = useQuery({
    queryKey: ["mail-settings"],
    queryFn: () => api.get<MailSettings>("/mail-settings"),
    staleTime: 5 * 60_000,
  });
  const mails = usePages<OutboxItem>(
    ["outbox", "list", what, status ?? null],
    (cursor, signal) =>
      api.get<ApiPage<OutboxItem>>("/outbox", { query: { kind, status, cursor, limit: 100 }, signal }),
    { refetchInterval: REFRESH.happening },
  );
  return (
    <Page
      title="Outbox"
      fill
      toolbar={
        <>
          <SegmentedControl
            size="xs"
            aria-label="What is sent"
            data={[
              { value: "mail", label: "Mails" },
              { value: "webhook", label: "Webhooks" },
              { value: "alert", label: "Notifications" },
            ]}
            value={what}
            onChange={(value) =>
              void navigate({
                search: { kind: value === "mail" ? undefined : (value as "webhook" | "alert") },
                replace: true,
              })
            }
          />
          <SegmentedControl
            size="xs"
            aria-label="Status"
            data={[
              { value: "", label: "All" },
              ...statusesOf(what).map((value) => ({ value, label: STATUS_WORDS[value].label })),
            ]}
            value={status ?? ""}
            onChange={(value) =>
              void navigate({
                search: { kind, status: value === "" ? undefined : (value as MailStatus) },
                replace: true,
              })
            }
          />
        </>
      }
    >
      {what === "webhook" ? <SigningSecret /> : null}
      {what === "mail" && settings.data?.configured === false ? (
        <Alert color="blue" icon={<InfoIcon size={18} />} radius={0} py="xs">
          No mail server is set up, so mails are held here instead of being sent. Open one to use its links. A
          mail server is set in the configuration file, section [mail].
        </Alert>
      ) : null}
      <DataTable
        label={`The ${noun}s`}
        columns={columnsOf(what)}
        data={mails}
        rowId={(one) => one.id}
        empty={
          <Empty
            icon={SendIcon}
            title={status ? `No ${noun} is ${STATUS_WORDS[status].label.toLowerCase()}` : `No ${noun} yet`}
          >
            {EMPTY[what]}
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
