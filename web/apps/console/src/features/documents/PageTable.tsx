import { Table } from "@mantine/core";
import type { DocumentReport } from "@usher/api";
import { count, duration } from "#lib/ui/format.ts";
import { percent } from "./figures.ts";

/** The pages as a table, in their order. */
export function PageTable({ report }: { report: DocumentReport }) {
  const { opens } = report.figures;
  return (
    <Table fz="sm" className="tabular">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Page</Table.Th>
          <Table.Th ta="end">Time on it</Table.Th>
          <Table.Th ta="end">Openings</Table.Th>
          <Table.Th ta="end">Of all</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {report.pages.map((page) => (
          <Table.Tr key={page.page}>
            <Table.Td>{page.page}</Table.Td>
            <Table.Td ta="end">{duration(page.average_seconds)}</Table.Td>
            <Table.Td ta="end">{count(page.views)}</Table.Td>
            <Table.Td ta="end">{percent(page.views / opens)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
