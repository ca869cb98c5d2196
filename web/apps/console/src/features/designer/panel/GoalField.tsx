import { Autocomplete, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { LibraryGoal } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { goalCalled, goalsQuery } from "#lib/library/goals.ts";
import { useMayManageLibrary } from "#lib/library/uses.ts";
import { PlusIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { useDesign } from "../design.ts";

interface GoalFieldProps {
  value: string;
  error: string | undefined;
  onChange: (goal: string) => void;
}

/** Which goal: one of the library, or a new one that is added as it is typed. */
export function GoalField({ value, error, onChange }: GoalFieldProps) {
  const goals = useQuery(goalsQuery());
  const mayAdd = useMayManageLibrary();
  const add = useAdd();
  const typed = value.trim();
  const known = goalCalled(goals.data ?? [], typed);
  const names = (goals.data ?? []).map((goal) => goal.name);
  const isNew = typed !== "" && known === undefined && goals.data !== undefined;
  return (
    <Autocomplete
      label="Goal"
      description={descriptionOf(known, typed)}
      placeholder="Demo requested"
      dir="auto"
      maxLength={100}
      value={value}
      error={error}
      data={isNew && mayAdd ? [...names, typed] : names}
      selectFirstOptionOnChange
      renderOption={({ option }) =>
        names.includes(option.value) ? (
          <span dir="auto">{option.value}</span>
        ) : (
          <Group gap={6} wrap="nowrap">
            <PlusIcon size={14} aria-hidden="true" />
            <Text span inherit>
              Add the goal “<span dir="auto">{option.value}</span>”
            </Text>
          </Group>
        )
      }
      onChange={onChange}
      onOptionSubmit={(name) => {
        if (!names.includes(name)) add.mutate(name);
      }}
    />
  );
}

function descriptionOf(known: LibraryGoal | undefined, typed: string): string {
  if (known && known.name !== typed) return `It is called “${known.name}” now; the same goal`;
  return "Shared by dialogues and flows, and counted together";
}

/** Adds a goal to the library; the checks of the draft know it from then on. */
function useAdd() {
  const queries = useQueryClient();
  const { control } = useDesign();
  return useMutation({
    mutationFn: (name: string) => api.post<LibraryGoal>("/goals", { name }),
    onError: (problem) => notifyProblem("The goal was not added", problem),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ["goals"] });
      await queries.invalidateQueries({ queryKey: [control.kind.key, "check", control.id] });
    },
  });
}
