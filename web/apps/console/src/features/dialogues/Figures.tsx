import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DialogueCounts, ReportDay } from "@usher/api";
import { rateText } from "#features/designer/state-words.ts";
import { useMay } from "#lib/api/session.ts";
import { count } from "#lib/ui/format.ts";
import { InfoIcon } from "#lib/ui/icons.ts";
import { DayBars } from "./DayBars.tsx";
import classes from "./dialogues.module.css";
import { FIGURES, type Figure } from "./report.ts";

interface FiguresProps {
  id: string;
  counts: DialogueCounts;
  days: ReportDay[];
  from: string;
  to: string;
}

/** Each count with its rate and its days; the number opens what is behind it. */
export function Figures({ id, counts, days, from, to }: FiguresProps) {
  return (
    <div className={classes.figures}>
      {FIGURES.map((figure) => (
        <section key={figure.key} className={classes.figure} aria-label={figure.label}>
          <header className={classes.figureHead}>
            <h2>{figure.label}</h2>
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
          </header>
          <p className={classes.number}>
            <Count id={id} figure={figure} value={counts[figure.key]} from={from} to={to} />
            {figure.of ? (
              <span className={classes.rate} title={figure.rate}>
                {rateText(counts[figure.key], counts[figure.of])}
                <span className={classes.rateOf}> of {figure.of}</span>
              </span>
            ) : null}
          </p>
          <DayBars days={days} figure={figure} />
        </section>
      ))}
    </div>
  );
}

interface CountProps {
  id: string;
  figure: Figure;
  value: number;
  from: string;
  to: string;
}

function Count({ id, figure, value, from, to }: CountProps) {
  const may = useMay("livechat.view_all");
  if (!may) return count(value);
  return (
    <Link
      to="/conversations"
      search={{ dialogue: id, from, to, reached: figure.key === "triggered" ? undefined : figure.key }}
      aria-label={`${figure.label}: ${count(value)}, show the conversations`}
    >
      {count(value)}
    </Link>
  );
}
