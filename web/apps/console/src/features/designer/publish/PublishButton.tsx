import { Button, Drawer } from "@mantine/core";
import type { CheckResult, Dialogue } from "@usher/api";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import type { DraftControl } from "../draft/use-draft.ts";
import { useActions } from "../use-actions.ts";
import { PublishPanel } from "./PublishPanel.tsx";

interface PublishButtonProps {
  dialogue: Dialogue;
  control: DraftControl;
  check: CheckResult;
}

/** Opens what publishing would change; the panel publishes. */
export function PublishButton({ dialogue, control, check }: PublishButtonProps) {
  const may = useMay(control.kind.may.publish);
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
            control={control}
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
