/** A response as its form holds it: texts a line each, the answer with light marks. */
import type { LibraryResponse, ReviewState } from "@usher/api";
import { fromMarks, toMarks } from "@usher/stream";

export interface ResponseValues {
  question: string;
  variants: string;
  answer: string;
  topics: string[];
  /** `Title | https://…` a line. */
  links: string;
  state: ReviewState;
}

export const EMPTY: ResponseValues = {
  question: "",
  variants: "",
  answer: "",
  topics: [],
  links: "",
  state: "approved",
};

export function valuesOf(response: LibraryResponse): ResponseValues {
  return {
    question: response.question,
    variants: response.variants.join("\n"),
    answer: toMarks(response.answer),
    topics: [...response.topics],
    links: response.links.map((link) => `${link.title} | ${link.url}`).join("\n"),
    state: response.state,
  };
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** A link is called what stands before the bar, or like its address. */
export function linkOf(line: string): { title: string; url: string } {
  const at = line.lastIndexOf("|");
  const url = line.slice(at + 1).trim();
  const title = at < 0 ? "" : line.slice(0, at).trim();
  return { title: title === "" ? url : title, url };
}

export function bodyOf(values: ResponseValues) {
  return {
    question: values.question.trim(),
    variants: lines(values.variants),
    answer: fromMarks(values.answer),
    topics: values.topics,
    links: lines(values.links).map(linkOf),
    state: values.state,
  };
}
