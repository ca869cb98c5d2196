import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import type { Dialogue } from "@usher/api";
import { useMay } from "#lib/api/session.ts";
import { AsText } from "#lib/texts/AsText.tsx";
import { Confirm } from "#lib/ui/Confirm.tsx";
import {
  BracesIcon,
  CopyIcon,
  EllipsisIcon,
  MessagesSquareIcon,
  PauseIcon,
  PlayIcon,
  TrashIcon,
  XIcon,
} from "#lib/ui/icons.ts";
import type { DraftControl } from "./draft/use-draft.ts";
import { useActions } from "./use-actions.ts";

/** What one does with a dialogue or flow now and then. */
export function StreamMenu({ dialogue, control }: { dialogue: Dialogue; control: DraftControl }) {
  const navigate = useNavigate();
  const mayManage = useMay(control.kind.may.manage);
  const mayPublish = useMay(control.kind.may.publish);
  const maySeeAll = useMay("livechat.view_all");
  const { enable, unpublish, duplicate, remove } = useActions(dialogue, control);
  const [deleting, ask] = useDisclosure(false);
  const [asText, text] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={`More about this ${control.kind.noun}`}>
            <EllipsisIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {maySeeAll ? (
            <Menu.Item
              leftSection={<MessagesSquareIcon size={16} />}
              onClick={() => void navigate({ to: "/conversations", search: { dialogue: dialogue.id } })}
            >
              Conversations
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<BracesIcon size={16} />}
            onClick={() => void control.flush().then((saved) => saved && text.open())}
          >
            As text
          </Menu.Item>
          {mayManage ? (
            <>
              <Menu.Item
                leftSection={dialogue.enabled ? <PauseIcon size={16} /> : <PlayIcon size={16} />}
                onClick={() => enable.mutate(!dialogue.enabled)}
              >
                {dialogue.enabled ? "Disable" : "Enable"}
              </Menu.Item>
              <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => duplicate.mutate()}>
                Duplicate
              </Menu.Item>
            </>
          ) : null}
          {mayPublish && dialogue.state === "published" ? (
            <Menu.Item leftSection={<XIcon size={16} />} onClick={() => unpublish.mutate()}>
              Unpublish
            </Menu.Item>
          ) : null}
          {mayManage ? (
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<TrashIcon size={16} />}
              onClick={ask.open}
            >
              Delete…
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <AsText kind="dialogues" id={dialogue.id} opened={asText} onClose={text.close} />
      <Confirm
        opened={deleting}
        onClose={ask.close}
        title={`Delete the ${control.kind.noun}`}
        action="Delete"
        typed={dialogue.name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSettled: ask.close })}
      >
        The {control.kind.noun}, its versions and its figures are deleted. This cannot be undone.
      </Confirm>
    </>
  );
}
