import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Navigate, useRouter } from "@tanstack/react-router";
import type { Me } from "@usher/api";
import { publicApi } from "#lib/api/client.ts";
import { sessionQuery } from "#lib/api/session.ts";
import { emailShape, required } from "#lib/ui/forms.tsx";
import { TextLink } from "#lib/ui/Links.tsx";
import { Card } from "./Card.tsx";
import { Problem } from "./Problem.tsx";
import { setupQuery } from "./queries.ts";
import { safeReturn } from "./safe-return.ts";

const route = getRouteApi("/sign-in");

export function SignIn() {
  const router = useRouter();
  const queries = useQueryClient();
  const back = safeReturn(route.useSearch().return);
  const setup = useQuery(setupQuery);
  const form = useForm({
    initialValues: { email: "", password: "" },
    validateInputOnBlur: true,
    validate: { email: emailShape, password: required("Write your password") },
  });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => publicApi.post<Me>("/session", values),
    onSuccess: (me) => {
      queries.setQueryData(sessionQuery.queryKey, me);
      router.history.push(`/console${back}`);
    },
  });
  if (setup.data?.needs_owner && !setup.isFetching) return <Navigate to="/setup" replace />;
  return (
    <Card
      title="Sign in"
      foot={
        <TextLink to="/forgotten" c="dimmed">
          Forgotten password
        </TextLink>
      }
    >
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            data-autofocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            {...form.getInputProps("password")}
          />
          <Problem error={signIn.error} />
          <Button type="submit" size="sm" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
