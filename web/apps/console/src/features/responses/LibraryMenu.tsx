import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { api, download } from "#lib/api/client.ts";
import { DownloadIcon, EllipsisIcon, UploadIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { Upload } from "./Upload.tsx";

/** The whole library as a file, and a file into the library. */
export function LibraryMenu({ mayEdit }: { mayEdit: boolean }) {
  const [uploading, { open, close }] = useDisclosure(false);
  const take = useMutation({
    mutationFn: async () => download(await api.raw("GET", "/responses.csv"), "responses.csv"),
    onError: (error) => notifyProblem("The file was not made", error),
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More about the library">
            <EllipsisIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<DownloadIcon size={16} />} onClick={() => take.mutate()}>
            Download CSV
          </Menu.Item>
          {mayEdit ? (
            <Menu.Item leftSection={<UploadIcon size={16} />} onClick={open}>
              Upload CSV…
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Upload opened={uploading} onClose={close} />
    </>
  );
}
