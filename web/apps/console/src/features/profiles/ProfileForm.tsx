import { Badge, Button, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { PermissionArea, Profile } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { profilesQuery } from "#lib/api/shared.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { fieldErrors, required, SaveButtons, UnsavedGuard } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Permissions } from "./Permissions.tsx";

type Values = Pick<Profile, "name" | "description" | "permissions">;

interface ProfileFormProps {
  /** Null for a new one. */
  profile: Profile | null;
  start: Values;
  areas: PermissionArea[];
}

/** Name, description and permissions of a profile. */
export function ProfileForm({ profile, start, areas }: ProfileFormProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [deleting, ask] = useDisclosure(false);
  const form = useForm<Values>({
    initialValues: {
      name: start.name,
      description: start.description,
      permissions: [...start.permissions].sort(),
    },
    validateInputOnBlur: true,
    validate: { name: required("Give it a name") },
  });
  const save = useMutation({
    mutationFn: (values: Values) =>
      profile
        ? api.patch<Profile>(`/profiles/${profile.id}`, values, { ifMatch: profile.version })
        : api.post<Profile>("/profiles", values),
    onSuccess: async (saved, values) => {
      form.resetDirty(values);
      await queries.invalidateQueries({ queryKey: profilesQuery.queryKey });
      void queries.invalidateQueries({ queryKey: ["session"] });
      notifyDone("The profile is saved");
      if (!profile)
        await navigate({ to: "/profiles/$id", params: { id: saved.id }, replace: true, ignoreBlocker: true });
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("The profile was not saved", error);
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/profiles/${id}`),
    onSuccess: async () => {
      await navigate({ to: "/profiles", ignoreBlocker: true });
      void queries.invalidateQueries({ queryKey: profilesQuery.queryKey });
    },
    onError: (error) => {
      ask.close();
      notifyProblem("The profile was not deleted", error);
    },
  });
  const dirty = form.isDirty();
  const submit = form.onSubmit((values) => save.mutate(values));
  return (
    <Page
      title={profile?.name ?? "New profile"}
      narrow
      back={{ label: "Profiles", to: "/profiles" }}
      note={profile?.built_in ? <Badge color="gray">Built in</Badge> : null}
      actions={
        <>
          {profile && !profile.built_in ? (
            <Button
              variant="subtle"
              color="gray"
              disabled={profile.users > 0}
              title={profile.users > 0 ? "Users still have this profile" : undefined}
              onClick={ask.open}
            >
              Delete
            </Button>
          ) : null}
          <SaveButtons dirty={dirty} saving={save.isPending} onSave={() => submit()} onDiscard={form.reset} />
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          <TextInput label="Name" autoComplete="off" {...form.getInputProps("name")} />
          <Textarea
            label="Description"
            description="Read when somebody is invited"
            rows={2}
            {...form.getInputProps("description")}
          />
          <Permissions
            areas={areas}
            chosen={form.values.permissions}
            onChange={(permissions) => form.setFieldValue("permissions", permissions)}
          />
        </Stack>
      </form>
      <UnsavedGuard dirty={dirty} />
      <Confirm
        opened={deleting}
        onClose={ask.close}
        title="Delete the profile"
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => profile && remove.mutate(profile.id)}
      >
        <b dir="auto">{profile?.name}</b> is deleted. This cannot be undone.
      </Confirm>
    </Page>
  );
}
