import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { SearchIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";

/** While the code of a screen is on its way. */
export function RoutePending() {
  return <LinesSkeleton />;
}

/** A screen that broke; the rest of the console stays. */
export function RouteFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    void router.invalidate();
    reset();
  };
  return (
    <Failed
      error={error instanceof Error ? error : new Error(String(error))}
      what="This screen could not be shown"
      retry={retry}
    />
  );
}

/** An address that no screen has. */
export function RouteMissing() {
  return (
    <Empty
      icon={SearchIcon}
      title="Nothing is at this address"
      action={<ButtonLink to="/">Go home</ButtonLink>}
    >
      The link may be old, or what it pointed to has been deleted.
    </Empty>
  );
}

/** The same outside the frame, where it is the whole page. */
export function AddressMissing() {
  return (
    <main>
      <Empty
        alone
        icon={SearchIcon}
        title="Nothing is at this address"
        action={<ButtonLink to="/">Go home</ButtonLink>}
      >
        The link may be old, or what it pointed to has been deleted.
      </Empty>
    </main>
  );
}
