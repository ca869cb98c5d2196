import { Button, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiProblem, type Person, type Value } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { emailShape, fieldErrors, UnsavedGuard, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ValueInput } from "#lib/ui/ValueInput.tsx";
import { isFilled } from "#lib/ui/values.ts";

const FIRST = ["email", "first_name", "last_name", "phone", "job_title", "country"];

/** Adds a person by hand. */
export function NewPerson() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const attributes = useQuery(attributesQuery);
  const form = useForm<Record<string, Value>>({
    initialValues: {},
    validate: { email: (value) => emailShape(String(value ?? "")) },
  });
  const create = useMutation({
    mutationFn: (values: Record<string, Value>) => {
      const filled = Object.entries(values).filter(([, value]) => isFilled(value));
      return api.post<Person>("/people", { attributes: Object.fromEntries(filled) });
    },
    onSuccess: (person) => {
      form.resetDirty();
      void queries.invalidateQueries({ queryKey: ["people"] });
      notifyDone("The person is added");
      void navigate({ to: "/people/$id", params: { id: person.id }, search: {}, ignoreBlocker: true });
    },
    onError: (error) => {
      // A person can only be in the way of another by the address.
      const taken = error instanceof ApiProblem && error.status === 409;
      form.setErrors(taken ? { email: error.message } : fieldErrors(error, "/attributes"));
      notifyProblem("The person was not added", error);
    },
  });
  const filled = Object.values(form.values).some(isFilled);
  const submit = form.onSubmit((values) => create.mutate(values));
  useSaveShortcut(() => submit(), filled && !create.isPending);

  const editable = attributes.data?.filter((one) => one.of === "person" && one.editable) ?? [];
  const shown = [
    ...FIRST.flatMap((name) => editable.find((one) => one.name === name) ?? []),
    ...editable.filter((one) => !one.standard),
  ];
  return (
    <Page
      title="New person"
      narrow
      back={{ label: "People", to: "/people" }}
      actions={
        <Button onClick={() => submit()} loading={create.isPending} disabled={!filled}>
          Add the person
        </Button>
      }
    >
      {attributes.isPending ? <LinesSkeleton /> : null}
      {attributes.error ? (
        <Failed
          error={attributes.error}
          what="The attributes could not be read"
          retry={() => void attributes.refetch()}
        />
      ) : null}
      <form onSubmit={submit} noValidate>
        <Stack>
          {shown.map((attribute) => (
            <ValueInput
              key={attribute.name}
              attribute={attribute}
              value={form.values[attribute.name] ?? null}
              onChange={(value) => form.setFieldValue(attribute.name, value)}
              error={form.errors[attribute.name]}
              description={
                attribute.name === "email"
                  ? "Needed: people are known by it, and each address belongs to one person"
                  : undefined
              }
            />
          ))}
          {/* Enter in a field submits only when the form has a button. */}
          <button type="submit" hidden disabled={!filled} aria-hidden="true" tabIndex={-1} />
        </Stack>
      </form>
      <UnsavedGuard dirty={filled && !create.isSuccess} />
    </Page>
  );
}
