import type { DocumentPage, DocumentReport } from "@usher/api";
import { count, duration } from "#lib/ui/format.ts";
import classes from "./documents.module.css";
import { pageLine } from "./figures.ts";

const WIDTH = 480;
const HEIGHT = 96;

interface PageBarsProps {
  report: DocumentReport;
  title: string;
  hint: string;
  of: (page: DocumentPage) => number;
  /** The values are seconds. */
  seconds?: boolean;
  /** Where the scale ends; the largest value when absent. */
  most?: number;
}

/** A bar a page, from zero; what is known of the page on hover. The table has the same numbers. */
export function PageBars({ report, title, hint, of, seconds, most }: PageBarsProps) {
  const { pages } = report;
  const largest = Math.max(0, ...pages.map(of));
  const scale = Math.max(most ?? largest, 0.001);
  const step = WIDTH / Math.max(1, pages.length);
  const gap = Math.min(8, step * 0.25);
  const said = seconds ? duration(largest) : count(largest);
  return (
    <figure className={classes.bars}>
      <figcaption>
        <strong>{title}</strong> <span>{hint}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}, page by page, at most ${said}; the table has every figure`}
      >
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={classes.axis} />
        {pages.map((page, index) => {
          const value = of(page);
          const height = value === 0 ? 0 : Math.max(2, (value / scale) * (HEIGHT - 4));
          return (
            <g key={page.page} className={classes.bar}>
              <rect x={index * step} y={0} width={step} height={HEIGHT} className={classes.hit}>
                <title>{pageLine(page, report.figures.opens)}</title>
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
      <div className={classes.barEnds}>
        <span>Page 1</span>
        <span>most: {said}</span>
        {pages.length > 1 ? <span>{`Page ${pages.length}`}</span> : null}
      </div>
    </figure>
  );
}
