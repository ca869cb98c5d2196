/**
 * Edits of a criteria tree as pure functions. A path is the list of child
 * indexes from the root; the root itself is `[]`. Nothing is changed in place.
 */
import type { AttributeCondition, AttributeType, Condition, Criteria, MembershipCondition } from "@usher/api";
import { readCriteriaTree } from "@usher/stream";
import { OPERATORS, operandOf } from "./operators.ts";

export type Path = readonly number[];
export type Group = { all: Criteria[] } | { any: Criteria[] };
export type GroupKind = "all" | "any";

export const EVERYBODY: Group = { all: [] };

export function isGroup(node: Criteria): node is Group {
  return "all" in node || "any" in node;
}
export function isMembership(node: Criteria): node is MembershipCondition {
  return "member_of" in node;
}
export function isAttribute(node: Criteria): node is AttributeCondition {
  return "attribute" in node;
}
export function kindOf(group: Group): GroupKind {
  return "all" in group ? "all" : "any";
}
export function childrenOf(group: Group): Criteria[] {
  return "all" in group ? group.all : group.any;
}
export function groupOf(kind: GroupKind, children: Criteria[]): Group {
  return kind === "all" ? { all: children } : { any: children };
}

/** The tree with a group at its root, which is what the builder shows. */
export function asGroup(criteria: Criteria | undefined): Group {
  if (criteria === undefined) return EVERYBODY;
  return isGroup(criteria) ? criteria : { all: [criteria] };
}

/** Replaces the node at the path; a path that leads nowhere changes nothing. */
export function replaceAt(root: Group, path: Path, node: Criteria): Group {
  const [index, ...rest] = path;
  if (index === undefined) return isGroup(node) ? node : { all: [node] };
  const children = childrenOf(root);
  const child = children[index];
  if (child === undefined) return root;
  const next = rest.length === 0 ? node : isGroup(child) ? replaceAt(child, rest, node) : child;
  return groupOf(kindOf(root), children.with(index, next));
}

/** Appends a node to the group at the path. */
export function addTo(root: Group, path: Path, node: Criteria): Group {
  const group = nodeAt(root, path);
  if (group === undefined || !isGroup(group)) return root;
  return replaceAt(root, path, groupOf(kindOf(group), [...childrenOf(group), node]));
}

/** Removes the node at the path, and every group that this leaves empty. */
export function removeAt(root: Group, path: Path): Group {
  const [index, ...rest] = path;
  if (index === undefined) return EVERYBODY;
  const children = childrenOf(root);
  const child = children[index];
  if (child === undefined) return root;
  const kept = rest.length > 0 && isGroup(child) ? removeAt(child, rest) : undefined;
  const next =
    kept === undefined || childrenOf(kept).length === 0
      ? children.filter((_, i) => i !== index)
      : children.with(index, kept);
  return groupOf(kindOf(root), next);
}

/** Turns the group at the path from all to any, or back. */
export function setKind(root: Group, path: Path, kind: GroupKind): Group {
  const group = nodeAt(root, path);
  if (group === undefined || !isGroup(group)) return root;
  return replaceAt(root, path, groupOf(kind, childrenOf(group)));
}

export function nodeAt(root: Criteria, path: Path): Criteria | undefined {
  return path.reduce<Criteria | undefined>(
    (node, index) => (node !== undefined && isGroup(node) ? childrenOf(node)[index] : undefined),
    root,
  );
}

/** How many conditions the tree holds, at any depth. */
export function countConditions(node: Criteria): number {
  if (!isGroup(node)) return 1;
  return childrenOf(node).reduce((sum, child) => sum + countConditions(child), 0);
}

/**
 * What can be asked already: conditions whose value is still missing are left
 * out, and groups without any condition with them.
 */
export function askable(root: Group, typeOf: (attribute: string) => AttributeType | undefined): Group {
  const children = childrenOf(root).flatMap((child): Criteria[] => {
    if (!isGroup(child)) return isComplete(child, typeOf) ? [child] : [];
    const inner = askable(child, typeOf);
    return childrenOf(inner).length > 0 ? [inner] : [];
  });
  return groupOf(kindOf(root), children);
}

function isComplete(condition: Condition, typeOf: (attribute: string) => AttributeType | undefined): boolean {
  if (isMembership(condition)) return condition.member_of !== "";
  const type = typeOf(condition.attribute);
  if (type === undefined) return false;
  const operand = operandOf(type, condition.op);
  const values = (condition.values ?? []).filter((value) => value !== null && value !== "");
  if (operand === "none") return true;
  if (operand === "numbers" || operand === "dates") return values.length === 2;
  if (operand === "span") return values.length === 1 && condition.unit !== undefined;
  return values.length > 0;
}

/** A fresh condition on an attribute, with the operator people mean most often. */
export function conditionOn(attribute: string, type: AttributeType): AttributeCondition {
  const op = OPERATORS[type][0] ?? "is";
  return withOperator({ attribute, op }, type, type === "datetime" ? "in_past" : op);
}

/** The condition with another operator; the value stays where it still fits. */
export function withOperator(
  condition: AttributeCondition,
  type: AttributeType,
  op: AttributeCondition["op"],
): AttributeCondition {
  const operand = operandOf(type, op);
  const base = { attribute: condition.attribute, op };
  if (operand === "none") return base;
  const keep = operand === operandOf(type, condition.op);
  if (operand === "span") {
    return { ...base, values: keep ? condition.values : [30], unit: keep ? condition.unit : "days" };
  }
  return keep && condition.values !== undefined ? { ...base, values: condition.values } : base;
}

/** Reads criteria from an address; anything that is none gives undefined. */
export function readCriteria(value: unknown): Group | undefined {
  const read = readCriteriaTree(value);
  return read === undefined ? undefined : asGroup(read);
}
