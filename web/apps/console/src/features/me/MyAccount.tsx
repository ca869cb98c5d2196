import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Me, ThemeChoice } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { sessionQuery, useMe } from "#lib/api/session.ts";
import { fieldErrors, required, UnsavedGuard, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

const ZONES = Intl.supportedValuesOf("timeZone");

interface Values {
  name: string;
  theme: ThemeChoice;
  time_zone: string | null;
}

function valuesOf(me: Me): Values {
  return { name: me.user.name, theme: me.user.theme, time_zone: me.user.time_zone };
}

export function MyAccount() {
  const me = useMe();
  const queries = useQueryClient();
  const form = useForm<Values>({
    initialValues: valuesOf(me),
    validateInputOnBlur: true,
    validate: { name: required("Write your name") },
  });
  const save = useMutation({
    mutationFn: (values: Values) => api.patch<Me>("/me", values),
    onSuccess: (saved) => {
      queries.setQueryData(sessionQuery.queryKey, saved);
      const values = valuesOf(saved);
      form.setInitialValues(values);
      form.setValues(values);
      notifyDone("Your profile is saved");
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem("Your profile was not saved", error);
    },
  });
  const submit = form.onSubmit((values) => save.mutate(values));
  useSaveShortcut(() => submit(), form.isDirty());
  return (
    <section aria-labelledby="my-account">
      <Title order={2} id="my-account" mb="md">
        Account
      </Title>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput label="Name" autoComplete="name" {...form.getInputProps("name")} />
          <TextInput
            label="E-mail"
            value={me.user.email}
            readOnly
            description="Your sign-in; a user manager can change it"
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="my-theme">
              Theme
            </Text>
            <SegmentedControl
              aria-labelledby="my-theme"
              data={[
                { value: "light", label: "Light" },
                { value: "dark", label: "Dark" },
                { value: "auto", label: "As the system" },
              ]}
              value={form.values.theme}
              onChange={(theme) => form.setFieldValue("theme", theme as ThemeChoice)}
            />
          </div>
          <Select
            label="Time zone"
            placeholder="As in this browser"
            description="For times in mails and in meetings"
            data={ZONES}
            searchable
            clearable
            {...form.getInputProps("time_zone")}
          />
          <Group>
            <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
      <UnsavedGuard dirty={form.isDirty()} />
    </section>
  );
}
