import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, type AttributeDef, type PersonDetail, type Value } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { attributeValue } from "./attribute-value.ts";
import { personQuery } from "./queries.ts";

interface Edit {
  attribute: Pick<AttributeDef, "name" | "label">;
  value: Value;
}

/**
 * Changes one attribute. The screen shows the new value at once; a refusal puts
 * the old one back, and a success offers to undo.
 */
export function useEditPerson(id: string) {
  const queries = useQueryClient();
  const { queryKey } = personQuery(id);
  const edit = useMutation({
    mutationFn: ({ attribute, value }: Edit) => {
      const version = queries.getQueryData(queryKey)?.version;
      return api.patch<PersonDetail>(
        `/people/${id}`,
        { attributes: { [attribute.name]: value } },
        { ifMatch: version },
      );
    },
    onMutate: async ({ attribute, value }: Edit) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey);
      if (before) queries.setQueryData(queryKey, withValue(before, attribute.name, value));
      return before;
    },
    onError: (error, { attribute }, before) => {
      if (before) queries.setQueryData(queryKey, before);
      const what =
        error instanceof ApiProblem && error.isConflict
          ? "Somebody changed this person a moment ago; look again"
          : `${attribute.label} was not changed`;
      notifyProblem(what, error);
    },
    onSuccess: (answer, { attribute }, before) => {
      // The next edit goes out with this version, even before the record is read again.
      queries.setQueryData(queryKey, answer);
      const old = before ? attributeValue(before, attribute.name) : null;
      offerUndo(attribute.label, () => edit.mutate({ attribute, value: old }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["people"] }),
  });
  return edit;
}

function withValue(person: PersonDetail, name: string, value: Value): PersonDetail {
  return { ...person, attributes: { ...person.attributes, [name]: value } };
}

function offerUndo(label: string, undo: () => void): void {
  const id = notifications.show({
    color: "accent",
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{label} is changed</Text>
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
