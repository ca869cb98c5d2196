/** Head cells, spacers and skeleton rows of `DataTable`; not for use elsewhere. */
import { Skeleton, UnstyledButton } from "@mantine/core";
import { ColumnResizer } from "./ColumnResizer.tsx";
import type { Column, Sorting } from "./DataTable.tsx";
import { ArrowDownIcon, ArrowUpIcon } from "./icons.ts";
import classes from "./table.module.css";

interface HeadCellProps<T> {
  column: Column<T>;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
  width: number;
  onWidth: (width: number) => void;
}

export function HeadCell<T>({ column, sorting, onSort, width, onWidth }: HeadCellProps<T>) {
  const { sortBy } = column;
  const direction = sortBy !== undefined && sorting?.by === sortBy ? sorting.direction : null;
  const sortable = sortBy !== undefined && onSort !== undefined;
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={direction === null ? undefined : direction === "asc" ? "ascending" : "descending"}
    >
      {sortable ? (
        <UnstyledButton
          className={classes.sort}
          onClick={() => onSort({ by: sortBy, direction: direction === "asc" ? "desc" : "asc" })}
        >
          {column.label}
          {direction === "asc" ? <ArrowUpIcon size={12} /> : null}
          {direction === "desc" ? <ArrowDownIcon size={12} /> : null}
        </UnstyledButton>
      ) : (
        column.label
      )}
      <ColumnResizer width={width} onChange={onWidth} />
    </th>
  );
}

export function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className={classes.spacer} style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

const SKELETON_ROWS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

export function SkeletonRows({ columns, select }: { columns: { key: string }[]; select: boolean }) {
  return SKELETON_ROWS.map((row, y) => (
    <tr key={row}>
      {select ? <td /> : null}
      {columns.map((column, x) => (
        <td key={column.key}>
          <Skeleton h={12} w={`${45 + ((y * 13 + x * 29) % 45)}%`} />
        </td>
      ))}
      <td />
    </tr>
  ));
}
