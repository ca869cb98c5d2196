import { Button, Group, Tabs, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Report } from "@usher/api";
import { api, download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { DownloadIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { CUT_LIST, type Cut } from "./cuts.ts";
import { NamesTable } from "./NamesTable.tsx";
import { PartsTable } from "./PartsTable.tsx";
import type { Period } from "./period.ts";
import { namesQuery, partsQuery, type Subject, VIEWERS_ZONE } from "./queries.ts";
import classes from "./results.module.css";
import type { CutKey } from "./search.ts";

interface BreakdownProps {
  subject: Subject;
  period: Period;
  counts: Report["counts"];
  chosen: CutKey;
  onChoose: (cut: CutKey) => void;
}

/** The figures cut by where visitors came from, by version, by goal and by document. */
export function Breakdown({ subject, period, counts, chosen, onChoose }: BreakdownProps) {
  return (
    <section aria-label="Parts">
      <Tabs value={chosen} onChange={(value) => onChoose(value as CutKey)} keepMounted={false}>
        <Tabs.List className={classes.cuts}>
          {CUT_LIST.map((cut) => (
            <Tabs.Tab key={cut.key} value={cut.key}>
              {cut.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {CUT_LIST.map((cut) => (
          <Tabs.Panel key={cut.key} value={cut.key} pt="sm">
            <Group justify="space-between" align="flex-start" gap="xs" mb="xs">
              <Text size="xs" c="dimmed" flex={1} miw={200}>
                {cut.means}
              </Text>
              <SheetButton subject={subject} period={period} table={cut.key} />
            </Group>
            {cut.key === "goals" || cut.key === "documents" ? (
              <Named subject={subject} period={period} cut={cut} of={cut.key} />
            ) : (
              <Parts subject={subject} period={period} cut={cut} counts={counts} />
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

interface PartsProps {
  subject: Subject;
  period: Period;
  cut: Cut;
}

function Parts({ subject, period, cut, counts }: PartsProps & { counts: Report["counts"] }) {
  const parts = useQuery(partsQuery(subject, period, cut.key));
  if (parts.error && !parts.data) {
    return (
      <Failed error={parts.error} what="The parts could not be read" retry={() => void parts.refetch()} />
    );
  }
  if (!parts.data) return <LinesSkeleton lines={4} />;
  return (
    <PartsTable subject={subject} period={period} cut={cut} parts={parts.data} whole={counts.triggered} />
  );
}

function Named({ subject, period, cut, of }: PartsProps & { of: "goals" | "documents" }) {
  const names = useQuery(namesQuery(subject, period, of));
  if (names.error && !names.data) {
    return (
      <Failed error={names.error} what="The names could not be read" retry={() => void names.refetch()} />
    );
  }
  if (!names.data) return <LinesSkeleton lines={4} />;
  return <NamesTable subject={subject} period={period} cut={cut} names={names.data} />;
}

interface SheetButtonProps {
  subject: Subject;
  period: Period;
  table: CutKey | "days";
}

/** The whole table as CSV. */
export function SheetButton({ subject, period, table }: SheetButtonProps) {
  const may = useMay("analytics.export");
  const run = useMutation({
    mutationFn: async () => {
      const { from, to } = period;
      const query = { table, from, to, time_zone: VIEWERS_ZONE };
      const answer = await api.raw("GET", `/${subject.kind}/${subject.id}/report.csv`, { query });
      await download(answer, `report-${table}.csv`);
    },
    onError: (error) => notifyProblem("The file was not made", error),
  });
  if (!may) return null;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<DownloadIcon size={14} />}
      loading={run.isPending}
      onClick={() => run.mutate()}
    >
      CSV
    </Button>
  );
}
