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
import { STATUS_WORDS, statusesOf } from "./words.ts";

const route = getRouteApi("/frame/outbox");

/** The mails and webhooks that Usher sent, sends, or holds because no mail server is set up. */
export function Outbox() {
  const { kind, status, open } = route.useSearch();
  const navigate = route.useNavigate();
  const noun = kind === "webhook" ? "webhook" : "mail";
  const settings = useQuery({
    queryKey: ["mail-settings"],
    queryFn: () => api.get<MailSettings>("/mail-settings"),
    staleTime: 5 * 60_000,
  });
  const mails = usePages<OutboxItem>(
    ["outbox", "list", noun, status ?? null],
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
            ]}
            value={noun}
            onChange={(value) =>
              void navigate({
                search: { kind: value === "webhook" ? "webhook" : undefined },
                replace: true,
              })
            }
          />
          <SegmentedControl
            size="xs"
            aria-label="Status"
            data={[
              { value: "", label: "All" },
              ...statusesOf(noun).map((value) => ({ value, label: STATUS_WORDS[value].label })),
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
      {noun === "webhook" ? <SigningSecret /> : null}
      {noun === "mail" && settings.data?.configured === false ? (
        <Alert color="blue" icon={<InfoIcon size={18} />} radius={0} py="xs">
          No mail server is set up, so mails are held here instead of being sent. Open one to use its links. A
          mail server is set in the configuration file, section [mail].
        </Alert>
      ) : null}
      <DataTable
        label={`The ${noun}s`}
        columns={columnsOf(noun)}
        data={mails}
        rowId={(one) => one.id}
        empty={
          <Empty
            icon={SendIcon}
            title={status ? `No ${noun} is ${STATUS_WORDS[status].label.toLowerCase()}` : `No ${noun} yet`}
          >
            {noun === "webhook"
              ? "Action cards can call a webhook with the conversation so far. Each call stands here from the moment the card is passed."
              : "Invitations, password resets and notices stand here from the moment they are written."}
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
