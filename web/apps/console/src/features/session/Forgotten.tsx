import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { publicApi } from "#lib/api/client.ts";
import { emailShape } from "#lib/ui/forms.tsx";
import { MailIcon } from "#lib/ui/icons.ts";
import { TextLink } from "#lib/ui/Links.tsx";
import { Card } from "./Card.tsx";
import { Problem } from "./Problem.tsx";

/** Asks for a reset link. The answer is the same whether or not the address is known. */
export function Forgotten() {
  const form = useForm({
    initialValues: { email: "" },
    validateInputOnBlur: true,
    validate: { email: emailShape },
  });
  const ask = useMutation({
    mutationFn: (values: typeof form.values) => publicApi.post("/password-resets", values),
  });
  return (
    <Card
      title="Forgotten password"
      lead="We send a link that sets a new one."
      foot={
        <TextLink to="/sign-in" search={{}} c="dimmed">
          Back to sign-in
        </TextLink>
      }
    >
      {ask.isSuccess ? (
        <Alert color="accent" icon={<MailIcon size={18} />} role="status">
          If somebody with {form.values.email} uses this instance, a link is on its way. It works for a
          limited time.
        </Alert>
      ) : (
        <form onSubmit={form.onSubmit((values) => ask.mutate(values))} noValidate>
          <Stack>
            <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <Problem error={ask.error} />
            <Button type="submit" size="sm" loading={ask.isPending}>
              Send the link
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}
