import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PeopleList } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { listsQuery } from "#lib/api/shared.ts";
import { fieldErrors, required } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

interface ListNameProps {
  opened: boolean;
  /** The list to rename; null makes a new one. */
  list: PeopleList | null;
  onClose: () => void;
}

/** Names a list, new or old. */
export function ListName({ opened, list, onClose }: ListNameProps) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: list?.name ?? "" },
    validateInputOnBlur: false,
    validate: { name: required("Give it a name") },
  });
  const close = () => {
    form.reset();
    onClose();
  };
  const save = useMutation({
    mutationFn: (values: { name: string }) =>
      list ? api.patch<PeopleList>(`/lists/${list.id}`, values) : api.post<PeopleList>("/lists", values),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: listsQuery.queryKey });
      close();
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem(list ? "The list was not renamed" : "The list was not made", error);
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={list ? "Rename the list" : "New list"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput label="Name" data-autofocus autoComplete="off" {...form.getInputProps("name")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {list ? "Rename" : "Make the list"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
