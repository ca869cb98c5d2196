import type { ReportDay } from "@usher/api";
import { count } from "#lib/ui/format.ts";
import classes from "./dialogues.module.css";
import { dayLabel, type Figure } from "./report.ts";

const WIDTH = 480;
const HEIGHT = 96;

/** A bar a day, from zero; the exact figure on hover. The table has the same numbers. */
export function DayBars({ days, figure }: { days: ReportDay[]; figure: Figure }) {
  const most = Math.max(1, ...days.map((one) => one[figure.key]));
  const step = WIDTH / Math.max(1, days.length);
  const gap = Math.min(3, step * 0.25);
  const [first, last] = [days[0], days.at(-1)];
  const label = `${figure.label} by day, at most ${count(most)} a day; the table has every figure`;
  return (
    <figure className={classes.bars}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={classes.axis} />
        {days.map((one, index) => {
          const value = one[figure.key];
          const height = value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 4));
          return (
            <g key={one.day} className={classes.bar}>
              <rect x={index * step} y={0} width={step} height={HEIGHT} className={classes.hit}>
                <title>{`${dayLabel(one.day)}: ${count(value)}`}</title>
              </rect>
              <rect
                x={index * step + gap / 2}
                y={HEIGHT - height}
                width={step - gap}
                height={height}
                className={classes.fill}
              />
            </g>
          );
        })}
      </svg>
      <figcaption className={classes.barEnds}>
        <span>{first ? dayLabel(first.day) : null}</span>
        <span>most: {count(Math.max(0, ...days.map((one) => one[figure.key])))}</span>
        <span>{last ? dayLabel(last.day) : null}</span>
      </figcaption>
    </figure>
  );
}
