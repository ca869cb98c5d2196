import type { AttributeType, Criteria } from "@usher/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addTo,
  asGroup,
  askable,
  childrenOf,
  conditionOn,
  countConditions,
  EVERYBODY,
  type Group,
  isGroup,
  nodeAt,
  readCriteria,
  removeAt,
  replaceAt,
  setKind,
  withOperator,
} from "./tree.ts";

const email: Criteria = { attribute: "person.email", op: "domain_is", values: ["acme.com"] };
const score: Criteria = { attribute: "person.score", op: "at_least", values: [50] };
const fair: Criteria = { member_of: "lst_1", op: "is_member" };
const tree: Group = { all: [email, { any: [score, { all: [fair] }] }] };

const TYPES: Record<string, AttributeType> = {
  "person.email": "email",
  "person.score": "score",
  "person.created_at": "datetime",
};
const typeOf = (attribute: string) => TYPES[attribute];

const PLAIN = { noNullPrototype: true };
const anyCriteria = fc.letrec<{ node: Criteria; group: Group }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Criteria>(email, score, fair),
    tie("group"),
  ),
  group: fc.oneof(
    fc.record({ all: fc.array(tie("node"), { minLength: 1, maxLength: 4 }) }, PLAIN),
    fc.record({ any: fc.array(tie("node"), { minLength: 1, maxLength: 4 }) }, PLAIN),
  ),
})).group;

/** Every path of the tree but the root's. */
function paths(group: Group, here: number[] = []): number[][] {
  return childrenOf(group).flatMap((child, index) => {
    const path = [...here, index];
    return isGroup(child) ? [path, ...paths(child, path)] : [path];
  });
}

describe("edits", () => {
  it("adds into a nested group and leaves the original alone", () => {
    const before = structuredClone(tree);
    const after = addTo(tree, [1, 1], score);
    expect(nodeAt(after, [1, 1, 1])).toEqual(score);
    expect(tree).toEqual(before);
  });

  it("replaces a condition at any depth", () => {
    expect(nodeAt(replaceAt(tree, [1, 1, 0], email), [1, 1, 0])).toEqual(email);
  });

  it("removes the groups that a removal leaves empty", () => {
    expect(removeAt(tree, [1, 1, 0])).toEqual({ all: [email, { any: [score] }] });
    expect(removeAt({ all: [{ any: [{ all: [fair] }] }] }, [0, 0, 0])).toEqual(EVERYBODY);
  });

  it("turns all into any in one group only", () => {
    expect(setKind(tree, [1], "all")).toEqual({ all: [email, { all: [score, { all: [fair] }] }] });
  });

  it("changes nothing for a path that leads nowhere", () => {
    expect(replaceAt(tree, [7], email)).toEqual(tree);
    expect(addTo(tree, [0], email)).toEqual(tree);
    expect(removeAt(tree, [9, 1])).toEqual(tree);
  });

  it("takes away exactly the conditions under the removed node", () => {
    fc.assert(
      fc.property(anyCriteria, fc.nat(), (group, pick) => {
        const all = paths(group);
        const path = all[pick % all.length] ?? [];
        const removed = nodeAt(group, path);
        if (removed === undefined) return;
        expect(countConditions(removeAt(group, path))).toBe(
          countConditions(group) - countConditions(removed),
        );
      }),
    );
  });

  it("survives the way through the address unchanged", () => {
    fc.assert(
      fc.property(anyCriteria, (group) => {
        expect(readCriteria(JSON.parse(JSON.stringify(group)))).toEqual(group);
      }),
    );
  });
});

describe("readCriteria", () => {
  it.each([["text"], [null], [{}], [{ all: "x" }], [{ all: [{ op: "is" }] }], [{ any: [{ all: [3] }] }]])(
    "refuses %j",
    (value) => {
      expect(readCriteria(value)).toBeUndefined();
    },
  );
  it("puts a bare condition into a group", () => {
    expect(readCriteria(email)).toEqual({ all: [email] });
    expect(asGroup(undefined)).toEqual(EVERYBODY);
  });
});

describe("askable", () => {
  it("leaves out what still misses a value, and groups with nothing left", () => {
    const draft: Group = {
      all: [
        { attribute: "person.email", op: "is", values: [] },
        { attribute: "person.email", op: "is_empty" },
        { any: [{ attribute: "person.score", op: "between", values: [1] }] },
        { attribute: "person.created_at", op: "in_past", values: [7], unit: "days" },
        { member_of: "", op: "is_member" },
        { attribute: "person.gone", op: "is", values: ["x"] },
      ],
    };
    expect(askable(draft, typeOf)).toEqual({
      all: [
        { attribute: "person.email", op: "is_empty" },
        { attribute: "person.created_at", op: "in_past", values: [7], unit: "days" },
      ],
    });
  });
});

describe("withOperator", () => {
  const base = { attribute: "person.email", op: "is" as const, values: ["a@b.c"] };
  it("keeps the value when the new operator compares with the same kind", () => {
    expect(withOperator(base, "email", "contains").values).toEqual(["a@b.c"]);
  });
  it("drops it when there is nothing to compare with", () => {
    expect(withOperator(base, "email", "is_empty")).toEqual({ attribute: "person.email", op: "is_empty" });
  });
  it("gives spans of time a unit", () => {
    expect(conditionOn("person.created_at", "datetime")).toEqual({
      attribute: "person.created_at",
      op: "in_past",
      values: [30],
      unit: "days",
    });
  });
});
