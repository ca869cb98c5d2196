import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { User } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { profilesQuery } from "#lib/api/shared.ts";
import { fieldErrors, required, UnsavedGuard, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

/** Name and profile. The owner's profile says nothing: an owner may do everything. */
export function UserForm({ user }: { user: User }) {
  const queries = useQueryClient();
  const profiles = useQuery(profilesQuery).data ?? [];
  const form = useForm({
    initialValues: { name: user.name, profile_id: user.profile_id },
    validateInputOnBlur: true,
    validate: { name: user.pending ? () => null : required("Write a name") },
  });
  const save = useMutation({
    mutationFn: ({ name, profile_id }: typeof form.values) =>
      api.patch<User>(`/users/${user.id}`, {
        name: name === user.name ? undefined : name.trim(),
        profile_id: profile_id === user.profile_id ? undefined : profile_id,
      }),
    onSuccess: (_saved, values) => {
      form.resetDirty(values);
      void queries.invalidateQueries({ queryKey: ["users"] });
      notifyDone("The user is saved");
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("The user was not saved", error);
    },
  });
  const submit = form.onSubmit((values) => save.mutate(values));
  const dirty = form.isDirty();
  useSaveShortcut(() => submit(), dirty && !save.isPending);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label="Name" autoComplete="off" {...form.getInputProps("name")} />
        <Select
          label="Profile"
          description={
            user.owner ? "The owner may do everything, whatever the profile" : "What the user may see and do"
          }
          data={profiles.map((one) => ({ value: one.id, label: one.name }))}
          allowDeselect={false}
          disabled={user.owner}
          {...form.getInputProps("profile_id")}
        />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!dirty}>
            Save
          </Button>
        </Group>
      </Stack>
      <UnsavedGuard dirty={dirty} />
    </form>
  );
}
