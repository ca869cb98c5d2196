import type { Person } from "@usher/api";

/** What to call a person: the name, else the address, else what is known of a stranger. */
export function personName(person: Pick<Person, "full_name" | "email" | "known" | "id">): string {
  if (person.full_name) return person.full_name;
  if (person.email) return person.email;
  return person.known ? "Without a name" : `Anonymous ${person.id.slice(-4).toUpperCase()}`;
}
