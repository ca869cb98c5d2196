import { Button, Drawer, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Site } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { fieldErrors, required, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

/** Makes a site; the next step is its installation. */
export function NewSite({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: "" },
    validateInputOnBlur: true,
    validate: { name: required("Give it a name") },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) => api.post<Site>("/sites", values),
    onSuccess: async (site) => {
      form.reset();
      void queries.invalidateQueries({ queryKey: ["sites"] });
      await navigate({ to: "/sites/$id", params: { id: site.id }, search: { tab: "installation" } });
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("The site was not made", error);
    },
  });
  const submit = form.onSubmit((values) => create.mutate(values));
  useSaveShortcut(() => submit(), opened && !create.isPending);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title="New site"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="As your colleagues call the website"
            placeholder="Web shop"
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Make the site
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
