import { Button, Drawer, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { User } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { profilesQuery } from "#lib/api/shared.ts";
import { emailShape, fieldErrors, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

/** Invites somebody by e-mail, with a profile. */
export function InviteUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const profiles = useQuery(profilesQuery).data ?? [];
  const form = useForm({
    initialValues: { email: "", name: "", profile_id: null as string | null },
    validateInputOnBlur: true,
    validate: { email: emailShape, profile_id: (id) => (id === null ? "Choose a profile" : null) },
  });
  const close = () => {
    form.reset();
    onClose();
  };
  const invite = useMutation({
    mutationFn: ({ email, name, profile_id }: typeof form.values) =>
      api.post<User>("/users/invitations", {
        email: email.trim(),
        profile_id,
        name: name.trim() || undefined,
      }),
    onSuccess: (user) => {
      void queries.invalidateQueries({ queryKey: ["users"] });
      notifyDone(`An invitation is on its way to ${user.email}`);
      close();
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("Nobody was invited", error);
    },
  });
  const submit = form.onSubmit((values) => invite.mutate(values));
  useSaveShortcut(() => submit(), opened && !invite.isPending);
  const chosen = profiles.find((one) => one.id === form.values.profile_id);
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      title="Invite a user"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("email")}
          />
          <TextInput
            label="Name"
            description="Optional; can be changed on joining"
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <Select
            label="Profile"
            description={chosen?.description || "What the user may see and do"}
            data={profiles.map((one) => ({ value: one.id, label: one.name }))}
            allowDeselect={false}
            {...form.getInputProps("profile_id")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={invite.isPending}>
              Send the invitation
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
