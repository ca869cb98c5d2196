import type { components } from "./schema.d.ts";
import type { RichText } from "./types.ts";

type Schemas = components["schemas"];

/** Shapes of the response library, `/api/v1/responses`. */

export type ReviewState = "needs_review" | "approved" | "rejected";

export interface ResponseLink {
  title: string;
  url: string;
}

/** A question with its answer; only approved ones are said. */
export type LibraryResponse = Omit<Schemas["ResponseView"], "answer" | "links" | "state"> & {
  answer: RichText;
  links: ResponseLink[];
  state: ReviewState;
};

/** A question that no approved response answers. */
export type UnansweredQuestion = Schemas["UnansweredView"];

/** What a visitor would be told. */
export type Tried = Omit<Schemas["Tried"], "found"> & { found: LibraryResponse | null };

/** What a file of responses did, or would do. */
export type ResponsesImport = Schemas["Imported"];
