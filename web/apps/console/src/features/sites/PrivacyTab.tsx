import { Group, Radio, Stack, Switch, TextInput } from "@mantine/core";
import type { ConsentMode } from "@usher/api";
import classes from "./sites.module.css";
import type { SiteForm } from "./use-site-form.ts";

const MODES: { value: ConsentMode; name: string; means: string }[] = [
  {
    value: "interaction",
    name: "From the first click in the chat",
    means:
      "Nothing is stored in the browser before the visitor clicks in the chat. Until then a dialogue is chosen by the page and the visit alone. The usual choice.",
  },
  {
    value: "open",
    name: "From the first page",
    means:
      "A visitor is recognised from the first page view on. Use it where the visitor has agreed before, or where the law does not ask for it.",
  },
  {
    value: "required",
    name: "Only after consent",
    means:
      "Nothing is sent about a visitor before your page calls usher.consent(true). A flow that the visitor starts works for that page, unrecorded.",
  },
];

/** From when on a visitor is recognised, and what is kept. */
export function PrivacyTab({ form, readOnly }: { form: SiteForm; readOnly: boolean }) {
  return (
    <fieldset className={classes.form} disabled={readOnly}>
      <legend className={classes.hidden}>Privacy</legend>
      <Stack gap="xl">
        <Radio.Group
          label="When a visitor is recognised"
          description="Browsers that send Global Privacy Control are always asked first. A page may be stricter than this, never looser"
          {...form.getInputProps("privacy.consent_mode")}
        >
          <Stack gap="xs" mt="xs">
            {MODES.map((mode) => (
              <Radio.Card key={mode.value} value={mode.value} className={classes.mode}>
                <Group wrap="nowrap" align="flex-start" gap="sm">
                  <Radio.Indicator size="xs" mt={2} />
                  <span>
                    <span className={classes.modeName}>{mode.name}</span>
                    <span className={classes.modeMeans}>{mode.means}</span>
                  </span>
                </Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Privacy policy"
          description="Linked at the foot of the chat"
          type="url"
          placeholder="https://example.com/privacy"
          {...form.getInputProps("privacy.privacy_url")}
          value={form.values.privacy.privacy_url ?? ""}
        />
        <Switch
          label="Keep whole IP addresses"
          description="Otherwise an address is shortened as soon as country and company have been inferred from it"
          {...form.getInputProps("privacy.keep_ip", { type: "checkbox" })}
        />
      </Stack>
    </fieldset>
  );
}
