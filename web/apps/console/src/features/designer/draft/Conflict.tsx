import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { UsersIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import type { DraftControl } from "./use-draft.ts";

/** Somebody else saved first: nothing is lost, the author chooses. */
export function Conflict({ control }: { control: DraftControl }) {
  const resolve = useMutation({
    mutationFn: (take: boolean) => (take ? control.takeTheirs() : control.keepMine()),
    onError: (error) => notifyProblem("The other draft could not be read", error),
  });
  if (control.save.kind !== "conflict") return null;
  return (
    <Alert
      color="yellow"
      icon={<UsersIcon size={18} />}
      radius={0}
      title={`Somebody else saved this ${control.kind.noun} while you were editing it`}
    >
      <Text size="sm">
        Your changes are still here, on this screen only. Take the other draft (undo brings yours back), or
        keep yours.
      </Text>
      <Group mt="xs" gap="xs">
        <Button variant="default" loading={resolve.isPending} onClick={() => resolve.mutate(true)}>
          Load the other draft
        </Button>
        <Button
          variant="subtle"
          color="gray"
          loading={resolve.isPending}
          onClick={() => resolve.mutate(false)}
        >
          Keep mine
        </Button>
      </Group>
    </Alert>
  );
}
