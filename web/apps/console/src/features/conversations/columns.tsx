import { Badge, Group, Text } from "@mantine/core";
import type { ConversationSummary } from "@usher/api";
import type { Column } from "#lib/ui/DataTable.tsx";
import { count } from "#lib/ui/format.ts";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { StageBadge } from "#lib/ui/StageBadge.tsx";
import { pagePath, withWhom } from "./reached.ts";

export const COLUMNS: Column<ConversationSummary>[] = [
  {
    key: "person",
    label: "With",
    width: 232,
    cell: (one) => (
      <RowLink to="/conversations/$id" params={{ id: one.id }}>
        {one.person ? (
          withWhom(one)
        ) : (
          <Text inherit component="span" c="dimmed">
            {withWhom(one)}
          </Text>
        )}
      </RowLink>
    ),
  },
  { key: "stage", label: "Stage", width: 112, cell: (one) => <StageBadge stage={one.state} /> },
  {
    key: "dialogue",
    label: "Dialogue",
    width: 200,
    cell: (one) => <OwnText>{one.dialogue?.name}</OwnText>,
  },
  {
    key: "goals",
    label: "Goals",
    width: 168,
    cell: (one) =>
      one.goals.length === 0 ? (
        <OwnText>{null}</OwnText>
      ) : (
        <Group gap={4} wrap="nowrap">
          {one.goals.map((goal) => (
            <Badge key={goal}>{goal}</Badge>
          ))}
        </Group>
      ),
  },
  {
    key: "page",
    label: "Page",
    width: 216,
    cell: (one) => (
      <span title={one.page_url ?? undefined}>
        <OwnText>{pagePath(one.page_url)}</OwnText>
      </span>
    ),
  },
  { key: "site", label: "Site", width: 128, cell: (one) => <OwnText>{one.site?.name}</OwnText> },
  { key: "messages", label: "Messages", width: 96, align: "end", cell: (one) => count(one.messages) },
  { key: "last", label: "Last activity", width: 120, cell: (one) => <TimeAgo at={one.last_activity_at} /> },
  { key: "started", label: "Shown", width: 120, cell: (one) => <TimeAgo at={one.started_at} /> },
];
