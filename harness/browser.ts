import chromiumFiles from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Starts the Chromium that an npm package brings along. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await chromiumFiles.executablePath();
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}
