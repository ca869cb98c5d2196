import { Checkbox, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Rows } from "#lib/api/pages.ts";
import { Failed } from "./States.tsx";
import { HeadCell, SkeletonRows, Spacer } from "./TableParts.tsx";
import classes from "./table.module.css";
import { useRowKeys } from "./use-row-keys.ts";

const ROW_HEIGHT = 44;

export interface Column<T> {
  key: string;
  label: string;
  /** Pixels at the start; the reader can change it. */
  width: number;
  align?: "end";
  /** Name the server sorts by, when it can. */
  sortBy?: string;
  cell: (row: T) => ReactNode;
}

export interface Sorting {
  by: string;
  direction: "asc" | "desc";
}

interface DataTableProps<T> {
  label: string;
  columns: Column<T>[];
  data: Pick<Rows<T>, "rows" | "loading" | "refreshing" | "error" | "hasMore" | "loadMore" | "retry">;
  rowId: (row: T) => string;
  /** Shown instead of rows when there are none. */
  empty: ReactNode;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  /** Ids of the selected rows; leave out where nothing can be selected. */
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
}

/**
 * A table of rows that arrive page by page; only what is on screen is drawn.
 * The first column holds the row's link: `j` and `k` move between those, Enter
 * opens, `x` selects. Put `<RowLink>` in it.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, data, rowId, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [widths, setWidths] = useState<Record<string, number>>({});
  const virtual = useVirtualizer({
    count: data.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasMore, loadMore } = data;
  useEffect(() => {
    if (hasMore && last >= data.rows.length - 20) loadMore();
  }, [hasMore, last, data.rows.length, loadMore]);

  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  useRowKeys({
    scroller,
    rows: data.rows.length,
    reveal: (index) => virtual.scrollToIndex(index),
    select: onSelect ? (index) => data.rows[index] && toggle(rowId(data.rows[index])) : undefined,
  });

  if (data.error && data.rows.length === 0) {
    return <Failed error={data.error} what={`${props.label} could not be read`} retry={data.retry} />;
  }
  if (!data.loading && data.rows.length === 0) return props.empty;

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = columns.length + (selected ? 2 : 1);
  const width = (column: Column<T>) => widths[column.key] ?? column.width;
  return (
    // A scrolling region takes the focus so that the arrow keys can move it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable regions must be reachable by key
    <section className={classes.scroller} ref={scroller} tabIndex={0} aria-label={props.label}>
      <table
        className={classes.table}
        data-refreshing={data.refreshing || undefined}
        aria-busy={data.loading}
      >
        <colgroup>
          {selected ? <col style={{ width: 44 }} /> : null}
          {columns.map((column) => (
            <col key={column.key} style={{ width: width(column) }} />
          ))}
          <col />
        </colgroup>
        <thead>
          <tr>
            {selected ? (
              <th className={classes.check}>
                <Checkbox
                  size="xs"
                  aria-label="Select all rows that are loaded"
                  checked={data.rows.length > 0 && selected.size >= data.rows.length}
                  indeterminate={selected.size > 0 && selected.size < data.rows.length}
                  onChange={(event) =>
                    onSelect?.(new Set(event.currentTarget.checked ? data.rows.map(rowId) : []))
                  }
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeadCell
                key={column.key}
                column={column}
                sorting={props.sorting}
                onSort={props.onSort}
                width={width(column)}
                onWidth={(value) => setWidths((all) => ({ ...all, [column.key]: value }))}
              />
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {data.loading ? <SkeletonRows columns={columns} select={selected !== undefined} /> : null}
          {before > 0 ? <Spacer height={before} span={span} /> : null}
          {items.map((item) => {
            const row = data.rows[item.index];
            if (row === undefined) return null;
            const id = rowId(row);
            const isSelected = selected?.has(id) ?? false;
            return (
              <tr key={id} data-index={item.index} data-selected={isSelected || undefined}>
                {selected ? (
                  <td className={classes.check}>
                    <Checkbox
                      size="xs"
                      aria-label="Select this row"
                      checked={isSelected}
                      onChange={() => toggle(id)}
                    />
                  </td>
                ) : null}
                {columns.map((column) => (
                  <td key={column.key} data-align={column.align}>
                    {column.cell(row)}
                  </td>
                ))}
                <td />
              </tr>
            );
          })}
          {after > 0 ? <Spacer height={after} span={span} /> : null}
        </tbody>
      </table>
      {data.error && data.rows.length > 0 ? (
        <Failed error={data.error} what="No more rows could be read" retry={data.retry} />
      ) : null}
      {data.hasMore && !data.error ? (
        <Text size="xs" c="dimmed" p="sm" ta="center" role="status">
          Reading more…
        </Text>
      ) : null}
    </section>
  );
}
