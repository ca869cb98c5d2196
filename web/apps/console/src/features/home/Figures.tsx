import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DayCounts } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { count } from "#lib/ui/format.ts";
import classes from "./home.module.css";
import { Section } from "./Section.tsx";

const FIGURES: {
  key: keyof DayCounts;
  label: string;
  means: string;
  reached?: "triggered" | "engaged" | "completed" | "acquired";
}[] = [
  {
    key: "visits",
    label: "Visits",
    means: "Visits that began today; a visit ends after 30 minutes without activity",
  },
  {
    key: "triggered",
    label: "Triggered",
    means: "Conversations shown for the first time, once each",
    reached: "triggered",
  },
  {
    key: "engaged",
    label: "Engaged",
    means: "Conversations with a first answer of the visitor",
    reached: "engaged",
  },
  {
    key: "completed",
    label: "Completed",
    means: "Conversations that reached the end of a branch",
    reached: "completed",
  },
  {
    key: "acquired",
    label: "Acquired",
    means: "Conversations in which an anonymous visitor gave an e-mail address",
    reached: "acquired",
  },
];

/** Today's counts beside all of yesterday's. */
export function Figures({ today, yesterday }: { today: DayCounts; yesterday: DayCounts }) {
  const mayOpen = useMay("livechat.view_all");
  return (
    <Section title="Today" note="So far, beside all of yesterday">
      <ul className={classes.figures}>
        {FIGURES.map((figure) => (
          <li key={figure.key} className={classes.figure}>
            <Tooltip label={figure.means} multiline maw={264}>
              <span className={classes.dim}>{figure.label}</span>
            </Tooltip>
            <span className={classes.number}>
              {figure.key !== "visits" && mayOpen ? (
                <Link
                  to="/conversations"
                  search={{ reached: figure.reached, from: localDay(), to: localDay() }}
                  className={classes.open}
                  aria-label={`${count(today[figure.key])} ${figure.label.toLowerCase()} today: show the conversations`}
                >
                  {count(today[figure.key])}
                </Link>
              ) : (
                count(today[figure.key])
              )}
            </span>
            <span className={classes.dim}>{count(yesterday[figure.key])} yesterday</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Today in the zone of the browser, `2026-11-20`. */
function localDay(): string {
  return new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }).format();
}
