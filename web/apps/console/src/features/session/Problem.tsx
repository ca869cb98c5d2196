import { Alert } from "@mantine/core";
import { TriangleAlertIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";

/** What went wrong, above the button that was pressed. */
export function Problem({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <Alert color="red" icon={<TriangleAlertIcon size={18} />} role="alert">
      {sentence(error)}
    </Alert>
  );
}
