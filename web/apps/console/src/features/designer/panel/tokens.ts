/** Tokens as authors see them. */
import type { AttributeDef } from "@usher/api";

/** `person.first_name:"there"`; a default without quotes and braces, which would end it. */
export function tokenInner(path: string, fallback: string): string {
  const clean = fallback.replaceAll(/["{}]/g, "").trim();
  return clean === "" ? path : `${path}:"${clean}"`;
}

/** What a token is called on the screen: `First name, or there`. */
export function tokenName(inner: string, attributes: readonly AttributeDef[]): string {
  const at = inner.indexOf(":");
  const path = (at === -1 ? inner : inner.slice(0, at)).trim();
  const fallback =
    at === -1
      ? ""
      : inner
          .slice(at + 1)
          .trim()
          .replaceAll(/^"|"$/g, "");
  const name = pathName(path, attributes);
  return fallback === "" ? name : `${name}, or “${fallback}”`;
}

/** The attribute or answer that a token names, as authors call it. */
export function pathName(path: string, attributes: readonly AttributeDef[]): string {
  if (path.startsWith("answer.")) return `Answer of ${path.slice("answer.".length)}`;
  const standard = path.replace(/^lead\./, "person.");
  const found = attributes.find((one) => `${one.of}.${one.name}` === standard);
  if (found === undefined) return path;
  return found.of === "person" ? found.label : `${OWNERS[found.of]} ${found.label.toLowerCase()}`;
}

const OWNERS: Record<AttributeDef["of"], string> = {
  person: "",
  company: "Company",
  visit: "Visit",
  inferred: "Inferred",
};
