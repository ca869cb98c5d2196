import { install } from "./compat/adobedx.ts";

install();
