import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import type { Me } from "@usher/api";
import { publicApi } from "#lib/api/client.ts";
import { sessionQuery } from "#lib/api/session.ts";
import { emailShape, fieldErrors, newPassword, required } from "#lib/ui/forms.tsx";
import { Card } from "./Card.tsx";
import { Problem } from "./Problem.tsx";
import { setupQuery } from "./queries.ts";

/** The first screen of a new instance: its owner. */
export function Setup() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const setup = useQuery(setupQuery);
  const form = useForm({
    initialValues: { name: "", email: "", password: "" },
    validateInputOnBlur: true,
    validate: { name: required("Write your name"), email: emailShape, password: newPassword },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) => publicApi.post<Me>("/setup", values),
    onSuccess: (me) => {
      queries.setQueryData(setupQuery.queryKey, { needs_owner: false });
      queries.setQueryData(sessionQuery.queryKey, me);
      void navigate({ to: "/" });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  // Once there is an owner this page has nothing to offer.
  if (setup.data?.needs_owner === false && !create.isSuccess)
    return <Navigate to="/sign-in" search={{}} replace />;
  return (
    <Card
      title="Welcome to Usher"
      lead="Make the owner of this instance. The owner may do everything and can invite others."
    >
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Stack>
          <TextInput label="Your name" autoComplete="name" data-autofocus {...form.getInputProps("name")} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
          <PasswordInput
            label="Password"
            description="At least 10 characters"
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          <Problem error={create.error} />
          <Button type="submit" size="sm" loading={create.isPending}>
            Create the owner
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
