import { Table } from "@mantine/core";
import type { ReportDay } from "@usher/api";
import { count } from "#lib/ui/format.ts";
import { dayLabel, FIGURES } from "./report.ts";

/** The days as a table, the latest first. */
export function DayTable({ days }: { days: ReportDay[] }) {
  return (
    <Table stickyHeader fz="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Day</Table.Th>
          {FIGURES.map((figure) => (
            <Table.Th key={figure.key} ta="end">
              {figure.label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {days.toReversed().map((one) => (
          <Table.Tr key={one.day}>
            <Table.Td>{dayLabel(one.day)}</Table.Td>
            {FIGURES.map((figure) => (
              <Table.Td key={figure.key} ta="end">
                {count(one[figure.key])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
