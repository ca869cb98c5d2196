import { Button, NumberInput, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Site } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { CopyLine } from "#lib/ui/Shown.tsx";
import classes from "./sites.module.css";
import type { SiteForm } from "./use-site-form.ts";

interface GeneralTabProps {
  site: Site;
  form: SiteForm;
  readOnly: boolean;
}

/** Name, switches, and the end of a site. */
export function GeneralTab({ site, form, readOnly }: GeneralTabProps) {
  return (
    <fieldset className={classes.form} disabled={readOnly}>
      <legend className={classes.hidden}>General</legend>
      <Stack gap="lg">
        <TextInput label="Name" dir="auto" {...form.getInputProps("name")} />
        <div>
          <Text size="sm" fw={500} mb={4}>
            Key
          </Text>
          <CopyLine value={site.key} label="the key" />
          <Text size="xs" c="dimmed" mt={4}>
            Public: it stands in the snippet.
          </Text>
        </div>
        <Switch
          label="Chat enabled"
          description="Off stops all dialogues of this site at once; on resumes them"
          {...form.getInputProps("chat_enabled", { type: "checkbox" })}
        />
        <Switch
          label="Site enabled"
          description="Off refuses the key altogether, as if the site did not exist"
          {...form.getInputProps("enabled", { type: "checkbox" })}
        />
        <NumberInput
          label="Pause between pokes"
          description="At most one unprompted poke to a visitor in this time; 0 for none"
          suffix=" min"
          maw={240}
          min={0}
          max={10_080}
          allowDecimal={false}
          {...form.getInputProps("poke_pause_minutes")}
          onChange={(value) => {
            if (typeof value === "number") form.setFieldValue("poke_pause_minutes", value);
          }}
        />
        {readOnly ? null : <DeleteSite site={site} />}
      </Stack>
    </fieldset>
  );
}

function DeleteSite({ site }: { site: Site }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, ask] = useDisclosure(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/sites/${site.id}`),
    onSuccess: async () => {
      await navigate({ to: "/sites", ignoreBlocker: true });
      queries.removeQueries({ queryKey: ["sites", site.id] });
      void queries.invalidateQueries();
    },
    onError: (error) => notifyProblem("The site was not deleted", error),
    onSettled: ask.close,
  });
  return (
    <section aria-label="Delete the site" className={classes.danger}>
      <Title order={2}>Delete the site</Title>
      <Text size="sm" c="dimmed" mb="sm">
        Its dialogues, visitors and conversations go with it. People stay.
      </Text>
      <Button color="red" variant="light" onClick={ask.open}>
        Delete…
      </Button>
      <Confirm
        opened={asking}
        onClose={ask.close}
        title="Delete the site"
        action="Delete"
        typed={site.name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        The site, its dialogues with their versions and figures, its visitors and their conversations are
        deleted. This cannot be undone.
      </Confirm>
    </section>
  );
}
