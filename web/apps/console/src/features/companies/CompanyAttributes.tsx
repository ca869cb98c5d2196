import { Button, Group, Stack, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AttributeDef, Company, Value } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { valueText } from "#lib/ui/format.ts";
import { fieldErrors, UnsavedGuard, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Fact, OwnText } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ValueInput } from "#lib/ui/ValueInput.tsx";
import { companyQuery } from "./queries.ts";

/** Shown above the form: a company may have several domains, and its owner is a user. */
const ELSEWHERE = new Set(["domain", "owner"]);

function attributeValue(company: Company, name: string): Value {
  return company.attributes[name] ?? (name === "name" ? company.name : null);
}

/** The company's attributes as one form. */
export function CompanyAttributes({ company }: { company: Company }) {
  const attributes = useQuery(attributesQuery);
  const may = useMay("people.edit");
  if (attributes.isPending) return <LinesSkeleton lines={4} />;
  if (attributes.error) return <Failed error={attributes.error} what="The attributes could not be read" />;
  const mine = attributes.data.filter((one) => one.of === "company" && !ELSEWHERE.has(one.name));
  return (
    <section>
      <Title order={2} mb="sm">
        Attributes
      </Title>
      {may ? (
        <Editor key={company.id} company={company} attributes={mine} />
      ) : (
        <Stack component="dl" gap="sm" m={0}>
          {mine.map((one) => (
            <Fact key={one.name} label={one.label}>
              <OwnText>{valueText(attributeValue(company, one.name), one.type)}</OwnText>
            </Fact>
          ))}
        </Stack>
      )}
    </section>
  );
}

function Editor({ company, attributes }: { company: Company; attributes: AttributeDef[] }) {
  const queries = useQueryClient();
  const editable = attributes.filter((one) => one.editable && !ELSEWHERE.has(one.name));
  const start = Object.fromEntries(editable.map((one) => [one.name, attributeValue(company, one.name)]));
  const form = useForm<Record<string, Value>>({ initialValues: start });
  const save = useMutation({
    mutationFn: (values: Record<string, Value>) => {
      const changed = Object.entries(values).filter(([name, value]) => value !== (start[name] ?? null));
      return api.patch<Company>(`/companies/${company.id}`, { attributes: Object.fromEntries(changed) });
    },
    onSuccess: (_saved, values) => {
      form.resetDirty(values);
      void queries.invalidateQueries({ queryKey: ["companies"] });
      void queries.invalidateQueries({ queryKey: companyQuery(company.id).queryKey });
      notifyDone("The company is saved");
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error, "/attributes"));
      notifyProblem("The company was not saved", error);
    },
  });
  const submit = form.onSubmit((values) => save.mutate(values));
  const dirty = form.isDirty();
  useSaveShortcut(() => submit(), dirty && !save.isPending);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {editable.map((attribute) => (
          <ValueInput
            key={attribute.name}
            attribute={attribute}
            value={form.values[attribute.name] ?? null}
            onChange={(value) => form.setFieldValue(attribute.name, value)}
            error={form.errors[attribute.name]}
          />
        ))}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!dirty}>
            Save
          </Button>
          {dirty ? (
            <Button variant="subtle" color="gray" onClick={form.reset}>
              Discard
            </Button>
          ) : null}
        </Group>
      </Stack>
      <UnsavedGuard dirty={dirty} />
    </form>
  );
}
