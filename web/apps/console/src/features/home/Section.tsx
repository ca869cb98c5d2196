import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A heading of this screen with what stands under it. */
export function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={2}>{title}</Title>
      {note ? (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      ) : null}
      {children}
    </section>
  );
}
