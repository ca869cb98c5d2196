import { Button, Group, MultiSelect, Text, Title } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import type { Period } from "#lib/results/period.ts";
import { DownloadIcon } from "#lib/ui/icons.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import type { StreamKind } from "../kinds.ts";
import { canvasQuery, versionQuery, versionsQuery } from "../queries.ts";
import { FunnelTable } from "./FunnelTable.tsx";
import { type Column, rowsOf, sheetOf } from "./funnel.ts";

interface FunnelProps {
  kind: StreamKind;
  id: string;
  period: Period;
}

/** How many versions stand beside each other, at most and at first. */
const MOST = 3;
const FIRST = 2;

/** How far conversations came, card by card; versions beside each other. */
export function Funnel({ kind, id, period }: FunnelProps) {
  const versions = useQuery(versionsQuery(kind, id));
  const numbers = useMemo(
    () => (versions.data ?? []).map((one) => one.version).toSorted((a, b) => b - a),
    [versions.data],
  );
  const [chosen, setChosen] = useState<number[] | null>(null);
  const shown = chosen ?? numbers.slice(0, FIRST);
  const { columns, error, retry } = useColumns(kind, id, period, shown);
  if (numbers.length === 0) return null;
  return (
    <section aria-label="Cards">
      <Group justify="space-between" align="flex-start" gap="xs" mb="xs">
        <div>
          <Title order={2} size="h3">
            Cards
          </Title>
          <Text size="xs" c="dimmed" maw={640}>
            Of the conversations shown in the period: how many came to each card, were answered there, and
            ended there unfinished. One that nobody answered stands at the greeting.
          </Text>
        </div>
        <Group gap="xs">
          {numbers.length > 1 ? (
            <MultiSelect
              size="xs"
              miw={200}
              aria-label="Versions beside each other"
              data={numbers.map((one) => ({ value: String(one), label: `Version ${one}` }))}
              maxValues={MOST}
              value={shown.map(String)}
              onChange={(values) =>
                values.length > 0 && setChosen(values.map(Number).toSorted((a, b) => b - a))
              }
            />
          ) : null}
          {columns ? <Sheet columns={columns} /> : null}
        </Group>
      </Group>
      {error && !columns ? (
        <Failed error={error} what="The cards could not be read" retry={retry} />
      ) : columns ? (
        <FunnelTable columns={columns} rows={rowsOf(columns)} />
      ) : (
        <LinesSkeleton lines={4} />
      )}
    </section>
  );
}

/** The versions with their cards and numbers, as soon as all are there. */
function useColumns(kind: StreamKind, id: string, period: Period, versions: readonly number[]) {
  const cards = useQueries({ queries: versions.map((one) => versionQuery(kind, id, one)) });
  const counts = useQueries({ queries: versions.map((one) => canvasQuery(kind, id, period, String(one))) });
  const columns: Column[] = versions.flatMap((version, place) => {
    const [stream, numbers] = [cards[place]?.data?.draft.stream, counts[place]?.data];
    return stream && numbers ? [{ version, stream, numbers }] : [];
  });
  const failed = [...cards, ...counts].filter((one) => one.error !== null);
  return {
    columns: columns.length === versions.length ? columns : undefined,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const one of failed) void one.refetch();
    },
  };
}

function Sheet({ columns }: { columns: Column[] }) {
  const may = useMay("analytics.export");
  if (!may) return null;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<DownloadIcon size={14} />}
      onClick={() => void download(new Response(sheetOf(columns, rowsOf(columns))), "report-cards.csv")}
    >
      CSV
    </Button>
  );
}
