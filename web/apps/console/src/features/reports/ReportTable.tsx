import { Table, Text } from "@mantine/core";
import type { LiveChatFigures, LiveChatReport } from "@usher/api";
import { longDayLabel } from "#lib/results/period.ts";
import classes from "#lib/results/results.module.css";
import { FIGURES } from "./figures.ts";

interface Row {
  key: string;
  label: string;
  figures: LiveChatFigures;
}

const COLUMN = { agents: "Agent", teams: "Team", days: "Day" } as const;
const NOTHING = {
  agents: "Nobody was asked for a chat in this period.",
  teams: "There is no team yet.",
  days: "There is no day in this period.",
} as const;

/** A row for each agent, team or day; of days the latest first. */
export function ReportTable({ report, by }: { report: LiveChatReport; by: keyof typeof COLUMN }) {
  const rows = rowsOf(report, by);
  const figures = FIGURES.filter((figure) => by === "days" || figure.shared);
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="md">
        {NOTHING[by]}
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={880} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table fz="sm" className="tabular" aria-label={`Figures by ${COLUMN[by].toLowerCase()}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{COLUMN[by]}</Table.Th>
            {figures.map((figure) => (
              <Table.Th key={figure.key} scope="col" ta="end" title={figure.means}>
                {figure.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" fw={400} className={by === "days" ? classes.day : classes.key}>
                <span dir="auto">{row.label}</span>
              </Table.Th>
              {figures.map((figure) => (
                <Table.Td key={figure.key} ta="end">
                  {figure.text(row.figures)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function rowsOf(report: LiveChatReport, by: keyof typeof COLUMN): Row[] {
  if (by === "days") {
    const days = report.days.toReversed();
    return days.map((one) => ({ key: one.day, label: longDayLabel(one.day), figures: one }));
  }
  return report[by].map((one) => ({
    key: one.id ?? "",
    label: one.name || "Not known any more",
    figures: one,
  }));
}
