import { Button, Center, Select } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { Activity, Page } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { dateTime, dayOf, timeOfDay } from "#lib/ui/format.ts";
import { HistoryIcon } from "#lib/ui/icons.ts";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ACTIVITY_TYPES, lookOf } from "./activity-looks.ts";
import classes from "./record.module.css";

const route = getRouteApi("/frame/people/$id");

/** What the person did and what was done, latest first. */
export function ActivityLog({ personId }: { personId: string }) {
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const log = usePages<Activity>(
    ["people", "activities", personId, type ?? null],
    (cursor, signal) =>
      api.get<Page<Activity>>(`/people/${personId}/activities`, {
        query: { type, cursor, limit: 50 },
        signal,
      }),
    { refetchInterval: REFRESH.happening },
  );
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        w={224}
        aria-label="Type of activity"
        placeholder="Every type"
        clearable
        searchable
        data={ACTIVITY_TYPES.map((one) => ({ value: one, label: lookOf(one).label }))}
        value={type ?? null}
        onChange={(value) =>
          void navigate({ search: (before) => ({ ...before, type: value ?? undefined }), replace: true })
        }
      />
      {log.loading ? <LinesSkeleton lines={5} /> : null}
      {log.error ? (
        <Failed error={log.error} what="The activities could not be read" retry={log.retry} />
      ) : null}
      {!log.loading && !log.error && log.rows.length === 0 ? (
        <Empty icon={HistoryIcon} title="Nothing happened yet">
          {type
            ? "There is no activity of this type."
            : "Visits, conversations and changes appear here as they happen."}
        </Empty>
      ) : null}
      <Timeline activities={log.rows} />
      {log.hasMore ? (
        <Center mt="md">
          <Button variant="default" onClick={log.loadMore}>
            Show older
          </Button>
        </Center>
      ) : null}
    </div>
  );
}

function Timeline({ activities }: { activities: Activity[] }) {
  const days = [...new Set(activities.map((one) => dayOf(one.at)))];
  return days.map((day) => (
    <section key={day} aria-label={day}>
      <h2 className={classes.day}>{day}</h2>
      <ol className={classes.timeline}>
        {activities
          .filter((one) => dayOf(one.at) === day)
          .map((one) => (
            <Event key={one.id} activity={one} />
          ))}
      </ol>
    </section>
  ));
}

function Event({ activity }: { activity: Activity }) {
  const navigate = route.useNavigate();
  const { icon: Icon, label, strong } = lookOf(activity.type);
  const { conversation_id } = activity;
  return (
    <li className={classes.event}>
      <span className={classes.dot} data-strong={strong || undefined} title={label}>
        <Icon size={14} aria-hidden="true" />
      </span>
      <span className={classes.summary} dir="auto">
        {activity.summary || label}
        {conversation_id ? (
          <>
            {" "}
            <button
              type="button"
              className={classes.more}
              onClick={() => void navigate({ search: { tab: "conversations", open: conversation_id } })}
            >
              Transcript
            </button>
          </>
        ) : null}
      </span>
      <span className={classes.when}>
        <time dateTime={activity.at} title={dateTime(activity.at)}>
          {timeOfDay(activity.at)}
        </time>
      </span>
    </li>
  );
}
