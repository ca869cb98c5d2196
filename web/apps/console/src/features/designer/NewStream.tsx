import { Button, Drawer, Group, Radio, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Dialogue, Site } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { sitesQuery } from "#lib/api/shared.ts";
import { fieldErrors, required, useSaveShortcut } from "#lib/ui/forms.tsx";
import { TextLink } from "#lib/ui/Links.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import type { StreamKind } from "./kinds.ts";
import classes from "./new-stream.module.css";
import { templatesQuery } from "./queries.ts";

const BLANK = "";

interface NewStreamProps {
  kind: StreamKind;
  opened: boolean;
  onClose: () => void;
}

/** Makes a dialogue or flow: a name, a site, and what to start from. */
export function NewStream({ kind, opened, onClose }: NewStreamProps) {
  const sites = useQuery({ ...sitesQuery, enabled: opened });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={`New ${kind.noun}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {sites.error ? (
        <Failed error={sites.error} what="The sites could not be read" retry={() => void sites.refetch()} />
      ) : sites.data ? (
        <Form kind={kind} sites={sites.data} onClose={onClose} opened={opened} />
      ) : (
        <LinesSkeleton lines={4} />
      )}
    </Drawer>
  );
}

function Form({ kind, sites, onClose, opened }: NewStreamProps & { sites: Site[] }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const templates = useQuery({ ...templatesQuery, enabled: opened });
  const form = useForm({
    initialValues: { name: "", site_id: sites.length === 1 ? (sites[0]?.id ?? "") : "", template: BLANK },
    validateInputOnBlur: true,
    validate: { name: required("Give it a name"), site_id: required("Choose the site that shows it") },
  });
  const create = useMutation({
    mutationFn: ({ template, ...rest }: typeof form.values) =>
      api.post<Dialogue>(kind.path, template === BLANK ? rest : { ...rest, template }),
    onSuccess: async (made) => {
      void queries.invalidateQueries({ queryKey: [kind.key] });
      await navigate({ to: `${kind.path}/$id`, params: { id: made.id } });
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem(`The ${kind.noun} was not made`, error);
    },
  });
  const submit = form.onSubmit((values) => create.mutate(values));
  useSaveShortcut(() => submit(), opened && !create.isPending);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          description="For you and your colleagues; visitors do not see it"
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("name")}
        />
        <Select
          label="Site"
          data={sites.map((site) => ({ value: site.id, label: site.name }))}
          allowDeselect={false}
          description={
            sites.length === 0 ? (
              <>
                There is no site yet.{" "}
                <TextLink to="/sites" search={{ new: true }} inherit>
                  Make one first
                </TextLink>
              </>
            ) : null
          }
          {...form.getInputProps("site_id")}
        />
        <Radio.Group label="Start from" {...form.getInputProps("template")}>
          <Stack gap="xs" mt={4}>
            <Choice value={BLANK} name="Blank" description="One greeting, the rest is yours" />
            {(templates.data ?? []).map((one) => (
              <Choice key={one.key} value={one.key} name={one.name} description={one.description} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Make the {kind.noun}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Choice({ value, name, description }: { value: string; name: string; description: string }) {
  return (
    <Radio.Card value={value} className={classes.choice}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator size="xs" mt={2} />
        <span>
          <span className={classes.choiceName}>{name}</span>
          <span className={classes.choiceNote}>{description}</span>
        </span>
      </Group>
    </Radio.Card>
  );
}
