/** The audit log's own words for what a machine name means. */

/** `site.updated` as `Site updated`; unknown ones stay readable. */
export function actionWords(action: string): string {
  const words = action.replaceAll(/[._]/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const VIA_WORDS: Record<string, string> = {
  session: "Console",
  token: "API token",
  cli: "Command line",
  system: "Usher",
};

const LINKS: Record<string, (id: string) => string> = {
  site: (id) => `/sites/${id}`,
  dialogue: (id) => `/dialogues/${id}`,
  flow: (id) => `/flows/${id}`,
  document: (id) => `/documents/${id}`,
  goal: (id) => `/goals?goal=${encodeURIComponent(id)}`,
  canned_response: (id) => `/canned-responses?response=${encodeURIComponent(id)}`,
  person: (id) => `/people/${id}`,
  user: (id) => `/users/${id}`,
  profile: (id) => `/profiles/${id}`,
  company: (id) => `/companies/${id}`,
  import: (id) => `/imports/${id}`,
  conversation: (id) => `/conversations/${id}`,
};

/** Where the object of an entry can be seen; null when it has no screen, or is gone. */
export function objectLink(kind: string, id: string | null, action: string): string | null {
  if (id === null || /(deleted|erased)$/.test(action)) return null;
  return LINKS[kind]?.(id) ?? null;
}

export interface Detail {
  label: string;
  value: string;
}

/** The details of an entry as lines; nested values as compact JSON. */
export function detailLines(details: Record<string, unknown>): Detail[] {
  return Object.entries(details).map(([name, value]) => ({
    label: actionWords(name),
    value:
      Array.isArray(value) && value.every((one) => typeof one === "string")
        ? value.join(", ")
        : typeof value === "string"
          ? value
          : JSON.stringify(value),
  }));
}
