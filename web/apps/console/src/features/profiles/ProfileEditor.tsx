import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Profile } from "@usher/api";
import { permissionsQuery, profilesQuery } from "#lib/api/shared.ts";
import { ShieldUserIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { ProfileForm } from "./ProfileForm.tsx";

const route = getRouteApi("/frame/profiles/$id");
const NEW: Pick<Profile, "name" | "description" | "permissions"> = {
  name: "",
  description: "",
  permissions: [],
};

/** Reads what the form needs; `new` begins with an empty profile. */
export function ProfileEditor() {
  const { id } = route.useParams();
  const profiles = useQuery(profilesQuery);
  const areas = useQuery(permissionsQuery);
  const back = { label: "Profiles", to: "/profiles" } as const;
  const error = profiles.error ?? areas.error;
  if (error) {
    const retry = () => {
      void profiles.refetch();
      void areas.refetch();
    };
    return (
      <Page title="Profile" back={back}>
        <Failed error={error} what="The profile could not be read" retry={retry} />
      </Page>
    );
  }
  if (!profiles.data || !areas.data) {
    return (
      <Page title="Profile" back={back}>
        <LinesSkeleton lines={8} />
      </Page>
    );
  }
  const profile = profiles.data.find((one) => one.id === id);
  if (profile === undefined && id !== "new") {
    return (
      <Page title="Profile" back={back}>
        <Empty
          icon={ShieldUserIcon}
          title="This profile is gone"
          action={<ButtonLink to="/profiles">All profiles</ButtonLink>}
        >
          It may have been deleted.
        </Empty>
      </Page>
    );
  }
  return <ProfileForm key={id} profile={profile ?? null} start={profile ?? NEW} areas={areas.data} />;
}
