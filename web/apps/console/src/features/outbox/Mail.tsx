import { Alert, Anchor, Badge, Button, Drawer, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { OutboxMail } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { dateTime } from "#lib/ui/format.ts";
import { RefreshCwIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Fact, OwnText } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { withLinks } from "./links.ts";
import classes from "./outbox.module.css";
import { mayRetry, meansOf, STATUS_WORDS } from "./words.ts";

/** One mail, webhook or notification: where it goes, what it says, what became of it. */
export function Mail({ id, onClose }: { id: string | null; onClose: () => void }) {
  const mail = useQuery({
    queryKey: ["outbox", "mail", id],
    queryFn: () => api.get<OutboxMail>(`/outbox/${id}`),
    enabled: id !== null,
  });
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={mail.data?.subject ?? "Outbox"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {mail.error ? (
        <Failed error={mail.error} what="It could not be read" retry={() => void mail.refetch()} />
      ) : mail.data ? (
        <Opened mail={mail.data} />
      ) : (
        <LinesSkeleton lines={4} />
      )}
    </Drawer>
  );
}

function Opened({ mail }: { mail: OutboxMail }) {
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.post(`/outbox/${mail.id}/retry`),
    onSuccess: () => {
      notifyDone("It will be tried again in a moment");
      void queries.invalidateQueries({ queryKey: ["outbox"] });
    },
    onError: (error) => notifyProblem("It could not be tried again", error),
  });
  const mayConversations = useMay("livechat.view_all");
  const words = STATUS_WORDS[mail.status];
  return (
    <Stack>
      <dl className={classes.facts}>
        {Object.entries(mail.headers).map(([name, value]) => (
          <Fact key={name} label={name}>
            <OwnText>{typeof value === "string" ? value : JSON.stringify(value)}</OwnText>
          </Fact>
        ))}
        {mail.kind === "webhook" ? <Fact label="Address">{mail.to}</Fact> : null}
        {mail.kind === "alert" ? <Fact label="To">{mail.to}</Fact> : null}
        {mail.conversation_id && mayConversations ? (
          <Fact label="Tells of">
            <TextLink to="/conversations/$id" params={{ id: mail.conversation_id }} inherit>
              The conversation
            </TextLink>
          </Fact>
        ) : null}
        <Fact label="Written">{dateTime(mail.created_at)}</Fact>
        <Fact label="Status">
          <Badge color={words.color}>{words.label}</Badge> {meansOf(mail)}
        </Fact>
      </dl>
      {mail.last_error && mail.status === "sent" ? (
        <OwnText>{mail.last_error}</OwnText>
      ) : mail.last_error ? (
        <Alert color="red" icon={<TriangleAlertIcon size={18} />} title="The last try failed">
          <OwnText>{mail.last_error}</OwnText>
        </Alert>
      ) : null}
      {mayRetry(mail.status) ? (
        <Button
          variant="default"
          leftSection={<RefreshCwIcon size={14} />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
          style={{ alignSelf: "flex-start" }}
        >
          Try again now
        </Button>
      ) : null}
      <div className={classes.text} dir="auto" hidden={mail.text === ""}>
        {withLinks(mail.text).map((piece, index) =>
          piece.href ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the text of a mail never changes
            <Anchor key={index} href={piece.href} underline="always" inherit>
              {piece.text}
            </Anchor>
          ) : (
            piece.text
          ),
        )}
      </div>
    </Stack>
  );
}
