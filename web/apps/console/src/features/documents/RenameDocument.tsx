import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryDocument } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { fieldErrors, required } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

/** Gives a document another name; visitors see it, too. */
export function RenameDocument({
  document,
  onClose,
}: {
  document: LibraryDocument | null;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: document?.name ?? "" },
    validate: { name: required("Give it a name") },
  });
  const save = useMutation({
    mutationFn: (values: { name: string }) =>
      api.patch<LibraryDocument>(`/documents/${document?.id}`, values),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["documents"] });
      onClose();
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("The document was not renamed", error);
    },
  });
  return (
    <Modal
      opened={document !== null}
      onClose={onClose}
      title="Rename the document"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="Visitors see it on the button that opens the document"
            data-autofocus
            maxLength={200}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
