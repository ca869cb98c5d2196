import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { LibraryDocument } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

const address = (value: string) =>
  /^https?:\/\/./i.test(value.trim()) ? null : "Write a web address, like https://example.com/brochure.pdf";

/** Takes a PDF from where it is on the web. */
export function AddByAddress({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { url: "", name: "" },
    validateInputOnBlur: true,
    validate: { url: address },
  });
  const close = () => {
    form.reset();
    onClose();
  };
  const fetching = useMutation({
    mutationFn: ({ url, name }: { url: string; name: string }) =>
      api.post<LibraryDocument>("/documents/by-url", { url: url.trim(), name: name.trim() || null }),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["documents"] });
      form.reset();
      void navigate({ to: "/documents/$id", params: { id: made.id }, search: {} });
    },
    onError: (error) => {
      const errors = fieldErrors(error);
      form.setErrors(errors);
      if (Object.keys(errors).length === 0) notifyProblem("The document was not fetched", error);
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="A document from an address"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={form.onSubmit((values) => fetching.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Address of the file"
            description="It is fetched now and kept here; later only when you ask for it"
            placeholder="https://example.com/brochure.pdf"
            type="url"
            dir="ltr"
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("url")}
          />
          <TextInput
            label="Name"
            description="That of the file when empty"
            maxLength={200}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching.isPending}>
              Fetch it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
