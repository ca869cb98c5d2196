/** What is edited of a site, and what of it is sent. */
import type { Site, SiteStyle } from "@usher/api";
import { same } from "@usher/stream";

export interface SiteValues {
  name: string;
  enabled: boolean;
  chat_enabled: boolean;
  poke_pause_minutes: number;
  style: SiteStyle;
  privacy: Site["privacy"];
  security: Site["security"];
}

export function valuesOf(site: Site): SiteValues {
  const { name, enabled, chat_enabled, poke_pause_minutes, style, privacy, security } = structuredClone(site);
  return { name, enabled, chat_enabled, poke_pause_minutes, style, privacy, security };
}

/** The members that differ; a section is sent whole. */
export function patchOf(site: Site, values: SiteValues): Partial<SiteValues> {
  const now: SiteValues = {
    ...values,
    name: values.name.trim(),
    // The picture has its own address and is not part of the form.
    style: { ...values.style, avatar_url: site.style.avatar_url },
    privacy: { ...values.privacy, privacy_url: values.privacy.privacy_url?.trim() || null },
  };
  const before = valuesOf(site);
  const keys = Object.keys(now) as (keyof SiteValues)[];
  return Object.fromEntries(keys.filter((key) => !same(now[key], before[key])).map((key) => [key, now[key]]));
}

/** The form's idea of a domain; the server decides. */
export function isDomain(text: string): boolean {
  return /^(\*\.)?([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)*[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(:\d+)?$/u.test(
    text,
  );
}

export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** What people paste as a domain: an address, an e-mail address, upper case. */
export function asDomain(text: string): string {
  const bare = text.trim().toLowerCase();
  if (isWebAddress(bare)) return new URL(bare).host;
  return bare.replace(/^.*@/, "").replace(/\/.*$/, "");
}
