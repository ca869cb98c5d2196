import { Group, SegmentedControl, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { DocumentFigures, DocumentReport } from "@usher/api";
import { useMemo } from "react";
import { daysAgo } from "#lib/ui/day-range.ts";
import { count } from "#lib/ui/format.ts";
import { EyeIcon, InfoIcon } from "#lib/ui/icons.ts";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import classes from "./documents.module.css";
import { FIGURES } from "./figures.ts";
import { PageBars } from "./PageBars.tsx";
import { PageTable } from "./PageTable.tsx";
import { reportQuery } from "./queries.ts";
import { Readers } from "./Readers.tsx";

const route = getRouteApi("/frame/documents/$id");
const PERIODS = [
  { value: "7", label: "7 days" },
  { value: "28", label: "28 days" },
  { value: "90", label: "90 days" },
  { value: "ever", label: "Ever" },
];

/** What visitors did with a document. */
export function ReadingReport({ id }: { id: string }) {
  const { days, view } = route.useSearch();
  const navigate = route.useNavigate();
  const from = useMemo(() => daysAgo(days), [days]);
  const report = useQuery(reportQuery(id, from));
  const set = (change: { days?: "7" | "28" | "90" | undefined; view?: "table" | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <>
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Openings of"
          data={PERIODS}
          value={days ?? "ever"}
          onChange={(value) => set({ days: value === "ever" ? undefined : (value as "7") })}
        />
        <SegmentedControl
          size="xs"
          aria-label="How the pages are shown"
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={view ?? "chart"}
          onChange={(value) => set({ view: value === "table" ? "table" : undefined })}
        />
      </Group>
      {report.data ? (
        <Reported id={id} report={report.data} from={from} table={view === "table"} />
      ) : report.error ? (
        <Failed
          error={report.error}
          what="The report could not be read"
          retry={() => void report.refetch()}
        />
      ) : (
        <LinesSkeleton lines={4} />
      )}
    </>
  );
}

interface ReportedProps {
  id: string;
  report: DocumentReport;
  from: string | undefined;
  table: boolean;
}

function Reported({ id, report, from, table }: ReportedProps) {
  if (report.figures.opens === 0) {
    return (
      <Empty icon={EyeIcon} title="Nobody has opened it" alone={false}>
        {from === undefined
          ? "Put it on a document card of a dialogue or flow. What visitors read appears here as they read."
          : "Nobody has opened it in this time."}
      </Empty>
    );
  }
  return (
    <>
      <Figures figures={report.figures} />
      <section aria-label="Pages" className={classes.section}>
        <h2>Pages</h2>
        {table ? (
          <PageTable report={report} />
        ) : (
          <div className={classes.charts}>
            <PageBars
              report={report}
              title="Time on the page"
              hint="On average, of the openings that saw it"
              of={(page) => page.average_seconds ?? 0}
              seconds
            />
            <PageBars
              report={report}
              title="Openings that saw it"
              hint={`Of ${count(report.figures.opens)}`}
              of={(page) => page.views}
              most={report.figures.opens}
            />
          </div>
        )}
      </section>
      {report.searches.length > 0 ? <Searches report={report} /> : null}
      <Readers id={id} from={from} />
    </>
  );
}

function Figures({ figures }: { figures: DocumentFigures }) {
  return (
    <dl className={classes.figures}>
      {FIGURES.map((figure) => (
        <div key={figure.label}>
          <dt>
            {figure.label}
            <Tooltip
              label={figure.means}
              multiline
              maw={280}
              events={{ hover: true, focus: true, touch: true }}
            >
              <button type="button" className={classes.hint} aria-label={`What counts: ${figure.means}`}>
                <InfoIcon size={14} />
              </button>
            </Tooltip>
          </dt>
          <dd>{figure.of(figures)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Searches({ report }: { report: DocumentReport }) {
  return (
    <section aria-label="Searches" className={classes.section}>
      <h2>Searched for</h2>
      <ul className={classes.searches}>
        {report.searches.map((one) => (
          <li key={one.text}>
            <span dir="auto">{one.text}</span>
            <Text span size="xs" c="dimmed" className="tabular">
              {count(one.count)}×
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
