import { Stack } from "@mantine/core";
import { Page } from "#lib/ui/Page.tsx";
import { MyAccount } from "./MyAccount.tsx";
import { MyPassword } from "./MyPassword.tsx";
import { MySessions } from "./MySessions.tsx";

/** What concerns only the person who is signed in. */
export function MyProfile() {
  return (
    <Page title="My profile" narrow>
      <Stack gap="xl">
        <MyAccount />
        <MyPassword />
        <MySessions />
      </Stack>
    </Page>
  );
}
