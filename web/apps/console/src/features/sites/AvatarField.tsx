import { Button, FileButton, Group, Input, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Site } from "@usher/api";
import { useRef } from "react";
import { api } from "#lib/api/client.ts";
import { BotIcon, UploadIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { factsOf, ownPath, pictureProblem, TYPES } from "./picture.ts";
import classes from "./sites.module.css";

class Unsuitable extends Error {}

/** The bot's picture: shown, replaced, removed; saved by itself. */
export function AvatarField({ site, onSaved }: { site: Site; onSaved: (site: Site) => void }) {
  const reset = useRef<() => void>(null);
  const upload = useMutation({
    mutationFn: async (file: File | null) => {
      if (file === null) return api.delete<Site | undefined>(`/sites/${site.id}/avatar`);
      const problem = pictureProblem(await factsOf(file));
      if (problem !== null) throw new Unsuitable(problem);
      return api.put<Site | undefined>(`/sites/${site.id}/avatar`, file);
    },
    onSuccess: async (saved) => onSaved(saved ?? (await api.get<Site>(`/sites/${site.id}`))),
    onSettled: () => reset.current?.(),
  });
  const { error } = upload;
  return (
    <Input.Wrapper
      label="Picture"
      labelElement="div"
      description="Square, at most 200 × 200 pixels and 256 kB. Saved at once"
      error={error instanceof Unsuitable ? error.message : error ? sentence(error) : null}
      errorProps={{ role: "alert" }}
    >
      <Group gap="sm">
        <span className={classes.avatar}>
          {site.style.avatar_url ? (
            <img src={ownPath(site.style.avatar_url)} alt="The bot" />
          ) : (
            <BotIcon size={20} aria-hidden="true" />
          )}
        </span>
        <FileButton
          accept={TYPES.join(",")}
          resetRef={reset}
          onChange={(file) => file && upload.mutate(file)}
        >
          {(props) => (
            <Button
              variant="default"
              leftSection={<UploadIcon size={14} />}
              loading={upload.isPending}
              {...props}
            >
              {site.style.avatar_url ? "Replace" : "Upload"}
            </Button>
          )}
        </FileButton>
        {site.style.avatar_url ? (
          <Button variant="subtle" color="gray" onClick={() => upload.mutate(null)}>
            Remove
          </Button>
        ) : (
          <Text size="xs" c="dimmed">
            Without one, the first letter of the name is shown
          </Text>
        )}
      </Group>
    </Input.Wrapper>
  );
}
