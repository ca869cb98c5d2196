import { Stack, Switch, TagsInput } from "@mantine/core";
import { IdentitySection } from "./IdentitySection.tsx";
import classes from "./sites.module.css";
import type { SiteForm } from "./use-site-form.ts";
import { asDomain } from "./values.ts";

const MOST = 50;

/** Who may embed the widget, and whose addresses are not wanted. */
export function SecurityTab({ id, form, readOnly }: { id: string; form: SiteForm; readOnly: boolean }) {
  const { validate_origin, allowed_domains, blocked_email_domains } = form.values.security;
  const set = (key: "allowed_domains" | "blocked_email_domains") => (domains: string[]) =>
    form.setFieldValue(`security.${key}`, [...new Set(domains.map(asDomain).filter((one) => one !== ""))]);
  return (
    <fieldset className={classes.form} disabled={readOnly}>
      <legend className={classes.hidden}>Security</legend>
      <Stack gap="xl">
        <Switch
          label="Only on these domains"
          description="Elsewhere the widget shows nothing, and the console of the browser says why"
          {...form.getInputProps("security.validate_origin", { type: "checkbox" })}
        />
        <TagsInput
          label="Allowed domains"
          description={
            validate_origin && allowed_domains.length === 0
              ? "Nothing is allowed yet: the widget would show nowhere"
              : `${allowed_domains.length} of ${MOST}. Enter or comma after each; *.example.com allows every sub-domain`
          }
          placeholder="example.com"
          maxTags={MOST}
          splitChars={[",", " ", "\n", ";"]}
          clearable
          disabled={!validate_origin}
          value={allowed_domains}
          error={form.errors["security.allowed_domains"]}
          onChange={set("allowed_domains")}
        />
        <TagsInput
          label="Blocked e-mail domains"
          description={`${blocked_email_domains.length} of ${MOST}. People with such an address, like competitors, cannot leave it, book or reach an agent`}
          placeholder="rival.example"
          maxTags={MOST}
          splitChars={[",", " ", "\n", ";"]}
          clearable
          value={blocked_email_domains}
          error={form.errors["security.blocked_email_domains"]}
          onChange={set("blocked_email_domains")}
        />
        {readOnly ? null : <IdentitySection id={id} />}
      </Stack>
    </fieldset>
  );
}
