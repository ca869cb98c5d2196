import { useComputedColorScheme } from "@mantine/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { count } from "#lib/ui/format.ts";
import { chartOptions, readColors } from "./chart.ts";
import { dayLabel, longDayLabel } from "./period.ts";
import classes from "./results.module.css";

export interface ChartDay {
  day: string;
  value: number;
  /** The day in the same place of the period before. */
  before: { day: string; value: number } | null;
}

interface TimeChartProps {
  days: ChartDay[];
  label: string;
  /** Where the drawn picture is, for saving it. */
  picture: RefObject<HTMLCanvasElement | null>;
}

const HEIGHT = 232;

/** A bar a day from zero, the period before as a thin line, exact figures on hover. The table has the same numbers. */
export function TimeChart({ days, label, picture }: TimeChartProps) {
  const scheme = useComputedColorScheme();
  const place = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<{ index: number; left: number } | null>(null);

  // Drawn anew in other colours as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const labels = days.map((one) => dayLabel(one.day));
    const hover = (index: number | null, left: number) => setHovered(index === null ? null : { index, left });
    const options = chartOptions({ labels, colors: readColors(element), hover });
    const data: uPlot.AlignedData = [
      days.map((_, index) => index),
      days.map((one) => one.value),
      days.map((one) => one.before?.value ?? null),
    ];
    const plot = new uPlot({ ...options, width: element.clientWidth, height: HEIGHT }, data, element);
    picture.current = plot.ctx.canvas;
    const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    return () => {
      fit.disconnect();
      plot.destroy();
      picture.current = null;
    };
  }, [days, scheme]);

  const day = hovered ? days[hovered.index] : undefined;
  return (
    <figure className={classes.chart}>
      <div
        ref={place}
        className={classes.plot}
        role="img"
        aria-label={`${label}; the table has every figure`}
      />
      {hovered && day ? (
        <div className={classes.tip} style={{ insetInlineStart: hovered.left }} aria-hidden="true">
          <strong>{count(day.value)}</strong> {longDayLabel(day.day)}
          {day.before ? (
            <span className={classes.tipBefore}>
              {count(day.before.value)} {longDayLabel(day.before.day)}
            </span>
          ) : null}
        </div>
      ) : null}
    </figure>
  );
}
