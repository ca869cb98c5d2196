import { ActionIcon, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AttributeCondition, AttributeDef, Condition, MembershipCondition, Operator } from "@usher/api";
import { listsQuery } from "#lib/api/shared.ts";
import { XIcon } from "../icons.ts";
import classes from "./criteria.module.css";
import { Operands } from "./Operands.tsx";
import { OPERATORS, operatorWords } from "./operators.ts";
import { conditionOn, isMembership, withOperator } from "./tree.ts";

const MEMBERSHIP = "member_of";
const OWNERS: Record<AttributeDef["of"], string> = {
  person: "Person",
  company: "Company",
  visit: "This visit",
  inferred: "Inferred from the address",
};

interface ConditionRowProps {
  condition: Condition;
  attributes: AttributeDef[];
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

/** Attribute, operator, value. */
export function ConditionRow({ condition, attributes, onChange, onRemove }: ConditionRowProps) {
  const choose = (chosen: string | null) => {
    if (chosen === MEMBERSHIP) onChange({ member_of: "", op: "is_member" });
    const attribute = attributes.find((one) => pathOf(one) === chosen);
    if (attribute) onChange(conditionOn(pathOf(attribute), attribute.type));
  };
  return (
    <div className={classes.row}>
      <Select
        size="xs"
        aria-label="Attribute"
        className={classes.attribute}
        data={choices(attributes, condition)}
        value={isMembership(condition) ? MEMBERSHIP : condition.attribute}
        onChange={choose}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No such attribute"
        maxDropdownHeight={320}
      />
      {isMembership(condition) ? (
        <Membership condition={condition} onChange={onChange} />
      ) : (
        <Comparison condition={condition} attributes={attributes} onChange={onChange} />
      )}
      <ActionIcon
        className={classes.remove}
        variant="subtle"
        color="gray"
        aria-label="Remove the condition"
        onClick={onRemove}
      >
        <XIcon size={14} />
      </ActionIcon>
    </div>
  );
}

interface ComparisonProps {
  condition: AttributeCondition;
  attributes: AttributeDef[];
  onChange: (condition: AttributeCondition) => void;
}

function Comparison({ condition, attributes, onChange }: ComparisonProps) {
  const type = attributes.find((one) => pathOf(one) === condition.attribute)?.type ?? "text";
  return (
    <>
      <Select
        size="xs"
        aria-label="Comparison"
        className={classes.operator}
        data={OPERATORS[type].map((op) => ({ value: op, label: operatorWords(op) }))}
        value={condition.op}
        onChange={(op) => op && onChange(withOperator(condition, type, op as Operator))}
        allowDeselect={false}
        maxDropdownHeight={320}
      />
      <Operands condition={condition} type={type} onChange={onChange} />
    </>
  );
}

interface MembershipProps {
  condition: MembershipCondition;
  onChange: (condition: MembershipCondition) => void;
}

function Membership({ condition, onChange }: MembershipProps) {
  const lists = useQuery(listsQuery);
  return (
    <>
      <Select
        size="xs"
        aria-label="Comparison"
        className={classes.operator}
        data={[
          { value: "is_member", label: "is on" },
          { value: "is_not_member", label: "is not on" },
        ]}
        value={condition.op}
        onChange={(op) => op && onChange({ ...condition, op: op as MembershipCondition["op"] })}
        allowDeselect={false}
      />
      <Select
        size="xs"
        aria-label="List"
        className={classes.value}
        placeholder={lists.data?.length === 0 ? "There is no list yet" : "Choose a list"}
        data={lists.data?.map((list) => ({ value: list.id, label: list.name })) ?? []}
        value={condition.member_of === "" ? null : condition.member_of}
        onChange={(id) => id && onChange({ ...condition, member_of: id })}
        searchable
        allowDeselect={false}
      />
    </>
  );
}

function pathOf(attribute: AttributeDef): string {
  return `${attribute.of}.${attribute.name}`;
}

/** The attributes by owner; one that is gone stays visible, so that it can be replaced. */
function choices(attributes: AttributeDef[], condition: Condition) {
  const owners = (Object.keys(OWNERS) as AttributeDef["of"][]).filter((of) =>
    attributes.some((one) => one.of === of),
  );
  const groups = owners.map((of) => ({
    group: OWNERS[of],
    items: attributes.filter((one) => one.of === of).map((one) => ({ value: pathOf(one), label: one.label })),
  }));
  if (owners.includes("person"))
    groups.push({ group: "Lists", items: [{ value: MEMBERSHIP, label: "On a list" }] });
  const gone = !isMembership(condition) && !attributes.some((one) => pathOf(one) === condition.attribute);
  if (gone) {
    groups.push({
      group: "No longer there",
      items: [{ value: condition.attribute, label: `${condition.attribute} (gone)` }],
    });
  }
  return groups;
}
