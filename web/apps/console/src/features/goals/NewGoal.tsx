import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryGoal } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { fieldErrors, required } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

/** Adds a goal by its name. */
export function NewGoal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: required("Give it a name") },
  });
  const close = () => {
    form.reset();
    onClose();
  };
  const save = useMutation({
    mutationFn: (values: { name: string }) => api.post<LibraryGoal>("/goals", values),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["goals"] });
      close();
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      if (Object.keys(fieldErrors(error)).length === 0) notifyProblem("The goal was not added", error);
    },
  });
  return (
    <Modal opened={opened} onClose={close} title="New goal" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            placeholder="Demo booked"
            dir="auto"
            data-autofocus
            maxLength={100}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Add the goal
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
