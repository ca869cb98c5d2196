import { Badge, Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { Site } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { SaveButtons, UnsavedGuard } from "#lib/ui/forms.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { GeneralTab } from "./GeneralTab.tsx";
import { InstallationTab } from "./InstallationTab.tsx";
import { PrivacyTab } from "./PrivacyTab.tsx";
import { SecurityTab } from "./SecurityTab.tsx";
import { SiteConflict } from "./SiteConflict.tsx";
import { StyleTab } from "./StyleTab.tsx";
import classes from "./sites.module.css";
import { useSiteForm } from "./use-site-form.ts";

const route = getRouteApi("/frame/sites/$id");

const TABS = [
  { key: "style", label: "Style" },
  { key: "privacy", label: "Privacy" },
  { key: "installation", label: "Installation" },
  { key: "security", label: "Security" },
  { key: "general", label: "General" },
] as const;

/** One form over all tabs; what is typed stays while one moves between them. */
export function SiteEditor({ site }: { site: Site }) {
  const { tab = "style" } = route.useSearch();
  const navigate = route.useNavigate();
  const control = useSiteForm(site);
  const maySettings = useMay("admin.chatbot_settings");
  const mayPrivacy = useMay("admin.privacy_security");
  const { form, dirty, save } = control;
  const submit = form.onSubmit((values) => save.mutate(values));
  const on = site.enabled && site.chat_enabled;
  return (
    <Page
      title={site.name}
      fill
      back={{ label: "Sites", to: "/sites" }}
      note={on ? null : <Badge color="yellow">Chat is off</Badge>}
      actions={
        <SaveButtons dirty={dirty} saving={save.isPending} onSave={() => submit()} onDiscard={form.reset} />
      }
    >
      <SiteConflict control={control} />
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({ search: { tab: TABS.find((one) => one.key === value && value !== "style")?.key } })
        }
        className={classes.tabs}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabList}>
          {TABS.map((one) => (
            <Tabs.Tab key={one.key} value={one.key}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="style" className={classes.tabPanel}>
          <StyleTab site={site} control={control} readOnly={!maySettings} />
        </Tabs.Panel>
        <Tabs.Panel value="privacy" className={classes.tabPanel}>
          <PrivacyTab form={form} readOnly={!mayPrivacy} />
        </Tabs.Panel>
        <Tabs.Panel value="installation" className={classes.tabPanel}>
          <InstallationTab id={site.id} />
        </Tabs.Panel>
        <Tabs.Panel value="security" className={classes.tabPanel}>
          <SecurityTab id={site.id} form={form} readOnly={!mayPrivacy} />
        </Tabs.Panel>
        <Tabs.Panel value="general" className={classes.tabPanel}>
          <GeneralTab site={site} form={form} readOnly={!maySettings} />
        </Tabs.Panel>
      </Tabs>
      <UnsavedGuard dirty={dirty} />
    </Page>
  );
}
