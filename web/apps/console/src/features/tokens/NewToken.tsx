import { Alert, Button, Drawer, Group, MultiSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NewApiToken } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { permissionsQuery } from "#lib/api/shared.ts";
import { fieldErrors, required, useSaveShortcut } from "#lib/ui/forms.tsx";
import { LockIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { CopyLine } from "#lib/ui/Shown.tsx";

/** Makes a token, and shows it this once. */
export function NewToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: "", scopes: [] as string[] },
    validateInputOnBlur: true,
    validate: {
      name: required("Say what it is for"),
      scopes: (scopes) => (scopes.length === 0 ? "Choose what it may do" : null),
    },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) => api.post<NewApiToken>("/tokens", values),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("The token was not made", error);
    },
  });
  const close = () => {
    form.reset();
    // The secret must not outlive the panel that shows it.
    create.reset();
    onClose();
  };
  const areas = useQuery({ ...permissionsQuery, enabled: opened }).data ?? [];
  const submit = form.onSubmit((values) => create.mutate(values));
  useSaveShortcut(() => submit(), opened && !create.isPending && !create.data);
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      title={create.data ? "Copy the token now" : "New API token"}
      closeOnClickOutside={!create.data}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {create.data ? (
        <Stack>
          <Alert color="yellow" icon={<LockIcon size={18} />}>
            It is shown only this once. Keep it where you keep passwords.
          </Alert>
          <CopyLine value={create.data.token} label="the token" />
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            <TextInput
              label="Name"
              description="What uses it"
              data-autofocus
              autoComplete="off"
              {...form.getInputProps("name")}
            />
            <MultiSelect
              label="Permissions"
              description="As few as it needs"
              data={areas.map((area) => ({
                group: area.label,
                items: area.permissions.map((one) => ({ value: one.key, label: one.label })),
              }))}
              searchable
              clearable
              hidePickedOptions
              {...form.getInputProps("scopes")}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Make the token
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Drawer>
  );
}
