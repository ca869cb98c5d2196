import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { publicApi } from "#lib/api/client.ts";
import { fieldErrors, newPassword } from "#lib/ui/forms.tsx";
import { TextLink } from "#lib/ui/Links.tsx";
import { notifyDone } from "#lib/ui/notify.ts";
import { Card } from "./Card.tsx";
import { Problem } from "./Problem.tsx";

const route = getRouteApi("/reset/$token");

/** Where the link of a reset mail leads. */
export function Reset() {
  const { token } = route.useParams();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { password: "" },
    validateInputOnBlur: true,
    validate: { password: newPassword },
  });
  const redeem = useMutation({
    mutationFn: ({ password }: typeof form.values) =>
      publicApi.post("/password-resets/redeem", { token, password }),
    onSuccess: () => {
      notifyDone("The new password is set. Sign in with it.");
      void navigate({ to: "/sign-in", search: {} });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Card
      title="Set a new password"
      lead="You will be signed out everywhere else."
      foot={
        redeem.error ? (
          <TextLink to="/forgotten" c="dimmed">
            Ask for another link
          </TextLink>
        ) : null
      }
    >
      <form onSubmit={form.onSubmit((values) => redeem.mutate(values))} noValidate>
        <Stack>
          <PasswordInput
            label="New password"
            description="At least 10 characters"
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          <Problem error={redeem.error} />
          <Button type="submit" size="sm" loading={redeem.isPending}>
            Set the password
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
