/** Reads criteria that were written elsewhere: an address, a clipboard. */
import type { AttributeCondition, Criteria, MembershipCondition } from "@usher/api";

const DEEPEST = 16;

/** The criteria in a value; undefined when it is none, or nested too deeply. */
export function readCriteriaTree(value: unknown, depth = 0): Criteria | undefined {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return undefined;
  if ("all" in value) {
    const all = readMembers(value.all, depth);
    return all && { all };
  }
  if ("any" in value) {
    const any = readMembers(value.any, depth);
    return any && { any };
  }
  const record = value as Record<string, unknown>;
  const known = typeof record.op === "string";
  if (known && typeof record.attribute === "string") return value as AttributeCondition;
  return known && typeof record.member_of === "string" ? (value as MembershipCondition) : undefined;
}

function readMembers(members: unknown, depth: number): Criteria[] | undefined {
  if (!Array.isArray(members)) return undefined;
  const nodes = members.map((member) => readCriteriaTree(member, depth + 1));
  return nodes.every((node) => node !== undefined) ? nodes : undefined;
}
