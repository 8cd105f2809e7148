import type { ConsoleConfig } from "@reliq/core/recovery";
import type { Root } from "react-dom/client";
import { Refused } from "../api/call-api.ts";
import { connect } from "../api/connection.ts";
import { remoteConnection } from "./remote-connection.ts";
import { SignInFailed } from "./sign-in-failed.tsx";

/** Connects the page by its `config.json`, signs the person in, and draws it; where that fails, it says why. */
export async function connectRemote(address: string, drawn: Root, draw: (drawn: Root) => void): Promise<void> {
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Refused("config", `${address} cannot be read: ${answer.status}`);
    connect(await remoteConnection((await answer.json()) as ConsoleConfig));
    draw(drawn);
  } catch (error) {
    drawn.render(<SignInFailed because={String((error as Error).message)} />);
  }
}
