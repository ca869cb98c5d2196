import { Table, Text } from "@mantine/core";
import type { NamedNumber } from "@usher/api";
import { count } from "#lib/ui/format.ts";
import type { Cut } from "./cuts.ts";
import { FigureLink } from "./FigureLink.tsx";
import type { Period } from "./period.ts";
import type { Subject } from "./queries.ts";
import classes from "./results.module.css";
import { Hint } from "./Tiles.tsx";

interface NamesTableProps {
  subject: Subject;
  period: Period;
  cut: Cut;
  names: NamedNumber[];
}

/** Goals or documents by name: how often, and in how many conversations. */
export function NamesTable({ subject, period, cut, names }: NamesTableProps) {
  if (names.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="md">
        {cut.key === "goals"
          ? "No goal was reached in this period."
          : "No document was opened in this period."}
      </Text>
    );
  }
  const times = cut.key === "goals" ? "Reached" : "Opened";
  return (
    <Table.ScrollContainer minWidth={360}>
      <Table fz="sm" className="tabular" aria-label={`${cut.label} by name`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{cut.column}</Table.Th>
            <Table.Th scope="col" ta="end">
              {times}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              Conversations
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((one) => (
            <Table.Tr key={one.name ?? ""}>
              <Table.Th scope="row" fw={400} className={classes.key}>
                {one.name === null ? (
                  <span className={classes.unknown}>
                    Erased <Hint text={cut.unknown} />
                  </span>
                ) : (
                  <span dir="auto">{one.name}</span>
                )}
              </Table.Th>
              <Table.Td ta="end">{count(one.times)}</Table.Td>
              <Table.Td ta="end">
                {one.name === null ? (
                  count(one.conversations)
                ) : (
                  <FigureLink
                    subject={subject}
                    figure={{ key: cut.key === "goals" ? "goals" : "documents", label: one.name }}
                    value={one.conversations}
                    period={period}
                    behind={{ by: cut.key, key: one.name }}
                  />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
