import { Text, Title } from "@mantine/core";
import type { Import } from "@usher/api";
import { bytes, counted } from "#lib/ui/format.ts";
import { delimiterName } from "./import-words.ts";
import classes from "./imports.module.css";

/** The first rows as they were read, to see that the file was understood. */
export function Preview({ one }: { one: Import }) {
  if (one.preview.length === 0) return null;
  return (
    <section>
      <Title order={2}>The first {counted(one.preview.length, "row", "rows")}</Title>
      <Text size="xs" c="dimmed" mb="xs">
        {bytes(one.size_bytes)}, {one.encoding}, columns separated by {delimiterName(one.delimiter)}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable regions must be reachable by key */}
      <section className={classes.preview} tabIndex={0} aria-label="Preview">
        <table>
          <thead>
            <tr>
              {one.columns.map((column) => (
                <th key={column.header} scope="col" dir="auto">
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {one.preview.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a file have no identity but their place
              <tr key={index}>
                {one.columns.map((column, at) => (
                  <td key={column.header} dir="auto">
                    {row[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
