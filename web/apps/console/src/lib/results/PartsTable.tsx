import { Table, Text } from "@mantine/core";
import type { ReportCounts, ReportParts } from "@usher/api";
import { count, counted } from "#lib/ui/format.ts";
import { type Cut, keyText } from "./cuts.ts";
import { FigureLink } from "./FigureLink.tsx";
import { confidenceText, FIGURES, type Figure, rateText } from "./figures.ts";
import type { Period } from "./period.ts";
import type { Subject } from "./queries.ts";
import classes from "./results.module.css";
import { Hint } from "./Tiles.tsx";

interface PartsTableProps {
  subject: Subject;
  period: Period;
  cut: Cut;
  parts: ReportParts;
  /** Of the whole, for the bars. */
  whole: number;
}

/** A row for each part with all figures and rates; the last row is the whole, the same as everywhere. */
export function PartsTable({ subject, period, cut, parts, whole }: PartsTableProps) {
  if (parts.items.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="md">
        Nothing was counted in this period.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table fz="sm" className="tabular" aria-label={`Figures by ${cut.column.toLowerCase()}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{cut.column}</Table.Th>
            {FIGURES.map((figure) => (
              <Table.Th key={figure.key} scope="col" ta="end">
                {figure.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parts.items.map((part) => (
            <Table.Tr key={part.key ?? ""}>
              <Table.Th scope="row" fw={400} className={classes.key}>
                <Key cut={cut} value={part.key} />
                <span className={classes.bar} aria-hidden="true">
                  <span
                    className={classes.part}
                    style={{ inlineSize: `${whole === 0 ? 0 : (part.counts.triggered / whole) * 100}%` }}
                  />
                </span>
              </Table.Th>
              {FIGURES.map((figure) => (
                <Table.Td key={figure.key} ta="end">
                  {part.key === null ? (
                    count(part.counts[figure.key])
                  ) : (
                    <FigureLink
                      subject={subject}
                      figure={figure}
                      value={part.counts[figure.key]}
                      period={period}
                      behind={{ by: cut.key, key: part.key }}
                    />
                  )}
                  <Rate counts={part.counts} figure={figure} sure={cut.key === "version"} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          {parts.more > 0 ? (
            <Sum label={`${counted(parts.more, "more part", "more parts")}`} counts={parts.rest} />
          ) : null}
        </Table.Tbody>
        <Table.Tfoot>
          <Sum label="All" counts={parts.total} />
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  );
}

function Key({ cut, value }: { cut: Cut; value: string | null }) {
  if (value !== null) {
    return (
      <span dir="auto" title={value}>
        {keyText(cut.key, value)}
      </span>
    );
  }
  return (
    <span className={classes.unknown}>
      Not recorded <Hint text={cut.unknown} />
    </span>
  );
}

interface RateProps {
  counts: ReportCounts;
  figure: Figure;
  /** Also how sure it is. */
  sure?: boolean;
}

function Rate({ counts, figure, sure }: RateProps) {
  if (!figure.rate) return null;
  const [part, whole] = [counts[figure.key], counts[figure.rate.of]];
  const between = sure ? confidenceText(part, whole) : null;
  return (
    <Text size="xs" c="dimmed" title={figure.rate.means}>
      {rateText(part, whole)}
      {between ? ` (${between})` : null}
    </Text>
  );
}

function Sum({ label, counts }: { label: string; counts: ReportCounts }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{label}</Table.Th>
      {FIGURES.map((figure) => (
        <Table.Th key={figure.key} ta="end">
          {count(counts[figure.key])}
          <Rate counts={counts} figure={figure} />
        </Table.Th>
      ))}
    </Table.Tr>
  );
}
