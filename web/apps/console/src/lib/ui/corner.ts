import { createContext, type ReactNode } from "react";

/** What the shell puts into the corner of every screen's head. */
export const Corner = createContext<ReactNode>(null);
