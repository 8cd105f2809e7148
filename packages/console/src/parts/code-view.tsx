import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactElement, useMemo, useState } from "react";
import { codeParts } from "../format/code-parts.ts";
import { inertText } from "../format/inert.ts";
import { layOutJson } from "../format/lay-out-json.ts";

/** What is shown of a long text until all is asked for, characters. */
const FIRST_CHARACTERS = 10_000;

/** What has colours, characters: each part is an element of the page, and a mebibyte of them would stop it. */
const COLOURED_CHARACTERS = 50_000;

interface CodeViewProps {
  readonly text: string;
  /** Names it for who cannot see it. */
  readonly label: string;
}

/** A text as it is: nothing in it is run, followed or hidden. JSON is laid out and coloured. */
export function CodeView({ text, label }: CodeViewProps): ReactElement {
  const [all, setAll] = useState(false);
  const json = useMemo(() => layOutJson(text), [text]);
  const laidOut = json ?? text;
  const isCut = !all && laidOut.length > FIRST_CHARACTERS;
  const shown = inertText(isCut ? laidOut.slice(0, FIRST_CHARACTERS) : laidOut);
  const parts = json !== undefined && shown.length <= COLOURED_CHARACTERS ? codeParts(shown) : [{ text: shown }];
  return (
    <SpaceBetween size="xs">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (axe: scrollable-region-focusable) */}
      <section aria-label={label} className="code" tabIndex={0}>
        {parts.map((part, index) => {
          const key = `${index}`;
          return part.kind === undefined ? (
            part.text
          ) : (
            <span key={key} className={`code-${part.kind}`}>
              {part.text}
            </span>
          );
        })}
      </section>
      {isCut && <Button onClick={() => setAll(true)}>Show all {laidOut.length.toLocaleString("en")} characters</Button>}
    </SpaceBetween>
  );
}
