import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { UsersIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import type { SiteFormControl } from "./use-site-form.ts";

/** Somebody else saved the site first; what is typed here is kept. */
export function SiteConflict({ control }: { control: SiteFormControl }) {
  const who = useQuery({
    queryKey: ["sites", "first", control.save.submittedAt],
    queryFn: control.whoWasFirst,
    enabled: control.conflict,
    retry: false,
  });
  const resolve = useMutation({
    mutationFn: (take: boolean) => (take ? control.takeTheirs() : control.saveOver()),
    onError: (error) => notifyProblem("The site could not be read again", error),
  });
  if (!control.conflict) return null;
  return (
    <Alert
      color="yellow"
      radius={0}
      icon={<UsersIcon size={18} />}
      title={`${who.data ?? "Somebody else"} saved this site first`}
    >
      <Text size="sm">
        What you typed is still here and not saved. Save it over the other version, or look at that one.
      </Text>
      <Group mt="xs" gap="xs">
        <Button variant="default" loading={resolve.isPending} onClick={() => resolve.mutate(false)}>
          Save mine over it
        </Button>
        <Button
          variant="subtle"
          color="gray"
          loading={resolve.isPending}
          onClick={() => resolve.mutate(true)}
        >
          Discard mine, load the other
        </Button>
      </Group>
    </Alert>
  );
}
