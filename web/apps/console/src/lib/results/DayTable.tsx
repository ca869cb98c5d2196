import { Table } from "@mantine/core";
import type { ReportDay } from "@usher/api";
import { count } from "#lib/ui/format.ts";
import { FIGURES } from "./figures.ts";
import { longDayLabel } from "./period.ts";
import classes from "./results.module.css";

/** The days as a table, the latest first. */
export function DayTable({ days }: { days: ReportDay[] }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table fz="sm" className="tabular" aria-label="Figures by day">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Day</Table.Th>
            {FIGURES.map((figure) => (
              <Table.Th key={figure.key} scope="col" ta="end">
                {figure.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.toReversed().map((one) => (
            <Table.Tr key={one.day}>
              <Table.Th scope="row" fw={400} className={classes.day}>
                {longDayLabel(one.day)}
              </Table.Th>
              {FIGURES.map((figure) => (
                <Table.Td key={figure.key} ta="end">
                  {count(one[figure.key])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
