import { Button, Drawer } from "@mantine/core";
import type { CheckResult, Dialogue } from "@usher/api";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import { PublishPanel } from "./PublishPanel.tsx";
import { useActions } from "./use-actions.ts";
import type { DraftControl } from "./use-draft.ts";

interface PublishButtonProps {
  dialogue: Dialogue;
  control: DraftControl;
  check: CheckResult;
}

/** Opens what publishing would change; the panel publishes. */
export function PublishButton({ dialogue, control, check }: PublishButtonProps) {
  const may = useMay("dialogues.publish");
  const [step, setStep] = useState<"closed" | "saving" | "open">("closed");
  const { publish } = useActions(dialogue, control);
  if (!may) return null;
  const open = async () => {
    setStep("saving");
    setStep((await control.flush()) ? "open" : "closed");
  };
  const current =
    dialogue.state === "published" && !dialogue.has_unpublished_changes && control.save.kind === "saved";
  return (
    <>
      <Button onClick={() => void open()} disabled={current}>
        {current ? "Published" : dialogue.state === "published" ? "Publish changes" : "Publish"}
      </Button>
      <Drawer
        opened={step !== "closed"}
        onClose={() => setStep("closed")}
        position="right"
        size="lg"
        title={dialogue.published ? "Publish the changes" : "Publish"}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {step === "open" ? (
          <PublishPanel
            dialogue={dialogue}
            draft={control.content.draft}
            check={check}
            publishing={publish.isPending}
            onPublish={() => publish.mutate(undefined, { onSuccess: () => setStep("closed") })}
            onClose={() => setStep("closed")}
          />
        ) : (
          <LinesSkeleton lines={3} />
        )}
      </Drawer>
    </>
  );
}
