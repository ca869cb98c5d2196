import { ActionIcon, Group, SegmentedControl, Tooltip } from "@mantine/core";
import type { Report } from "@usher/api";
import { useMemo, useRef } from "react";
import { download } from "#lib/api/client.ts";
import { ImageIcon } from "#lib/ui/icons.ts";
import { SheetButton } from "./Breakdown.tsx";
import { pictureOf } from "./chart.ts";
import { DayTable } from "./DayTable.tsx";
import { type FigureKey, figureOf } from "./figures.ts";
import { longDayLabel, type Period } from "./period.ts";
import type { Subject } from "./queries.ts";
import classes from "./results.module.css";
import { TimeChart } from "./TimeChart.tsx";

interface OverTimeProps {
  subject: Subject;
  report: Report;
  period: Period;
  figure: FigureKey;
  table: boolean;
  onTable: (table: boolean) => void;
}

/** The chosen figure by day, as a chart or as a table. */
export function OverTime({ subject, report, period, figure, table, onTable }: OverTimeProps) {
  const picture = useRef<HTMLCanvasElement>(null);
  const { label } = figureOf(figure);
  const days = useMemo(
    () =>
      report.days.map((one, place) => {
        const before = report.before_days[place];
        return {
          day: one.day,
          value: one[figure],
          before: before ? { day: before.day, value: before[figure] } : null,
        };
      }),
    [report.days, report.before_days, figure],
  );
  const title = `${label}, ${longDayLabel(period.first)} to ${longDayLabel(period.last)}`;
  return (
    <section aria-label={`${label} over time`}>
      <Group justify="space-between" mb="xs" gap="xs">
        <div className={classes.legend}>
          {table ? null : (
            <>
              <span className={classes.barMark} aria-hidden="true" /> {label} by day
              <span className={classes.lineMark} aria-hidden="true" /> the {report.before_days.length} days
              before
            </>
          )}
        </div>
        <Group gap="xs">
          {table ? null : (
            <Tooltip label="Save the chart as a picture">
              <ActionIcon
                variant="default"
                size="md"
                aria-label="Save the chart as a picture"
                onClick={() => void save(picture.current, title)}
              >
                <ImageIcon size={14} />
              </ActionIcon>
            </Tooltip>
          )}
          <SheetButton subject={subject} period={period} table="days" />
          <SegmentedControl
            size="xs"
            aria-label="How the days are shown"
            data={[
              { value: "chart", label: "Chart" },
              { value: "table", label: "Table" },
            ]}
            value={table ? "table" : "chart"}
            onChange={(value) => onTable(value === "table")}
          />
        </Group>
      </Group>
      {table ? <DayTable days={report.days} /> : <TimeChart days={days} label={title} picture={picture} />}
    </section>
  );
}

async function save(chart: HTMLCanvasElement | null, title: string): Promise<void> {
  const blob = chart ? await pictureOf(chart, title) : null;
  if (!blob) return;
  await download(new Response(blob), `${title}.png`);
}
