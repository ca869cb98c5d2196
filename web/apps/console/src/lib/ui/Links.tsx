/** The library's buttons and anchors as links of the router. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Native<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

export const ButtonLink = createLink((props: Native<ButtonProps>) => <Button component="a" {...props} />);

export const TextLink = createLink((props: Native<AnchorProps>) => <Anchor {...props} />);
