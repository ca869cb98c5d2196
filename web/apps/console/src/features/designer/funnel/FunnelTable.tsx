import { Table, Text } from "@mantine/core";
import { rateText } from "#lib/results/figures.ts";
import { count, counted, DASH } from "#lib/ui/format.ts";
import type { CardFigures } from "../canvas/figures.ts";
import classes from "./funnel.module.css";
import type { Column, Row } from "./funnel.ts";

/** A row for each card, three columns for each version. */
export function FunnelTable({ columns, rows }: { columns: Column[]; rows: Row[] }) {
  return (
    <Table.ScrollContainer minWidth={160 + 248 * columns.length}>
      <Table fz="sm" className="tabular" aria-label="How far conversations came">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" rowSpan={2} className={classes.card}>
              Card
            </Table.Th>
            {columns.map(({ version, numbers }) => (
              <Table.Th key={version} scope="colgroup" colSpan={3} className={classes.version}>
                Version {version}
                <Text span size="xs" c="dimmed" fw={400}>
                  {" "}
                  {counted(numbers.conversations, "conversation", "conversations")}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
          <Table.Tr>
            {columns.map(({ version }) => (
              <Heads key={version} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Th scope="row" fw={400} className={classes.card}>
                <span dir="auto" className={classes.name}>
                  {row.name || row.kind}
                </span>
                {row.name ? (
                  <Text size="xs" c="dimmed">
                    {row.kind}
                  </Text>
                ) : null}
              </Table.Th>
              {columns.map(({ version, numbers }, place) => (
                <Cells key={version} figures={row.cells[place] ?? null} whole={numbers.conversations} />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Heads() {
  return (
    <>
      <Table.Th scope="col" ta="end" className={classes.version}>
        Reached
      </Table.Th>
      <Table.Th scope="col" ta="end">
        Answered
      </Table.Th>
      <Table.Th scope="col" ta="end">
        Left
      </Table.Th>
    </>
  );
}

function Cells({ figures, whole }: { figures: CardFigures | null; whole: number }) {
  if (figures === null) {
    return (
      <Table.Td
        colSpan={3}
        ta="center"
        c="dimmed"
        className={classes.version}
        title="Not a card of this version"
      >
        {DASH}
      </Table.Td>
    );
  }
  const { reached, answered, left } = figures;
  return (
    <>
      <Table.Td ta="end" className={classes.version}>
        <Share part={reached} of={whole} means="Of the conversations shown" />
        <span className={classes.bar} aria-hidden="true">
          <span
            className={classes.part}
            style={{ inlineSize: `${whole === 0 ? 0 : (reached / whole) * 100}%` }}
          />
        </span>
      </Table.Td>
      <Table.Td ta="end">
        {answered === 0 ? DASH : <Share part={answered} of={reached} means="Of those that came here" />}
      </Table.Td>
      <Table.Td ta="end">
        {left === 0 ? DASH : <Share part={left} of={reached} means="Of those that came here" />}
      </Table.Td>
    </>
  );
}

function Share({ part, of, means }: { part: number; of: number; means: string }) {
  return (
    <>
      {count(part)}
      <Text span size="xs" c="dimmed" ms={8} title={means}>
        {rateText(part, of)}
      </Text>
    </>
  );
}
