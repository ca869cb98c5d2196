import { Button } from "@mantine/core";
import { useMay } from "#lib/api/session.ts";
import { SearchIcon, UploadIcon, UsersIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Empty } from "#lib/ui/States.tsx";

/** No row: because of the question, or because there is nobody yet. */
export function NoPeople({ narrowed, onClear }: { narrowed: boolean; onClear: () => void }) {
  const mayImport = useMay("people.import");
  if (narrowed) {
    return (
      <Empty
        icon={SearchIcon}
        title="Nobody fits"
        action={
          <Button variant="default" onClick={onClear}>
            Show everybody
          </Button>
        }
      >
        No person matches this search and these conditions.
      </Empty>
    );
  }
  return (
    <Empty
      icon={UsersIcon}
      title="Nobody yet"
      action={
        mayImport ? (
          <ButtonLink to="/imports/new" leftSection={<UploadIcon size={14} />}>
            Import a CSV file
          </ButtonLink>
        ) : null
      }
    >
      People appear here when they visit a site with the snippet, when they are imported, or when you add
      them.
    </Empty>
  );
}
