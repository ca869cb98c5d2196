import type { Person, Value } from "@usher/api";

/** The value of an attribute; the address stands beside the others. */
export function attributeValue(person: Pick<Person, "attributes" | "email">, name: string): Value {
  return person.attributes[name] ?? (name === "email" ? person.email : null);
}
