import { Group, SegmentedControl, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { useMay } from "#lib/api/session.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Breakdown } from "./Breakdown.tsx";
import { OverTime } from "./OverTime.tsx";
import { PageViews } from "./PageViews.tsx";
import { PeriodChoice } from "./PeriodChoice.tsx";
import { type Period, periodOf } from "./period.ts";
import { reportQuery, type Subject } from "./queries.ts";
import classes from "./results.module.css";
import type { ResultsSearch } from "./search.ts";
import { Tiles } from "./Tiles.tsx";

interface ResultsProps {
  subject: Subject;
  search: ResultsSearch;
  update: (change: Partial<ResultsSearch>) => void;
  /** How far conversations came in the period, card by card. */
  funnel: (period: Period) => ReactNode;
}

/** What a dialogue or flow brought: figures and rates, days, parts; for a dialogue also who got it and who did not. */
export function Results({ subject, search, update, funnel }: ResultsProps) {
  const mayPeople = useMay("people.view");
  const ofDialogue = subject.kind === "dialogues" && mayPeople;
  const pageViews = search.part === "page-views" && ofDialogue;
  const { days, from, to } = search;
  const period = useMemo(() => periodOf({ days, from, to }, new Date()), [days, from, to]);
  return (
    <Stack className={classes.results} gap="lg">
      <Group justify="space-between" gap="xs">
        {ofDialogue ? (
          <SegmentedControl
            size="xs"
            className={classes.switch}
            aria-label="What is shown"
            data={[
              { value: "figures", label: "Figures" },
              { value: "page-views", label: "Who got it, and who did not" },
            ]}
            value={pageViews ? "page-views" : "figures"}
            onChange={(value) => update({ part: value === "page-views" ? value : undefined })}
          />
        ) : null}
        {pageViews ? null : <PeriodChoice search={search} period={period} update={update} />}
      </Group>
      {pageViews ? (
        <PageViews id={subject.id} show={search.show} onShow={(show) => update({ show })} />
      ) : (
        <>
          <Figures subject={subject} search={search} period={period} update={update} />
          {funnel(period)}
        </>
      )}
    </Stack>
  );
}

function Figures({ subject, search, period, update }: Omit<ResultsProps, "funnel"> & { period: Period }) {
  const { view, figure = "triggered", cut = "page" } = search;
  const report = useQuery(reportQuery(subject, period));
  if (report.error && !report.data) {
    return (
      <Failed error={report.error} what="The results could not be read" retry={() => void report.refetch()} />
    );
  }
  if (!report.data) return <LinesSkeleton lines={4} />;
  return (
    <>
      <Tiles
        subject={subject}
        report={report.data}
        period={period}
        chosen={figure}
        onChoose={(key) => update({ figure: key === "triggered" ? undefined : key })}
      />
      <OverTime
        subject={subject}
        report={report.data}
        period={period}
        figure={figure}
        table={view === "table"}
        onTable={(table) => update({ view: table ? "table" : undefined })}
      />
      <Breakdown
        subject={subject}
        period={period}
        counts={report.data.counts}
        chosen={cut}
        onChoose={(key) => update({ cut: key === "page" ? undefined : key })}
      />
    </>
  );
}
