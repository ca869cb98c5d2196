import { Button, PasswordInput, Skeleton, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { Invitation, Me } from "@usher/api";
import { useEffect } from "react";
import { publicApi } from "#lib/api/client.ts";
import { sessionQuery } from "#lib/api/session.ts";
import { fieldErrors, newPassword, required } from "#lib/ui/forms.tsx";
import { Failed } from "#lib/ui/States.tsx";
import { Card } from "./Card.tsx";
import { Problem } from "./Problem.tsx";

const route = getRouteApi("/join/$token");

/** Where the link of an invitation leads. */
export function Join() {
  const { token } = route.useParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => publicApi.get<Invitation>(`/invitations/${encodeURIComponent(token)}`),
  });
  const form = useForm({
    initialValues: { name: "", password: "" },
    validateInputOnBlur: true,
    validate: { name: required("Write your name"), password: newPassword },
  });
  const { initialize } = form;
  const invited = invitation.data;
  useEffect(() => {
    if (invited) initialize({ name: invited.name ?? "", password: "" });
  }, [invited, initialize]);
  const join = useMutation({
    mutationFn: (values: typeof form.values) =>
      publicApi.post<Me>("/invitations/redeem", { token, ...values }),
    onSuccess: (me) => {
      queries.setQueryData(sessionQuery.queryKey, me);
      void navigate({ to: "/" });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  if (invitation.error) {
    return (
      <Card
        title="This invitation does not work"
        lead="It may have been used, replaced by a newer one, or be too old."
      >
        <Failed
          error={invitation.error}
          what="It could not be opened"
          retry={() => void invitation.refetch()}
        />
      </Card>
    );
  }
  if (!invited) {
    return (
      <Card title="Join">
        <Skeleton h={160} />
      </Card>
    );
  }
  return (
    <Card
      title="Join"
      lead={`You are invited as ${invited.email}, with the profile ${invited.profile_name}.`}
    >
      <form onSubmit={form.onSubmit((values) => join.mutate(values))} noValidate>
        <Stack>
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
          <PasswordInput
            label="Password"
            description="At least 10 characters"
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          <Problem error={join.error} />
          <Button type="submit" size="sm" loading={join.isPending}>
            Join
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
