import { Group, SegmentedControl, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { DayTable } from "./DayTable.tsx";
import classes from "./dialogues.module.css";
import { Figures } from "./Figures.tsx";
import { reportQuery } from "./queries.ts";
import { everyDay, period } from "./report.ts";

const route = getRouteApi("/frame/dialogues/$id");

/** What the dialogue brought, as counts, rates and days. */
export function ResultsTab({ id }: { id: string }) {
  const { days = "28", view } = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to, first, last } = useMemo(() => period(Number(days), new Date()), [days]);
  const report = useQuery(reportQuery(id, from, to));
  const set = (change: { days?: "7" | "90"; view?: "table" }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <Stack className={classes.results} gap="lg">
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Period"
          data={[
            { value: "7", label: "7 days" },
            { value: "28", label: "28 days" },
            { value: "90", label: "90 days" },
          ]}
          value={days}
          onChange={(value) => set({ days: value === "28" ? undefined : (value as "7" | "90") })}
        />
        <SegmentedControl
          size="xs"
          aria-label="How the days are shown"
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={view ?? "chart"}
          onChange={(value) => set({ view: value === "table" ? "table" : undefined })}
        />
      </Group>
      {report.error && !report.data ? (
        <Failed
          error={report.error}
          what="The results could not be read"
          retry={() => void report.refetch()}
        />
      ) : report.data ? (
        view === "table" ? (
          <DayTable days={everyDay(report.data.days, first, last)} />
        ) : (
          <Figures
            id={id}
            counts={report.data.counts}
            days={everyDay(report.data.days, first, last)}
            from={first}
            to={last}
          />
        )
      ) : (
        <LinesSkeleton lines={4} />
      )}
    </Stack>
  );
}
