import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, type AuditEntry, type Page, type Site } from "@usher/api";
import { useEffect, useRef } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { siteQuery } from "./queries.ts";
import { isDomain, isWebAddress, patchOf, type SiteValues, valuesOf } from "./values.ts";

/** The site being edited: one form for all its tabs, saved with the version it is based on. */
export function useSiteForm(site: Site) {
  const queries = useQueryClient();
  const mayAudit = useMay("admin.audit_log");
  const base = useRef(site);
  const form = useForm<SiteValues>({
    initialValues: valuesOf(site),
    validateInputOnBlur: true,
    validate: {
      name: (name) => (name.trim() === "" ? "Give it a name" : null),
      style: {
        bot_name: (name) => (name.trim() === "" ? "Visitors read this at the top of the panel" : null),
      },
      privacy: {
        privacy_url: (url) =>
          url === null || url === "" || isWebAddress(url)
            ? null
            : "Write a whole address, like https://example.com/privacy",
      },
      security: {
        allowed_domains: (domains) => wrongDomain(domains),
        blocked_email_domains: (domains) => wrongDomain(domains),
      },
    },
  });
  const dirty = form.isDirty();
  const { setInitialValues, setValues, resetDirty } = form;

  // What somebody else saved is taken over while nothing here is unsaved.
  useEffect(() => {
    if (dirty || site.version === base.current.version) return;
    base.current = site;
    setInitialValues(valuesOf(site));
    setValues(valuesOf(site));
    resetDirty(valuesOf(site));
  }, [site, dirty, setInitialValues, setValues, resetDirty]);

  const save = useMutation({
    mutationFn: (values: SiteValues) =>
      api.patch<Site>(`/sites/${site.id}`, patchOf(base.current, values), { ifMatch: base.current.version }),
    onSuccess: (saved) => {
      base.current = saved;
      queries.setQueryData(siteQuery(site.id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ["sites"], exact: true });
      form.setInitialValues(valuesOf(saved));
      form.setValues(valuesOf(saved));
      form.resetDirty(valuesOf(saved));
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      if (!(error instanceof ApiProblem && error.isConflict)) notifyProblem("The site was not saved", error);
    },
  });
  const conflict = save.error instanceof ApiProblem && save.error.isConflict;

  /** Who was first, as far as one may know. */
  const whoWasFirst = async (): Promise<string | null> => {
    if (!mayAudit) return null;
    const log = await api.get<Page<AuditEntry>>("/audit-log", {
      query: { action: "site.updated", limit: 20 },
    });
    return log.items.find((one) => one.object_id === site.id)?.user?.name ?? null;
  };
  /** Puts what is typed here over what was saved meanwhile. */
  const saveOver = async () => {
    base.current = await api.get<Site>(`/sites/${site.id}`);
    save.mutate(form.getValues());
  };
  const takeTheirs = async () => {
    const theirs = await api.get<Site>(`/sites/${site.id}`);
    base.current = theirs;
    queries.setQueryData(siteQuery(site.id).queryKey, theirs);
    save.reset();
    form.setInitialValues(valuesOf(theirs));
    form.setValues(valuesOf(theirs));
    form.resetDirty(valuesOf(theirs));
  };
  /** The picture is saved by itself; the rest of the form stays as it is. */
  const adoptAvatar = (saved: Site) => {
    base.current = saved;
    queries.setQueryData(siteQuery(site.id).queryKey, saved);
  };
  return { form, dirty, save, conflict, whoWasFirst, saveOver, takeTheirs, adoptAvatar };
}

export type SiteFormControl = ReturnType<typeof useSiteForm>;
export type SiteForm = SiteFormControl["form"];

function wrongDomain(domains: string[]): string | null {
  const wrong = domains.find((one) => !isDomain(one));
  return wrong === undefined ? null : `“${wrong}” is not a domain, like example.com`;
}
