import { Tooltip } from "@mantine/core";
import type { Report } from "@usher/api";
import { count } from "#lib/ui/format.ts";
import { InfoIcon } from "#lib/ui/icons.ts";
import { FigureLink } from "./FigureLink.tsx";
import { changeText, FIGURES, type Figure, type FigureKey, rateText } from "./figures.ts";
import type { Period } from "./period.ts";
import type { Subject } from "./queries.ts";
import classes from "./results.module.css";

interface TilesProps {
  subject: Subject;
  report: Report;
  period: Period;
  chosen: FigureKey;
  onChoose: (figure: FigureKey) => void;
}

/** Each figure with its rate and how it moved; the number opens what is behind it, the tile draws its days. */
export function Tiles({ subject, report, period, chosen, onChoose }: TilesProps) {
  return (
    <ul className={classes.tiles} aria-label="Figures">
      {FIGURES.map((figure) => (
        <li key={figure.key} className={classes.tile} data-chosen={figure.key === chosen || undefined}>
          <div className={classes.tileHead}>
            <button
              type="button"
              className={classes.choose}
              aria-pressed={figure.key === chosen}
              onClick={() => onChoose(figure.key)}
            >
              {figure.label}
            </button>
            <Hint text={figure.means} />
          </div>
          <p className={classes.number}>
            <FigureLink subject={subject} figure={figure} value={report.counts[figure.key]} period={period} />
          </p>
          <Beside figure={figure} report={report} />
        </li>
      ))}
    </ul>
  );
}

function Beside({ figure, report }: { figure: Figure; report: Report }) {
  const { counts, before } = report;
  const change = changeText(counts[figure.key], before[figure.key]);
  return (
    <p className={classes.beside}>
      {figure.rate ? (
        <span title={figure.rate.means}>
          {rateText(counts[figure.key], counts[figure.rate.of])} {figure.rate.label.toLowerCase()}
        </span>
      ) : null}
      {change ? <span title={`${count(before[figure.key])} in the period before`}>{change}</span> : null}
    </p>
  );
}

/** What exactly counts, for pointer, keyboard and touch. */
export function Hint({ text }: { text: string }) {
  return (
    <Tooltip label={text} multiline maw={300} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={classes.hint} aria-label={`What counts: ${text}`}>
        <InfoIcon size={14} />
      </button>
    </Tooltip>
  );
}
