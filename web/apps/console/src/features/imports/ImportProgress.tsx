import { Alert, Progress, Stack, Text } from "@mantine/core";
import type { Import } from "@usher/api";
import { count, duration } from "#lib/ui/format.ts";
import { TriangleAlertIcon } from "#lib/ui/icons.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { percent } from "./import-words.ts";
import classes from "./imports.module.css";

const COLORS = {
  running: "accent",
  done: "accent",
  failed: "red",
  cancelled: "gray",
  uploaded: "gray",
};

/** How far it is, how fast, how long still, and what came of the rows. */
export function ImportProgress({ one }: { one: Import }) {
  const { progress } = one;
  const share = percent(one);
  return (
    <Stack gap="md">
      <Progress
        value={share}
        size="sm"
        color={COLORS[one.state]}
        aria-label="Share of the file that is read"
      />
      <Text size="sm" c="dimmed" className="tabular" role="status">
        {line(one, share)}
        {one.finished_at ? (
          <>
            {" "}
            <TimeAgo at={one.finished_at} />
          </>
        ) : null}
      </Text>
      {one.error ? (
        <Alert color="red" icon={<TriangleAlertIcon size={18} />} title="The import stopped" role="alert">
          {one.error} What was written before stays; it can be resumed.
        </Alert>
      ) : null}
      <dl className={`${classes.figures} tabular`}>
        <Figure label="Rows read" value={progress.rows} />
        <Figure label="People created" value={progress.created} />
        <Figure label="People updated" value={progress.updated} />
        <Figure label="Unchanged" value={progress.unchanged} />
        <Figure label="Rows refused" value={progress.rejected} />
      </dl>
    </Stack>
  );
}

function line(one: Import, share: number): string {
  const { progress } = one;
  if (one.state === "running") {
    return `${Math.floor(share)} % · ${count(Math.round(progress.rows_per_second))} rows a second · ${
      progress.seconds_left === null ? "time left unknown" : `${duration(progress.seconds_left)} left`
    }`;
  }
  if (one.state === "done") return "The whole file is read.";
  if (one.state === "cancelled")
    return `Cancelled at ${Math.floor(share)} %. What was written stays; resume to go on.`;
  return `Stopped at ${Math.floor(share)} %.`;
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{count(value)}</dd>
    </div>
  );
}
