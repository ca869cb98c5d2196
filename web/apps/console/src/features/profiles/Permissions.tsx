import { Checkbox, Paper, Stack, Text } from "@mantine/core";
import type { PermissionArea } from "@usher/api";
import classes from "./profiles.module.css";

interface PermissionsProps {
  areas: PermissionArea[];
  chosen: string[];
  onChange: (permissions: string[]) => void;
}

/** The permissions by area; an area's box takes or drops all of it. */
export function Permissions({ areas, chosen, onChange }: PermissionsProps) {
  const set = (keys: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const key of keys) {
      if (on) next.add(key);
      else next.delete(key);
    }
    onChange([...next].sort());
  };
  return (
    <Stack gap="md">
      {areas.map((area) => {
        const keys = area.permissions.map((one) => one.key);
        const on = keys.filter((key) => chosen.includes(key)).length;
        return (
          <Paper key={area.key} component="fieldset" withBorder className={classes.area}>
            <legend className={classes.legend}>{area.label}</legend>
            <Checkbox
              size="xs"
              label={
                <Text size="sm" fw={600}>
                  {area.label}{" "}
                  <Text span size="xs" c="dimmed" className="tabular">
                    {on} of {keys.length}
                  </Text>
                </Text>
              }
              checked={on === keys.length}
              indeterminate={on > 0 && on < keys.length}
              onChange={(event) => set(keys, event.currentTarget.checked)}
            />
            <div className={classes.permissions}>
              {area.permissions.map((one) => (
                <Checkbox
                  key={one.key}
                  size="xs"
                  label={one.label}
                  description={one.description}
                  checked={chosen.includes(one.key)}
                  onChange={(event) => set([one.key], event.currentTarget.checked)}
                />
              ))}
            </div>
          </Paper>
        );
      })}
    </Stack>
  );
}
