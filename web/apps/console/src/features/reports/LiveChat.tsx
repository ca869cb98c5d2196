import { Button, Group, SegmentedControl, Select, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { LiveChatReport } from "@usher/api";
import { useMemo } from "react";
import { api, download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { PeriodChoice } from "#lib/results/PeriodChoice.tsx";
import { type Period, periodOf } from "#lib/results/period.ts";
import classes from "#lib/results/results.module.css";
import { Hint } from "#lib/results/Tiles.tsx";
import { DownloadIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { FIGURES } from "./figures.ts";
import { liveChatQuery, liveChatReportQuery, type Whose } from "./queries.ts";
import { ReportTable } from "./ReportTable.tsx";

const route = getRouteApi("/frame/reports/live-chat");

/** What live chat brought: totals, and a row for each agent, team or day. */
export function LiveChat() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days, from, to, agent, team, by = "agents" } = search;
  const period = useMemo(() => periodOf({ days, from, to }, new Date()), [days, from, to]);
  const whose: Whose = { agent_id: agent, team_id: agent ? undefined : team };
  const report = useQuery(liveChatReportQuery(period, whose));
  const update = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <Page title="Live chat report">
      <Stack className={classes.results} gap="lg">
        <Group justify="space-between" gap="xs">
          {report.data ? <WhoseChoice report={report.data} whose={whose} update={update} /> : <span />}
          <PeriodChoice search={{ days, from, to }} period={period} update={update} />
        </Group>
        {report.error && !report.data ? (
          <Failed
            error={report.error}
            what="The report could not be read"
            retry={() => void report.refetch()}
          />
        ) : report.data ? (
          <>
            <Totals report={report.data} />
            <section aria-label="Figures in rows">
              <Group justify="space-between" mb="xs" gap="xs">
                <SegmentedControl
                  size="xs"
                  aria-label="A row for each"
                  data={[
                    { value: "agents", label: "Agents" },
                    { value: "teams", label: "Teams" },
                    { value: "days", label: "Days" },
                  ]}
                  value={by}
                  onChange={(value) =>
                    update({ by: value === "agents" ? undefined : (value as "teams" | "days") })
                  }
                />
                <SaveTable period={period} whose={whose} table={by} />
              </Group>
              <ReportTable report={report.data} by={by} />
            </section>
          </>
        ) : (
          <LinesSkeleton lines={6} />
        )}
      </Stack>
    </Page>
  );
}

interface WhoseChoiceProps {
  report: LiveChatReport;
  whose: Whose;
  update: (change: { agent?: string; team?: string }) => void;
}

/** Totals and days of all, of an agent or of a team. */
function WhoseChoice({ report, whose, update }: WhoseChoiceProps) {
  const options = (shares: LiveChatReport["agents"], kind: string) =>
    shares.flatMap(({ id, name }) => (id === null ? [] : [{ value: `${kind} ${id}`, label: name }]));
  const groups = [
    { group: "Agents", items: options(report.agents, "agent") },
    { group: "Teams", items: options(report.teams, "team") },
  ];
  const value = whose.agent_id ? `agent ${whose.agent_id}` : whose.team_id ? `team ${whose.team_id}` : null;
  return (
    <Select
      size="xs"
      aria-label="Whose totals and days"
      placeholder="All agents"
      data={groups.filter(({ items }) => items.length > 0)}
      value={value}
      clearable
      searchable
      onChange={(chosen) => {
        const [kind, id] = (chosen ?? "").split(" ");
        update({ agent: kind === "agent" ? id : undefined, team: kind === "team" ? id : undefined });
      }}
    />
  );
}

function Totals({ report }: { report: LiveChatReport }) {
  return (
    <ul className={classes.tiles} aria-label="Figures">
      {FIGURES.map((figure) => (
        <li key={figure.key} className={classes.tile}>
          <div className={classes.tileHead}>
            <span className={classes.label}>{figure.label}</span>
            <Hint text={figure.means} />
          </div>
          <p className={classes.number}>{figure.text(report.total)}</p>
        </li>
      ))}
    </ul>
  );
}

interface SaveTableProps {
  period: Period;
  whose: Whose;
  table: "agents" | "teams" | "days";
}

function SaveTable({ period, whose, table }: SaveTableProps) {
  const may = useMay("analytics.export");
  const save = useMutation({
    mutationFn: async () => {
      const query = { table, ...liveChatQuery(period, whose) };
      const answer = await api.raw("GET", "/reports/live-chat.csv", { query });
      await download(answer, `live-chat-${table}.csv`);
    },
    onError: (error) => notifyProblem("The table was not saved", error),
  });
  if (!may) return null;
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<DownloadIcon size={14} />}
      loading={save.isPending}
      onClick={() => save.mutate()}
    >
      CSV
    </Button>
  );
}
