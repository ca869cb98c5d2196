import { Badge } from "@mantine/core";
import type { OutboxItem } from "@usher/api";
import type { Column } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { meansOf, type Outgoing, STATUS_WORDS } from "./words.ts";

const HEADS: Record<Outgoing, [subject: string, to: string]> = {
  mail: ["Subject", "To"],
  webhook: ["Called by", "Address"],
  alert: ["Says", "To"],
};

export function columnsOf(kind: Outgoing): Column<OutboxItem>[] {
  const [subject, to] = HEADS[kind];
  return [
    {
      key: "subject",
      label: subject,
      width: kind === "mail" ? 320 : 200,
      cell: (one) => (
        <RowLink to="/outbox" search={(before) => ({ ...before, open: one.id })}>
          {one.subject}
        </RowLink>
      ),
    },
    {
      key: "to",
      label: to,
      width: kind === "mail" ? 240 : 320,
      cell: (one) => <OwnText>{one.to}</OwnText>,
    },
    {
      key: "status",
      label: "Status",
      width: 112,
      cell: (one) => (
        <Badge color={STATUS_WORDS[one.status].color} title={meansOf(one)}>
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
}
