import { type ComponentProps, lazy, Suspense } from "react";
import { LinesSkeleton } from "#lib/ui/States.tsx";
import type { Results } from "./Results.tsx";

const Loaded = lazy(async () => ({ default: (await import("./Results.tsx")).Results }));

/** The results, whose chart is fetched when somebody looks at it and not with the designer. */
export function ResultsOnDemand(props: ComponentProps<typeof Results>) {
  return (
    <Suspense fallback={<LinesSkeleton lines={4} />}>
      <Loaded {...props} />
    </Suspense>
  );
}
