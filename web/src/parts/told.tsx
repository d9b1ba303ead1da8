import { Fragment } from "react";

/** What the gateway says, in which names and commands stand between backticks. */
export function Told({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>));
}
