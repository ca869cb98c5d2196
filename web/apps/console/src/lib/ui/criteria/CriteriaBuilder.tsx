import { Button, Group as Row, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AttributeDef, Criteria } from "@usher/api";
import { useMemo } from "react";
import { attributesQuery } from "#lib/api/shared.ts";
import { GroupIcon, PlusIcon } from "../icons.ts";
import { Failed, LinesSkeleton } from "../States.tsx";
import { ConditionRow } from "./ConditionRow.tsx";
import classes from "./criteria.module.css";
import {
  addTo,
  asGroup,
  childrenOf,
  conditionOn,
  type Group,
  type GroupKind,
  isGroup,
  kindOf,
  type Path,
  removeAt,
  replaceAt,
  setKind,
} from "./tree.ts";

export interface CriteriaBuilderProps {
  value: Criteria | undefined;
  onChange: (criteria: Group) => void;
  /** Whose attributes may be asked about; memberships come with people. */
  of: readonly AttributeDef["of"][];
  /** Shown while there is no condition. */
  emptyText?: string;
  readOnly?: boolean;
}

/** Conditions in groups of all or any, to any depth. */
export function CriteriaBuilder({ value, onChange, of, emptyText, readOnly }: CriteriaBuilderProps) {
  const attributes = useQuery(attributesQuery);
  const wanted = of.join(",");
  const usable = useMemo(
    () => attributes.data?.filter((one) => wanted.split(",").includes(one.of)) ?? [],
    [attributes.data, wanted],
  );
  if (attributes.error) {
    return (
      <Failed
        error={attributes.error}
        what="The attributes could not be read"
        retry={() => void attributes.refetch()}
      />
    );
  }
  if (attributes.isPending) return <LinesSkeleton lines={1} />;
  const root = asGroup(value);
  return (
    <fieldset className={classes.builder} disabled={readOnly}>
      <legend className={classes.legend}>Conditions</legend>
      <GroupBox
        root={root}
        group={root}
        path={[]}
        attributes={usable}
        onChange={onChange}
        emptyText={emptyText ?? "No condition: everybody"}
      />
    </fieldset>
  );
}

interface GroupBoxProps {
  root: Group;
  group: Group;
  path: Path;
  attributes: AttributeDef[];
  onChange: (criteria: Group) => void;
  emptyText: string;
}

function GroupBox({ root, group, path, attributes, onChange, emptyText }: GroupBoxProps) {
  const children = childrenOf(group);
  const first = attributes.find((one) => one.name === "email") ?? attributes[0];
  const fresh = () => (first ? conditionOn(`${first.of}.${first.name}`, first.type) : undefined);
  const add = (asNested: boolean) => {
    const condition = fresh();
    if (condition === undefined) return;
    onChange(addTo(root, path, asNested ? { any: [condition] } : condition));
  };
  return (
    <Stack gap="xs" className={path.length > 0 ? classes.nested : undefined}>
      {children.length > 1 || path.length > 0 ? (
        <Row gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="How the conditions of this group combine"
            data={[
              { value: "all", label: "All of" },
              { value: "any", label: "Any of" },
            ]}
            value={kindOf(group)}
            onChange={(kind) => onChange(setKind(root, path, kind as GroupKind))}
          />
        </Row>
      ) : null}
      {children.length === 0 ? (
        <Text size="sm" c="dimmed">
          {emptyText}
        </Text>
      ) : null}
      {children.map((child, index) => {
        const here = [...path, index];
        const key = here.join(".");
        return isGroup(child) ? (
          <GroupBox
            key={key}
            root={root}
            group={child}
            path={here}
            attributes={attributes}
            onChange={onChange}
            emptyText=""
          />
        ) : (
          <ConditionRow
            key={key}
            condition={child}
            attributes={attributes}
            onChange={(next) => onChange(replaceAt(root, here, next))}
            onRemove={() => onChange(removeAt(root, here))}
          />
        );
      })}
      <Row gap={4}>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<PlusIcon size={14} />}
          onClick={() => add(false)}
        >
          Condition
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<GroupIcon size={14} />}
          onClick={() => add(true)}
        >
          Group
        </Button>
      </Row>
    </Stack>
  );
}
