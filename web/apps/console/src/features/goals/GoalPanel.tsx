import { Button, Drawer, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryGoal } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { UseList } from "#lib/library/UseList.tsx";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { count, DASH, dateTime } from "#lib/ui/format.ts";
import { fieldErrors, required, useSaveShortcut } from "#lib/ui/forms.tsx";
import { TrashIcon } from "#lib/ui/icons.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Fact, OwnText } from "#lib/ui/Shown.tsx";
import classes from "./goals.module.css";

interface GoalPanelProps {
  goal: LibraryGoal | undefined;
  mayManage: boolean;
  /** The first day of which the figures are; ever when absent. */
  since: string | undefined;
  onClose: () => void;
}

/** One goal: its name, its figures, where it is used. */
export function GoalPanel({ goal, mayManage, since, onClose }: GoalPanelProps) {
  return (
    <Drawer
      opened={goal !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title="Goal"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {goal ? (
        <Stack gap="lg">
          {mayManage ? <Rename key={`${goal.id} ${goal.name}`} goal={goal} /> : null}
          <Facts goal={goal} named={!mayManage} since={since} />
          {mayManage ? <Delete goal={goal} onDeleted={onClose} /> : null}
        </Stack>
      ) : null}
    </Drawer>
  );
}

interface FactsProps {
  goal: LibraryGoal;
  named: boolean;
  since: string | undefined;
}

function Facts({ goal, named, since }: FactsProps) {
  const mayConversations = useMay("livechat.view_all");
  return (
    <dl className={classes.facts}>
      {named ? (
        <Fact label="Name">
          <OwnText>{goal.name}</OwnText>
        </Fact>
      ) : null}
      <Fact label={since === undefined ? "Reached, ever" : `Reached since ${since}`}>
        {mayConversations && goal.reached > 0 ? (
          <TextLink
            to="/conversations"
            search={{ reached: "goals", named: goal.name, from: since }}
            inherit
            aria-label={`Reached: ${count(goal.reached)}, show the conversations`}
          >
            {count(goal.reached)}
          </TextLink>
        ) : (
          count(goal.reached)
        )}
      </Fact>
      <Fact label="People">{count(goal.people)}</Fact>
      <Fact label="Used in">{goal.used_in.length === 0 ? DASH : <UseList uses={goal.used_in} />}</Fact>
      {goal.former_names.length > 0 ? (
        <Fact label="Formerly">
          <OwnText>{goal.former_names.join(", ")}</OwnText>
        </Fact>
      ) : null}
      <Fact label="Added">
        {dateTime(goal.created_at)}
        {goal.created_by ? ` by ${goal.created_by.name}` : ""}
      </Fact>
    </dl>
  );
}

function Rename({ goal }: { goal: LibraryGoal }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: goal.name },
    validate: { name: required("Give it a name") },
  });
  const save = useMutation({
    mutationFn: (values: { name: string }) => api.patch<LibraryGoal>(`/goals/${goal.id}`, values),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["goals"] }),
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      if (Object.keys(fieldErrors(error)).length === 0) notifyProblem("The goal was not renamed", error);
    },
  });
  const submit = form.onSubmit((values) => save.mutate(values));
  useSaveShortcut(() => submit(), form.isDirty() && !save.isPending);
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label="Name"
          description="Dialogues and flows that use it need no change: what calls it by its old name goes on to mean it"
          inputWrapperOrder={["label", "input", "description", "error"]}
          dir="auto"
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps("name")}
        />
      </Group>
      {form.isDirty() ? (
        <Group mt="sm" gap="xs">
          <Button type="submit" loading={save.isPending}>
            Rename
          </Button>
          <Button variant="default" onClick={() => form.reset()}>
            Discard
          </Button>
        </Group>
      ) : null}
    </form>
  );
}

function Delete({ goal, onDeleted }: { goal: LibraryGoal; onDeleted: () => void }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/goals/${goal.id}`),
    onSuccess: () => {
      setAsking(false);
      onDeleted();
      void queries.invalidateQueries({ queryKey: ["goals"] });
    },
    onError: (error) => notifyProblem("The goal was not deleted", error),
  });
  if (goal.used_in.length > 0) {
    return (
      <Text size="sm" c="dimmed">
        It can be deleted once no dialogue or flow uses it.
      </Text>
    );
  }
  return (
    <div>
      <Button
        variant="default"
        c="var(--mantine-color-error)"
        leftSection={<TrashIcon size={14} />}
        onClick={() => setAsking(true)}
      >
        Delete…
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Delete the goal"
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <b dir="auto">{goal.name}</b> is deleted. That people reached it stays in their activities; it is
        counted again when there is a goal of this name.
      </Confirm>
    </div>
  );
}
