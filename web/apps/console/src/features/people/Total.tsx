import { Text } from "@mantine/core";
import type { PeoplePage } from "@usher/api";
import { count } from "#lib/ui/format.ts";

/** How many there are, beside the title. */
export function Total({ page }: { page: PeoplePage | undefined }) {
  if (page === undefined) return null;
  return (
    <Text size="sm" c="dimmed" className="tabular" role="status">
      {page.total_is_estimate ? "about " : ""}
      {count(page.total)}
    </Text>
  );
}
