import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Editing } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { authorName } from "#lib/ui/author.ts";
import { UsersIcon } from "#lib/ui/icons.ts";
import type { StreamKind } from "./kinds.ts";

/** How often the server is told that the draft is open here, in milliseconds. */
const HEARTBEAT = 10_000;

/** Who else has the draft open now. */
export function Presence({ kind, id }: { kind: StreamKind; id: string }) {
  const others = useQuery({
    queryKey: [kind.key, "editing", id],
    queryFn: async () => (await api.post<Editing>(`${kind.path}/${id}/editing`)).others,
    refetchInterval: HEARTBEAT,
    gcTime: 0,
    retry: false,
  }).data;
  if (others === undefined || others.length === 0) return null;
  const names = others.map((one) => authorName(one) ?? "Somebody");
  const who = new Intl.ListFormat("en").format(names.slice(0, 3));
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return (
    <Group gap={4} wrap="nowrap" role="status">
      <UsersIcon size={14} aria-hidden="true" />
      <Text size="xs" c="dimmed" truncate title={names.join(", ")}>
        <bdi>{who}</bdi>
        {more} {names.length === 1 ? "is" : "are"} editing, too
      </Text>
    </Group>
  );
}
