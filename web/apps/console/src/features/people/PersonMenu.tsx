import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { PersonDetail } from "@usher/api";
import { api, download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { DownloadIcon, EllipsisIcon, TrashIcon } from "#lib/ui/icons.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { personName } from "./person-name.ts";
import { personQuery } from "./queries.ts";

/** Export of everything about the person, and erasure. */
export function PersonMenu({ person }: { person: PersonDetail }) {
  const [erasing, ask] = useDisclosure(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayExport = useMay("people.export");
  const mayDelete = useMay("people.delete");
  const take = useMutation({
    mutationFn: async () =>
      download(await api.raw("GET", `/people/${person.id}/export`), `${person.id}.json`),
    onError: (error) => notifyProblem("The file was not made", error),
  });
  const erase = useMutation({
    mutationFn: () => api.delete(`/people/${person.id}`),
    onSuccess: async () => {
      await navigate({ to: "/people", search: {} });
      queries.removeQueries({ queryKey: personQuery(person.id).queryKey });
      void queries.invalidateQueries({ queryKey: ["people"] });
      notifyDone("The person and everything known about them is erased");
    },
    onError: (error) => notifyProblem("Nothing was erased", error),
  });
  if (!mayExport && !mayDelete) return null;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More about this person">
            <EllipsisIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayExport ? (
            <Menu.Item leftSection={<DownloadIcon size={16} />} onClick={() => take.mutate()}>
              Export everything (JSON)
            </Menu.Item>
          ) : null}
          {mayDelete ? (
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<TrashIcon size={16} />}
              onClick={ask.open}
            >
              Erase…
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={erasing}
        onClose={ask.close}
        title="Erase this person"
        action="Erase for good"
        typed={person.email ?? "erase"}
        busy={erase.isPending}
        onConfirm={() => erase.mutate()}
      >
        Everything about <b dir="auto">{personName(person)}</b> is deleted: attributes, activities,
        conversations, lists. Counts stay, without any data. This cannot be undone.
      </Confirm>
    </>
  );
}
