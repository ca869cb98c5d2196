import { Button, Group, PasswordInput, Stack, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import type { Me } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { fieldErrors, newPassword, required } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

export function MyPassword() {
  const form = useForm({
    initialValues: { current: "", new: "" },
    validateInputOnBlur: true,
    validate: { current: required("Write the password you have now"), new: newPassword },
  });
  const change = useMutation({
    mutationFn: (password: typeof form.values) => api.patch<Me>("/me", { password }),
    onSuccess: () => {
      form.reset();
      notifyDone("The new password is set");
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error, "/password"));
      notifyProblem("The password was not changed", error);
    },
  });
  return (
    <section aria-labelledby="my-password">
      <Title order={2} id="my-password" mb="md">
        Password
      </Title>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack>
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            {...form.getInputProps("current")}
          />
          <PasswordInput
            label="New password"
            description="At least 10 characters"
            autoComplete="new-password"
            {...form.getInputProps("new")}
          />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending} disabled={!form.isDirty()}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
