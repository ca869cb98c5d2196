import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Criteria } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { asGroup, askable, childrenOf, type Group, isGroup } from "#lib/ui/criteria/tree.ts";
import { counted } from "#lib/ui/format.ts";

/** How many known people fit now, as far as it can be said without a visit. */
export function AudienceCount({ criteria }: { criteria: Criteria }) {
  const mayPeople = useMay("people.view");
  const attributes = useQuery(attributesQuery).data;
  const types = new Map(attributes?.map((one) => [`${one.of}.${one.name}`, one.type]));
  const asked = askable(asGroup(criteria), (attribute) => types.get(attribute));
  const [question] = useDebouncedValue(JSON.stringify(asked), 400);
  const ofVisit = asksVisit(asked);
  const people = useQuery({
    queryKey: ["people", "count", question],
    queryFn: ({ signal }) =>
      api.post<{ count: number }>(
        "/people/count",
        { criteria: JSON.parse(question) as Criteria },
        { signal },
      ),
    enabled: mayPeople && attributes !== undefined && !ofVisit,
    placeholderData: keepPreviousData,
  });
  if (!mayPeople) return null;
  return (
    <Text size="xs" c="dimmed" mt="xs" role="status">
      {ofVisit
        ? "Conditions on the visit are decided when a page is viewed, so people cannot be counted beforehand."
        : people.error
          ? "People could not be counted."
          : people.data
            ? `${counted(people.data.count, "person fits", "people fit")} now, anonymous ones included.`
            : "Counting…"}
    </Text>
  );
}

/** Whether something is asked that only a page view can answer. */
function asksVisit(group: Group): boolean {
  return childrenOf(group).some((child) =>
    isGroup(child) ? asksVisit(child) : "attribute" in child && /^(visit|inferred)\./.test(child.attribute),
  );
}
